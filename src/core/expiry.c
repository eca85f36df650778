/*  =========================================================================
    expiry - forgetting clients that were not heard of for long
    =========================================================================
*/

#include "core/expiry.h"

#include <assert.h>
#include <stdlib.h>

//  A sweep goes through 16^SWEEP_LEVEL parts of the table, so many a tick:
//  half a minute in all
#define SWEEP_LEVEL 4
#define SWEEP_PARTS (UINT64_C (1) << 4 * SWEEP_LEVEL)
#define PARTS_PER_TICK 256

struct expiry_t {
    atlas_t *atlas;
    int64_t ttl_seconds;
    int64_t floor;   //  All below is dropped
    int64_t next;    //  What is being dropped up to
    int64_t joined;  //  The greatest of our neighbours' floors
    uint64_t part;   //  To be swept next
};


expiry_t *
expiry_new (atlas_t *atlas, int64_t ttl_seconds)
{
    expiry_t *self = calloc (1, sizeof (expiry_t));
    assert (self);
    self->atlas = atlas;
    self->ttl_seconds = ttl_seconds;
    self->part = SWEEP_PARTS;
    return self;
}


void
expiry_destroy (expiry_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


int64_t
expiry_floor (const expiry_t *self)
{
    return self->floor;
}


bool
expiry_is_sweeping (const expiry_t *self)
{
    return self->part < SWEEP_PARTS;
}


//  Return the floor that the time calls for

static int64_t
s_floor_at (const expiry_t *self, instant_t now)
{
    int64_t step = self->ttl_seconds / EXPIRY_STEPS;
    if (step == 0)
        step = 1;
    int64_t floor = now.seconds - self->ttl_seconds;
    return floor > 0 ? floor - floor % step : 0;
}


static void
s_raise (expiry_t *self, int64_t floor)
{
    if (floor > self->next) {
        self->next = floor;
        self->part = 0;
        atlas_set_floor (self->atlas, floor);
    }
}


int64_t
expiry_join (expiry_t *self, int64_t floor, instant_t now)
{
    if (self->ttl_seconds == 0)
        return 0;
    int64_t ahead = floor - (now.seconds - self->ttl_seconds);
    if (ahead > 0)
        return ahead;
    if (self->joined < floor)
        self->joined = floor;
    return 0;
}


//  Drop what is below the floor in a part.  A drop moves others, so the part
//  is looked at again

static size_t
s_sweep (const expiry_t *self, uint64_t part)
{
    size_t dropped = 0;
    atlas_walk_t leaf = {.level = SWEEP_LEVEL, .prefix = part};
    while (atlas_next (self->atlas, &leaf)) {
        location_t location;
        location_reread (&location, leaf.line);
        if (location.heard.seconds < self->next) {
            atlas_drop (self->atlas, location.client);
            dropped++;
            leaf.slots = 0;
        }
    }
    return dropped;
}


size_t
expiry_tick (expiry_t *self, instant_t now)
{
    size_t dropped = 0;
    if (self->ttl_seconds == 0)
        return 0;
    //  A sweep is never begun anew before it is done, or it might never be
    if (!expiry_is_sweeping (self)) {
        s_raise (self, s_floor_at (self, now));
        s_raise (self, self->joined);
    }
    for (int count = 0; count < PARTS_PER_TICK && self->part < SWEEP_PARTS;
         count++)
        dropped += s_sweep (self, self->part++);
    if (!expiry_is_sweeping (self))
        self->floor = self->next;
    return dropped;
}
