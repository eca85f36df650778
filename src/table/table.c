/*  =========================================================================
    table - the newest location of every client
    =========================================================================
*/

#include "table/table.h"

#include "table/digest_keeper.h"
#include "table/room.h"
#include "table/table_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  If the system gives no more, new clients leave this part of what the table
//  has to known ones
#define KEPT_PART 8

//  How far cells follow the changes on a tick: a millisecond, if clients jump
#define TICK_FOLLOWS 4

_Static_assert(
    TABLE_KEY_SIZE == INDEX_KEY_SIZE && TABLE_LSN_BASE == CHANGE_LIST_BASE,
    "what the shelf's own rooms say is what others are told");
_Static_assert(
    LOCATION_LINE_SIZE_MAX <= CHANGE_LINE_SIZE_MAX &&
        sizeof (cells_spot_t) + CHANGE_SIZE (LOCATION_LINE_SIZE_MAX) <=
            ARENA_SIZE_MAX,
    "every line has a place in a record, and every record in the arena");

struct table_t {
    arena_t *arena;
    change_list_t changes;
    index_t index;
    digest_keeper_t keeper;
    room_t room;
    uint64_t lines_size;
    int64_t floor;  //  What was heard before is not taken
    table_dropped_fn *dropped;
    void *context;  //  Of dropped
};

//  Bytes of the shortest line
#define LINE_SIZE_LEAST (sizeof "AT A +0.000000000 c +1+1 1" - 1)

//  From nobody who would be known to have it
#define PAST (-2)

//  How a location comes in
typedef enum {
    PUT,     //  As a change
    LOAD,    //  In bulk: of a new client it is no change
    RESTORE  //  From our own past: where there is no change it makes none
} way_t;


table_t *
table_new (const unsigned char *key, size_t size_max)
{
    table_t *self = calloc (1, sizeof (table_t));
    assert (self);
    self->arena = arena_new ();
    change_list_init (&self->changes, self->arena);
    index_init (&self->index, key, &self->changes);
    digest_keeper_init (&self->keeper, &self->index, &self->changes);
    self->room = (room_t){self->arena, &self->index, NULL, size_max};
    return self;
}


void
table_destroy (table_t **self_p)
{
    table_t *self = *self_p;
    if (self) {
        free (self->room.cells);
        digest_keeper_clear (&self->keeper);
        index_clear (&self->index);
        arena_destroy (&self->arena);
        free (self);
        *self_p = NULL;
    }
}


void
table_expect (table_t *self, uint64_t clients)
{
    uint64_t most =
        self->room.size_max / room_piece (&self->room, LINE_SIZE_LEAST);
    index_expect (&self->index, (size_t) (clients < most ? clients : most));
}


change_list_t *
table_changes (table_t *self)
{
    return &self->changes;
}


const change_list_t *
table_read_changes (const table_t *self)
{
    return &self->changes;
}


void
table_keep_near (table_t *self)
{
    cells_keeper_t *cells = malloc (sizeof (cells_keeper_t));
    assert (cells && self->index.count == 0 && !self->room.cells);
    cells_keeper_init (cells, &self->index, &self->changes);
    self->room.cells = cells;
}


bool
table_keeps_near (const table_t *self)
{
    return self->room.cells;
}


cells_t *
table_cells (const table_t *self)
{
    assert (self->room.cells);
    cells_keeper_catch_up (self->room.cells, room_for_cells (&self->room));
    return &self->room.cells->cells;
}


static change_t *
s_record (const table_t *self, arena_ref_t ref)
{
    return changes_at (&self->changes, ref);
}


static span_t
s_line (const change_t *record)
{
    return (span_t){record->line, record->size};
}


static uint64_t
s_bit (int from)
{
    return from < 0 ? 0 : (uint64_t) 1 << from;
}


static void
s_write_record (
    table_t *self, arena_ref_t ref, const location_t *location, int from)
{
    change_t *record = s_record (self, ref);
    span_t line = location->line;
    self->lines_size += line.size + 1;
    record->known = s_bit (from);
    change_write (record, line, (size_t) (location->client.data - line.data));
}


//  Put the record, which is written, where it belongs

static void
s_link_record (table_t *self, arena_ref_t ref, uint64_t hash, bool as_change)
{
    if (as_change)
        change_list_append (&self->changes, ref);
    else {
        change_list_prepend (&self->changes, ref);
        digest_keeper_add (&self->keeper, s_record (self, ref), hash);
        if (self->room.cells)
            cells_keeper_add (
                self->room.cells, ref, room_for_cells (&self->room));
    }
}


//  Take in a new client

static table_result_t
s_admit (table_t *self, const location_t *location, uint64_t hash, int from,
    way_t way)
{
    span_t line = location->line;
    size_t size = room_piece (&self->room, line.size);
    size_t growth = index_growth (&self->index);
    size_t kept = arena_used (self->arena) / KEPT_PART;
    if (!room_has (&self->room, size, growth, self->room.size_max) ||
        !arena_reserve (self->arena, size, kept) ||
        (growth && !index_reserve (&self->index)))
        return TABLE_FULL;
    arena_ref_t ref = room_take (&self->room, size);
    s_write_record (self, ref, location, from);
    s_link_record (self, ref, hash, way == PUT);
    index_take (&self->index, hash, ref);
    return TABLE_STORED;
}


static void
s_unlink_record (table_t *self, arena_ref_t ref, uint64_t hash)
{
    const change_t *record = s_record (self, ref);
    self->lines_size -= record->size + 1u;
    digest_keeper_remove (&self->keeper, record, hash);
    change_list_remove (&self->changes, ref);
}


//  Put the client's new line in place of the old: into its memory if it fits.
//  When no new client is admitted any more, those we know still may move: a
//  part of the memory is kept for that

static table_result_t
s_replace (table_t *self, const location_t *location, uint64_t hash,
    slot_t *slot, int from, way_t way)
{
    span_t line = location->line;
    arena_ref_t ref = slot->ref;
    const change_t *old = s_record (self, ref);
    bool as_change = way != RESTORE || old->lsn > TABLE_LSN_BASE;
    size_t old_size = room_piece (&self->room, old->size);
    size_t size = room_piece (&self->room, line.size);
    bool fits = arena_same_room (old_size, size);
    if (!fits && (!room_has (&self->room, size, 0, room_limit (&self->room)) ||
                     !arena_reserve (self->arena, size, 0)))
        return TABLE_FULL;
    s_unlink_record (self, ref, hash);
    if (!fits) {
        room_give (&self->room, ref, old_size);
        ref = slot->ref = room_take (&self->room, size);
    }
    s_write_record (self, ref, location, from);
    s_link_record (self, ref, hash, as_change);
    return TABLE_STORED;
}


//  Compare with what we have of the client, which peer `from` shares if
//  it is the same

static table_result_t
s_judge (
    const table_t *self, arena_ref_t ref, const location_t *location, int from)
{
    change_t *record = s_record (self, ref);
    if (location_is_plainly_newer (
            location, s_line (record), record->client_at))
        return TABLE_STORED;
    location_t mine;
    location_reread (&mine, s_line (record));
    if (from == TABLE_DOOR && span_equal (mine.stamp, location->stamp) &&
        span_equal (mine.place, location->place))
        return TABLE_SAME;
    switch (location_compare (location, &mine)) {
    case LOCATION_NEWER:
        return TABLE_STORED;
    case LOCATION_SAME:
        record->known |= s_bit (from);
        return TABLE_SAME;
    default:
        return TABLE_OLDER;
    }
}


static table_result_t
s_put (table_t *self, const location_t *location, uint64_t hash, int from,
    way_t way)
{
    assert (from >= PAST && from < TABLE_PEERS_MAX);
    if (location->heard.seconds < self->floor)
        return TABLE_EXPIRED;
    index_grow (&self->index);
    slot_t *slot = index_find (&self->index, location->client, hash);
    arena_ref_t ref = slot->ref;
    table_result_t result = ref ? s_judge (self, ref, location, from)
                                : s_admit (self, location, hash, from, way);
    if (ref && result == TABLE_STORED)
        result = s_replace (self, location, hash, slot, from, way);
    digest_keeper_follow (&self->keeper);
    cells_keeper_t *cells = self->room.cells;
    if (cells && cells_keeper_is_behind (cells))
        cells_keeper_follow (cells, room_for_cells (&self->room));
    return result;
}


table_result_t
table_put (table_t *self, const location_t *location, int from)
{
    return s_put (
        self, location, table_hash (self, location->client), from, PUT);
}


uint64_t
table_prefetch (const table_t *self, span_t client)
{
    uint64_t hash = table_hash (self, client);
    index_prefetch (&self->index, hash);
    return hash;
}


table_result_t
table_put_hashed (table_t *self, const location_t *location, uint64_t hash)
{
    return s_put (self, location, hash, TABLE_DOOR, PUT);
}


table_result_t
table_load (table_t *self, const location_t *location, int from)
{
    return s_put (
        self, location, table_hash (self, location->client), from, LOAD);
}


table_result_t
table_restore (table_t *self, const location_t *location)
{
    return s_put (
        self, location, table_hash (self, location->client), PAST, RESTORE);
}


bool
table_find (const table_t *self, span_t client, location_t *location)
{
    uint64_t hash = index_hash (&self->index, client);
    arena_ref_t ref = index_find (&self->index, client, hash)->ref;
    if (ref && location)
        location_reread (location, s_line (s_record (self, ref)));
    return ref != 0;
}


size_t
table_drop (table_t *self, span_t client)
{
    uint64_t hash = index_hash (&self->index, client);
    arena_ref_t ref = index_find (&self->index, client, hash)->ref;
    if (!ref)
        return 0;
    if (self->dropped)
        self->dropped (self->context, client, hash);
    size_t size = room_piece (&self->room, s_record (self, ref)->size);
    size_t looks = index_free (&self->index, client, hash);
    s_unlink_record (self, ref, hash);
    room_give (&self->room, ref, size);
    return looks;
}


void
table_tell_dropped (table_t *self, table_dropped_fn *dropped, void *context)
{
    assert (!dropped || !self->dropped);
    self->dropped = dropped;
    self->context = context;
}


uint64_t
table_hash (const table_t *self, span_t client)
{
    return index_hash (&self->index, client);
}


void
table_set_size_max (table_t *self, size_t size_max)
{
    self->room.size_max = size_max;
}


void
table_set_floor (table_t *self, int64_t floor)
{
    self->floor = floor;
}


int64_t
table_floor (const table_t *self)
{
    return self->floor;
}


size_t
table_count (const table_t *self)
{
    return self->index.count;
}


size_t
table_size (const table_t *self)
{
    return room_used (&self->room);
}


uint64_t
table_lines_size (const table_t *self)
{
    return self->lines_size;
}


const digest_t *
table_digest (table_t *self)
{
    return digest_keeper_digest (&self->keeper);
}


size_t
table_scrub (table_t *self)
{
    return digest_keeper_scrub (&self->keeper);
}


void
table_follow (table_t *self)
{
    for (int count = 0; self->room.cells && count < TICK_FOLLOWS; count++)
        cells_keeper_follow (self->room.cells, room_for_cells (&self->room));
}


bool
table_step (const table_t *self, table_walk_t *walk)
{
    return index_step (&self->index, walk);
}
