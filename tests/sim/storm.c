/*  =========================================================================
    storm - misfortunes and updates, one after the other, by chance
    =========================================================================
*/

#include "sim/storm.h"

#include "sim/upheaval.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define CLIENTS 8

#define CROWD_NAME_SIZE 930

//  One storm in so many has a crowd
#define CROWDS 8
#define CROWD_MAX 400
#define CROWD_SERVERS_MAX 8

#define STEP_MS_MAX ((int64_t) 2 * STORM_STEP_MS)

//  One in so many has listeners
#define LISTENERS 3

//  A stamp may be this wrong either way; one in some is
#define WRONG_SECONDS 100000

//  One in some is cut to this
#define EQUAL_SECONDS 5

#define SWIZZLE_LINKS 8

//  Clocks may be so wrong, and step a little, without one refusing what another
//  heard
#define SKEW_MS 250000

//  So long after the last fault a link may still go down by it
#define AFTERMATH_MS (3 * (int64_t) FLOOD_SILENCE_MS)

typedef struct {
    world_t *world;
    const network_t *network;
    unsigned servers;
    unsigned gateways;  //  The first so many of them have no clients
    bool regions;
    chance_t chance;
} storm_t;


world_options_t
storm_options (uint64_t seed, unsigned servers_max)
{
    static const double rates [] = {0, 0, 1, 5, 20};
    static const unsigned delays [] = {300, 2000, 20000, 200000};
    chance_t chance;
    chance_seed (&chance, ~seed);
    world_options_t options = options_default ();
    options.seed = seed;
    //  Very many clients are told to few servers
    if (chance_below (&chance, CROWDS) == 0)
        options.crowd = 1 + chance_below (&chance, CROWD_MAX);
    if (options.crowd && servers_max > CROWD_SERVERS_MAX)
        servers_max = CROWD_SERVERS_MAX;
    options.servers = (unsigned) chance_between (&chance, 2, servers_max);
    options.links = options.servers + chance_below (&chance, options.servers);
    options.graph = (world_graph_t) chance_below (&chance, WORLD_BARE);
    if (options.graph == WORLD_MESH && options.servers > 8)
        options.graph = WORLD_RANDOM;
    options.loss = (double) chance_below (&chance, 31);
    options.repeats = rates [chance_below (&chance, 5)];
    options.reorder = rates [chance_below (&chance, 5)];
    options.slow = rates [chance_below (&chance, 5)];
    options.garbage = rates [chance_below (&chance, 5)];
    options.impostors = options.garbage;
    options.late = rates [chance_below (&chance, 5)];
    options.tamper = rates [chance_below (&chance, 5)] / 2;
    //  Changed bytes excuse much, so most worlds have none
    options.corrupt =
        chance_below (&chance, 4) ? 0 : rates [chance_below (&chance, 5)];
    options.delay_max_us = delays [chance_below (&chance, 4)];
    options.rate = (range_t){256, options.crowd ? 2000 : 1000000};
    options.delay.most = chance_below (&chance, 2) ? 0 : 300;
    options.buffer = (range_t){1, 6144};
    options.window = 1 + chance_below (&chance, 64);
    options.skew_ms = chance_below (&chance, 2) ? 0 : SKEW_MS;
    options.listeners = chance_below (&chance, LISTENERS) == 0;
    return options;
}


//  A client that moves says so to any server

static void
s_update (storm_t *self, unsigned server)
{
    unsigned others = self->servers - self->gateways;
    if (server < self->gateways && others)
        server = self->gateways + server % others;
    if (network_state (self->network, server) != HOST_RUNNING)
        return;
    instant_t now = world_clock (self->world, server);
    int64_t seconds = now.seconds;
    int64_t decimals = now.nanoseconds;
    switch (chance_below (&self->chance, 4)) {
    case 0:
        //  The same for all who say so in these seconds
        seconds -= seconds % EQUAL_SECONDS;
        decimals = 0;
        break;
    case 1:
        seconds +=
            chance_between (&self->chance, -WRONG_SECONDS, WRONG_SECONDS);
        break;
    default:
        break;
    }
    //  Drawn one after the other, so that all compilers tell the same story
    unsigned client = chance_below (&self->chance, CLIENTS);
    unsigned degrees = chance_below (&self->chance, 90);
    unsigned millionths = chance_below (&self->chance, 1000000);
    char line [200];
    snprintf (line, sizeof (line),
        "IAMAT client%u +%u.%06u-118.445127 %" PRId64 ".%09" PRId64, client,
        degrees, millionths, seconds, decimals);
    world_say (self->world, server, line);
}


//  A record is gone, or is another, without anybody having said so

static void
s_tamper (storm_t *self, unsigned server)
{
    char client [20];
    char line [200];
    if (network_state (self->network, server) != HOST_RUNNING)
        return;
    snprintf (client, sizeof (client), "client%u",
        chance_below (&self->chance, CLIENTS));
    if (chance_below (&self->chance, 2)) {
        world_rob (self->world, server, client);
        return;
    }
    int64_t seconds = world_clock (self->world, server).seconds +
                      chance_between (&self->chance, -60, 1);
    unsigned degrees = chance_below (&self->chance, 90);
    unsigned millionths = chance_below (&self->chance, 1000000);
    snprintf (line, sizeof (line),
        "AT s%u +0.000000000 %s +%u.%06u-118.445127 %" PRId64,
        self->regions ? server : 0, client, degrees, millionths, seconds);
    world_alter (self->world, server, line);
}


static void
s_swizzle (storm_t *self)
{
    unsigned ends [SWIZZLE_LINKS][2];
    unsigned count = 0;
    for (unsigned at = 0; at < SWIZZLE_LINKS; at++) {
        unsigned one = chance_below (&self->chance, self->servers);
        unsigned degree = network_degree (self->network, one);
        if (degree == 0)
            continue;
        ends [count][0] = one;
        ends [count][1] = network_peer (
            self->network, one, chance_below (&self->chance, degree));
        world_cut (self->world, one, ends [count][1]);
        count++;
        s_update (self, one);
        world_run (self->world, chance_between (&self->chance, 0, 500));
    }
    while (count) {
        unsigned at = chance_below (&self->chance, count--);
        world_mend (self->world, ends [at][0], ends [at][1]);
        s_update (self, ends [at][1]);
        world_run (self->world, chance_between (&self->chance, 0, 500));
        ends [at][0] = ends [count][0];
        ends [at][1] = ends [count][1];
    }
}


//  Cut the herd in two: all links from the servers below one to the others

static void
s_partition (storm_t *self, unsigned border)
{
    for (unsigned one = 0; one < border; one++)
        for (unsigned peer = 0; peer < network_degree (self->network, one);
             peer++) {
            unsigned other = network_peer (self->network, one, peer);
            if (other >= border)
                world_cut (self->world, one, other);
        }
}


static void
s_strike_link (storm_t *self, unsigned one, unsigned other)
{
    world_t *world = self->world;
    switch (chance_below (&self->chance, 10)) {
    case 0:
        world_cut (world, one, other);
        break;
    case 8:
        world_unlink (world, one, other);
        break;
    case 9:
        world_link (world, one, other);
        break;
    case 1:
        world_cut_way (world, one, other);
        break;
    case 2:
        world_silence (world, one, other);
        break;
    case 3:
        world_cut (world, one, other);
        world_mend (world, one, other);
        break;
    default:
        world_mend (world, one, other);
        break;
    }
}


static void
s_strike_server (storm_t *self, unsigned server)
{
    world_t *world = self->world;
    switch (chance_below (&self->chance, 12)) {
    case 0:
        world_kill (world, server);
        break;
    case 1:
        world_kill (world, server);
        world_start (world, server);
        break;
    case 2:
        world_pause (world, server);
        break;
    case 3:
        world_skew (world, server, chance_between (&self->chance, -5000, 5000));
        break;
    case 4:
        s_partition (self, server);
        break;
    case 5:
        s_swizzle (self);
        break;
    case 6:
        world_leave (world, server);
        break;
    case 7:
    case 8:
        world_resume (world, server);
        break;
    default:
        world_start (world, server);
        break;
    }
}


static storm_t
s_storm (world_t *world, const world_options_t *options)
{
    storm_t self = {.world = world, .network = world_network (world)};
    self.servers = options->servers;
    self.regions = options->regions;
    while (options_is_gateway (options, self.gateways))
        self.gateways++;
    chance_seed (&self.chance, options->seed);
    return self;
}


void
storm_crowd (world_t *world, unsigned server, unsigned from, unsigned to)
{
    char line [STORM_CROWD_SIZE + 1];
    for (unsigned client = from; client < to; client++) {
        int size = snprintf (line, sizeof (line),
            "IAMAT %0*u +34.068930-118.445127 %" PRId64, CROWD_NAME_SIZE,
            client, world_clock (world, server).seconds);
        assert (size < (int) sizeof (line));
        world_say (world, server, line);
    }
}


//  Two halves tell two servers

static void
s_crowds (storm_t *self, unsigned crowd)
{
    for (unsigned half = 0; half < 2 && crowd; half++)
        storm_crowd (self->world, chance_below (&self->chance, self->servers),
            half * crowd / 2, (half + 1) * crowd / 2);
}


void
storm_run (world_t *world, const world_options_t *options, int64_t ms)
{
    storm_t self = s_storm (world, options);
    int64_t until_us = network_now_us (self.network) + ms * 1000;
    s_crowds (&self, options->crowd);
    while (network_now_us (self.network) < until_us && !world_broken (world)) {
        world_run (world, chance_between (&self.chance, 0, STEP_MS_MAX));
        unsigned server = chance_below (&self.chance, self.servers);
        unsigned degree = network_degree (self.network, server);
        if (chance_percent (&self.chance, options->tamper))
            s_tamper (&self, server);
        unsigned luck = chance_below (&self.chance, options->regions ? 5 : 4);
        bool calm = options->calm;
        if (!calm && luck == 4)
            upheaval_strike (world, options, &self.chance);
        else if (!calm && luck == 0)
            s_strike_server (&self, server);
        else if (!calm && luck == 1 && degree)
            s_strike_link (&self, server,
                network_peer (
                    self.network, server, chance_below (&self.chance, degree)));
        else
            s_update (&self, server);
    }
}


//  Let time pass until all agree and rest, until_ms after the calm began.
//  Returns true if they do.  Since then they agreed goes to *agreed_ms, or -1

static bool
s_wait (world_t *world, int64_t from_ms, int64_t until_ms, int64_t *agreed_ms)
{
    for (int64_t now_ms = from_ms; !world_broken (world);
         now_ms += CORE_TICK_MS) {
        bool agree = world_agrees (world);
        if (!agree)
            *agreed_ms = -1;
        else if (*agreed_ms < 0)
            *agreed_ms = now_ms;
        if (agree && world_rests (world))
            return true;
        if (now_ms >= until_ms)
            break;
        world_run (world, CORE_TICK_MS);
    }
    return false;
}


int64_t
storm_end (world_t *world, int64_t limit_ms, const char **fault)
{
    int64_t took_ms = -1;
    *fault = NULL;
    world_calm (world);
    bool rest = s_wait (world, 0, AFTERMATH_MS, &took_ms);
    if (!rest) {
        tally_t before = world_tally (world);
        rest = s_wait (world, AFTERMATH_MS, limit_ms, &took_ms);
        tally_t after = world_tally (world);
        //  A peer may ask for what it was spared before
        if (after.downs > before.downs)
            *fault = "takes links for dead that carry something";
        else if (after.rewinds + before.recalls >
                 before.rewinds + after.recalls)
            *fault = "sends again what is on its way";
    }
    int64_t again_ms = 0;
    world_run (world, FLOOD_BEAT_MS);
    if (!rest || !s_wait (world, 0, limit_ms, &again_ms))
        *fault = world_agrees (world) ? "does not come to rest"
                                      : "does not converge";
    if (!*fault && !world_broken (world))
        *fault = world_listen (world);
    //  Of a broken rule it was told at once
    if (*fault && !world_broken (world))
        world_tell (world);
    return *fault ? -1 : took_ms;
}


void
storm_swizzle (world_t *world, const world_options_t *options)
{
    storm_t self = s_storm (world, options);
    s_swizzle (&self);
}
