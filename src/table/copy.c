/*  =========================================================================
    copy - what is to be written to a copy of the table
    =========================================================================
*/

#include "table/copy.h"

#include <string.h>


void
copy_init (copy_t *self, atlas_t *atlas)
{
    *self = (copy_t){.atlas = atlas,
        .changes = atlas_cursor (atlas),
        .loaded = atlas_cursor (atlas)};
}


void
copy_restart (copy_t *self)
{
    self->lsn = 0;
    atlas_seek (self->atlas, self->changes, 0, 1);
    copy_skip_loaded (self);
}


void
copy_skip_loaded (copy_t *self)
{
    atlas_seek (self->atlas, self->loaded, 0, 1);
}


bool
copy_has_next (const copy_t *self)
{
    atlas_record_t record;
    return atlas_peek (self->atlas, self->changes, &record) ||
           atlas_peek_back (self->atlas, self->loaded, &record);
}


//  Write the line if there is room for it

static bool
s_add (const atlas_record_t *record, size_t room, char *buffer, size_t *size)
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
    atlas_record_t record;
    while (atlas_peek (self->atlas, self->changes, &record)) {
        if (!s_add (&record, room, buffer, &size))
            return size;
        atlas_advance (self->atlas, self->changes);
        self->lsn = record.lsn;
        ++*records;
    }
    while (atlas_peek_back (self->atlas, self->loaded, &record) &&
           s_add (&record, room, buffer, &size)) {
        atlas_retreat (self->atlas, self->loaded);
        ++*records;
    }
    return size;
}


//  Numbers of changes that newer ones made obsolete count in that

uint64_t
copy_behind (const copy_t *self)
{
    if (!copy_has_next (self))
        return 0;
    uint64_t behind = atlas_lsn (self->atlas) - self->lsn;
    uint64_t most = atlas_count (self->atlas);
    return behind > most ? most : behind;
}
