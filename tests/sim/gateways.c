/*  =========================================================================
    gateways - servers that join the herds of regions over an engine
    =========================================================================
*/

#include "sim/gateways.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  How often a gateway looks whether messages were lost
#define POLL_US 2000000

//  Records that are looked at in a turn
#define LOOKS 1000

//  How often it says that its region is there, if messages live so long
#define ANNOUNCE_US 20000000

//  What a gateway's announcement is acknowledged with
#define ANNOUNCEMENT UINT64_MAX

#define NAME_SIZE_MAX 16

//  What lies behind a gap
typedef struct {
    uint64_t previous;
    uint64_t last;
} part_t;

typedef struct {
    bool called;            //  It knows what its peers know, and connects
    bool up;                //
    bool known;             //  It knows the stream:
    jetstream_info_t info;  //  what that was last,
    unsigned process;       //  of whom,
    uint64_t sequence;      //  the greatest number it heard of,
    uint64_t announced;     //  and that of its last announcement; 0 = none
    int64_t announce_us;    //  When it makes the next
    bool joined;            //  It has read all there was, and publishes
    uint64_t join_at;       //  It has when all up to this number has come
    uint64_t read;          //  All up to this one has
    part_t *parts;          //  What came beyond
    unsigned part_count;    //
    int64_t poll_us;        //  When it looks at the stream
} gateway_t;

typedef struct {
    char name [NAME_SIZE_MAX];
    const char **servers;
    unsigned count;
} region_t;

struct gateways_t {
    world_options_t options;
    box_t *const *boxes;
    region_t *regions;
    engine_t *engine;
    gateway_t *gateways;
    unsigned count;  //  The first so many servers
    int64_t now_us;
    engine_news_t news;  //  What came, and is not taken yet
    gateways_counts_t counts;
};


static void
s_make_regions (gateways_t *self)
{
    const world_options_t *options = &self->options;
    self->regions = calloc (options->regions, sizeof (region_t));
    assert (self->regions);
    for (unsigned at = 0; at < options->regions; at++) {
        region_t *region = &self->regions [at];
        snprintf (region->name, NAME_SIZE_MAX, "r%u", at);
        region->servers = calloc (options->servers, sizeof (char *));
        assert (region->servers);
        for (unsigned server = at; server < options->servers;
             server += options->regions)
            region->servers [region->count++] = box_name (self->boxes [server]);
    }
}


gateways_t *
gateways_new (const world_options_t *options, box_t *const *boxes)
{
    gateways_t *self = calloc (1, sizeof (gateways_t));
    assert (self);
    self->options = *options;
    self->boxes = boxes;
    s_make_regions (self);
    for (; self->count < options->servers &&
           options_is_gateway (options, self->count);
         self->count++) {
        const region_t *region =
            &self->regions [options_region (options, self->count)];
        box_open (boxes [self->count],
            &(trade_options_t){region->name, region->servers, region->count});
    }
    self->engine = engine_new (options, self->count);
    self->gateways = calloc (self->count + 1, sizeof (gateway_t));
    assert (self->gateways);
    return self;
}


static void
s_clear (gateway_t *gateway)
{
    free (gateway->parts);
    *gateway = (gateway_t){.up = false};
}


void
gateways_destroy (gateways_t **self_p)
{
    gateways_t *self = *self_p;
    if (self) {
        for (unsigned gateway = 0; gateway < self->count; gateway++)
            s_clear (&self->gateways [gateway]);
        for (unsigned at = 0; at < self->options.regions; at++)
            free (self->regions [at].servers);
        engine_destroy (&self->engine);
        free (self->gateways);
        free (self->regions);
        free (self);
        *self_p = NULL;
    }
}


engine_t *
gateways_engine (const gateways_t *self)
{
    return self->engine;
}


//  Return how many lines the gateway refused in this life

static uint64_t
s_refused (const gateways_t *self, unsigned number)
{
    const server_t *server = box_server (self->boxes [number]);
    return server ? server_status (server).refusals [REFUSED_ORIGIN] : 0;
}


gateways_counts_t
gateways_counts (const gateways_t *self)
{
    gateways_counts_t counts = self->counts;
    for (unsigned number = 0; number < self->count; number++)
        counts.refused += s_refused (self, number);
    return counts;
}


void
gateways_kill (gateways_t *self, unsigned number)
{
    if (number >= self->count)
        return;
    self->counts.refused += s_refused (self, number);
    engine_part (self->engine, number);
    s_clear (&self->gateways [number]);
}


void
gateways_calm (gateways_t *self, int64_t now_us)
{
    engine_set_time (self->engine, now_us);
    engine_calm (self->engine);
    engine_go_on (self->engine);
    for (unsigned number = 0; number < self->count; number++)
        engine_mend (self->engine, number);
}


static void
s_read (gateways_t *self, unsigned number, uint64_t from)
{
    gateway_t *gateway = &self->gateways [number];
    uint64_t last;
    gateway->read = engine_read (self->engine, number, from, &last);
    gateway->part_count = 0;
    if (!gateway->joined)
        gateway->join_at = last;
}


//  Say that the region is there: a message that stays, so that who purges the
//  stream is found out

static void
s_announce (gateways_t *self, unsigned number)
{
    int64_t third_us = (int64_t) self->options.ttl_seconds * 1000000 / 3;
    int64_t next_us =
        third_us && third_us < ANNOUNCE_US ? third_us : ANNOUNCE_US;
    engine_publish (self->engine, number, ANNOUNCEMENT, span_of (""));
    self->gateways [number].announce_us = self->now_us + next_us;
}


//  Read all, and then publish what is not there

static void
s_join (gateways_t *self, unsigned number)
{
    gateway_t *gateway = &self->gateways [number];
    trade_t *trade = box_trade (self->boxes [number]);
    size_t looks;
    gateway->joined = false;
    gateway->sequence = gateway->announced = 0;
    trade_restart (trade);
    do
        looks = LOOKS;
    while (!trade_prepare (trade, &looks));
    s_read (self, number, 0);
    self->counts.joins++;
}


//  Look whether the stream has lost messages.  A process that ended may not
//  have written the last.  Only then announce: what is announced hides a purge
//  before

static void
s_poll (gateways_t *self, unsigned number, bool is_new)
{
    gateway_t *gateway = &self->gateways [number];
    jetstream_info_t info = engine_info (self->engine);
    unsigned process = engine_process (self->engine);
    bool intact = gateway->known && process == gateway->process &&
                  jetstream_is_intact (&gateway->info, &info, gateway->sequence,
                      gateway->announced);
    gateway->known = true;
    gateway->info = info;
    gateway->process = process;
    gateway->poll_us = self->now_us + POLL_US;
    if (!intact)
        s_join (self, number);
    if (!intact || is_new || self->now_us >= gateway->announce_us)
        s_announce (self, number);
}


static void
s_publish (gateways_t *self, unsigned number)
{
    trade_t *trade = box_trade (self->boxes [number]);
    trade_item_t item;
    size_t looks = LOOKS;
    while (trade_next (trade, &item, &looks))
        engine_publish (self->engine, number, item.number, item.line);
}


void
gateways_turn (gateways_t *self, unsigned number, int64_t now_us)
{
    if (number >= self->count)
        return;
    gateway_t *gateway = &self->gateways [number];
    self->now_us = now_us;
    engine_set_time (self->engine, now_us);
    if (!gateway->called &&
        !server_status (box_server (self->boxes [number])).loading) {
        gateway->called = true;
        engine_join (
            self->engine, number, options_region (&self->options, number));
    }
    if (!gateway->up)
        return;
    if (now_us >= gateway->poll_us)
        s_poll (self, number, false);
    gateway->joined |= gateway->read >= gateway->join_at;
    if (gateway->joined)
        s_publish (self, number);
}


//  The connection stands: what was not acknowledged may be lost

static void
s_rise (gateways_t *self, unsigned number)
{
    gateway_t *gateway = &self->gateways [number];
    gateway->up = true;
    trade_rewind (box_trade (self->boxes [number]));
    if (gateway->known)
        s_read (self, number, gateway->read);
    s_poll (self, number, true);
}


static void
s_hear_of (gateway_t *gateway, uint64_t sequence)
{
    if (sequence > gateway->sequence)
        gateway->sequence = sequence;
}


//  All gateways of a region hear of its announcement, which takes the place of
//  the one before

static void
s_see_announced (gateway_t *gateway, uint64_t sequence)
{
    if (gateway->up && sequence > gateway->announced)
        gateway->announced = sequence;
}


static void
s_acknowledge (gateways_t *self, const engine_news_t *news)
{
    unsigned region = options_region (&self->options, news->gateway);
    s_hear_of (&self->gateways [news->gateway], news->last);
    if (news->number != ANNOUNCEMENT)
        trade_acknowledge (
            box_trade (self->boxes [news->gateway]), news->number);
    else
        for (unsigned number = region; number < self->count;
             number += self->options.regions)
            s_see_announced (&self->gateways [number], news->last);
}


//  Without the join rule, what the engine has last takes the place of what is
//  held, whichever is newer

static void
s_unjoin (const gateways_t *self, unsigned number, span_t client)
{
    if (self->options.no_join && options_region (&self->options, number) == 0)
        table_drop (box_table (self->boxes [number]), client);
}


//  The gateway takes the next message of those that came.  Returns its line

static span_t
s_take (gateways_t *self)
{
    unsigned number = self->news.gateway;
    char subject [TRADE_SUBJECT_SIZE_MAX + 1];
    location_t location;
    uint64_t region;
    span_t line = span_until (&self->news.text, '\n');
    bool good = span_number (
        span_until (&line, ' '), self->options.regions - 1, &region);
    assert (good);
    location_reread (&location, line);
    int size = snprintf (
        subject, sizeof (subject), "%s.", self->regions [region].name);
    size += (int) subject_print (location.client, subject + size);
    subject [size] = 0;
    s_unjoin (self, number, location.client);
    box_take (self->boxes [number], subject, line);
    return line;
}


//  A part has come.  Those behind a gap count when the gap is closed

static void
s_see (gateway_t *gateway, const engine_news_t *news)
{
    unsigned count = gateway->part_count;
    s_hear_of (gateway, news->last);
    gateway->parts = realloc (gateway->parts, (count + 1) * sizeof (part_t));
    assert (gateway->parts);
    gateway->parts [gateway->part_count++] =
        (part_t){news->previous, news->last};
    for (unsigned at = 0; at < gateway->part_count;) {
        part_t part = gateway->parts [at];
        if (part.previous > gateway->read) {
            at++;
            continue;
        }
        gateway->parts [at] = gateway->parts [--gateway->part_count];
        if (part.last > gateway->read) {
            gateway->read = part.last;
            at = 0;
        }
    }
}


static span_t
s_hear (gateways_t *self)
{
    engine_news_t *news = &self->news;
    gateway_t *gateway = &self->gateways [news->gateway];
    span_t line = {NULL, 0};
    switch (news->word) {
    case ENGINE_UP:
        s_rise (self, news->gateway);
        break;
    case ENGINE_DOWN:
        gateway->up = false;
        break;
    case ENGINE_STORED:
        s_acknowledge (self, news);
        news->text.size = 0;
        break;
    case ENGINE_LINES:
        if (news->text.size)
            line = s_take (self);
        if (news->text.size == 0)
            s_see (gateway, news);
        break;
    }
    return line;
}


bool
gateways_is_amid (const gateways_t *self)
{
    return self->news.text.size > 0;
}


bool
gateways_next (
    gateways_t *self, const network_t *network, unsigned *number, span_t *line)
{
    engine_news_t *news = &self->news;
    self->now_us = network_now_us (network);
    engine_set_time (self->engine, self->now_us);
    bool more = gateways_is_amid (self);
    while (!more) {
        if (!engine_next (self->engine, news))
            return false;
        more = network_state (network, news->gateway) == HOST_RUNNING;
        if (!more)
            engine_defer (self->engine);
    }
    *number = news->gateway;
    box_set_time (self->boxes [news->gateway], self->now_us);
    *line = s_hear (self);
    return true;
}


//  Return true if the gateway has read and published all

static bool
s_rests (const gateways_t *self, unsigned number)
{
    const gateway_t *gateway = &self->gateways [number];
    const trade_t *trade = box_trade (self->boxes [number]);
    return gateway->up && gateway->joined && !trade_has_next (trade) &&
           trade_counts (trade).in_flight == 0;
}


bool
gateways_rest (const gateways_t *self, const network_t *network)
{
    for (unsigned number = 0; number < self->count; number++)
        if (network_state (network, number) == HOST_RUNNING &&
            !s_rests (self, number))
            return false;
    return engine_rests (self->engine);
}
