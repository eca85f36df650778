/*  =========================================================================
    circle - one flood, and four peers made by hand
    =========================================================================
*/

#include "unit/circle.h"

#include "base/base64num.h"

#include <stdlib.h>
#include <string.h>

#define HERD 0x1234
#define OURS 0x5678
#define KEY "0123456789abcdef"

//  Until it hears its peers well
#define WARM_BEATS 11

static const char *const s_names [PEERS] = {
    "Alford", "Ball", "Hamilton", "Welsh"};


static uint64_t
s_incarnation (unsigned peer)
{
    return 0xa0 + peer;
}


//  The upper 48 bits of the hash of the process's 11 letters

static char *
s_print_code (const circle_t *self, unsigned peer, char *to)
{
    char letters [BASE64NUM_SIZE_64];
    base64num_print (letters, s_incarnation (peer), sizeof letters);
    uint64_t hash = table_hash (self->table, (span_t){letters, sizeof letters});
    return base64num_print (to, hash >> 16, BASE64NUM_SIZE_48);
}


static span_t
s_codes (const circle_t *self, uint64_t peers, char *buffer)
{
    char *to = buffer;
    for (unsigned peer = 0; peer < PEERS; peer++)
        if (peers & BIT (peer))
            to = s_print_code (self, peer, to);
    return (span_t){buffer, (size_t) (to - buffer)};
}


//  Return whom the codes name, who all are peers

static uint64_t
s_peers (const circle_t *self, span_t codes)
{
    char code [BASE64NUM_SIZE_48];
    uint64_t peers = 0;
    assert_int_equal (codes.size % sizeof code, 0);
    for (size_t at = 0; at < codes.size; at += sizeof code)
        for (unsigned peer = 0; peer < PEERS; peer++) {
            s_print_code (self, peer, code);
            if (memcmp (codes.data + at, code, sizeof code) == 0)
                peers |= BIT (peer);
        }
    return peers;
}


static void
s_step (circle_t *self, event_t event)
{
    event.clock_ms = self->clock_ms;
    event.now.seconds = self->clock_ms / 1000;
    flood_step (self->flood, &event, self->effects);
    effects_clear (self->effects);
}


void
circle_tick (circle_t *self)
{
    s_step (self, (event_t){.kind = EVENT_TICK});
}


void
circle_happens (circle_t *self, event_kind_t kind, unsigned peer)
{
    s_step (self,
        (event_t){
            .kind = kind, .peer = peer, .text = span_of (s_names [peer])});
}


//  The peer says that, with what all its messages have

static void
s_say (circle_t *self, unsigned peer, message_t message)
{
    char text [MESSAGE_HEAD_SIZE_MAX + 200];
    circle_peer_t *who = &self->peers [peer];
    message.herd = HERD;
    message.sender = span_of (s_names [peer]);
    if (!message.incarnation)
        message.incarnation = s_incarnation (peer);
    message.receiver = OURS;
    message.sent = who->sent;
    message.taken = who->taken;
    message.tail = who->tail;
    message.got = who->lacks ? BASE : table_lsn (self->table);
    size_t size = message_print (&message, text);
    if (message.body.size)
        memcpy (text + size, message.body.data, message.body.size);
    size += message.body.size;
    who->sent += size;
    s_step (self, (event_t){.kind = EVENT_PEER_MESSAGE, .text = {text, size}});
}


void
circle_say_state (circle_t *self, unsigned peer, unsigned previous,
    unsigned last, uint64_t left)
{
    char hears [PEERS * BASE64NUM_SIZE_48];
    char spare [PEERS * BASE64NUM_SIZE_48];
    circle_peer_t *who = &self->peers [peer];
    who->at = BASE + last;
    who->tail = who->at > who->tail ? who->at : who->tail;
    s_say (self, peer,
        (message_t){.kind = MESSAGE_STATE,
            .previous = BASE + previous,
            .last = BASE + last,
            .left = left,
            .count = table_count (self->table) + who->loaded,
            .root = digest_root (table_digest (self->table)) + who->loaded,
            .loaded = who->loaded,
            .flags = MESSAGE_SETTLED | (who->lacks ? MESSAGE_NAK : 0u) |
                     (who->loads ? MESSAGE_LOADING : 0u),
            .hears = s_codes (self, who->hears, hears),
            .spare = s_codes (self, who->spare, spare)});
}


void
circle_say_line (
    circle_t *self, unsigned peer, uint64_t incarnation, const char *line)
{
    circle_peer_t *who = &self->peers [peer];
    uint64_t previous = who->at++;
    who->tail = who->at > who->tail ? who->at : who->tail;
    s_say (self, peer,
        (message_t){.kind = MESSAGE_BATCH,
            .incarnation = incarnation,
            .previous = previous,
            .last = who->at,
            .body = span_of (line)});
}


void
circle_tell (circle_t *self, unsigned peer, bool takes)
{
    circle_peer_t *who = &self->peers [peer];
    while (flood_has_next (self->flood, peer, self->clock_ms)) {
        message_t message;
        span_t text = flood_next (
            self->flood, peer, self->clock_ms, self->buffer, self->effects);
        message_parse (&message, text);
        if (message.left)
            who->left = message.left;
        if (takes)
            who->taken = message.sent + text.size;
        while (message.body.size) {
            (void) span_until (&message.body, '\n');
            who->records++;
        }
        if (message.kind != MESSAGE_STATE)
            continue;
        who->told = message;
        who->told_size = text.size;
        who->heard = s_peers (self, message.hears);
        who->spared = s_peers (self, message.spare);
    }
}


void
circle_beat (circle_t *self, uint64_t peers)
{
    for (int tick = 0; tick < FLOOD_BEAT_MS / CORE_TICK_MS; tick++) {
        self->clock_ms += CORE_TICK_MS;
        circle_tick (self);
    }
    for (unsigned peer = 0; peer < PEERS; peer++)
        if (peers & BIT (peer)) {
            unsigned at = (unsigned) (self->peers [peer].at - BASE);
            circle_say_state (self, peer, at, at, 0);
            circle_tell (self, peer, true);
        }
}


void
circle_warm (circle_t *self, uint64_t peers)
{
    for (int beat = 0; beat < WARM_BEATS; beat++)
        circle_beat (self, peers);
}


int
circle_setup (void **state)
{
    circle_t *self = calloc (1, sizeof (circle_t));
    assert_non_null (self);
    self->buffer = malloc (FLOOD_ROOM);
    assert_non_null (self->buffer);
    self->clock_ms = 1000000;
    self->effects = effects_new ();
    self->table = table_new ((const unsigned char *) KEY, (size_t) 1 << 28);
    self->flood = flood_new (&(flood_options_t){.name = "Holiday",
                                 .herd = HERD,
                                 .incarnation = OURS,
                                 .peers = s_names,
                                 .peer_count = PEERS,
                                 .no_audit = true},
        self->table);
    for (unsigned peer = 0; peer < PEERS; peer++) {
        self->peers [peer].at = self->peers [peer].tail = BASE;
        self->peers [peer].hears = ALL & ~BIT (peer);
        circle_happens (self, EVENT_PEER_UP, peer);
    }
    *state = self;
    return 0;
}


int
circle_teardown (void **state)
{
    circle_t *self = *state;
    flood_destroy (&self->flood);
    table_destroy (&self->table);
    effects_destroy (&self->effects);
    free (self->buffer);
    free (self);
    return 0;
}
