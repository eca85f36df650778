/*  =========================================================================
    world - many servers of the real core in virtual time
    =========================================================================
*/

#include "sim/world.h"

#include "sim/graph.h"
#include "sim/ledger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_SIZE 512
#define NOBODY UINT32_MAX

struct world_t {
    world_options_t options;
    chance_t chance;
    network_t *network;
    story_t *story;
    ledger_t *ledger;  //  NULL if unchecked
    box_t **boxes;
    uint64_t **records;  //  Sent, by server and peer; NULL before the start
    char *buffer;        //  For messages
    char *found;         //  What world_find returned
    bool begun;
    bool told;  //  Of the broken rule
};


static void
s_make_boxes (world_t *self)
{
    const world_options_t *options = &self->options;
    self->boxes = calloc (options->servers, sizeof (box_t *));
    self->records = calloc (options->servers, sizeof (uint64_t *));
    assert (self->boxes && self->records);
    for (unsigned server = 0; server < options->servers; server++) {
        char name [16];
        snprintf (name, sizeof (name), "s%u", server);
        int64_t boot_ms = chance_between (&self->chance, 0, 1000000);
        int64_t skew_ms = chance_between (&self->chance,
            -(int64_t) options->skew_ms, (int64_t) options->skew_ms);
        self->boxes [server] =
            box_new (options->names ? options->names [server] : name,
                self->story, boot_ms, skew_ms);
    }
}


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
    self->buffer = malloc (FLOOD_ROOM);
    assert (self->buffer);
    s_make_boxes (self);

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
            box_destroy (&self->boxes [server]);
            free (self->records [server]);
        }
        ledger_destroy (&self->ledger);
        story_destroy (&self->story);
        network_destroy (&self->network);
        free (self->boxes);
        free (self->records);
        free (self->buffer);
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
s_birth (world_t *self, unsigned server)
{
    unsigned degree = network_degree (self->network, server);
    const char **peers = calloc (degree + 1, sizeof (char *));
    assert (peers);
    for (unsigned peer = 0; peer < degree; peer++)
        peers [peer] =
            box_name (self->boxes [network_peer (self->network, server, peer)]);
    uint64_t incarnation = chance_next (&self->chance) | 1;
    box_start (self->boxes [server], peers, degree, incarnation);
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
    for (unsigned server = 0; server < self->options.servers; server++) {
        unsigned degree = network_degree (self->network, server);
        self->records [server] = calloc (degree + 1, sizeof (uint64_t));
        assert (self->records [server]);
        s_birth (self, server);
    }
}


//  Something is done to a server, or to its link to another

static void
s_do (world_t *self, const char *what, unsigned one, unsigned other)
{
    s_begin (self);
    bool alone = other == NOBODY;
    story_tell (self->story, network_now_us (self->network), "- %s %s%s%s",
        what, box_name (self->boxes [one]), alone ? "" : " ",
        alone ? "" : box_name (self->boxes [other]));
}


void
world_cut_way (world_t *self, unsigned from, unsigned to)
{
    s_do (self, "cut", from, to);
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
    s_do (self, "silence", from, to);
    network_silence (
        self->network, from, network_index (self->network, from, to));
}


void
world_mend (world_t *self, unsigned one, unsigned other)
{
    s_do (self, "mend", one, other);
    network_t *network = self->network;
    network_mend (network, one, network_index (network, one, other));
    network_mend (network, other, network_index (network, other, one));
}


void
world_kill (world_t *self, unsigned server)
{
    s_do (self, "kill", server, NOBODY);
    if (network_state (self->network, server) == HOST_DEAD)
        return;
    network_kill (self->network, server);
    box_kill (self->boxes [server]);
    if (self->ledger)
        ledger_died (self->ledger, server);
}


void
world_start (world_t *self, unsigned server)
{
    s_do (self, "start", server, NOBODY);
    if (network_state (self->network, server) == HOST_DEAD)
        s_birth (self, server);
}


void
world_pause (world_t *self, unsigned server)
{
    s_do (self, "pause", server, NOBODY);
    if (network_state (self->network, server) == HOST_RUNNING)
        network_pause (self->network, server);
}


void
world_resume (world_t *self, unsigned server)
{
    s_do (self, "resume", server, NOBODY);
    if (network_state (self->network, server) == HOST_PAUSED)
        network_resume (self->network, server);
}


void
world_skew (world_t *self, unsigned server, int64_t ms)
{
    s_do (self, "skew", server, NOBODY);
    box_skew (self->boxes [server], ms);
}


//  Return the server's box, its clocks set

static box_t *
s_box (const world_t *self, unsigned server)
{
    box_t *box = self->boxes [server];
    box_set_time (box, network_now_us (self->network));
    return box;
}


//  The server shows the ledger what it holds of the location's client

static void
s_show (world_t *self, unsigned server, span_t line)
{
    location_t location;
    if (location_parse (&location, line))
        ledger_holds (self->ledger, server, location.client,
            box_find (s_box (self, server), location.client));
}


//  Check the server after an event; it may have changed what it holds of the
//  clients in the AT lines of the text

static void
s_check (world_t *self, unsigned server, span_t text)
{
    if (!self->ledger || self->told)
        return;
    while (text.size)
        s_show (self, server, span_until (&text, '\n'));
    server_status_t status = server_status (box_server (self->boxes [server]));
    ledger_ends (self->ledger, server, status.lsn, status.clients_known);
    if (ledger_broken (self->ledger)) {
        self->told = true;
        world_tell (self);
    }
}


static void
s_send (world_t *self, unsigned server, unsigned peer, span_t text)
{
    message_t message;
    message_parse (&message, text);
    assert (message.kind != MESSAGE_BAD && text.size <= MESSAGE_SIZE_MAX);
    unsigned to = network_peer (self->network, server, peer);
    const char *name = box_name (self->boxes [to]);
    if (self->options.trace)
        fprintf (stderr, "#               %s > %s %.*s\n",
            box_name (self->boxes [server]), name, (int) text.size - 1,
            text.data);
    for (size_t at = 0; at < message.body.size; at++)
        self->records [server][peer] += message.body.data [at] == '\n';
    if (self->ledger)
        ledger_sent (self->ledger, server, to, &message);
    network_send (self->network, server, peer, text, name);
}


//  Send the peer what there is while the connection takes it

static void
s_pump (world_t *self, unsigned server, unsigned peer)
{
    box_t *box = s_box (self, server);
    while (network_accepts (self->network, server, peer)) {
        span_t text = box_next (box, peer, self->buffer);
        if (text.size == 0)
            break;
        s_send (self, server, peer, text);
    }
}


static void
s_pump_all (world_t *self, unsigned server)
{
    for (unsigned peer = 0; peer < network_degree (self->network, server);
         peer++)
        s_pump (self, server, peer);
}


const char *
world_say (world_t *self, unsigned server, const char *line)
{
    s_do (self, "say to", server, NOBODY);
    if (network_state (self->network, server) != HOST_RUNNING)
        return NULL;
    const char *reply = box_say (s_box (self, server), line);
    story_tell (self->story, network_now_us (self->network), "%s > %.*s",
        box_name (self->boxes [server]), (int) strcspn (reply, "\n"), reply);
    char *copy = strdup (reply);
    assert (copy);
    free (self->found);
    self->found = copy;
    span_t told = {copy, strcspn (copy, "\n")};
    if (self->ledger && strncmp (copy, "AT ", 3) == 0)
        ledger_said (self->ledger, told);
    s_check (self, server, told);
    s_pump_all (self, server);
    return copy;
}


const char *
world_find (world_t *self, unsigned server, const char *client)
{
    s_begin (self);
    span_t line = box_find (s_box (self, server), span_of (client));
    free (self->found);
    self->found = strndup (line.data, line.size);
    assert (self->found);
    return self->found;
}


static void
s_happen (world_t *self, const happening_t *happening)
{
    static const event_kind_t kinds [] = {
        [HAPPENING_TICK] = EVENT_TICK,
        [HAPPENING_UP] = EVENT_PEER_UP,
        [HAPPENING_DOWN] = EVENT_PEER_DOWN,
        [HAPPENING_MESSAGE] = EVENT_PEER_MESSAGE,
    };
    unsigned server = happening->host;
    span_t text = {happening->text, happening->size};
    story_mix_number (self->story, (uint64_t) happening->at_us);
    story_mix_number (self->story, (uint64_t) happening->kind << 32 | server);
    story_mix (self->story, text);
    if (happening->kind == HAPPENING_ROOM) {
        s_pump (self, server, happening->peer);
        return;
    }
    box_step (s_box (self, server), (event_t){.kind = kinds [happening->kind],
                                        .peer = happening->peer,
                                        .text = text});
    s_check (self, server, text);
    s_pump_all (self, server);
}


void
world_run (world_t *self, int64_t ms)
{
    s_begin (self);
    int64_t until_us = network_now_us (self->network) + ms * 1000;
    happening_t happening;
    while (!world_broken (self) &&
           network_next (self->network, until_us, &happening))
        s_happen (self, &happening);
}


void
world_calm (world_t *self)
{
    s_begin (self);
    network_calm (self->network);
    for (unsigned server = 0; server < self->options.servers; server++) {
        world_resume (self, server);
        world_start (self, server);
        unsigned degree = network_degree (self->network, server);
        for (unsigned peer = 0; peer < degree; peer++)
            world_mend (
                self, server, network_peer (self->network, server, peer));
    }
    if (self->ledger)
        ledger_promise (self->ledger);
}


bool
world_agrees (world_t *self)
{
    s_begin (self);
    server_status_t first = {0};
    bool some = false;
    for (unsigned server = 0; server < self->options.servers; server++) {
        const server_t *mind = box_server (self->boxes [server]);
        if (!mind)
            continue;
        server_status_t status = server_status (mind);
        if (!some)
            first = status;
        some = true;
        if (status.root != first.root ||
            status.clients_known != first.clients_known)
            return false;
    }
    return !self->ledger || ledger_agrees (self->ledger);
}


int64_t
world_settle (world_t *self, int64_t limit_ms)
{
    int64_t took_ms = 0;
    while (!world_broken (self) && !world_agrees (self) && took_ms < limit_ms) {
        world_run (self, CORE_TICK_MS);
        took_ms += CORE_TICK_MS;
    }
    if (!world_broken (self) && world_agrees (self))
        return took_ms;
    world_tell (self);
    return -1;
}


bool
world_story (world_t *self, const char *lines)
{
    bool same = story_matches (self->story, lines);
    if (!same)
        world_tell (self);
    return same;
}


uint64_t
world_hash (const world_t *self)
{
    return story_hash (self->story);
}


const char *
world_broken (const world_t *self)
{
    return self->ledger ? ledger_broken (self->ledger) : NULL;
}


void
world_tell (const world_t *self)
{
    char options [OPTIONS_SIZE];
    options_print (&self->options, options, sizeof (options));
    fprintf (stderr, "# the world of%s\n", options);
    story_print (self->story, stderr);
    const char *broken = world_broken (self);
    if (broken)
        fprintf (stderr, "# broken: %s\n", broken);
}


instant_t
world_clock (const world_t *self, unsigned server)
{
    return box_clock (s_box (self, server));
}


const server_t *
world_server (const world_t *self, unsigned server)
{
    return box_server (self->boxes [server]);
}


const network_t *
world_network (const world_t *self)
{
    return self->network;
}


uint64_t
world_records (const world_t *self, unsigned from, unsigned to)
{
    const uint64_t *records = self->records [from];
    return records ? records [network_index (self->network, from, to)] : 0;
}


uint64_t
world_copies (const world_t *self, const char *line)
{
    return self->ledger ? ledger_copies (self->ledger, line) : 0;
}
