/*  =========================================================================
    world - many servers of the real core in virtual time
    =========================================================================
*/

#include "sim/world.h"

#include "sim/graph.h"
#include "sim/ledger.h"
#include "sim/story.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 24
#define OPTIONS_SIZE 512

//  Who asks for the ledger: no client's number
#define PROBE UINT64_MAX

#define NO_PLACES                                                              \
    "{\n   \"html_attributions\" : [],\n   \"results\" : [],\n"                \
    "   \"status\" : \"ZERO_RESULTS\"\n}\n"

typedef struct {
    server_t *mind;  //  NULL if dead
    char name [NAME_SIZE];
    int64_t boot_ms;    //  Its steady clock at the start
    int64_t skew_ms;    //  Of its wall clock
    uint64_t *records;  //  Sent, by peer
} box_t;

struct world_t {
    world_options_t options;
    chance_t chance;
    network_t *network;
    story_t *story;
    ledger_t *ledger;  //  NULL if unchecked
    box_t *boxes;
    bool begun;
    effects_t *effects;
    char *buffer;      //  For messages
    uint64_t clients;  //  Connection numbers given
    char *reply;
    size_t reply_size;
    uint64_t fetch;  //  Request that waits for places; 0 = none
    char *found;
    const char *broken;
};


world_t *
world_new (const world_options_t *options)
{
    world_t *self = calloc (1, sizeof (world_t));
    assert (self);
    self->options = *options;
    chance_seed (&self->chance, options->seed);
    self->network = network_new (options, &self->chance);
    self->story = story_new (options->trace);
    if (!options->unchecked)
        self->ledger = ledger_new (options->servers, options->corrupt > 0);
    self->effects = effects_new ();
    self->buffer = malloc (FLOOD_ROOM);
    self->boxes = calloc (options->servers, sizeof (box_t));
    assert (self->buffer && self->boxes);
    for (unsigned server = 0; server < options->servers; server++) {
        box_t *box = &self->boxes [server];
        if (options->names)
            snprintf (box->name, NAME_SIZE, "%s", options->names [server]);
        else
            snprintf (box->name, NAME_SIZE, "s%u", server);
        box->boot_ms = chance_between (&self->chance, 0, 1000000);
        box->skew_ms = chance_between (&self->chance,
            -(int64_t) options->skew_ms, (int64_t) options->skew_ms);
    }

    unsigned count;
    edge_t *edges = graph_new (options, &self->chance, &count);
    for (unsigned at = 0; at < count; at++)
        network_join (self->network, edges [at].one, edges [at].other);
    free (edges);
    return self;
}


void
world_destroy (world_t **self_p)
{
    world_t *self = *self_p;
    if (self) {
        for (unsigned server = 0; server < self->options.servers; server++) {
            server_destroy (&self->boxes [server].mind);
            free (self->boxes [server].records);
        }
        ledger_destroy (&self->ledger);
        story_destroy (&self->story);
        network_destroy (&self->network);
        effects_destroy (&self->effects);
        free (self->boxes);
        free (self->buffer);
        free (self->reply);
        free (self->found);
        free (self);
        *self_p = NULL;
    }
}


void
world_join (world_t *self, unsigned one, unsigned other)
{
    assert (!self->begun);
    network_join (self->network, one, other);
}


static void
s_check_ledger (world_t *self)
{
    if (self->ledger && !self->broken) {
        self->broken = ledger_broken (self->ledger);
        if (self->broken)
            world_tell (self);
    }
}


static void
s_birth (world_t *self, unsigned server)
{
    box_t *box = &self->boxes [server];
    unsigned degree = network_degree (self->network, server);
    const char **peers = calloc (degree + 1, sizeof (char *));
    if (!box->records)
        box->records = calloc (degree + 1, sizeof (uint64_t));
    assert (peers && box->records);
    for (unsigned peer = 0; peer < degree; peer++)
        peers [peer] =
            self->boxes [network_peer (self->network, server, peer)].name;
    uint64_t incarnation = chance_next (&self->chance) | 1;
    box->mind = server_new (&(server_options_t){.name = box->name,
        .herd = "simulated",
        .secret = "",
        .incarnation = incarnation,
        .peers = peers,
        .peer_count = degree,
        .table_size_max = (size_t) 1 << 30,
        .waiting_max = 16});
    free (peers);
    if (self->ledger)
        ledger_born (self->ledger, server, incarnation);
    network_start (self->network, server);
}


static void
s_begin (world_t *self)
{
    if (self->begun)
        return;
    self->begun = true;
    for (unsigned server = 0; server < self->options.servers; server++)
        s_birth (self, server);
}


static void
s_tell_doing (world_t *self, const char *what, unsigned one, unsigned other)
{
    s_begin (self);
    bool two = other < self->options.servers;
    story_tell (self->story, network_now_us (self->network), "- %s %s%s%s",
        what, self->boxes [one].name, two ? " " : "",
        two ? self->boxes [other].name : "");
}


void
world_cut_way (world_t *self, unsigned from, unsigned to)
{
    s_tell_doing (self, "cut the way", from, to);
    network_cut (self->network, from, network_index (self->network, from, to));
}


void
world_cut (world_t *self, unsigned one, unsigned other)
{
    world_cut_way (self, one, other);
    world_cut_way (self, other, one);
}


void
world_silence (world_t *self, unsigned from, unsigned to)
{
    s_tell_doing (self, "silence", from, to);
    network_silence (
        self->network, from, network_index (self->network, from, to));
}


void
world_mend (world_t *self, unsigned one, unsigned other)
{
    s_tell_doing (self, "mend", one, other);
    network_t *network = self->network;
    network_mend (network, one, network_index (network, one, other));
    network_mend (network, other, network_index (network, other, one));
}


void
world_kill (world_t *self, unsigned server)
{
    s_tell_doing (self, "kill", server, UINT32_MAX);
    if (network_state (self->network, server) == HOST_DEAD)
        return;
    network_kill (self->network, server);
    server_destroy (&self->boxes [server].mind);
    if (self->ledger)
        ledger_died (self->ledger, server);
}


void
world_start (world_t *self, unsigned server)
{
    s_tell_doing (self, "start", server, UINT32_MAX);
    if (network_state (self->network, server) == HOST_DEAD)
        s_birth (self, server);
}


void
world_pause (world_t *self, unsigned server)
{
    s_tell_doing (self, "pause", server, UINT32_MAX);
    if (network_state (self->network, server) == HOST_RUNNING)
        network_pause (self->network, server);
}


void
world_resume (world_t *self, unsigned server)
{
    s_tell_doing (self, "resume", server, UINT32_MAX);
    if (network_state (self->network, server) == HOST_PAUSED)
        network_resume (self->network, server);
}


void
world_skew (world_t *self, unsigned server, int64_t ms)
{
    s_tell_doing (self, "skew", server, UINT32_MAX);
    self->boxes [server].skew_ms += ms;
}


//  A client, the ledger's or a test's own, is answered

static void
s_add_reply (world_t *self, span_t text)
{
    self->reply = realloc (self->reply, self->reply_size + text.size + 1);
    assert (self->reply);
    memcpy (self->reply + self->reply_size, text.data, text.size);
    self->reply_size += text.size;
    self->reply [self->reply_size] = 0;
}


static void
s_perform (world_t *self, unsigned server)
{
    for (size_t at = 0; at < effects_count (self->effects); at++) {
        effect_t effect = effects_at (self->effects, at);
        story_mix_number (self->story, (uint64_t) effect.kind);
        story_mix (self->story, effect.text);
        if (effect.kind == EFFECT_NOTE)
            story_note (self->story, network_now_us (self->network),
                self->boxes [server].name, effect.text);
        else if (effect.kind == EFFECT_REPLY)
            s_add_reply (self, effect.text);
        else if (effect.kind == EFFECT_FETCH)
            self->fetch = effect.request;
    }
    effects_clear (self->effects);
}


instant_t
world_clock (const world_t *self, unsigned server)
{
    int64_t now_us =
        network_now_us (self->network) + self->boxes [server].skew_ms * 1000;
    int64_t seconds = now_us / 1000000 - (now_us % 1000000 < 0);
    return (instant_t){WORLD_EPOCH_SECONDS + seconds,
        (now_us - seconds * 1000000) * 1000};
}


static int64_t
s_clock_ms (const world_t *self, unsigned server)
{
    return self->boxes [server].boot_ms + network_now_us (self->network) / 1000;
}


//  Let the server take the event; its effects are left in the queue

static void
s_take (world_t *self, unsigned server, event_t event)
{
    event.now = world_clock (self, server);
    event.clock_ms = s_clock_ms (self, server);
    server_step (self->boxes [server].mind, &event, self->effects);
}


static void
s_sent (world_t *self, unsigned server, unsigned peer, span_t text)
{
    message_t message;
    message_parse (&message, text);
    assert (message.kind != MESSAGE_BAD && text.size <= MESSAGE_SIZE_MAX);
    unsigned to = network_peer (self->network, server, peer);
    if (self->ledger)
        self->boxes [server].records [peer] +=
            ledger_sent (self->ledger, server, to, &message);
    if (self->options.trace)
        fprintf (stderr, "# %9.3f ms  %s > %s %.*s\n",
            (double) network_now_us (self->network) / 1000,
            self->boxes [server].name, self->boxes [to].name,
            (int) text.size - 1, text.data);
    network_send (
        self->network, server, peer, text, self->boxes [to].name);
}


//  Send what there is for the peer while its connection takes it

static void
s_pump (world_t *self, unsigned server, unsigned peer)
{
    server_t *mind = self->boxes [server].mind;
    int64_t clock_ms = s_clock_ms (self, server);
    while (network_accepts (self->network, server, peer)) {
        bool expected = server_has_next (mind, peer, clock_ms);
        span_t text =
            server_next (mind, peer, clock_ms, self->buffer, self->effects);
        s_perform (self, server);
        if (text.size == 0)
            break;
        assert (expected);
        s_sent (self, server, peer, text);
    }
    s_check_ledger (self);
}


static void
s_pump_all (world_t *self, unsigned server)
{
    for (unsigned peer = 0; peer < network_degree (self->network, server);
         peer++)
        s_pump (self, server, peer);
}
