/*  =========================================================================
    tokens - who may use the HTTP port, and for what
    =========================================================================
*/

#include "tokens/tokens.h"

#include "config/zpl.h"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

#define FILE_SIZE_MAX                                                          \
    ((size_t) TOKENS_MAX * (SPAN_NAME_SIZE_MAX + TOKENS_PREFIX_SIZE_MAX + 100))

struct tokens_t {
    size_t count;
    token_t *list;
};


void
tokens_hash (span_t secret, unsigned char hash [TOKENS_HASH_SIZE])
{
    crypto_generichash (hash, TOKENS_HASH_SIZE,
        (const unsigned char *) secret.data, secret.size, NULL, 0);
}


static bool
s_is_name_taken (const tokens_t *self, span_t name)
{
    for (size_t index = 0; index < self->count; index++)
        if (span_equal (span_of (self->list [index].name), name))
            return true;
    return false;
}


//  Read 64 hexadecimal digits

static bool
s_read_hash (span_t text, unsigned char hash [TOKENS_HASH_SIZE])
{
    size_t size = 0;
    return text.size == (size_t) 2 * TOKENS_HASH_SIZE &&
           sodium_hex2bin (hash, TOKENS_HASH_SIZE, text.data, text.size, NULL,
               &size, NULL) == 0 &&
           size == TOKENS_HASH_SIZE;
}


//  Read a line into the next token.  Returns what is wrong with it, or NULL

static const char *
s_read_line (tokens_t *self, span_t line)
{
    span_t name = span_field (&line);
    span_t right = span_field (&line);
    span_t hash = span_field (&line);
    span_t prefix = span_field (&line);
    bool writes = span_equal (right, span_of ("write"));
    if (name.size == 0 || name.data [0] == '#')
        return NULL;
    if (self->count == TOKENS_MAX)
        return "there are more than 1000 tokens";
    token_t *token = &self->list [self->count];
    if (!span_is_name (name))
        return "begins with no name";
    if (s_is_name_taken (self, name))
        return "has a name that is there twice";
    if (!writes && !span_equal (right, span_of ("read")))
        return "says neither read nor write";
    if (!s_read_hash (hash, token->hash))
        return "has no hash of 64 hexadecimal digits";
    if (span_field (&line).size || (prefix.size && !writes) ||
        prefix.size > TOKENS_PREFIX_SIZE_MAX)
        return "has a word too many, or one that is too long";
    memcpy (token->name, name.data, name.size);
    token->writes = writes;
    token->prefix = strndup (prefix.size ? prefix.data : "", prefix.size);
    assert (token->prefix);
    self->count++;
    return NULL;
}


static bool
s_read (tokens_t *self, const char *file, const char *text)
{
    span_t rest = span_of (text);
    for (int number = 1; rest.size; number++) {
        char key [32];
        const char *wrong = s_read_line (self, span_until (&rest, '\n'));
        snprintf (key, sizeof (key), "line %d", number);
        if (wrong)
            return zpl_wrong (file, key, "%s", wrong);
    }
    return true;
}


tokens_t *
tokens_new (const char *file)
{
    const char *reason;
    char *text = zpl_slurp (file, FILE_SIZE_MAX, ZPL_OURS, &reason);
    if (!text) {
        zpl_wrong (file, "cannot be read", "%s", reason);
        return NULL;
    }
    tokens_t *self = zmalloc (sizeof (tokens_t));
    self->list = zmalloc (TOKENS_MAX * sizeof (token_t));
    if (!s_read (self, file, text))
        tokens_destroy (&self);
    free (text);
    return self;
}


void
tokens_destroy (tokens_t **self_p)
{
    tokens_t *self = *self_p;
    if (self) {
        for (size_t index = 0; index < self->count; index++)
            free (self->list [index].prefix);
        free (self->list);
        free (self);
        *self_p = NULL;
    }
}


size_t
tokens_count (const tokens_t *self)
{
    return self->count;
}


const token_t *
tokens_at (const tokens_t *self, size_t index)
{
    assert (index < self->count);
    return &self->list [index];
}


//  All hashes are compared, each as a whole: how long it takes tells nothing

int
tokens_find (const tokens_t *self, span_t name, span_t secret)
{
    unsigned char hash [TOKENS_HASH_SIZE];
    int found = -1;
    tokens_hash (secret, hash);
    for (size_t index = 0; index < self->count; index++)
        if (sodium_memcmp (self->list [index].hash, hash, sizeof (hash)) == 0)
            found = (int) index;
    if (found >= 0 && name.size &&
        !span_equal (span_of (self->list [found].name), name))
        return -1;
    return found;
}


bool
tokens_permits (const token_t *token, span_t client)
{
    size_t size = strlen (token->prefix);
    return token->writes && client.size >= size &&
           memcmp (client.data, token->prefix, size) == 0;
}
