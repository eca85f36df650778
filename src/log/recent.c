/*  =========================================================================
    recent - the latest notices, for those who ask
    =========================================================================
*/

#include "log/recent.h"

#include "log/escape.h"
#include "log/line.h"
#include "log/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct recent_t {
    secret_t *secret;
    uint64_t count;  //  Of all that were added
    recent_notice_t notices [RECENT_COUNT];
};


recent_t *
recent_new (const char *key)
{
    recent_t *self = calloc (1, sizeof (recent_t));
    assert (self);
    self->secret = secret_new (key);
    return self;
}


void
recent_destroy (recent_t **self_p)
{
    recent_t *self = *self_p;
    if (self) {
        secret_destroy (&self->secret);
        free (self);
        *self_p = NULL;
    }
}


void
recent_hide (recent_t *self, const char *key)
{
    secret_t *more = secret_new (key);
    secret_join (&self->secret, &more);
}


//  Return how much of the text is kept: up to where a character begins

static size_t
s_fit (const char *text, size_t size)
{
    if (size <= RECENT_TEXT_SIZE_MAX)
        return size;
    size = RECENT_TEXT_SIZE_MAX;
    while (size && ((unsigned char) text [size] & 0xC0) == 0x80)
        size--;
    return size;
}


//  The key is hidden before the text is cut, which may be in its midst

void
recent_add (recent_t *self, instant_t time, notice_t notice, span_t text,
    uint64_t count)
{
    char escaped [ESCAPE_GROWTH * LINE_NOTICE_SIZE_MAX];
    assert (text.size <= LINE_NOTICE_SIZE_MAX);
    size_t size = escape_print (text, escaped);
    secret_hide (self->secret, escaped, size);
    recent_notice_t *kept = &self->notices [self->count++ % RECENT_COUNT];
    *kept = (recent_notice_t){.time = time, .notice = notice, .count = count};
    memcpy (kept->text, escaped, s_fit (escaped, size));
}


const recent_notice_t *
recent_at (const recent_t *self, size_t index)
{
    if (index >= RECENT_COUNT || index >= self->count)
        return NULL;
    return &self->notices [(self->count - 1 - index) % RECENT_COUNT];
}
