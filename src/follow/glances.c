/*  =========================================================================
    glances - where the latest changes are, read once for all followers
    =========================================================================
*/

#include "follow/glances.h"

#include <assert.h>
#include <stdlib.h>

//  No record has the number 0
struct glances_t {
    const table_t *table;
    glance_t latest [GLANCES];
};


glances_t *
glances_new (const table_t *table)
{
    glances_t *self = calloc (1, sizeof (glances_t));
    assert (self);
    self->table = table;
    return self;
}


void
glances_destroy (glances_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


const glance_t *
glances_at (glances_t *self, const table_record_t *record)
{
    glance_t *glance = &self->latest [record->lsn % GLANCES];
    if (glance->lsn != record->lsn) {
        location_t location;
        location_reread (&location, record->line);
        *glance = (glance_t){.lsn = record->lsn,
            .hash = table_hash (self->table, location.client),
            .place = sphere_read (location.place)};
    }
    return glance;
}
