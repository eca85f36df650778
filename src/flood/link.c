/*  =========================================================================
    link - one peer, as we know it, and what goes over its link
    =========================================================================
*/

#include "flood/link.h"

#include "flood/flooding.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

//  So many notes a link may write one after the other, then one in so long
#define NOTES_AT_ONCE 12
#define NOTE_EVERY_MS ((int64_t) 1000)


link_t *
link_new (span_t name, table_t *table, unsigned index)
{
    stream_t stream;
    if (!stream_init (&stream, table, index))
        return NULL;
    link_t *self = malloc (sizeof (link_t));
    assert (self);
    *self = (link_t){.index = index,
        .name = strndup (name.data, name.size),
        .stream = stream,
        .lost_ms = INT64_MIN / 2,
        .down_ms = INT64_MIN / 2,
        .clock_noted_ms = INT64_MIN / 2,
        .ttl_noted_ms = INT64_MIN / 2,
        .nak_ms = -FLOOD_BEAT_MS,
        .notes_ms = INT64_MIN / 2,
        .state_ms = -FLOOD_BEAT_MS};
    assert (self->name);
    self->seen.name = self->name;
    self->audit = audit_new (table);
    window_init (&self->window);
    hearsay_init (&self->hearsay);
    return self;
}


void
link_destroy (link_t **self_p)
{
    link_t *self = *self_p;
    if (self) {
        audit_destroy (&self->audit);
        free (self->name);
        free (self);
        *self_p = NULL;
    }
}


void
link_leave (link_t *self)
{
    stream_clear (&self->stream);
}


//  Return true if a note may be written: some at once, then few.  Those left
//  out are counted in the next

static bool
s_may_note (link_t *self, int64_t clock_ms, effects_t *effects)
{
    int64_t earliest_ms = clock_ms - NOTES_AT_ONCE * NOTE_EVERY_MS;
    if (self->notes_ms < earliest_ms)
        self->notes_ms = earliest_ms;
    if (self->notes_ms > clock_ms - NOTE_EVERY_MS) {
        self->notes_left_out++;
        return false;
    }
    self->notes_ms += NOTE_EVERY_MS;
    if (self->notes_left_out)
        effects_tell (effects, NOTICE_LINK_FLAPS,
            "link to %s flaps: %" PRIu64 " notes were left out", self->name,
            self->notes_left_out);
    self->notes_left_out = 0;
    return true;
}


static void
s_start_resync (link_t *self, int64_t clock_ms, effects_t *effects)
{
    self->resync_from = self->stream.position;
    self->resync_to = table_lsn (self->stream.table);
    self->resync_records = 0;
    self->resync_noted = s_may_note (self, clock_ms, effects);
}


//  So many records are sent.  A resync without any is not worth a note: the
//  peer had all that changed

static void
s_note_resync (link_t *self, uint64_t records, effects_t *effects)
{
    bool first = records && self->resync_records == 0 && self->resync_noted;
    bool done = self->stream.position >= self->resync_to;
    self->resync_records += records;
    if (first && self->resync_from < TABLE_LSN_BASE)
        effects_tell (effects, NOTICE_RESYNC,
            "resync to %s starts: all %zu clients", self->name,
            table_count (self->stream.table));
    else if (first)
        effects_tell (effects, NOTICE_RESYNC,
            "resync to %s starts: %" PRIu64 " changes", self->name,
            self->resync_to - self->resync_from);
    if (done && self->resync_records && self->resync_noted)
        effects_tell (effects, NOTICE_RESYNC_DONE,
            "resync to %s done: %" PRIu64 " records", self->name,
            self->resync_records);
    if (done)
        self->resync_to = 0;
}


void
link_rise (link_t *self, uint64_t got, int64_t clock_ms, effects_t *effects)
{
    self->seen.resumes++;
    self->state_due = true;
    window_open (&self->window);
    self->told_sent = UINT64_MAX;
    stream_seek (&self->stream, got, clock_ms);
    if (s_may_note (self, clock_ms, effects))
        effects_tell (effects, NOTICE_LINK_UP, "link to %s up", self->name);
    if (stream_has_next (&self->stream))
        s_start_resync (self, clock_ms, effects);
}


void
link_fall (link_t *self, const char *why, int64_t clock_ms, effects_t *effects)
{
    if (why && s_may_note (self, clock_ms, effects))
        effects_tell (
            effects, NOTICE_LINK_DOWN, "link to %s down: %s", self->name, why);
    if (why)
        self->down_ms = clock_ms;
    self->resync_to = 0;
    self->flags &= ~(unsigned) MESSAGE_SETTLED;
}


void
link_rewind (link_t *self, uint64_t lsn, int64_t clock_ms, effects_t *effects)
{
    uint64_t position = self->stream.position;
    stream_seek (&self->stream, lsn, clock_ms);
    if (lsn < TABLE_LSN_BASE)
        s_start_resync (self, clock_ms, effects);
    else {
        self->seen.rewinds++;
        if (s_may_note (self, clock_ms, effects))
            effects_tell (effects, NOTICE_STREAM_BACK,
                "stream to %s goes back from %" PRIu64 " to %" PRIu64,
                self->name, position, lsn);
    }
}


void
link_acknowledge (
    link_t *self, uint64_t lsn, int64_t clock_ms, effects_t *effects)
{
    stream_acknowledge (&self->stream, lsn, clock_ms);
    //  What is still on its way is not lost
    if (stream_is_stalled (&self->stream, clock_ms, FLOOD_SILENCE_MS) &&
        self->window.taken >= self->stream_sent)
        link_rewind (self, self->stream.acked, clock_ms, effects);
}


void
link_measure (const taking_t *taking)
{
    link_t *self = taking->link;
    const message_t *message = taking->message;
    int64_t clock_ms = taking->event->clock_ms;
    if (message->incarnation != self->incarnation)
        return;
    self->heard_ms = clock_ms;
    self->named = message->receiver;
    if (!link_state_is_ours (taking))
        return;
    self->named_ms = clock_ms;
    window_hear (&self->window, message->sent, taking->event->text.size);
    window_acknowledge (&self->window, message->taken, clock_ms);
    if (message->body.size)
        window_owe (&self->window, message->tail > message->last, clock_ms);
}


void
link_hear (const taking_t *taking)
{
    link_t *self = taking->link;
    const message_t *message = taking->message;
    int64_t clock_ms = taking->event->clock_ms;
    //  Nobody can have more of a stream than there is
    if (message->kind == MESSAGE_STATE && self->stream.got > message->tail)
        self->stream.got = message->tail;
    if ((hearsay_allows (taking) &&
            stream_hear (&self->stream, message->previous, message->last)) ||
        !link_is_up (self) || clock_ms - self->nak_ms < FLOOD_BEAT_MS ||
        hearsay_is_before (taking))
        return;
    self->nak_ms = clock_ms;
    self->nak_due = self->state_due = true;
    self->seen.naks++;
}


static bool
s_has_more (const link_t *self)
{
    return stream_has_next (&self->stream) || audit_has_next (self->audit);
}


bool
link_has_next (const link_t *self)
{
    return link_is_up (self) && s_has_more (self) &&
           window_room (&self->window);
}


//  The stream has gone on from there.  Who loads is told at once that this was
//  all

static void
s_note_end (link_t *self, uint64_t position)
{
    if (self->stream.position != position && self->flags & MESSAGE_LOADING &&
        !stream_has_next (&self->stream))
        self->state_due = true;
}


void
link_pass (link_t *self)
{
    uint64_t position = self->stream.position;
    if (!link_is_up (self) || self->resync_to)
        return;
    stream_pass (&self->stream);
    s_note_end (self, position);
}


static size_t
s_write_batch (link_t *self, size_t room, char *buffer, effects_t *effects)
{
    uint64_t records = 0;
    uint64_t position = self->stream.position;
    size_t size = stream_write (&self->stream, room, buffer, &records);
    self->seen.records_out += records;
    if (self->resync_to)
        s_note_resync (self, records, effects);
    s_note_end (self, position);
    return size;
}


static size_t
s_write_audit (link_t *self, message_kind_t *kind, char *buffer)
{
    size_t size = audit_next (self->audit, kind, buffer);
    self->seen.audit_out += size;
    return size;
}


size_t
link_write (
    link_t *self, message_kind_t *kind, char *buffer, effects_t *effects)
{
    size_t size = 0;
    size_t room = window_room (&self->window);
    *kind = MESSAGE_BATCH;
    if (room > MESSAGE_BODY_SIZE_MAX)
        room = MESSAGE_BODY_SIZE_MAX;
    if (room == 0)
        return 0;
    self->audit_next = !self->audit_next;
    if (self->audit_next)
        size = s_write_audit (self, kind, buffer);
    if (size == 0) {
        *kind = MESSAGE_BATCH;
        size = s_write_batch (self, room, buffer, effects);
    }
    if (size == 0 && !self->audit_next)
        size = s_write_audit (self, kind, buffer);
    return size;
}


void
link_sent (link_t *self, size_t size, int64_t clock_ms)
{
    self->seen.messages_out++;
    self->seen.bytes_out += size;
    window_send (&self->window, size, clock_ms);
    if (link_is_up (self) && s_has_more (self) && !window_room (&self->window))
        window_limit (&self->window, clock_ms);
}
