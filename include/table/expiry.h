/*  =========================================================================
    expiry - forgetting clients that were not heard of for long

    All servers of a herd drop what was heard before the same floor, which
    rises in steps; so two tables with equal floors can be compared.  A sweep
    up to a new floor is spread over many ticks, and the floor counts as ours
    only when it is done.

    Section 4.8 of docs/protocol.md.
    =========================================================================
*/

#ifndef TABLE_EXPIRY_H
#define TABLE_EXPIRY_H

#include "table/table.h"

//  The floor is a multiple of this part of the time to live.
#define EXPIRY_STEPS 16

typedef struct expiry_t expiry_t;

//  Make an expiry of the table, which is borrowed, after so many seconds; 0 =
//  never.  Never returns NULL.
expiry_t *
expiry_new (table_t *table, int64_t ttl_seconds);

//  Free the expiry and set *self_p to NULL.
void
expiry_destroy (expiry_t **self_p);

//  Expire after so many seconds from now on; 0 = never.  A floor that is ahead
//  of what that calls for sinks to it at the next tick: so the floors of two
//  servers, both told the same, soon are equal again.  What was dropped below
//  it comes back from who still has it.
void
expiry_set_ttl (expiry_t *self, int64_t ttl_seconds);

//  Return the floor, POSIX seconds: all that was heard before is dropped.  0 =
//  nothing ever was.
int64_t
expiry_floor (const expiry_t *self);

//  Return true while a sweep goes on: the table has neither floor.
bool
expiry_is_sweeping (const expiry_t *self);

//  A peer's floor is this: take it over, if our own clock allows it at
//  now.  Returns by how many seconds it is ahead of what we believe, 0 if it is
//  not.
int64_t
expiry_join (expiry_t *self, int64_t floor, instant_t now);

//  This was our floor in an earlier life: it is again, whatever the time.  If
//  it is ahead of what the time calls for, since a clock was wrong or the time
//  to live is longer now, it sinks as expiry_set_ttl has it.
void
expiry_resume (expiry_t *self, int64_t floor);

//  To be called on every tick: raises the floor with the time, 0 = not known,
//  and drops some of what is below it.  Returns the number of clients dropped.
size_t
expiry_tick (expiry_t *self, instant_t now);

#endif
