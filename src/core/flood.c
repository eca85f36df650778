/*  =========================================================================
    flood - keeping the atlases of neighbours equal
    =========================================================================
*/

#include "core/flood.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

//  STATEs that are due at once still keep this distance, so that two servers
//  of one name cannot make us answer each other for ever
#define STATE_LEAST_MS 50

#define REFUSAL_NOTE_MS 60000

typedef struct {
    flood_link_t seen;        //  For status
    char *name;               //  Of the neighbour
    bool connected;           //  Our connection to it stands
    int64_t lost_ms;          //  When it last broke
    int64_t heard_ms;         //  When the neighbour last spoke
    uint64_t theirs;          //  Its incarnation; 0 = never heard
    bool leaving;             //  It said so
    uint64_t got;             //  Its lsn up to which we have its stream
    int64_t nak_ms;           //  When we last complained of a gap
    bool nak_due;             //
    atlas_cursor_t cursor;    //  Behind what was sent
    uint64_t fresh;           //  Our lsn when its incarnation was new
    uint64_t position;        //  Our lsn up to which all was sent
    uint64_t previous;        //  Position after the last message
    uint64_t acked;           //  Our lsn that it says it has
    int64_t acked_ms;         //  When that last moved, or had nothing to
    bool state_due;           //
    int64_t state_ms;         //  When our last STATE was made
    uint64_t resync_to;       //  Our lsn at which it has caught up; 0 = it has
    uint64_t resync_records;  //  Sent since the resync began
    uint64_t differing_root;  //  Its root when that last differed from ours
} link_t;

typedef enum {
    REFUSED_BAD,
    REFUSED_HERD,
    REFUSED_ECHO,
    REFUSED_STRANGER,
    REFUSED_RECORD,
    REFUSED_FULL,
    REFUSALS
} refusal_t;

static const char *const s_refusals [REFUSALS] = {
    [REFUSED_BAD] = "a message that is none of this protocol's version",
    [REFUSED_HERD] = "a message of another herd",
    [REFUSED_ECHO] = "a message in our own name",
    [REFUSED_STRANGER] = "a message of a server we have no link to",
    [REFUSED_RECORD] = "a record that is no AT line",
    [REFUSED_FULL] = "a new location: no memory left within table_size_max",
};

struct flood_t {
    char *name;
    uint64_t herd;
    uint64_t incarnation;
    atlas_t *atlas;
    bool leaving;
    link_t *links;
    unsigned link_count;
    uint64_t refused [REFUSALS];
    int64_t refused_ms [REFUSALS];  //  When last noted
};


flood_t *
flood_new (const flood_options_t *options, atlas_t *atlas)
{
    assert (options->peer_count <= ATLAS_NEIGHBOURS_MAX);
    assert (options->incarnation);
    flood_t *self = calloc (1, sizeof (flood_t));
    assert (self);
    self->name = strdup (options->name);
    assert (self->name && strlen (self->name) <= 64);
    self->herd = options->herd;
    self->incarnation = options->incarnation;
    self->atlas = atlas;
    self->link_count = options->peer_count;
    self->links = calloc (self->link_count + 1, sizeof (link_t));
    assert (self->links);
    for (unsigned peer = 0; peer < self->link_count; peer++) {
        link_t *link = &self->links [peer];
        link->name = strdup (options->peers [peer]);
        assert (link->name);
        link->seen.name = link->name;
        link->cursor = atlas_cursor (atlas);
        link->lost_ms = link->nak_ms = link->state_ms = -FLOOD_SILENCE_MS;
    }
    for (unsigned index = 0; index < REFUSALS; index++)
        self->refused_ms [index] = -REFUSAL_NOTE_MS;
    return self;
}


void
flood_destroy (flood_t **self_p)
{
    flood_t *self = *self_p;
    if (self) {
        for (unsigned peer = 0; peer < self->link_count; peer++)
            free (self->links [peer].name);
        free (self->links);
        free (self->name);
        free (self);
        *self_p = NULL;
    }
}


static void
s_refuse (flood_t *self, refusal_t why, span_t who, int64_t clock_ms,
    effects_t *effects)
{
    self->refused [why]++;
    if (clock_ms - self->refused_ms [why] < REFUSAL_NOTE_MS)
        return;
    self->refused_ms [why] = clock_ms;
    size_t size = who.size > 64 ? 64 : who.size;
    effects_note (effects, "refused %s%s%.*s, %" PRIu64 " so far",
        s_refusals [why], size ? ", from " : "", (int) size,
        size ? who.data : "", self->refused [why]);
}


static link_t *
s_find (flood_t *self, span_t name)
{
    for (unsigned peer = 0; peer < self->link_count; peer++)
        if (span_equal (name, span_of (self->links [peer].name)))
            return &self->links [peer];
    return NULL;
}


//  Let the stream go on behind this lsn

static void
s_stream_from (flood_t *self, link_t *link, uint64_t lsn, int64_t clock_ms)
{
    atlas_seek (self->atlas, link->cursor, lsn);
    link->position = link->previous = link->acked = lsn;
    link->acked_ms = clock_ms;
}


static void
s_rewind (flood_t *self, link_t *link, uint64_t lsn, int64_t clock_ms,
    effects_t *effects)
{
    effects_note (effects,
        "stream to %s goes back from %" PRIu64 " to %" PRIu64, link->name,
        link->position, lsn);
    link->seen.rewinds++;
    s_stream_from (self, link, lsn, clock_ms);
}


static void
s_link_up (flood_t *self, link_t *link, uint64_t got, int64_t clock_ms,
    effects_t *effects)
{
    uint64_t tail = atlas_lsn (self->atlas);
    if (got > tail)
        got = 0;
    link->seen.up = true;
    link->seen.resumes++;
    link->state_due = true;
    s_stream_from (self, link, got, clock_ms);
    effects_note (effects, "link to %s up", link->name);
    if (got < tail) {
        link->resync_to = tail;
        link->resync_records = 0;
        effects_note (effects,
            "resync to %s starts: it has %" PRIu64 " of %" PRIu64 " changes",
            link->name, got, tail);
    }
}


static void
s_link_down (link_t *link, const char *why, effects_t *effects)
{
    if (link->seen.up)
        effects_note (effects, "link to %s down: %s", link->name,
            link->leaving ? "it left" : why);
    link->seen.up = false;
    link->resync_to = 0;
}


//  The neighbour's stream went from previous to last

static void
s_advance (link_t *link, const message_t *message, int64_t clock_ms)
{
    if (message->incarnation != link->theirs)
        return;
    if (message->previous <= link->got) {
        if (message->last > link->got)
            link->got = message->last;
    }
    else if (link->seen.up && clock_ms - link->nak_ms >= FLOOD_BEAT_MS) {
        link->nak_ms = clock_ms;
        link->nak_due = link->state_due = true;
        link->seen.naks++;
    }
}


//  When each has all that the other had, the roots must be equal

static void
s_compare_roots (
    flood_t *self, link_t *link, const message_t *message, effects_t *effects)
{
    const digest_t *digest = atlas_digest (self->atlas);
    bool drained = link->seen.up && message->got == atlas_lsn (self->atlas) &&
                   message->tail == link->got;
    if (!drained || message->depth != digest_depth (digest))
        return;
    if (message->root == digest_root (digest))
        link->differing_root = 0;
    else if (message->root != link->differing_root) {
        link->differing_root = message->root;
        link->seen.roots_differ++;
        effects_note (effects,
            "%s has %" PRIu64 " clients, root %016" PRIx64
            "; we have %zu, root %016" PRIx64 ", with nothing left to send",
            link->name, message->count, message->root,
            atlas_count (self->atlas), digest_root (digest));
    }
}


//  The neighbour names our process: it hears us, and says what it has of us

static void
s_acknowledged (flood_t *self, link_t *link, const message_t *message,
    int64_t clock_ms, effects_t *effects)
{
    bool reachable =
        link->connected || clock_ms - link->lost_ms > FLOOD_SILENCE_MS;
    if (!link->seen.up) {
        if (reachable)
            s_link_up (self, link, message->got, clock_ms, effects);
        return;
    }
    if (message->flags & MESSAGE_NAK && message->got < link->position)
        s_rewind (self, link, message->got, clock_ms, effects);
    else if (message->got > link->acked && message->got <= link->position) {
        link->acked = message->got;
        link->acked_ms = clock_ms;
    }
}


static void
s_receive_state (flood_t *self, link_t *link, const message_t *message,
    int64_t clock_ms, effects_t *effects)
{
    if (message->incarnation != link->theirs) {
        s_link_down (link, "it started anew", effects);
        link->theirs = message->incarnation;
        link->got = 0;
        link->fresh = atlas_lsn (self->atlas);
        s_stream_from (self, link, 0, clock_ms);
        link->state_due = true;
    }
    link->leaving = message->flags & MESSAGE_LEAVING;
    if (message->got_incarnation == self->incarnation)
        s_acknowledged (self, link, message, clock_ms, effects);
    else
        link->state_due = true;
    s_advance (link, message, clock_ms);
    s_compare_roots (self, link, message, effects);
}


static void
s_receive_batch (flood_t *self, link_t *link, const message_t *message,
    int64_t clock_ms, effects_t *effects)
{
    int from = (int) (link - self->links);
    span_t body = message->body;
    while (body.size) {
        location_t location;
        span_t line = span_until (&body, '\n');
        if (line.size > MESSAGE_RECORD_SIZE_MAX ||
            !location_parse (&location, line)) {
            s_refuse (self, REFUSED_RECORD, message->sender, clock_ms, effects);
            continue;
        }
        switch (atlas_put (self->atlas, &location, from)) {
        case ATLAS_STORED:
            link->seen.records_new++;
            break;
        case ATLAS_SAME:
            link->seen.records_same++;
            break;
        case ATLAS_OLDER:
            link->seen.records_old++;
            break;
        case ATLAS_FULL:
            s_refuse (self, REFUSED_FULL, message->sender, clock_ms, effects);
            break;
        }
    }

    //  A life that is over, or not yet known, proves nothing of the present one
    if (message->incarnation != link->theirs)
        link->fresh = atlas_lsn (self->atlas);
    s_advance (link, message, clock_ms);
}


void
flood_receive (flood_t *self, span_t text, int64_t clock_ms, effects_t *effects)
{
    message_t message;
    message_parse (&message, text);
    link_t *link = s_find (self, message.sender);
    if (message.kind == MESSAGE_BAD)
        s_refuse (self, REFUSED_BAD, message.sender, clock_ms, effects);
    else if (message.herd != self->herd)
        s_refuse (self, REFUSED_HERD, message.sender, clock_ms, effects);
    else if (span_equal (message.sender, span_of (self->name)))
        s_refuse (self, REFUSED_ECHO, message.sender, clock_ms, effects);
    else if (!link)
        s_refuse (self, REFUSED_STRANGER, message.sender, clock_ms, effects);
    else {
        link->heard_ms = clock_ms;
        link->seen.messages_in++;
        if (message.kind == MESSAGE_STATE)
            s_receive_state (self, link, &message, clock_ms, effects);
        else
            s_receive_batch (self, link, &message, clock_ms, effects);
    }
}


void
flood_connected (flood_t *self, unsigned peer)
{
    assert (peer < self->link_count);
    self->links [peer].connected = true;
    self->links [peer].state_due = true;
}


void
flood_disconnected (
    flood_t *self, unsigned peer, int64_t clock_ms, effects_t *effects)
{
    assert (peer < self->link_count);
    link_t *link = &self->links [peer];
    link->connected = false;
    link->lost_ms = clock_ms;
    s_link_down (link, "connection lost", effects);
}


void
flood_tick (flood_t *self, int64_t clock_ms, effects_t *effects)
{
    for (unsigned peer = 0; peer < self->link_count; peer++) {
        link_t *link = &self->links [peer];
        if (!link->seen.up)
            continue;
        if (clock_ms - link->heard_ms > FLOOD_SILENCE_MS)
            s_link_down (link, "nothing heard", effects);
        else if (link->acked == link->position)
            link->acked_ms = clock_ms;
        else if (clock_ms - link->acked_ms > FLOOD_SILENCE_MS)
            s_rewind (self, link, link->acked, clock_ms, effects);
    }
}


void
flood_leave (flood_t *self)
{
    self->leaving = true;
    for (unsigned peer = 0; peer < self->link_count; peer++)
        self->links [peer].state_due = true;
}


static bool
s_is_state_due (const link_t *link, int64_t clock_ms)
{
    int64_t since_ms = clock_ms - link->state_ms;
    return since_ms >= FLOOD_BEAT_MS ||
           (link->state_due && since_ms >= STATE_LEAST_MS);
}


static void
s_make_head (const flood_t *self, link_t *link, message_t *message)
{
    message->herd = self->herd;
    message->sender = span_of (self->name);
    message->incarnation = self->incarnation;
    message->previous = link->previous;
    message->last = link->position;
    link->previous = link->position;
    link->seen.messages_out++;
}


static span_t
s_make_state (flood_t *self, link_t *link, int64_t clock_ms, char *buffer)
{
    const digest_t *digest = atlas_digest (self->atlas);
    message_t message = {.kind = MESSAGE_STATE,
        .tail = atlas_lsn (self->atlas),
        .got_incarnation = link->theirs,
        .got = link->got,
        .count = atlas_count (self->atlas),
        .root = digest_root (digest),
        .depth = digest_depth (digest),
        .flags = (link->nak_due ? MESSAGE_NAK : 0u) |
                 (self->leaving ? MESSAGE_LEAVING : 0u)};
    s_make_head (self, link, &message);
    link->state_due = link->nak_due = false;
    link->state_ms = clock_ms;
    return (span_t){buffer, message_print (&message, buffer)};
}


//  Return true if the neighbour is known to have the record.  What it had in
//  an earlier life does not count

static bool
s_knows (const flood_t *self, const link_t *link, const atlas_record_t *record)
{
    uint64_t bit = (uint64_t) 1 << (link - self->links);
    return record->lsn > link->fresh && record->known & bit;
}


//  Put what changed behind the cursor into a body.  The head goes before it,
//  and is known only when the body is

static span_t
s_make_batch (flood_t *self, link_t *link, char *buffer)
{
    char *body = buffer + MESSAGE_HEAD_SIZE_MAX;
    size_t size = 0;
    atlas_record_t record;
    while (atlas_peek (self->atlas, link->cursor, &record)) {
        if (!s_knows (self, link, &record)) {
            if (size && size + record.line.size + 1 > MESSAGE_BODY_SIZE_MAX)
                break;
            memcpy (body + size, record.line.data, record.line.size);
            size += record.line.size;
            body [size++] = '\n';
            link->seen.records_out++;
            link->resync_records++;
        }
        link->position = record.lsn;
        atlas_advance (self->atlas, link->cursor);
    }
    if (size == 0)
        return (span_t){NULL, 0};

    char head [MESSAGE_HEAD_SIZE_MAX];
    message_t message = {.kind = MESSAGE_BATCH};
    s_make_head (self, link, &message);
    size_t head_size = message_print (&message, head);
    memcpy (body - head_size, head, head_size);
    return (span_t){body - head_size, head_size + size};
}


span_t
flood_next (flood_t *self, unsigned peer, int64_t clock_ms, char *buffer,
    effects_t *effects)
{
    assert (peer < self->link_count);
    link_t *link = &self->links [peer];
    if (s_is_state_due (link, clock_ms))
        return s_make_state (self, link, clock_ms, buffer);
    if (!link->seen.up)
        return (span_t){NULL, 0};
    span_t message = s_make_batch (self, link, buffer);
    if (link->resync_to && link->position >= link->resync_to) {
        link->resync_to = 0;
        effects_note (effects, "resync to %s done: %" PRIu64 " records",
            link->name, link->resync_records);
    }
    return message;
}


bool
flood_has_next (const flood_t *self, unsigned peer, int64_t clock_ms)
{
    assert (peer < self->link_count);
    const link_t *link = &self->links [peer];
    return s_is_state_due (link, clock_ms) ||
           (link->seen.up && link->position < atlas_lsn (self->atlas));
}


flood_link_t
flood_link (const flood_t *self, unsigned peer)
{
    assert (peer < self->link_count);
    const link_t *link = &self->links [peer];
    flood_link_t seen = link->seen;
    seen.behind = atlas_lsn (self->atlas) - link->acked;
    return seen;
}


uint64_t
flood_refused (const flood_t *self)
{
    uint64_t sum = 0;
    for (unsigned index = 0; index < REFUSALS; index++)
        sum += self->refused [index];
    return sum;
}
