/*  =========================================================================
    network - hosts, clocks and connections, as libzmq and TCP make them
    =========================================================================
*/

#include "sim/network.h"

#include "core/event.h"
#include "sim/connection.h"
#include "sim/inbox.h"

#include <assert.h>
#include <stdlib.h>

#define TICK_US ((int64_t) CORE_TICK_MS * 1000)

//  One direction of a link
typedef struct {
    unsigned from;
    unsigned peer;  //  Index of `to` among from's peers
    unsigned to;
    unsigned back;  //  Index of from among to's peers
    line_t line;
    bool unlinked;  //  It was taken out at from's end,
    bool parted;    //  and from has no connection any more
    bool cut;
    bool silent;
    bool connecting;           //  A HAPPENING_UP is planned
    bool closing;              //  A HAPPENING_DOWN is planned
    connection_t *connection;  //  NULL if there is none
} lane_t;

typedef struct {
    host_state_t state;
    uint64_t life;
    lane_t *lanes;
    unsigned degree;
    inbox_t inbox;  //  What a paused host will find
} host_t;

struct network_t {
    air_t air;
    host_t *hosts;
    char *text;                  //  Of the last happening
    connection_t **connections;  //  All there ever were: what was sent by one
    size_t connection_count;     //  may outlive it
};


network_t *
network_new (const world_options_t *options, chance_t *chance)
{
    network_t *self = calloc (1, sizeof (network_t));
    assert (self);
    self->air = (air_t){*options, chance, agenda_new (), 0};
    self->hosts = calloc (options->servers, sizeof (host_t));
    assert (self->hosts);
    return self;
}


void
network_destroy (network_t **self_p)
{
    network_t *self = *self_p;
    if (self) {
        for (unsigned host = 0; host < self->air.options.servers; host++) {
            inbox_clear (&self->hosts [host].inbox);
            free (self->hosts [host].lanes);
        }
        for (size_t at = 0; at < self->connection_count; at++)
            connection_destroy (&self->connections [at]);
        free (self->connections);
        agenda_destroy (&self->air.agenda);
        free (self->hosts);
        free (self->text);
        free (self);
        *self_p = NULL;
    }
}


static void
s_add_lane (network_t *self, unsigned from, unsigned to, unsigned back)
{
    host_t *host = &self->hosts [from];
    host->lanes = realloc (host->lanes, (host->degree + 1) * sizeof (lane_t));
    assert (host->lanes && host->state == HOST_DEAD);
    lane_t *lane = &host->lanes [host->degree];
    *lane = (lane_t){.from = from, .peer = host->degree++, .back = back};
    lane->to = to;
    lane->line = weather_line (&self->air.options, self->air.chance);
}


void
network_join (network_t *self, unsigned one, unsigned other)
{
    assert (one != other);
    s_add_lane (self, one, other, self->hosts [other].degree);
    s_add_lane (self, other, one, self->hosts [one].degree - 1);
}


unsigned
network_degree (const network_t *self, unsigned host)
{
    return self->hosts [host].degree;
}


static lane_t *
s_lane (const network_t *self, unsigned host, unsigned peer)
{
    assert (peer < self->hosts [host].degree);
    return &self->hosts [host].lanes [peer];
}


//  Return the lane that goes the other way

static lane_t *
s_back (const network_t *self, const lane_t *lane)
{
    return s_lane (self, lane->to, lane->back);
}


unsigned
network_peer (const network_t *self, unsigned host, unsigned peer)
{
    return s_lane (self, host, peer)->to;
}


unsigned
network_index (const network_t *self, unsigned host, unsigned other)
{
    unsigned peer = 0;
    while (s_lane (self, host, peer)->to != other)
        peer++;
    return peer;
}


host_state_t
network_state (const network_t *self, unsigned host)
{
    assert (host < self->air.options.servers);
    return self->hosts [host].state;
}


static void
s_plan (network_t *self, happening_kind_t kind, unsigned host, unsigned peer,
    int64_t after_us)
{
    agenda_put (self->air.agenda, &(happening_t){.kind = kind,
                                      .at_us = self->air.now_us + after_us,
                                      .host = host,
                                      .peer = peer,
                                      .life = self->hosts [host].life});
}


static bool
s_can_connect (const network_t *self, const lane_t *lane)
{
    return !lane->parted && !lane->cut && !lane->closing && !lane->connection &&
           self->hosts [lane->from].state == HOST_RUNNING &&
           self->hosts [lane->to].state == HOST_RUNNING;
}


//  libzmq tries again and again; only the try that succeeds is of interest

static void
s_seek (network_t *self, lane_t *lane)
{
    if (lane->connecting || !s_can_connect (self, lane))
        return;
    lane->connecting = true;
    int64_t wait_us = chance_between (
        self->air.chance, 1, (int64_t) self->air.options.reconnect_ms * 1000);
    wait_us += weather_delay_us (&self->air.options, self->air.chance);
    s_plan (self, HAPPENING_UP, lane->from, lane->peer, wait_us);
}


static void
s_seek_around (network_t *self, unsigned host)
{
    for (unsigned peer = 0; peer < self->hosts [host].degree; peer++) {
        lane_t *lane = s_lane (self, host, peer);
        s_seek (self, lane);
        s_seek (self, s_back (self, lane));
    }
}


static void
s_break (network_t *self, lane_t *lane)
{
    if (!lane->connection)
        return;
    connection_break (lane->connection, false);
    lane->connection = NULL;
    lane->closing = true;
    s_plan (self, HAPPENING_DOWN, lane->from, lane->peer,
        weather_delay_us (&self->air.options, self->air.chance));
}


void
network_start (network_t *self, unsigned host)
{
    assert (network_state (self, host) == HOST_DEAD);
    self->hosts [host].state = HOST_RUNNING;
    self->hosts [host].life++;
    s_plan (self, HAPPENING_TICK, host, 0,
        chance_between (self->air.chance, 0, TICK_US));
    s_seek_around (self, host);
}


void
network_kill (network_t *self, unsigned host)
{
    assert (network_state (self, host) != HOST_DEAD);
    self->hosts [host].state = HOST_DEAD;
    self->hosts [host].life++;
    inbox_clear (&self->hosts [host].inbox);
    for (unsigned peer = 0; peer < self->hosts [host].degree; peer++) {
        lane_t *lane = s_lane (self, host, peer);
        if (lane->connection)
            connection_break (lane->connection,
                chance_percent (self->air.chance, self->air.options.late));
        lane->connection = NULL;
        lane->connecting = lane->closing = false;
        lane->parted = lane->unlinked;
        s_break (self, s_back (self, lane));
    }
}


void
network_unlink (network_t *self, unsigned host, unsigned peer)
{
    lane_t *lane = s_lane (self, host, peer);
    lane->unlinked = true;
    lane->parted |= self->hosts [host].state == HOST_DEAD;
}


//  What was sent still leaves

void
network_part (network_t *self, unsigned host, unsigned peer)
{
    lane_t *lane = s_lane (self, host, peer);
    lane->parted = true;
    if (lane->connection)
        connection_break (lane->connection, true);
    lane->connection = NULL;
}


void
network_link (network_t *self, unsigned host, unsigned peer)
{
    lane_t *lane = s_lane (self, host, peer);
    lane->unlinked = lane->parted = false;
    s_seek (self, lane);
}


bool
network_is_linked (const network_t *self, unsigned host, unsigned peer)
{
    return !s_lane (self, host, peer)->unlinked;
}


void
network_pause (network_t *self, unsigned host)
{
    assert (network_state (self, host) == HOST_RUNNING);
    self->hosts [host].state = HOST_PAUSED;
}


void
network_resume (network_t *self, unsigned host)
{
    assert (network_state (self, host) == HOST_PAUSED);
    self->hosts [host].state = HOST_RUNNING;
    inbox_open (&self->hosts [host].inbox, &self->air);
    s_seek_around (self, host);
}


void
network_cut (network_t *self, unsigned host, unsigned peer)
{
    s_lane (self, host, peer)->cut = true;
    s_break (self, s_lane (self, host, peer));
}


void
network_silence (network_t *self, unsigned host, unsigned peer)
{
    s_lane (self, host, peer)->silent = true;
}


void
network_mend (network_t *self, unsigned host, unsigned peer)
{
    lane_t *lane = s_lane (self, host, peer);
    lane->cut = lane->silent = false;
    s_seek (self, lane);
}


void
network_calm (network_t *self)
{
    weather_calm (&self->air.options);
}


bool
network_accepts (const network_t *self, unsigned host, unsigned peer)
{
    const connection_t *connection = s_lane (self, host, peer)->connection;
    return connection && connection_accepts (connection);
}


bool
network_send (
    network_t *self, unsigned host, unsigned peer, span_t text, const char *to)
{
    const lane_t *lane = s_lane (self, host, peer);
    return connection_send (
        lane->connection, &self->air, text, to, lane->silent);
}


//  Make a connection unless something came in between.  Returns true if so

static bool
s_connect (network_t *self, lane_t *lane)
{
    lane->connecting = false;
    if (!s_can_connect (self, lane))
        return false;
    self->connections = realloc (self->connections,
        (self->connection_count + 1) * sizeof (connection_t *));
    assert (self->connections);
    lane->connection = connection_new (&(happening_t){.host = lane->to,
                                           .peer = lane->back,
                                           .life = self->hosts [lane->to].life},
        &lane->line);
    self->connections [self->connection_count++] = lane->connection;
    return true;
}


//  Return true if the connection that brought the message stands

static bool
s_stands (const network_t *self, const happening_t *message)
{
    const lane_t *lane =
        s_back (self, s_lane (self, message->host, message->peer));
    return lane->connection == message->connection;
}


//  A message has come to its host, where it may have to wait

static void
s_arrive (network_t *self, happening_t *message)
{
    bool room =
        connection_arrive (message->connection, &self->air, message->size);
    const lane_t *lane = s_lane (self, message->host, message->peer);
    if (room && s_stands (self, message))
        s_plan (self, HAPPENING_ROOM, lane->to, lane->back, 0);
    message->arrived = true;
}


//  Return true if the host is to be told

static bool
s_happens (network_t *self, const happening_t *happening)
{
    if (happening->kind == HAPPENING_TICK)
        return true;
    if (happening->kind == HAPPENING_MESSAGE) {
        connection_t *connection = happening->connection;
        connection_read (connection, &self->air, happening->size);
        return !happening->lost &&
               (s_stands (self, happening) || connection_is_late (connection));
    }
    lane_t *lane = s_lane (self, happening->host, happening->peer);
    if (happening->kind == HAPPENING_UP)
        return s_connect (self, lane);
    if (happening->kind == HAPPENING_DOWN)
        lane->closing = false;
    s_seek (self, lane);
    return !lane->parted;
}


//  Ticks go on for ever; a paused host misses them, and finds the rest later.
//  Returns true if the host cannot take it now

static bool
s_misses (network_t *self, host_t *host, const happening_t *happening)
{
    bool missed = host->state == HOST_PAUSED && happening->kind != HAPPENING_UP;
    if (happening->kind == HAPPENING_TICK)
        s_plan (self, HAPPENING_TICK, happening->host, 0, TICK_US);
    else if (missed) {
        inbox_keep (&host->inbox, happening);
        self->text = NULL;
    }
    return missed;
}


bool
network_next (network_t *self, int64_t until_us, happening_t *happening)
{
    while (agenda_take (self->air.agenda, until_us, happening)) {
        if (self->air.now_us < happening->at_us)
            self->air.now_us = happening->at_us;
        free (self->text);
        self->text = happening->text;
        host_t *host = &self->hosts [happening->host];
        if (happening->life != host->life)
            continue;
        if (happening->kind == HAPPENING_SENT) {
            connection_go_on (happening->connection, &self->air);
            continue;
        }
        if (happening->kind == HAPPENING_MESSAGE && !happening->arrived)
            s_arrive (self, happening);
        if (!s_misses (self, host, happening) && s_happens (self, happening))
            return true;
    }
    self->air.now_us = until_us;
    return false;
}


int64_t
network_now_us (const network_t *self)
{
    return self->air.now_us;
}
