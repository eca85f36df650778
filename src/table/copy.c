/*  =========================================================================
    copy - what is to be written to a copy of the table
    =========================================================================
*/

#include "table/copy.h"

#include <assert.h>
#include <string.h>


void
copy_init (copy_t *self, table_t *table)
{
    *self = (copy_t){.table = table,
        .changes = table_cursor (table),
        .loaded = table_cursor (table)};
    assert (self->changes && self->loaded);
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


bool
copy_has_next (const copy_t *self)
{
    table_record_t record;
    return table_peek (self->table, self->changes, &record) ||
           table_peek_back (self->table, self->loaded, &record);
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
    while (table_peek (self->table, self->changes, &record)) {
        if (!s_add (&record, room, buffer, &size))
            return size;
        table_advance (self->table, self->changes);
        ++*records;
    }
    while (table_peek_back (self->table, self->loaded, &record) &&
           s_add (&record, room, buffer, &size)) {
        table_retreat (self->table, self->loaded);
        ++*records;
    }
    return size;
}
