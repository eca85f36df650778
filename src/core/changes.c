/*  =========================================================================
    changes - the records of an atlas in the order they changed
    =========================================================================
*/

#include "core/changes.h"

#include <assert.h>

//  Bytes that come from the memory at a time, less the head of a link
#define CACHED 36


span_t
change_rest (const change_t *record)
{
    size_t at = record->client_at;
    return (span_t){record->line + at, record->size - at};
}


change_t *
changes_at (const changes_t *self, arena_ref_t ref)
{
    return arena_at (self->arena, ref);
}


//  Most records reach into a second piece of the cache

void
changes_expect (const changes_t *self, arena_ref_t ref)
{
    const change_t *link = changes_at (self, ref);
    __builtin_prefetch (link);
    __builtin_prefetch (link->line + CACHED);
}


static void
s_link_before (const changes_t *self, arena_ref_t ref, arena_ref_t next)
{
    change_t *link = changes_at (self, ref);
    change_t *after = changes_at (self, next);
    link->previous = after->previous;
    link->next = next;
    changes_at (self, after->previous)->next = ref;
    after->previous = ref;
}


static arena_ref_t
s_first (const changes_t *self)
{
    return changes_at (self, self->end)->next;
}


void
changes_init (changes_t *self, arena_t *arena)
{
    self->arena = arena;
    self->end = arena_take (arena, sizeof (change_t));
    self->first = CHANGES_BASE + 1;
    self->last = CHANGES_BASE;
    *changes_at (self, self->end) =
        (change_t){.previous = self->end, .next = self->end};
}


void
changes_append (changes_t *self, arena_ref_t ref)
{
    changes_at (self, ref)->lsn = ++self->last & CHANGES_LAST;
    s_link_before (self, ref, self->end);
}


void
changes_prepend (changes_t *self, arena_ref_t ref)
{
    changes_at (self, ref)->lsn = --self->first & CHANGES_LAST;
    s_link_before (self, ref, s_first (self));
}


void
changes_remove (changes_t *self, arena_ref_t ref)
{
    const change_t *link = changes_at (self, ref);
    changes_at (self, link->previous)->next = link->next;
    changes_at (self, link->next)->previous = link->previous;
}


arena_ref_t
changes_cursor (changes_t *self)
{
    arena_ref_t cursor = arena_take (self->arena, sizeof (change_t));
    *changes_at (self, cursor) = (change_t){.lsn = 0};
    s_link_before (self, cursor, s_first (self));
    return cursor;
}


arena_ref_t
changes_after (const changes_t *self, arena_ref_t ref)
{
    do
        ref = changes_at (self, ref)->next;
    while (ref != self->end && changes_at (self, ref)->size == 0);
    return ref == self->end ? 0 : ref;
}


void
changes_advance (changes_t *self, arena_ref_t cursor)
{
    arena_ref_t ref = changes_after (self, cursor);
    assert (ref);
    changes_remove (self, cursor);
    s_link_before (self, cursor, changes_at (self, ref)->next);
}


//  Links before the place have an lsn up to this one, those after it more;
//  other cursors, whose lsn is 0, may stand on either side

void
changes_seek (changes_t *self, arena_ref_t cursor, uint64_t lsn)
{
    arena_ref_t next = changes_at (self, cursor)->next;
    changes_remove (self, cursor);
    if (lsn < self->first)
        next = s_first (self);
    else if (lsn >= self->last)
        next = self->end;
    while (next != self->end && changes_at (self, next)->lsn <= lsn)
        next = changes_at (self, next)->next;
    arena_ref_t before = changes_at (self, next)->previous;
    while (before != self->end && (changes_at (self, before)->size == 0 ||
                                      changes_at (self, before)->lsn > lsn)) {
        next = before;
        before = changes_at (self, before)->previous;
    }
    s_link_before (self, cursor, next);
}
