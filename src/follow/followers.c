/*  =========================================================================
    followers - those that follow a table, together
    =========================================================================
*/

#include "follow/followers.h"

#include <assert.h>
#include <stdlib.h>


static void
s_dropped (void *context, span_t client, uint64_t hash)
{
    followers_t *self = context;
    if (self->areas)
        drops_add (self->drops, client, hash);
}


followers_t *
followers_new (table_t *table, size_t size_max)
{
    followers_t *self = calloc (1, sizeof (followers_t));
    assert (self);
    self->table = table;
    self->size_max = size_max;
    self->drops = drops_new ();
    self->glances = glances_new (table);
    table_tell_dropped (table, s_dropped, self);
    return self;
}


void
followers_destroy (followers_t **self_p)
{
    followers_t *self = *self_p;
    if (self) {
        assert (!self->count && !self->size);
        table_tell_dropped (self->table, NULL, NULL);
        drops_destroy (&self->drops);
        glances_destroy (&self->glances);
        free (self);
        *self_p = NULL;
    }
}


size_t
followers_count (const followers_t *self)
{
    return self->count;
}


size_t
followers_size (const followers_t *self)
{
    return self->size;
}
