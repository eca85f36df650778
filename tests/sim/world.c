/*  =========================================================================
    world - many servers of the real core in virtual time
    =========================================================================
*/

#include "sim/world.h"

#include "sim/herd.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX

struct world_t {
    herd_t *herd;
    network_t *network;  //  The herd's
    unsigned servers;
    bool *retired;  //  By server
    bool begun;
    char *reply;
};


world_t *
world_new (const world_options_t *options)
{
    world_t *self = calloc (1, sizeof (world_t));
    assert (self);
    self->herd = herd_new (options);
    self->network = herd_network (self->herd);
    self->servers = options->servers;
    self->retired = calloc (self->servers, sizeof (bool));
    assert (self->retired);
    return self;
}


void
world_destroy (world_t **self_p)
{
    world_t *self = *self_p;
    if (self) {
        herd_destroy (&self->herd);
        free (self->retired);
        free (self->reply);
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
s_begin (world_t *self)
{
    for (unsigned server = 0; server < self->servers && !self->begun; server++)
        herd_start (self->herd, server);
    self->begun = true;
}


//  Something is done to a server, or to its link to another

static void
s_do (world_t *self, const char *what, unsigned one, unsigned other)
{
    s_begin (self);
    bool alone = other == NOBODY;
    story_tell (herd_story (self->herd), network_now_us (self->network),
        "- %s %s%s%s", what, box_name (herd_box (self->herd, one)),
        alone ? "" : " ", alone ? "" : box_name (herd_box (self->herd, other)));
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


static void
s_relink (world_t *self, unsigned server, unsigned peer,
    void (*act) (herd_t *, unsigned, unsigned))
{
    if (network_state (self->network, server) != HOST_PAUSED)
        act (self->herd, server, peer);
}


void
world_unlink (world_t *self, unsigned one, unsigned other)
{
    s_do (self, "unlink", one, other);
    s_relink (
        self, one, network_index (self->network, one, other), herd_unlink);
    s_relink (
        self, other, network_index (self->network, other, one), herd_unlink);
}


void
world_link (world_t *self, unsigned one, unsigned other)
{
    s_do (self, "link", one, other);
    s_relink (self, one, network_index (self->network, one, other), herd_link);
    s_relink (
        self, other, network_index (self->network, other, one), herd_link);
}


void
world_kill (world_t *self, unsigned server)
{
    s_do (self, "kill", server, NOBODY);
    if (network_state (self->network, server) != HOST_DEAD)
        herd_kill (self->herd, server);
}


void
world_retire (world_t *self, unsigned server)
{
    world_kill (self, server);
    self->retired [server] = true;
}


static void
s_start (world_t *self, unsigned server)
{
    if (network_state (self->network, server) == HOST_DEAD &&
        !self->retired [server])
        herd_start (self->herd, server);
}


void
world_start (world_t *self, unsigned server)
{
    s_do (self, "start", server, NOBODY);
    s_start (self, server);
}


void
world_leave (world_t *self, unsigned server)
{
    s_do (self, "leave", server, NOBODY);
    if (network_state (self->network, server) == HOST_RUNNING)
        herd_leave (self->herd, server);
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
    box_skew (herd_box (self->herd, server), ms);
}


void
world_rob (world_t *self, unsigned server, const char *client)
{
    s_do (self, "rob", server, NOBODY);
    story_tell (herd_story (self->herd), network_now_us (self->network),
        "- of %s", client);
    if (network_state (self->network, server) == HOST_RUNNING)
        herd_rob (self->herd, server, client);
}


void
world_alter (world_t *self, unsigned server, const char *line)
{
    s_do (self, "alter", server, NOBODY);
    story_tell (herd_story (self->herd), network_now_us (self->network),
        "- to %s", line);
    if (network_state (self->network, server) == HOST_RUNNING)
        herd_alter (self->herd, server, line);
}


const char *
world_say (world_t *self, unsigned server, const char *line)
{
    s_do (self, "say to", server, NOBODY);
    if (network_state (self->network, server) != HOST_RUNNING)
        return NULL;
    free (self->reply);
    self->reply = herd_say (self->herd, server, line);
    return self->reply;
}


const char *
world_find (world_t *self, unsigned server, const char *client)
{
    s_begin (self);
    span_t line = box_find (herd_box (self->herd, server), span_of (client));
    free (self->reply);
    self->reply = strndup (line.data, line.size);
    assert (self->reply);
    return self->reply;
}


void
world_run (world_t *self, int64_t ms)
{
    s_begin (self);
    herd_run (self->herd, network_now_us (self->network) + ms * 1000);
}


void
world_calm (world_t *self)
{
    s_begin (self);
    story_tell (
        herd_story (self->herd), network_now_us (self->network), "- calm");
    network_t *network = self->network;
    network_calm (network);
    for (unsigned server = 0; server < self->servers; server++) {
        s_start (self, server);
        if (network_state (network, server) == HOST_PAUSED)
            network_resume (network, server);
        for (unsigned peer = 0; peer < network_degree (network, server);
             peer++) {
            network_mend (network, server, peer);
            herd_link (self->herd, server, peer);
        }
    }
    gateways_t *gateways = herd_gateways (self->herd);
    if (gateways)
        gateways_calm (gateways, network_now_us (network));
    ledger_t *ledger = herd_ledger (self->herd);
    if (ledger)
        ledger_promise (ledger);
}


bool
world_agrees (world_t *self)
{
    s_begin (self);
    return herd_agrees (self->herd);
}


bool
world_rests (world_t *self)
{
    s_begin (self);
    return herd_rests (self->herd);
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
    herd_tell (self->herd);
    return -1;
}


const char *
world_listen (world_t *self)
{
    const char *wrong = NULL;
    for (unsigned at = 0; !wrong && at < self->servers; at++)
        wrong = box_judge_listener (herd_box (self->herd, at));
    return wrong;
}


bool
world_story (world_t *self, const char *lines)
{
    bool same = story_matches (herd_story (self->herd), lines);
    if (!same)
        herd_tell (self->herd);
    return same;
}


uint64_t
world_hash (const world_t *self)
{
    return story_hash (herd_story (self->herd));
}


const char *
world_broken (const world_t *self)
{
    return herd_broken (self->herd);
}


void
world_tell (const world_t *self)
{
    herd_tell (self->herd);
}


instant_t
world_clock (const world_t *self, unsigned server)
{
    return box_clock (herd_box (self->herd, server));
}


const server_t *
world_server (const world_t *self, unsigned server)
{
    return box_server (herd_box (self->herd, server));
}


const network_t *
world_network (const world_t *self)
{
    return self->network;
}


gateways_t *
world_gateways (const world_t *self)
{
    return herd_gateways (self->herd);
}


uint64_t
world_records (const world_t *self, unsigned from, unsigned to)
{
    return herd_records (self->herd, from, to);
}


tally_t
world_tally (const world_t *self)
{
    return herd_tally (self->herd);
}


uint64_t
world_copies (const world_t *self, const char *line)
{
    ledger_t *ledger = herd_ledger (self->herd);
    return ledger ? ledger_copies (ledger, line) : 0;
}
