/*  =========================================================================
    atlas - the newest location of every client

    A map of maxima: putting the same locations into two atlases, in any order
    and any number of times, leaves the two equal, and their digests too.

    Every change has a number, its lsn, counted up from ATLAS_LSN_BASE by this
    atlas alone.  The records stand in the order of their lsn, each once: a log
    that never overflows, and a cursor in it is all that is kept for a
    neighbour.  What was loaded in bulk is no change: it goes before the rest,
    counted down, and only who asks for all is sent it.
    =========================================================================
*/

#ifndef TABLE_ATLAS_H
#define TABLE_ATLAS_H

#include "table/digest.h"
#include "table/location.h"
#include "table/slots.h"

#define ATLAS_KEY_SIZE SLOTS_KEY_SIZE
#define ATLAS_LSN_BASE CHANGES_BASE  //  The lsn of one without changes
#define ATLAS_NEIGHBOURS_MAX 64      //  Each is a bit in a record's mask
#define ATLAS_DOOR (-1)  //  Put by a client here, not by a neighbour

typedef struct atlas_t atlas_t;

typedef enum {
    ATLAS_STORED,   //  Newer than what we had: it has the next lsn
    ATLAS_SAME,     //  We have just this
    ATLAS_OLDER,    //  We have newer
    ATLAS_EXPIRED,  //  Below the floor
    ATLAS_FULL      //  Newer, but no memory is left for it
} atlas_result_t;

typedef arena_ref_t atlas_cursor_t;  //  Behind a record, or before all

typedef struct {
    span_t line;     //  The AT line
    uint64_t lsn;    //  Number of the change that put it here
    uint64_t known;  //  Bit i: neighbour i is known to have just this
} atlas_record_t;

typedef slots_walk_t atlas_walk_t;

//  Make an empty atlas that takes no new clients beyond size_max bytes, and
//  never holds more than an eighth beyond.  Copies the key, of ATLAS_KEY_SIZE
//  bytes, which makes hashes hard to guess.  Never returns NULL.
atlas_t *
atlas_new (const unsigned char *key, size_t size_max);

//  Free the atlas and set *self_p to NULL.
void
atlas_destroy (atlas_t **self_p);

//  Keep a copy of the location if it is newer than what we have of its client.
//  from is the neighbour who sent it, known to have it then, or ATLAS_DOOR; at
//  the door a location of the same stamp and place counts as the same.
atlas_result_t
atlas_put (atlas_t *self, const location_t *location, int from);

//  Keep a copy like atlas_put; but a new client's location becomes no change.
atlas_result_t
atlas_load (atlas_t *self, const location_t *location, int from);

//  Keep a copy like atlas_load, of what we knew in an earlier life: nobody is
//  known to have it, and what is no change stays none when it is replaced.
atlas_result_t
atlas_restore (atlas_t *self, const location_t *location);

//  Return true and the client's location, good until the next put, or false.
bool
atlas_find (const atlas_t *self, span_t client, location_t *location);

//  Return the number of clients known.
size_t
atlas_count (const atlas_t *self);

//  Return the lsn of the newest change, ATLAS_LSN_BASE if there was none.
uint64_t
atlas_lsn (const atlas_t *self);

//  Return the bytes held.
size_t
atlas_size (const atlas_t *self);

//  Return the bytes of all AT lines, each with a line end.
uint64_t
atlas_lines_size (const atlas_t *self);

//  Return the digest over all records, good until the next change.
const digest_t *
atlas_digest (atlas_t *self);

//  Sum up a part of the digest anew, at each call the next: to be called about
//  once a second.  Returns how many sums were wrong: memory was altered.
size_t
atlas_scrub (atlas_t *self);

//  Look at the next record of the walk, as slots_step does.
bool
atlas_step (const atlas_t *self, atlas_walk_t *walk);

//  Drop the client's location, if any.  Returns the cost in records looked at.
size_t
atlas_drop (atlas_t *self, span_t client);

//  Take no location that was heard before the floor, POSIX seconds.
void
atlas_set_floor (atlas_t *self, int64_t floor);

//  Make a cursor before all records.  The atlas owns it for its own life.
atlas_cursor_t
atlas_cursor (atlas_t *self);

//  Return the record after the cursor, good until the next atlas_put, or false.
bool
atlas_peek (const atlas_t *self, atlas_cursor_t cursor, atlas_record_t *record);

//  Move the cursor behind the record that atlas_peek gives.
void
atlas_advance (atlas_t *self, atlas_cursor_t cursor);

//  The same with the record before the cursor, and to move it before that.
bool
atlas_peek_back (
    const atlas_t *self, atlas_cursor_t cursor, atlas_record_t *record);

void
atlas_retreat (atlas_t *self, atlas_cursor_t cursor);

//  Move the cursor behind all records up to this lsn, as changes_seek does.
bool
atlas_seek (atlas_t *self, atlas_cursor_t cursor, uint64_t lsn, size_t steps);

#endif
