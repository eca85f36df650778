/*  =========================================================================
    expiry - forgetting clients that were not heard of for long
    =========================================================================
*/

#include "table/expiry.h"

#include <assert.h>
#include <stdlib.h>

//  Records a tick looks at: a million take some seconds
#define LOOKS_PER_TICK 8192

//  Memory that is given back, and the table that closes up, cost as much as
//  looking at so many records
#define DROP_LOOKS 4

struct expiry_t {
    table_t *table;
    table_cursor_t cursor;  //  Behind the records that were swept
    int64_t ttl_seconds;
    int64_t floor;   //  All below is dropped
    int64_t next;    //  What is being dropped up to; the floor if nothing is
    int64_t joined;  //  The greatest of our peers' floors
    uint64_t last;   //  lsn up to which there may be any below next
    bool changed;    //  The time to live did, or may have since an earlier life
};


expiry_t *
expiry_new (table_t *table, int64_t ttl_seconds)
{
    expiry_t *self = calloc (1, sizeof (expiry_t));
    assert (self);
    self->table = table;
    self->cursor = table_cursor (table);
    assert (self->cursor);
    self->ttl_seconds = ttl_seconds;
    return self;
}


void
expiry_destroy (expiry_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


void
expiry_set_ttl (expiry_t *self, int64_t ttl_seconds)
{
    self->changed |= self->ttl_seconds != ttl_seconds;
    self->ttl_seconds = ttl_seconds;
}


int64_t
expiry_floor (const expiry_t *self)
{
    return self->floor;
}


bool
expiry_is_sweeping (const expiry_t *self)
{
    return self->floor < self->next;
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


//  Begin a sweep.  From now on nothing below the floor is taken, so what will
//  have changed meanwhile need not be looked at

static void
s_raise (expiry_t *self, int64_t floor)
{
    if (floor > self->next) {
        self->next = floor;
        self->last = table_lsn (self->table);
        table_seek (self->table, self->cursor, 0, 1);
        table_set_floor (self->table, floor);
    }
}


//  Let the floor sink to what the time calls for.  A sweep goes on, but no
//  further than to there

static void
s_sink (expiry_t *self, instant_t now)
{
    int64_t floor = self->ttl_seconds ? s_floor_at (self, now) : 0;
    self->changed = false;
    self->joined = 0;
    if (self->next <= floor)
        return;
    self->next = floor;
    if (self->floor > floor)
        self->floor = floor;
    table_set_floor (self->table, floor);
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


void
expiry_resume (expiry_t *self, int64_t floor)
{
    if (self->ttl_seconds == 0)
        return;
    s_raise (self, floor);
    self->changed = true;
}


//  Look at the next records, in the order they changed, and drop what is below
//  the floor.  Returns how many were

static size_t
s_sweep (expiry_t *self)
{
    size_t dropped = 0;
    for (size_t looks = 0; looks < LOOKS_PER_TICK; looks++) {
        table_record_t record;
        if (!table_peek (self->table, self->cursor, &record) ||
            record.lsn > self->last) {
            self->floor = self->next;
            break;
        }
        location_t location;
        location_reread (&location, record.line);
        if (location.heard.seconds < self->next) {
            looks += DROP_LOOKS + table_drop (self->table, location.client);
            dropped++;
        }
        else
            table_advance (self->table, self->cursor);
    }
    return dropped;
}


size_t
expiry_tick (expiry_t *self, instant_t now)
{
    if (self->changed && (now.seconds || self->ttl_seconds == 0))
        s_sink (self, now);
    if (self->ttl_seconds == 0)
        return 0;
    //  A sweep is never begun anew before it is done, or it might never be
    if (!expiry_is_sweeping (self)) {
        s_raise (self, s_floor_at (self, now));
        s_raise (self, self->joined);
    }
    return expiry_is_sweeping (self) ? s_sweep (self) : 0;
}
