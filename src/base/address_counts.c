/*  =========================================================================
    address_counts - how many there are of each address
    =========================================================================
*/

#include "base/address_counts.h"

#include "base/number_map.h"

#include <assert.h>
#include <stdlib.h>

typedef struct {
    uint64_t group;
    size_t count;
} count_t;

struct address_counts_t {
    zhashx_t *counts;  //  By group
};


address_counts_t *
address_counts_new (void)
{
    address_counts_t *self = calloc (1, sizeof (address_counts_t));
    assert (self);
    self->counts = number_map_new ();
    return self;
}


void
address_counts_destroy (address_counts_t **self_p)
{
    address_counts_t *self = *self_p;
    if (self) {
        count_t *count = zhashx_first (self->counts);
        for (; count; count = zhashx_next (self->counts))
            free (count);
        zhashx_destroy (&self->counts);
        free (self);
        *self_p = NULL;
    }
}


static count_t *
s_find (const address_counts_t *self, const address_t *address)
{
    uint64_t group = address_group (address);
    return zhashx_lookup (self->counts, &group);
}


size_t
address_counts_of (const address_counts_t *self, const address_t *address)
{
    const count_t *count = s_find (self, address);
    return count ? count->count : 0;
}


void
address_counts_add (address_counts_t *self, const address_t *address)
{
    count_t *count = s_find (self, address);
    if (!count) {
        count = calloc (1, sizeof (count_t));
        assert (count);
        count->group = address_group (address);
        int rc = zhashx_insert (self->counts, &count->group, count);
        assert (rc == 0);
    }
    count->count++;
}


void
address_counts_drop (address_counts_t *self, const address_t *address)
{
    count_t *count = s_find (self, address);
    assert (count);
    if (--count->count == 0) {
        zhashx_delete (self->counts, &count->group);
        free (count);
    }
}
