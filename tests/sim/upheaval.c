/*  =========================================================================
    upheaval - misfortunes of regions and of the engine between them
    =========================================================================
*/

#include "sim/upheaval.h"

#define SERVERS_MAX 5

//  An engine that ends without warning forgets so many messages at most
#define FORGET_MAX 10


world_options_t
upheaval_options (uint64_t seed, unsigned regions)
{
    static const unsigned oceans [] = {2, 20, 150, 400};
    chance_t chance;
    chance_seed (&chance, seed ^ UINT64_C (0x7265676973));
    world_options_t options = storm_options (seed, SERVERS_MAX);
    options.regions = regions;
    options.gateways = 1 + chance_below (&chance, 2);
    if (options.servers <= options.gateways)
        options.servers = options.gateways + 1;
    options.servers *= regions;
    options.ocean = (range_t){1, oceans [chance_below (&chance, 4)]};
    options.links = 0;
    options.crowd = 0;
    //  A changed name may be a server's of another region, which knows nothing
    //  of it
    options.corrupt = 0;
    return options;
}


static void
s_kill_region (world_t *world, const world_options_t *options, unsigned region)
{
    for (unsigned server = region; server < options->servers;
         server += options->regions)
        world_kill (world, server);
    for (unsigned server = region; server < options->servers;
         server += options->regions)
        world_start (world, server);
}


void
upheaval_strike (
    world_t *world, const world_options_t *options, chance_t *chance)
{
    gateways_t *gateways = world_gateways (world);
    engine_t *engine = gateways_engine (gateways);
    unsigned region = chance_below (chance, options->regions);
    bool loses = options->seed & 1;
    unsigned gateway =
        region + chance_below (chance, options->gateways) * options->regions;
    engine_set_time (engine, network_now_us (world_network (world)));
    switch (chance_below (chance, 10)) {
    case 0:
    case 1:
        engine_cut (engine, gateway);
        break;
    case 2:
        engine_stop (engine);
        break;
    case 3:
        engine_stop (engine);
        if (loses)
            engine_forget (engine, chance_below (chance, FORGET_MAX + 1));
        engine_go_on (engine);
        break;
    case 4:
        if (loses)
            engine_purge (engine);
        else
            s_kill_region (world, options, region);
        break;
    case 5:
        world_kill (world, gateway);
        world_start (world, gateway);
        break;
    case 6:
        engine_go_on (engine);
        break;
    default:
        engine_mend (engine, gateway);
        break;
    }
}
