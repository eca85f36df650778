/*  =========================================================================
    change_list - the records of a table in the order they changed
    =========================================================================
*/

#include "table/change_list.h"

#include <assert.h>
#include <string.h>

//  Bytes that come from the memory at a time, less the head of a link
#define CACHED 36


//  Masks tell the compiler what has been asserted

void
change_write (change_t *record, span_t line, size_t client_at)
{
    assert (line.size <= CHANGE_LINE_SIZE_MAX);
    assert (client_at < line.size && client_at <= UINT8_MAX);
    //  One store of both: who numbers it next would wait for a part of the word
    record->lsn = 0;
    record->size = line.size & CHANGE_LINE_SIZE_MAX;
    record->client_at = (uint8_t) client_at;
    memcpy (record->line, line.data, line.size);
}


static void
s_number (change_t *record, uint64_t lsn)
{
    assert (lsn > 0 && lsn <= CHANGE_LIST_LAST);
    record->lsn = lsn & CHANGE_LIST_LAST;
}


span_t
change_rest (const change_t *record)
{
    size_t at = record->client_at;
    return (span_t){record->line + at, record->size - at};
}


change_t *
changes_at (const change_list_t *self, arena_ref_t ref)
{
    return arena_at (self->arena, ref);
}


//  Most records reach into a second piece of the cache

void
change_list_prefetch (const change_list_t *self, arena_ref_t ref)
{
    const change_t *link = changes_at (self, ref);
    __builtin_prefetch (link);
    __builtin_prefetch (link->line + CACHED);
}


static void
s_link_before (const change_list_t *self, arena_ref_t ref, arena_ref_t next)
{
    change_t *link = changes_at (self, ref);
    change_t *after = changes_at (self, next);
    link->previous = after->previous;
    link->next = next;
    changes_at (self, after->previous)->next = ref;
    after->previous = ref;
}


static arena_ref_t
s_first (const change_list_t *self)
{
    return changes_at (self, self->end)->next;
}


void
change_list_init (change_list_t *self, arena_t *arena)
{
    self->arena = arena;
    self->end = arena_take (arena, sizeof (change_t));
    self->first = CHANGE_LIST_BASE + 1;
    self->last = CHANGE_LIST_BASE;
    *changes_at (self, self->end) =
        (change_t){.previous = self->end, .next = self->end};
}


void
change_list_append (change_list_t *self, arena_ref_t ref)
{
    s_number (changes_at (self, ref), ++self->last);
    s_link_before (self, ref, self->end);
}


void
change_list_prepend (change_list_t *self, arena_ref_t ref)
{
    s_number (changes_at (self, ref), --self->first);
    s_link_before (self, ref, s_first (self));
}


void
change_list_remove (change_list_t *self, arena_ref_t ref)
{
    const change_t *link = changes_at (self, ref);
    changes_at (self, link->previous)->next = link->next;
    changes_at (self, link->next)->previous = link->previous;
}


arena_ref_t
change_list_cursor (change_list_t *self)
{
    if (!arena_reserve (self->arena, sizeof (change_t), 0))
        return 0;
    arena_ref_t cursor = arena_take (self->arena, sizeof (change_t));
    *changes_at (self, cursor) = (change_t){.lsn = 0};
    s_link_before (self, cursor, s_first (self));
    return cursor;
}


void
changes_drop_cursor (change_list_t *self, arena_ref_t cursor)
{
    change_list_remove (self, cursor);
    arena_give (self->arena, cursor, sizeof (change_t));
}


arena_ref_t
change_list_after (const change_list_t *self, arena_ref_t ref)
{
    do
        ref = changes_at (self, ref)->next;
    while (ref != self->end && changes_at (self, ref)->size == 0);
    return ref == self->end ? 0 : ref;
}


arena_ref_t
change_list_before (const change_list_t *self, arena_ref_t ref)
{
    do
        ref = changes_at (self, ref)->previous;
    while (ref != self->end && changes_at (self, ref)->size == 0);
    return ref == self->end ? 0 : ref;
}


void
change_list_advance (change_list_t *self, arena_ref_t cursor)
{
    arena_ref_t ref = change_list_after (self, cursor);
    assert (ref);
    change_list_follow (self, cursor, ref);
}


void
change_list_follow (change_list_t *self, arena_ref_t cursor, arena_ref_t record)
{
    change_list_remove (self, cursor);
    s_link_before (self, cursor, changes_at (self, record)->next);
}


void
changes_retreat (change_list_t *self, arena_ref_t cursor)
{
    arena_ref_t ref = change_list_before (self, cursor);
    assert (ref);
    change_list_remove (self, cursor);
    s_link_before (self, cursor, ref);
}


static void
s_move_before (change_list_t *self, arena_ref_t cursor, arena_ref_t next)
{
    if (next != cursor) {
        change_list_remove (self, cursor);
        s_link_before (self, cursor, next);
    }
}


static bool
s_is_up_to (const change_list_t *self, arena_ref_t ref, uint64_t lsn)
{
    return ref && changes_at (self, ref)->lsn <= lsn;
}


//  Return how many records at most stand between the place behind the lsn and
//  the place between these two neighbours.  No two records share an lsn, so
//  there are no more records than numbers

static uint64_t
s_distance (const change_list_t *self, arena_ref_t before, arena_ref_t after,
    uint64_t lsn)
{
    if (s_is_up_to (self, after, lsn))
        return lsn - changes_at (self, after)->lsn + 1;
    if (before && !s_is_up_to (self, before, lsn))
        return changes_at (self, before)->lsn - lsn;
    return 0;
}


//  Start at an end of the ring if that is nearer than where the cursor is

static void
s_start_nearest (change_list_t *self, arena_ref_t cursor, uint64_t lsn)
{
    uint64_t own = s_distance (self, change_list_before (self, cursor),
        change_list_after (self, cursor), lsn);
    uint64_t first =
        s_distance (self, 0, change_list_after (self, self->end), lsn);
    uint64_t last =
        s_distance (self, change_list_before (self, self->end), 0, lsn);
    if (first < own && first <= last)
        s_move_before (self, cursor, s_first (self));
    else if (last < own)
        s_move_before (self, cursor, self->end);
}


bool
change_list_seek (
    change_list_t *self, arena_ref_t cursor, uint64_t lsn, size_t steps)
{
    s_start_nearest (self, cursor, lsn);
    arena_ref_t next = cursor;  //  The place found is before it
    arena_ref_t ref = change_list_after (self, cursor);
    bool forth = s_is_up_to (self, ref, lsn);
    if (!forth)
        ref = change_list_before (self, cursor);
    while (steps && ref && s_is_up_to (self, ref, lsn) == forth) {
        next = forth ? changes_at (self, ref)->next : ref;
        ref = forth ? change_list_after (self, ref)
                    : change_list_before (self, ref);
        steps--;
    }
    s_move_before (self, cursor, next);
    return !ref || s_is_up_to (self, ref, lsn) != forth;
}
