/*  =========================================================================
    stream - the changes of one server on their way to one peer
    =========================================================================
*/

#include "wire/stream.h"

#include "wire/message.h"

#include <string.h>

//  Records looked at in a call, while the cursor is moved or those that are
//  known to the peer are passed over
#define STEPS_MAX 4096


bool
stream_init (stream_t *self, table_t *table, unsigned peer)
{
    *self = (stream_t){.table = table,
        .peer = peer,
        .cursor = table_cursor (table),
        .fresh = table_lsn (table)};
    return self->cursor != 0;
}


void
stream_clear (stream_t *self)
{
    if (self->cursor)
        table_drop_cursor (self->table, self->cursor);
    self->cursor = 0;
}


void
stream_renew (stream_t *self, uint64_t got)
{
    self->fresh = table_lsn (self->table);
    self->got = got;
    //  What was left out because the process before had it is not sent yet
    self->position = self->previous = 0;
}


void
stream_seek (stream_t *self, uint64_t lsn, int64_t clock_ms)
{
    uint64_t tail = table_lsn (self->table);
    if (lsn > tail)
        lsn = tail;
    self->placed = false;
    self->position = self->previous = self->acked = lsn;
    self->left_by = 0;
    self->acked_ms = clock_ms;
}


void
stream_acknowledge (stream_t *self, uint64_t lsn, int64_t clock_ms)
{
    if (lsn > self->position && lsn <= table_lsn (self->table))
        stream_seek (self, lsn, clock_ms);
    else if (lsn > self->acked && lsn <= self->position) {
        self->acked = lsn;
        self->acked_ms = clock_ms;
    }
}


bool
stream_is_stalled (stream_t *self, int64_t clock_ms, int64_t silence_ms)
{
    if (self->acked == self->position)
        self->acked_ms = clock_ms;
    return clock_ms - self->acked_ms > silence_ms;
}


//  What the peer had in an earlier life does not count

static bool
s_is_known (const stream_t *self, const table_record_t *record)
{
    return record->lsn > self->fresh && record->known >> self->peer & 1;
}


//  Return true if the line is that peer's own: "AT name ..."

static bool
s_is_of (const stream_t *self, unsigned peer, span_t line)
{
    const char *name = self->names [peer];
    size_t size = strlen (name);
    return line.size > size + 3 && memcmp (line.data + 3, name, size) == 0 &&
           line.data [size + 3] == ' ';
}


//  Return true if the record came from the server that a client told, and the
//  peer has it from there, too

static bool
s_is_spared (const stream_t *self, const table_record_t *record)
{
    uint64_t from = record->known & self->spared;
    if (record->lsn <= self->spared_from)
        return false;
    for (; from; from &= from - 1)
        if (s_is_of (self, (unsigned) __builtin_ctzll (from), record->line))
            return true;
    return false;
}


//  Return true if the record need not be sent, and remember who says so

static bool
s_is_left_out (stream_t *self, const table_record_t *record)
{
    if (s_is_known (self, record))
        return true;
    if (!s_is_spared (self, record))
        return false;
    if (self->left_by == 0)
        self->left_by = self->spared_by;
    return true;
}


static bool
s_place_cursor (stream_t *self)
{
    if (!self->placed)
        self->placed =
            table_seek (self->table, self->cursor, self->position, STEPS_MAX);
    return self->placed;
}


size_t
stream_write (stream_t *self, size_t size_max, char *buffer, uint64_t *records)
{
    size_t size = 0;
    table_record_t record;
    if (!s_place_cursor (self))
        return 0;
    for (int steps = 0; steps < STEPS_MAX; steps++) {
        if (!table_peek (self->table, self->cursor, &record)) {
            //  Nothing is left, though the last numbers may be of records that
            //  were dropped
            self->position = table_lsn (self->table);
            break;
        }
        if (!s_is_left_out (self, &record)) {
            if (size && size + record.line.size + 1 > size_max)
                break;
            memcpy (buffer + size, record.line.data, record.line.size);
            size += record.line.size;
            buffer [size++] = '\n';
            ++*records;
        }
        self->position = record.lsn;
        table_advance (self->table, self->cursor);
    }
    return size;
}


void
stream_pass (stream_t *self)
{
    table_record_t record;
    if (!self->placed)
        return;
    for (int steps = 0; steps < STEPS_MAX; steps++) {
        if (!table_peek (self->table, self->cursor, &record)) {
            self->position = table_lsn (self->table);
            break;
        }
        if (!s_is_left_out (self, &record))
            break;
        self->position = record.lsn;
        table_advance (self->table, self->cursor);
    }
}


bool
stream_has_next (const stream_t *self)
{
    return self->position < table_lsn (self->table);
}


bool
stream_hear (stream_t *self, uint64_t previous, uint64_t last)
{
    if (previous > self->got)
        return false;
    if (last > self->got)
        self->got = last;
    return true;
}
