/*  =========================================================================
    token - a query and a page of its results, as a text to come back with
    =========================================================================
*/

#include "places/token.h"

#include <czmq.h>
#include <sodium.h>

#define TEXTS 3
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

//  What a token is before it is base64; the texts follow each other, each with
//  its NUL, and those that are NULL have a size of NONE
typedef struct {
    unsigned char seal [crypto_generichash_BYTES_MIN];
    int32_t lat;
    int32_t lng;
    uint32_t radius_mm;
    uint8_t page;
    uint8_t by_distance;
    uint16_t sizes [TEXTS];
    char texts [TEXTS * (TOKEN_TEXT_MAX + 1)];
} content_t;

#define NONE UINT16_MAX
#define HEAD_SIZE offsetof (content_t, texts)

struct token_t {
    unsigned char key [crypto_generichash_KEYBYTES];
    char text [TOKEN_SIZE_MAX];
    content_t content;  //  Of the token read last
};

static_assert (
    sodium_base64_ENCODED_LEN (sizeof (content_t), BASE64) <= TOKEN_SIZE_MAX,
    "a token has room");


token_t *
token_new (void)
{
    token_t *self = zmalloc (sizeof (token_t));
    int rc = sodium_init ();
    assert (rc >= 0);
    crypto_generichash_keygen (self->key);
    return self;
}


void
token_destroy (token_t **self_p)
{
    token_t *self = *self_p;
    if (self) {
        sodium_memzero (self->key, sizeof (self->key));
        free (self);
        *self_p = NULL;
    }
}


//  Write what the seal of the first size bytes of the content is to be

static void
s_seal (const token_t *self, const content_t *content, size_t size,
    unsigned char *seal)
{
    const size_t skipped = sizeof (content->seal);
    crypto_generichash (seal, skipped,
        (const unsigned char *) content + skipped, size - skipped, self->key,
        sizeof (self->key));
}


const char *
token_write (token_t *self, const token_ask_t *ask)
{
    const gazetteer_query_t *query = &ask->query;
    const char *texts [TEXTS] = {query->type, query->keyword, query->name};
    //  Not our own content, which the texts may be in
    content_t content = {
        .lat = query->at.lat,
        .lng = query->at.lng,
        .radius_mm = query->radius_mm,
        .page = (uint8_t) ask->page,
        .by_distance = query->by_distance,
    };
    size_t size = HEAD_SIZE;
    for (size_t index = 0; index < TEXTS; index++) {
        size_t text_size = texts [index] ? strlen (texts [index]) : 0;
        assert (text_size <= TOKEN_TEXT_MAX);
        content.sizes [index] = texts [index] ? (uint16_t) text_size : NONE;
        if (texts [index]) {
            memcpy ((char *) &content + size, texts [index], text_size + 1);
            size += text_size + 1;
        }
    }
    s_seal (self, &content, size, content.seal);
    sodium_bin2base64 (self->text, sizeof (self->text),
        (const unsigned char *) &content, size, BASE64);
    return self->text;
}


bool
token_read (token_t *self, const char *text, token_ask_t *ask)
{
    content_t *content = &self->content;
    unsigned char seal [sizeof (content->seal)];
    size_t size;
    memset (content, 0, sizeof (*content));
    if (sodium_base642bin ((unsigned char *) content, sizeof (*content), text,
            strlen (text), NULL, &size, NULL, BASE64) != 0 ||
        size < HEAD_SIZE)
        return false;
    s_seal (self, content, size, seal);
    if (sodium_memcmp (seal, content->seal, sizeof (seal)) != 0)
        return false;
    //  It is our own, so what it says is right
    const char *texts [TEXTS];
    const char *at = content->texts;
    for (size_t index = 0; index < TEXTS; index++) {
        bool is_none = content->sizes [index] == NONE;
        texts [index] = is_none ? NULL : at;
        at += is_none ? 0 : content->sizes [index] + 1;
    }
    *ask = (token_ask_t){
        .query = {.at = {content->lat, content->lng},
            .radius_mm = content->radius_mm,
            .by_distance = content->by_distance,
            .type = texts [0],
            .keyword = texts [1],
            .name = texts [2]},
        .page = content->page,
    };
    return true;
}
