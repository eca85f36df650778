/*  =========================================================================
    copy - what is to be written to a copy of the table
    =========================================================================
*/

#include "table/copy.h"

#include <assert.h>
#include <string.h>


bool
copy_init (copy_t *self, table_t *table)
{
    *self = (copy_t){.table = table,
        .changes = table_cursor (table),
        .loaded = table_cursor (table)};
    if (self->changes && self->loaded)
        return true;
    copy_clear (self);
    return false;
}


void
copy_clear (copy_t *self)
{
    if (self->changes)
        table_drop_cursor (self->table, self->changes);
    if (self->loaded)
        table_drop_cursor (self->table, self->loaded);
    self->changes = self->loaded = 0;
}


void
copy_restart (copy_t *self)
{
    table_seek (self->table, self->changes, 0, 1);
    copy_skip_loaded (self);
}


void
copy_skip_loaded (copy_t *self)
{
    table_seek (self->table, self->loaded, 0, 1);
}


copy_position_t
copy_nothing (const copy_t *self)
{
    uint64_t first = table_lsn (self->table) + 1 - table_stored (self->table);
    return (copy_position_t){first, first - 1};
}


copy_position_t
copy_everything (const copy_t *self)
{
    return (copy_position_t){
        copy_nothing (self).first, table_lsn (self->table)};
}


bool
copy_seek (copy_t *self, copy_position_t position, size_t steps)
{
    bool there = table_seek (self->table, self->changes, position.last, steps);
    return table_seek (self->table, self->loaded, position.first - 1, steps) &&
           there;
}


//  Changes come first: only then is it told what was loaded in bulk since

static bool
s_peek (const copy_t *self, table_record_t *record, bool *is_change)
{
    *is_change = table_peek (self->table, self->changes, record);
    return *is_change || table_peek_back (self->table, self->loaded, record);
}


//  Move behind the record that is next

static void
s_pass (copy_t *self, const table_record_t *record, bool is_change,
    copy_position_t *position)
{
    if (is_change) {
        position->last = record->lsn;
        table_advance (self->table, self->changes);
    }
    else {
        position->first = record->lsn;
        table_retreat (self->table, self->loaded);
    }
}


bool
copy_peek (const copy_t *self, table_record_t *record)
{
    bool is_change;
    return s_peek (self, record, &is_change);
}


bool
copy_take (copy_t *self, table_record_t *record, copy_position_t *position)
{
    bool is_change;
    if (!s_peek (self, record, &is_change))
        return false;
    s_pass (self, record, is_change, position);
    return true;
}


bool
copy_has_next (const copy_t *self)
{
    table_record_t record;
    return copy_peek (self, &record);
}


//  Write the line if there is room for it

static bool
s_add (const table_record_t *record, size_t room, char *buffer, size_t *size)
{
    if (*size + record->line.size + 1 > room)
        return false;
    memcpy (buffer + *size, record->line.data, record->line.size);
    *size += record->line.size;
    buffer [(*size)++] = '\n';
    return true;
}


size_t
copy_write (copy_t *self, size_t room, char *buffer, uint64_t *records)
{
    size_t size = 0;
    table_record_t record;
    copy_position_t position;
    bool is_change;
    while (s_peek (self, &record, &is_change) &&
           s_add (&record, room, buffer, &size)) {
        s_pass (self, &record, is_change, &position);
        ++*records;
    }
    return size;
}
