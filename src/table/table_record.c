/*  =========================================================================
    table_record - what readers of a table are told of its records
    =========================================================================
*/

#include "table/table_record.h"

#include "table/table.h"
#include "table/table_parts.h"

#include <assert.h>

_Static_assert(sizeof (table_cursor_t) == sizeof (arena_ref_t),
    "what the shelf's own rooms say is what others are told");


table_cursor_t
table_cursor (table_t *self)
{
    return change_list_cursor (table_changes (self));
}


void
table_drop_cursor (table_t *self, table_cursor_t cursor)
{
    changes_drop_cursor (table_changes (self), cursor);
}


static bool
s_tell (const change_list_t *changes, arena_ref_t ref, table_record_t *record)
{
    if (ref) {
        const change_t *change = changes_at (changes, ref);
        *record = (table_record_t){
            {change->line, change->size}, change->lsn, change->known};
    }
    return ref != 0;
}


bool
table_peek (const table_t *self, table_cursor_t cursor, table_record_t *record)
{
    const change_list_t *changes = table_read_changes (self);
    return s_tell (changes, change_list_after (changes, cursor), record);
}


void
table_disown (table_t *self, table_cursor_t cursor, unsigned peer)
{
    change_list_t *changes = table_changes (self);
    arena_ref_t ref = change_list_after (changes, cursor);
    assert (ref && peer < TABLE_PEERS_MAX);
    changes_at (changes, ref)->known &= ~(UINT64_C (1) << peer);
}


bool
table_peek_back (
    const table_t *self, table_cursor_t cursor, table_record_t *record)
{
    const change_list_t *changes = table_read_changes (self);
    return s_tell (changes, change_list_before (changes, cursor), record);
}


void
table_retreat (table_t *self, table_cursor_t cursor)
{
    changes_retreat (table_changes (self), cursor);
}


void
table_advance (table_t *self, table_cursor_t cursor)
{
    change_list_advance (table_changes (self), cursor);
}


bool
table_seek (table_t *self, table_cursor_t cursor, uint64_t lsn, size_t steps)
{
    return change_list_seek (table_changes (self), cursor, lsn, steps);
}


uint64_t
table_lsn (const table_t *self)
{
    return table_read_changes (self)->last;
}


uint64_t
table_stored (const table_t *self)
{
    const change_list_t *changes = table_read_changes (self);
    return changes->last + 1 - changes->first;
}
