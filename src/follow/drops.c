/*  =========================================================================
    drops - who was dropped of late
    =========================================================================
*/

#include "follow/drops.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  A place is the number of bytes logged before it, what is left of full pages
//  included.  A client that does not fit goes to the start of the next page

struct drops_t {
    uint64_t end;
    size_t used [2];  //  Bytes of each page
    char pages [2][DROPS_PAGE_SIZE];
};


drops_t *
drops_new (void)
{
    //  The system gives pages as they are written
    drops_t *self = calloc (1, sizeof (drops_t));
    assert (self);
    return self;
}


void
drops_destroy (drops_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


static uint64_t
s_page (uint64_t place)
{
    return place / DROPS_PAGE_SIZE;
}


void
drops_add (drops_t *self, span_t client, uint64_t hash)
{
    uint16_t size = (uint16_t) client.size;
    size_t needed = DROPS_HEAD_SIZE + client.size;
    assert (size == client.size);
    if (self->end % DROPS_PAGE_SIZE + needed >= DROPS_PAGE_SIZE)
        self->end = (s_page (self->end) + 1) * DROPS_PAGE_SIZE;
    size_t at = self->end % DROPS_PAGE_SIZE;
    char *to = self->pages [s_page (self->end) % 2] + at;
    to = mempcpy (to, &hash, sizeof hash);
    to = mempcpy (to, &size, sizeof size);
    memcpy (to, client.data, client.size);
    self->used [s_page (self->end) % 2] = at + needed;
    self->end += needed;
}


uint64_t
drops_end (const drops_t *self)
{
    return self->end;
}


bool
drops_knows (const drops_t *self, uint64_t place)
{
    return s_page (place) + 1 >= s_page (self->end);
}


bool
drops_next (
    const drops_t *self, uint64_t *place, span_t *client, uint64_t *hash)
{
    uint16_t size;
    assert (drops_knows (self, *place));
    size_t page = s_page (*place) % 2;
    if (*place % DROPS_PAGE_SIZE >= self->used [page] &&
        s_page (*place) < s_page (self->end))
        *place = (s_page (*place) + 1) * DROPS_PAGE_SIZE;
    if (*place == self->end)
        return false;
    page = s_page (*place) % 2;
    const char *from = self->pages [page] + *place % DROPS_PAGE_SIZE;
    memcpy (hash, from, sizeof *hash);
    memcpy (&size, from + sizeof *hash, sizeof size);
    *client = (span_t){from + DROPS_HEAD_SIZE, size};
    *place += DROPS_HEAD_SIZE + (uint64_t) size;
    return true;
}
