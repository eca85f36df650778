/*  =========================================================================
    fuzz_peer - whatever a process of the herd says, and when, nothing breaks

    A server between three peers who know all secrets and may lie about
    anything, while clients ask and tell, time passes, links go up and down.
    Bytes of the input choose among moves; after each of them what is kept, said
    and counted must be what the protocol allows.
    =========================================================================
*/

#include "base/key.h"
#include "core/server.h"
#include "fuzz/forger.h"
#include "fuzz/judge.h"
#include "wire/window.h"

#include <assert.h>
#include <sodium/crypto_shorthash_siphash24.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

//  Of the sanitizer, if there is one
size_t  //  NOLINTNEXTLINE(clang-diagnostic-reserved-identifier)
__sanitizer_get_current_allocated_bytes (void) __attribute__ ((weak));

#define INPUT_MAX 4096
#define PEERS 3
#define CLIENTS ((size_t) 4)
#define WAITING_MAX 3
#define TABLE_SIZE_MAX ((size_t) 524288)
#define YEAR_MS INT64_C (31536000000)

//  Beside the table: queues of audits, effects, a digest that is summed up
#define MEMORY_MAX (TABLE_SIZE_MAX + TABLE_SIZE_MAX / 4 + 33554432)

//  Calls in a row that yield nothing, though there may be something
#define FRUITLESS_MAX 64

//  What a call costs at most: hashes of a table, a message, an audit's share
#define HASHES_MAX 32768

//  What one event may have us do: answer all clients, and some notes
#define EFFECTS_MAX (CLIENTS * (WAITING_MAX + 4) + 24)

static const char *const s_names [PEERS] = {"Alford", "Hamilton", "Holiday"};

//  A peer, as far as it is honest
typedef struct {
    uint64_t incarnation;
    uint64_t sent;   //  To the server
    uint64_t taken;  //  Of its bytes
    uint64_t got;    //  Of its stream
    uint64_t position;
    unsigned flags;
    bool up;
} peer_t;

//  A connection; its number is never used twice
typedef struct {
    uint64_t number;
    bool held;   //  Nothing more is read of it now
    bool ended;  //  nor ever
} client_t;

static struct {
    server_t *server;
    effects_t *effects;
    forger_t forger;
    peer_t peers [PEERS];
    client_t clients [CLIENTS];
    uint64_t connections;
    uint64_t herd;
    uint64_t incarnation;  //  Of the server's process
    uint64_t incarnations;
    uint64_t request;
    uint64_t request_client;
    int64_t clock_ms;
    int64_t wall_ms;
    size_t memory;
    size_t hashes;  //  Since the last look
    server_status_t before;
    bool heard;              //  The message was taken
    table_cursor_t checked;  //  Behind the changes that were looked at
    char buffer [FLOOD_ROOM];
} s_world;


//  Those of the crowd get a hash of one leaf of the digest.  Hides libsodium's
//  own, which is found in its longer brother

int
crypto_shorthash_siphash24 (unsigned char *out, const unsigned char *in,
    unsigned long long size, const unsigned char *key)
{
    unsigned char hash [crypto_shorthash_siphashx24_BYTES];
    int result = crypto_shorthash_siphashx24 (hash, in, size, key);
    s_world.hashes++;
    memcpy (out, hash, crypto_shorthash_siphash24_BYTES);
    if (size && in [0] == FORGER_CROWD)
        out [7] = out [6] = 0xbe;
    return result;
}


static void
s_take_effect (const effect_t *effect)
{
    client_t *client = NULL;
    for (unsigned index = 0; index < CLIENTS; index++)
        if (effect->connection &&
            s_world.clients [index].number == effect->connection)
            client = &s_world.clients [index];
    assert (client || effect->connection == 0);
    switch (effect->kind) {
    case EFFECT_HEARD:
        s_world.heard = true;
        break;
    case EFFECT_FETCH:
        s_world.request = effect->request;
        s_world.request_client = effect->connection;
        break;
    case EFFECT_HOLD:
    case EFFECT_RELEASE:
        assert (client && client->held == (effect->kind == EFFECT_RELEASE));
        client->held = !client->held;
        break;
    case EFFECT_CLOSE:
    case EFFECT_PARTED:  //  No link is removed here
        assert (client && client->ended);
        break;
    case EFFECT_REPLY:
        assert (effect->text.data [effect->text.size - 1] == '\n');
        break;
    case EFFECT_NOTE:
        assert (!memchr (effect->text.data, '\n', effect->text.size));
        break;
    }
}


//  No call costs more than its share

static void
s_check_effects (void)
{
    assert (s_world.hashes <= HASHES_MAX);
    assert (effects_count (s_world.effects) <= EFFECTS_MAX);
    for (size_t at = 0; at < effects_count (s_world.effects); at++) {
        effect_t effect = *effects_at (s_world.effects, at);
        s_take_effect (&effect);
    }
    effects_clear (s_world.effects);
}


static void
s_check (void)
{
    server_status_t status = server_status (s_world.server);
    s_check_effects ();
    judge_changes (server_table (s_world.server), s_world.checked);
    assert (status.table_bytes <= TABLE_SIZE_MAX / 8 * 9);
    assert (status.waiting <= CLIENTS * (WAITING_MAX + 1));
    assert (status.wrong_sums == 0);
    for (unsigned peer = 0; peer < PEERS; peer++)
        assert (server_link (s_world.server, peer).behind <=
                TABLE_LSN_BASE + status.changes);
    if (__sanitizer_get_current_allocated_bytes)
        assert (__sanitizer_get_current_allocated_bytes () <=
                s_world.memory + MEMORY_MAX);
}


static void
s_step (event_t event)
{
    event.now =
        (instant_t){s_world.wall_ms / 1000, s_world.wall_ms % 1000 * 1000000};
    event.clock_ms = s_world.clock_ms;
    s_world.before = server_status (s_world.server);
    s_world.heard = false;
    s_world.hashes = 0;
    server_step (s_world.server, &event, s_world.effects);
    s_check ();
}


static void
s_hear (span_t text)
{
    message_t message;
    char *copy = malloc (text.size + 1);
    assert (copy);
    memcpy (copy, text.data, text.size);
    text.data = copy;
    message_parse (&message, text);
    s_step ((event_t){.kind = EVENT_PEER_MESSAGE, .text = text});

    server_status_t status = server_status (s_world.server);
    assert (s_world.heard || status.refused == s_world.before.refused + 1);
    judge_heard (s_world.heard ? &message : NULL, &s_world.before, &status);
    free (copy);
}


static void
s_start_peer (peer_t *peer)
{
    *peer = (peer_t){.incarnation = ++s_world.incarnations,
        .position = TABLE_LSN_BASE,
        .up = peer->up};
}


static void
s_start (void)
{
    bool strict = s_world.incarnations % 2;
    server_destroy (&s_world.server);
    memset (s_world.clients, 0, sizeof (s_world.clients));
    s_world.incarnation = ++s_world.incarnations;
    s_world.server = server_new (&(server_options_t){.name = "Ball",
        .herd = "fuzz",
        .secret = "",
        .incarnation = s_world.incarnation,
        .peers = s_names,
        .peer_count = PEERS,
        .table_size_max = TABLE_SIZE_MAX,
        .waiting_max = WAITING_MAX,
        .new_clients_per_minute = strict ? 20 : 0,
        .loading_wait_ms = 5000,
        .hops = strict ? 2 : 0,
        .ttl_seconds = strict ? 3600 : 0,
        .clock_least_seconds = 1400000000});
    s_world.forger.table = server_table (s_world.server);
    s_world.checked = table_cursor (server_table (s_world.server));
}


//  What was drawn for the peer is well formed, and arrives there

static void
s_deliver (peer_t *peer, span_t text)
{
    message_t message;
    size_t bad = 0;
    message_parse (&message, text);
    assert (text.size <= MESSAGE_SIZE_MAX);
    assert (message.kind > MESSAGE_OTHER && message.herd == s_world.herd);
    assert (message.incarnation == s_world.incarnation);
    if (message.kind == MESSAGE_BATCH || message.kind == MESSAGE_PUT)
        judge_lines (&message, &bad);
    assert (bad == 0);
    if (message.receiver != peer->incarnation)
        return;
    peer->taken = message.sent + text.size;
    if (message.kind == MESSAGE_STATE || message.kind == MESSAGE_BATCH)
        peer->got = message.last;
}


//  No more comes than the window takes, and what comes ends

static void
s_draw (unsigned index, unsigned most)
{
    size_t size = 0;
    unsigned fruitless = 0;
    for (unsigned count = 0; count < most && server_has_next (s_world.server,
                                                 index, s_world.clock_ms);
         count++) {
        s_world.hashes = 0;
        span_t text = server_next (s_world.server, index, s_world.clock_ms,
            s_world.buffer, s_world.effects);
        assert (text.size || ++fruitless <= FRUITLESS_MAX);
        if (text.size) {
            fruitless = 0;
            s_deliver (&s_world.peers [index], text);
        }
        size += text.size;
        assert (size <= WINDOW_MOST + 2 * MESSAGE_SIZE_MAX);
        s_check_effects ();
    }
    s_check ();
}


static message_t
s_honest (unsigned index, message_kind_t kind, unsigned more)
{
    const peer_t *peer = &s_world.peers [index];
    server_status_t status = server_status (s_world.server);
    return (message_t){.kind = kind,
        .herd = s_world.herd,
        .sender = span_of (s_names [index]),
        .incarnation = peer->incarnation,
        .receiver = s_world.incarnation,
        .sent = peer->sent,
        .taken = peer->taken,
        .previous = peer->position,
        .last = peer->position + more,
        .tail = peer->position + more,
        .got = peer->got,
        .count = status.clients_known + more,
        .root = status.root + more,
        .floor = (uint64_t) status.floor,
        .flags = MESSAGE_SETTLED,
        .clock_ms = (uint64_t) s_world.wall_ms};
}


static void
s_say (unsigned index, message_t *message)
{
    peer_t *peer = &s_world.peers [index];
    s_world.forger.sums = table_digest (server_table (s_world.server));
    s_world.forger.now_seconds = s_world.wall_ms / 1000;
    span_t text = forger_message (&s_world.forger, message);
    s_hear (text);
    peer->sent += text.size;
    peer->position = message->last;
}


static void
s_forge (unsigned index)
{
    static const message_kind_t kinds [] = {MESSAGE_STATE, MESSAGE_BATCH,
        MESSAGE_PUT, MESSAGE_NODE, MESSAGE_LEAF, MESSAGE_WANT};
    uint8_t how = forger_byte (&s_world.forger);
    message_t message = s_honest (index, kinds [how % 6], how / 6 % 8);
    s_say (index, &message);
}


static void
s_connect (unsigned index, bool up)
{
    if (up != s_world.peers [index].up)
        s_step ((event_t){
            .kind = up ? EVENT_PEER_UP : EVENT_PEER_DOWN, .peer = index});
    s_world.peers [index].up = up;
}


//  All connections stand, and all is acknowledged

static void
s_greet (void)
{
    for (unsigned index = 0; index < PEERS; index++) {
        message_t message = s_honest (index, MESSAGE_STATE, 0);
        char text [MESSAGE_HEAD_SIZE_MAX];
        s_connect (index, true);
        size_t size = message_print (&message, text);
        s_hear ((span_t){text, size});
        s_world.peers [index].sent += size;
        s_draw (index, 1000);
    }
}


static void
s_tick (uint8_t how)
{
    static const int64_t steps_ms [] = {
        50, 0, 1, 100, 1000, 3100, 31000, 3600000};
    static const int64_t years [] = {0, 1, -1};
    int64_t step_ms = steps_ms [how % 8];
    s_world.clock_ms += step_ms;
    s_world.wall_ms += step_ms;
    s_world.wall_ms += years [how / 8 % 3] * YEAR_MS;
    if (s_world.wall_ms < 0 || s_world.wall_ms > INT64_C (253402300799999))
        s_world.wall_ms = INT64_C (1600000000000);
    s_step ((event_t){.kind = EVENT_TICK});
}


static void
s_connect_client (client_t *client)
{
    if (client->number)
        s_step ((event_t){
            .kind = EVENT_CONNECTION_CLOSED, .connection = client->number});
    *client = (client_t){.number = ++s_world.connections};
    s_step ((event_t){
        .kind = EVENT_CONNECTION_OPENED, .connection = client->number});
}


//  A client that ended, or said too much, is heard no more

static void
s_ask (uint8_t how)
{
    static const event_kind_t kinds [] = {
        EVENT_CONNECTION_LINE, EVENT_CONNECTION_LONG, EVENT_CONNECTION_ENDED};
    client_t *client = &s_world.clients [how % CLIENTS];
    unsigned what = how / CLIENTS % 8;
    event_t event = {.kind = kinds [what < 3 ? what : 0],
        .address = address_of_v4 (1 + how % 2)};
    if (client->ended || client->number == 0 || what == 3)
        s_connect_client (client);
    event.connection = client->number;
    client->ended = event.kind != EVENT_CONNECTION_LINE;
    if (!client->ended)
        event.text = forger_command (&s_world.forger);
    if (!client->held)
        s_step (event);
}


static void
s_answer (bool good)
{
    static const char page [] = "{ \"results\" : [1, 2], \"status\" : \"OK\" }";
    event_t event = {.kind = good ? EVENT_PLACES_ANSWER : EVENT_PLACES_FAILED,
        .connection = s_world.request_client,
        .request = s_world.request,
        .text = span_of (page)};
    answer_t answer;
    if (good && answer_read (&answer, event.text))
        event.answer = &answer;
    s_step (event);
}


static void
s_act (uint8_t what)
{
    unsigned index = what / 16 % PEERS;
    switch (what % 16) {
    case 0:
    case 1:
        s_tick (forger_byte (&s_world.forger));
        break;
    case 2:
    case 3:
        s_ask (forger_byte (&s_world.forger));
        break;
    case 4:
        s_connect (index, !s_world.peers [index].up);
        break;
    case 5:
        s_start_peer (&s_world.peers [index]);
        break;
    case 6:
        s_answer (what / 16 % 2);
        break;
    case 7:
        s_draw (index, 1 + forger_byte (&s_world.forger));
        break;
    case 8:
        s_greet ();
        break;
    case 9:
        s_hear (forger_raw (&s_world.forger));
        break;
    case 10:
        if (index)
            s_step ((event_t){.kind = index == 1 ? EVENT_STOP : EVENT_GIVE_UP});
        else
            s_start ();
        break;
    default:
        s_forge (index);
    }
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    unsigned char key [KEY_SIZE];
    if (size < 1 || size > INPUT_MAX)
        return 0;
    memset (&s_world, 0, sizeof (s_world));
    if (__sanitizer_get_current_allocated_bytes)
        s_world.memory = __sanitizer_get_current_allocated_bytes ();
    key_make (key, "fuzz", "");
    s_world.herd = key_herd (key, "fuzz");
    s_world.forger.data = data;
    s_world.forger.size = size;
    s_world.clock_ms = 1000;
    s_world.wall_ms = INT64_C (1600000000000);
    s_world.incarnations = forger_byte (&s_world.forger) % 2;
    s_world.effects = effects_new ();
    s_start ();
    for (unsigned index = 0; index < PEERS; index++)
        s_start_peer (&s_world.peers [index]);
    while (s_world.forger.size)
        s_act (forger_byte (&s_world.forger));
    judge_table (server_table (s_world.server));
    server_destroy (&s_world.server);
    effects_destroy (&s_world.effects);
    return 0;
}
