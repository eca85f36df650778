/*  =========================================================================
    atlas - the newest location of every client
    =========================================================================
*/

#include "table/atlas.h"

#include "table/sums.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  Known clients may take this part of size_max beyond it; or of what the table
//  has, if the system gives no more
#define KEPT_PART 8

_Static_assert(LOCATION_LINE_SIZE_MAX <= CHANGE_LINE_SIZE_MAX &&
                   CHANGE_SIZE (LOCATION_LINE_SIZE_MAX) <= ARENA_SIZE_MAX,
    "every line has a place in a record, and every record in the arena");

struct atlas_t {
    size_t size_max;
    arena_t *arena;
    changes_t changes;
    slots_t slots;
    sums_t sums;
    uint64_t lines_size;
    int64_t floor;  //  What was heard before is not taken
};

//  From nobody who would be known to have it
#define PAST (-2)

//  How a location comes in
typedef enum {
    PUT,     //  As a change
    LOAD,    //  In bulk: of a new client it is no change
    RESTORE  //  From our own past: where there is no change it makes none
} way_t;


atlas_t *
atlas_new (const unsigned char *key, size_t size_max)
{
    atlas_t *self = calloc (1, sizeof (atlas_t));
    assert (self);
    self->size_max = size_max;
    self->arena = arena_new ();
    changes_init (&self->changes, self->arena);
    slots_init (&self->slots, key, &self->changes);
    sums_init (&self->sums, &self->slots, &self->changes);
    return self;
}


void
atlas_destroy (atlas_t **self_p)
{
    atlas_t *self = *self_p;
    if (self) {
        sums_clear (&self->sums);
        slots_clear (&self->slots);
        arena_destroy (&self->arena);
        free (self);
        *self_p = NULL;
    }
}


static change_t *
s_record (const atlas_t *self, arena_ref_t ref)
{
    return changes_at (&self->changes, ref);
}


static span_t
s_line (const change_t *record)
{
    return (span_t){record->line, record->size};
}


//  Return true if a piece of so many bytes, and more beside it, can be had
//  within the limit

static bool
s_has_room (const atlas_t *self, size_t size, size_t more, size_t limit)
{
    return atlas_size (self) + arena_growth (self->arena, size) + more <= limit;
}


static uint64_t
s_bit (int from)
{
    return from < 0 ? 0 : (uint64_t) 1 << from;
}


static void
s_write (atlas_t *self, arena_ref_t ref, const location_t *location, int from)
{
    change_t *record = s_record (self, ref);
    span_t line = location->line;
    self->lines_size += line.size + 1;
    record->known = s_bit (from);
    change_write (record, line, (size_t) (location->client.data - line.data));
}


//  Put the record, which is written, where it belongs

static void
s_link (atlas_t *self, arena_ref_t ref, uint64_t hash, bool as_change)
{
    if (as_change)
        changes_append (&self->changes, ref);
    else {
        changes_prepend (&self->changes, ref);
        sums_add (&self->sums, s_record (self, ref), hash);
    }
}


//  Take in a new client

static atlas_result_t
s_admit (atlas_t *self, const location_t *location, uint64_t hash, int from,
    way_t way)
{
    span_t line = location->line;
    size_t size = CHANGE_SIZE (line.size);
    size_t growth = slots_growth (&self->slots);
    size_t kept = arena_used (self->arena) / KEPT_PART;
    if (!s_has_room (self, size, growth, self->size_max) ||
        !arena_reserve (self->arena, size, kept) ||
        (growth && !slots_reserve (&self->slots)))
        return ATLAS_FULL;
    arena_ref_t ref = arena_take (self->arena, size);
    s_write (self, ref, location, from);
    s_link (self, ref, hash, way == PUT);
    slots_take (&self->slots, hash, ref);
    return ATLAS_STORED;
}


static void
s_unlink (atlas_t *self, arena_ref_t ref, uint64_t hash)
{
    const change_t *record = s_record (self, ref);
    self->lines_size -= record->size + 1u;
    sums_remove (&self->sums, record, hash);
    changes_remove (&self->changes, ref);
}


//  Put the client's new line in place of the old: into its memory if it fits.
//  When no new client is admitted any more, those we know still may move: a
//  part of the memory is kept for that

static atlas_result_t
s_replace (atlas_t *self, const location_t *location, uint64_t hash,
    slot_t *slot, int from, way_t way)
{
    span_t line = location->line;
    arena_ref_t ref = slot->ref;
    const change_t *old = s_record (self, ref);
    bool as_change = way != RESTORE || old->lsn > ATLAS_LSN_BASE;
    size_t old_size = CHANGE_SIZE (old->size);
    size_t size = CHANGE_SIZE (line.size);
    bool fits = arena_same_room (old_size, size);
    size_t limit = self->size_max + self->size_max / KEPT_PART;
    if (!fits && (!s_has_room (self, size, 0, limit) ||
                     !arena_reserve (self->arena, size, 0)))
        return ATLAS_FULL;
    s_unlink (self, ref, hash);
    if (!fits) {
        arena_give (self->arena, ref, old_size);
        ref = arena_take (self->arena, size);
        slot->ref = ref;
    }
    s_write (self, ref, location, from);
    s_link (self, ref, hash, as_change);
    return ATLAS_STORED;
}


//  Compare with what we have of the client, which neighbour `from` shares if
//  it is the same

static atlas_result_t
s_judge (
    const atlas_t *self, arena_ref_t ref, const location_t *location, int from)
{
    change_t *record = s_record (self, ref);
    location_t mine;
    if (location_is_plainly_newer (
            location, s_line (record), record->client_at))
        return ATLAS_STORED;
    location_reread (&mine, s_line (record));
    if (from == ATLAS_DOOR && span_equal (mine.stamp, location->stamp) &&
        span_equal (mine.place, location->place))
        return ATLAS_SAME;
    switch (location_compare (location, &mine)) {
    case LOCATION_NEWER:
        return ATLAS_STORED;
    case LOCATION_SAME:
        record->known |= s_bit (from);
        return ATLAS_SAME;
    default:
        return ATLAS_OLDER;
    }
}


static atlas_result_t
s_put (atlas_t *self, const location_t *location, int from, way_t way)
{
    assert (from >= PAST && from < ATLAS_NEIGHBOURS_MAX);
    if (location->heard.seconds < self->floor)
        return ATLAS_EXPIRED;
    uint64_t hash = slots_hash (&self->slots, location->client);
    slots_grow (&self->slots);
    slot_t *slot = slots_find (&self->slots, location->client, hash);
    arena_ref_t ref = slot->ref;
    atlas_result_t result = ref ? s_judge (self, ref, location, from)
                                : s_admit (self, location, hash, from, way);
    if (ref && result == ATLAS_STORED)
        result = s_replace (self, location, hash, slot, from, way);
    sums_follow (&self->sums);
    return result;
}


atlas_result_t
atlas_put (atlas_t *self, const location_t *location, int from)
{
    return s_put (self, location, from, PUT);
}


atlas_result_t
atlas_load (atlas_t *self, const location_t *location, int from)
{
    return s_put (self, location, from, LOAD);
}


atlas_result_t
atlas_restore (atlas_t *self, const location_t *location)
{
    return s_put (self, location, PAST, RESTORE);
}


bool
atlas_find (const atlas_t *self, span_t client, location_t *location)
{
    uint64_t hash = slots_hash (&self->slots, client);
    arena_ref_t ref = slots_find (&self->slots, client, hash)->ref;
    if (ref)
        location_reread (location, s_line (s_record (self, ref)));
    return ref != 0;
}


size_t
atlas_drop (atlas_t *self, span_t client)
{
    uint64_t hash = slots_hash (&self->slots, client);
    arena_ref_t ref = slots_find (&self->slots, client, hash)->ref;
    if (!ref)
        return 0;
    size_t size = CHANGE_SIZE (s_record (self, ref)->size);
    size_t looks = slots_free (&self->slots, client, hash);
    s_unlink (self, ref, hash);
    arena_give (self->arena, ref, size);
    return looks;
}


void
atlas_set_floor (atlas_t *self, int64_t floor)
{
    self->floor = floor;
}


size_t
atlas_count (const atlas_t *self)
{
    return self->slots.count;
}


uint64_t
atlas_lsn (const atlas_t *self)
{
    return self->changes.last;
}


size_t
atlas_size (const atlas_t *self)
{
    return arena_used (self->arena) + slots_size (&self->slots);
}


uint64_t
atlas_lines_size (const atlas_t *self)
{
    return self->lines_size;
}


const digest_t *
atlas_digest (atlas_t *self)
{
    return sums_digest (&self->sums);
}


size_t
atlas_scrub (atlas_t *self)
{
    return sums_scrub (&self->sums);
}


bool
atlas_step (const atlas_t *self, atlas_walk_t *walk)
{
    return slots_step (&self->slots, walk);
}


atlas_cursor_t
atlas_cursor (atlas_t *self)
{
    return changes_cursor (&self->changes);
}


static bool
s_tell (const atlas_t *self, arena_ref_t ref, atlas_record_t *record)
{
    if (ref) {
        const change_t *change = s_record (self, ref);
        *record = (atlas_record_t){s_line (change), change->lsn, change->known};
    }
    return ref != 0;
}


bool
atlas_peek (const atlas_t *self, atlas_cursor_t cursor, atlas_record_t *record)
{
    return s_tell (self, changes_after (&self->changes, cursor), record);
}


bool
atlas_peek_back (
    const atlas_t *self, atlas_cursor_t cursor, atlas_record_t *record)
{
    return s_tell (self, changes_before (&self->changes, cursor), record);
}


void
atlas_retreat (atlas_t *self, atlas_cursor_t cursor)
{
    changes_retreat (&self->changes, cursor);
}


void
atlas_advance (atlas_t *self, atlas_cursor_t cursor)
{
    changes_advance (&self->changes, cursor);
}


bool
atlas_seek (atlas_t *self, atlas_cursor_t cursor, uint64_t lsn, size_t steps)
{
    return changes_seek (&self->changes, cursor, lsn, steps);
}
