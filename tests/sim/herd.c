/*  =========================================================================
    herd - boxes on a network, and the rules they are checked by
    =========================================================================
*/

#include "sim/herd.h"

#include "sim/ablation.h"
#include "sim/graph.h"
#include "sim/impostor.h"
#include "sim/inspector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_SIZE 512

struct herd_t {
    world_options_t options;
    chance_t chance;
    chance_t forgers;  //  A chance of their own: what else happens stays
    network_t *network;
    story_t *story;
    ledger_t *ledger;  //  NULL if unchecked
    box_t **boxes;
    inspector_t inspector;  //  If there is a ledger
    gateways_t *gateways;   //  NULL if there is one region
    uint64_t **records;     //  Sent, by server and peer; NULL before its birth
    tally_t tally;          //  Of messages, and of lives that are over
    char *buffer;           //  For messages
    bool told;              //  Of the broken rule
};


static void
s_make_boxes (herd_t *self)
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
        box_t *box = box_new (options->names ? options->names [server] : name,
            self->story, boot_ms, skew_ms);
        box_configure (box, options->no_audit, (int64_t) options->ttl_seconds);
        box_keep (box, server < options->disks);
        if (options->listeners)
            box_listen (box, options->seed + server);
        self->boxes [server] = box;
    }
}


herd_t *
herd_new (const world_options_t *options)
{
    herd_t *self = calloc (1, sizeof (herd_t));
    assert (self);
    self->options = *options;
    ablation_set (options);
    chance_seed (&self->chance, options->seed);
    chance_seed (&self->forgers, ~options->seed);
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
    self->inspector = (inspector_t){self->network, self->boxes, self->ledger,
        (int64_t) options->ttl_seconds};
    if (options->regions)
        self->gateways = gateways_new (options, self->boxes);
    return self;
}


void
herd_destroy (herd_t **self_p)
{
    herd_t *self = *self_p;
    if (self) {
        gateways_destroy (&self->gateways);
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
        free (self);
        *self_p = NULL;
    }
}


network_t *
herd_network (const herd_t *self)
{
    return self->network;
}


story_t *
herd_story (const herd_t *self)
{
    return self->story;
}


ledger_t *
herd_ledger (const herd_t *self)
{
    return self->ledger;
}


gateways_t *
herd_gateways (const herd_t *self)
{
    return self->gateways;
}


box_t *
herd_box (const herd_t *self, unsigned server)
{
    box_t *box = self->boxes [server];
    box_set_time (box, network_now_us (self->network));
    return box;
}


void
herd_start (herd_t *self, unsigned server)
{
    unsigned degree = network_degree (self->network, server);
    const char **peers = calloc (degree + 1, sizeof (char *));
    if (!self->records [server])
        self->records [server] = calloc (degree + 1, sizeof (uint64_t));
    assert (peers && self->records [server]);
    for (unsigned peer = 0; peer < degree; peer++)
        if (network_is_linked (self->network, server, peer))
            peers [peer] = box_name (
                self->boxes [network_peer (self->network, server, peer)]);
    uint64_t incarnation = chance_next (&self->chance) | 1;
    box_start (self->boxes [server], peers, degree, incarnation);
    free (peers);
    if (self->ledger)
        ledger_born (self->ledger, server, box_name (self->boxes [server]),
            incarnation, server < self->options.disks);
    network_start (self->network, server);
}


void
herd_kill (herd_t *self, unsigned server)
{
    network_kill (self->network, server);
    if (self->gateways)
        gateways_kill (self->gateways, server);
    tally_life (&self->tally, box_server (self->boxes [server]),
        network_degree (self->network, server));
    box_kill (self->boxes [server]);
    if (self->ledger)
        ledger_died (self->ledger, server);
}


//  Check the server after an event; it may have changed what it holds of the
//  clients in the AT lines of the text

static void
s_check (herd_t *self, unsigned server, span_t text)
{
    if (!self->ledger || self->told)
        return;
    inspector_look (&self->inspector, server, text);
    if (ledger_broken (self->ledger)) {
        self->told = true;
        herd_tell (self);
    }
}


static void
s_send (herd_t *self, unsigned server, unsigned peer, span_t text)
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
    self->records [server][peer] +=
        tally_message (&self->tally, &message, text);
    if (self->ledger)
        ledger_sent (self->ledger, server, to, &message);
    bool lost = network_send (self->network, server, peer, text, name);
    bool audits =
        message.kind != MESSAGE_STATE && message.kind != MESSAGE_BATCH;
    if (self->ledger && (lost || (audits && self->options.reorder > 0)))
        ledger_blinded (self->ledger, server, to);
}


//  Send the peer what there is while the connection takes it

static void
s_pump (herd_t *self, unsigned server, unsigned peer)
{
    box_t *box = herd_box (self, server);
    while (network_accepts (self->network, server, peer)) {
        span_t text = box_next (box, peer, self->buffer);
        if (text.size == 0)
            break;
        s_send (self, server, peer, text);
    }
}


static void
s_pump_all (herd_t *self, unsigned server)
{
    for (unsigned peer = 0; peer < network_degree (self->network, server);
         peer++)
        s_pump (self, server, peer);
    if (self->gateways)
        gateways_turn (self->gateways, server, network_now_us (self->network));
}


char *
herd_say (herd_t *self, unsigned server, const char *line)
{
    char *reply = strdup (box_say (herd_box (self, server), line));
    assert (reply);
    span_t told = {reply, strcspn (reply, "\n")};
    story_tell (self->story, network_now_us (self->network), "%s > %.*s",
        box_name (self->boxes [server]), (int) told.size, told.data);
    if (self->ledger && strncmp (reply, "AT ", 3) == 0)
        ledger_said (self->ledger, told);
    s_check (self, server, told);
    s_pump_all (self, server);
    return reply;
}


static void
s_step (herd_t *self, unsigned server, event_t event)
{
    box_t *box = herd_box (self, server);
    box_step (box, event);
    uint64_t parted = box_parted (box);
    for (unsigned peer = 0; parted; peer++, parted >>= 1)
        if (parted & 1)
            network_part (self->network, server, peer);
    span_t text = event.text;
    if (event.kind == EVENT_TICK)
        text = box_turn (box);
    if (text.size && event.kind == EVENT_TICK && self->ledger)
        ledger_restores (self->ledger, server);
    s_check (self, server, text);
    s_pump_all (self, server);
}


void
herd_unlink (herd_t *self, unsigned server, unsigned peer)
{
    if (!network_is_linked (self->network, server, peer))
        return;
    network_unlink (self->network, server, peer);
    if (box_server (self->boxes [server]))
        s_step (
            self, server, (event_t){.kind = EVENT_PEER_REMOVED, .peer = peer});
}


void
herd_link (herd_t *self, unsigned server, unsigned peer)
{
    unsigned other = network_peer (self->network, server, peer);
    if (network_is_linked (self->network, server, peer))
        return;
    network_link (self->network, server, peer);
    if (box_server (self->boxes [server]))
        s_step (self, server,
            (event_t){.kind = EVENT_PEER_ADDED,
                .peer = peer,
                .text = span_of (box_name (self->boxes [other]))});
}


static void
s_happen (herd_t *self, const happening_t *happening)
{
    const network_t *net = self->network;
    unsigned server = happening->host;
    span_t text = {happening->text, happening->size};
    story_mix_number (self->story, (uint64_t) happening->at_us);
    story_mix_number (self->story, (uint64_t) happening->kind << 32 | server);
    story_mix (self->story, text);
    if (happening->kind == HAPPENING_ROOM) {
        s_pump (self, server, happening->peer);
        return;
    }
    event_t event = {.kind = agenda_event (happening->kind),
        .peer = happening->peer,
        .text = text};
    if (event.kind == EVENT_PEER_MESSAGE) {
        unsigned other = (event.peer + 1) % network_degree (net, server);
        unsigned from = network_peer (net, server, event.peer);
        event.speaker = box_name (self->boxes [from]);
        if (chance_percent (&self->forgers, self->options.impostors))
            impostor_speak (&self->forgers, herd_box (self, server), &event,
                box_name (self->boxes [network_peer (net, server, other)]));
    }
    s_step (self, server, event);
}


void
herd_rob (herd_t *self, unsigned server, const char *client)
{
    table_drop (box_table (self->boxes [server]), span_of (client));
    if (self->ledger)
        ledger_robbed (self->ledger, server, span_of (client));
}


void
herd_alter (herd_t *self, unsigned server, const char *line)
{
    location_t location;
    location_reread (&location, span_of (line));
    table_t *table = box_table (self->boxes [server]);
    table_drop (table, location.client);
    //  As if it had been there from the start: no change, no stream
    table_result_t result = table_load (table, &location, 0);
    assert (result == TABLE_STORED || result == TABLE_EXPIRED);
    if (self->ledger && result == TABLE_EXPIRED)
        ledger_robbed (self->ledger, server, location.client);
    else if (self->ledger)
        ledger_altered (self->ledger, server, location.line);
}


void
herd_leave (herd_t *self, unsigned server)
{
    box_step (herd_box (self, server), (event_t){.kind = EVENT_STOP});
    s_pump_all (self, server);
}


//  Let a gateway hear of the engine.  Returns false if there is nothing now

static bool
s_hear_engine (herd_t *self)
{
    unsigned gateway;
    span_t line;
    if (!self->gateways ||
        !gateways_next (self->gateways, self->network, &gateway, &line))
        return false;
    story_mix (self->story, line);
    s_check (self, gateway, line);
    if (!gateways_is_amid (self->gateways))
        s_pump_all (self, gateway);
    return true;
}


void
herd_run (herd_t *self, int64_t until_us)
{
    happening_t happening;
    bool more = true;
    while (more && !herd_broken (self)) {
        int64_t next_us =
            self->gateways ? engine_next_us (gateways_engine (self->gateways))
                           : until_us;
        if (network_next (self->network,
                next_us < until_us ? next_us : until_us, &happening))
            s_happen (self, &happening);
        else
            more = s_hear_engine (self) || next_us < until_us;
    }
}


bool
herd_agrees (const herd_t *self)
{
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


bool
herd_rests (const herd_t *self)
{
    for (unsigned server = 0; server < self->options.servers; server++) {
        const server_t *mind = box_server (self->boxes [server]);
        unsigned degree = network_degree (self->network, server);
        for (unsigned peer = 0; mind && peer < degree; peer++) {
            if (!network_is_linked (self->network, server, peer))
                continue;
            flood_link_t link = server_link (mind, peer);
            unsigned other = network_peer (self->network, server, peer);
            if (network_state (self->network, other) == HOST_RUNNING &&
                (!link.up || link.behind))
                return false;
        }
    }
    return !self->gateways || gateways_rest (self->gateways, self->network);
}


tally_t
herd_tally (const herd_t *self)
{
    tally_t tally = self->tally;
    for (unsigned server = 0; server < self->options.servers; server++)
        tally_life (&tally, box_server (self->boxes [server]),
            network_degree (self->network, server));
    return tally;
}


uint64_t
herd_records (const herd_t *self, unsigned from, unsigned to)
{
    const uint64_t *records = self->records [from];
    return records ? records [network_index (self->network, from, to)] : 0;
}


const char *
herd_broken (const herd_t *self)
{
    return self->ledger ? ledger_broken (self->ledger) : NULL;
}


void
herd_tell (const herd_t *self)
{
    if (self->options.quiet)
        return;
    char options [OPTIONS_SIZE];
    options_print (&self->options, options, sizeof (options));
    fprintf (stderr, "# to tell this again: make sim%s\n", options);
    story_print (self->story, stderr);
    const char *broken = herd_broken (self);
    if (broken)
        fprintf (stderr, "# broken: %s\n", broken);
}
