/*  =========================================================================
    ring - the five servers of the assignment, for tests

    Alford, Hamilton, Holiday, Ball and Welsh stand in this ring: "Alford talks
    with Hamilton and Welsh, Ball talks with Holiday and Welsh, Hamilton talks
    with Holiday".
    =========================================================================
*/

#ifndef SIM_RING_H
#define SIM_RING_H

#include "sim/world.h"

enum { ALFORD, HAMILTON, HOLIDAY, BALL, WELSH, SERVERS };

#define BEAT_MS ((int64_t) FLOOD_BEAT_MS)

//  Far more than anything in the ring should take.
#define RING_LIMIT_MS (10 * BEAT_MS)

//  The servers' names, in the ring's order.
extern const char *const ring_names [SERVERS];

//  Make the ring.  Never returns NULL.
world_t *
ring_new (uint64_t seed);

//  Fixtures: make the ring, all links up and nothing to load, and destroy it.
int
ring_set_up (void **state);
int
ring_tear_down (void **state);

//  Tell the server that the client was at UCLA half a second after this second
//  of the world.  Returns the reply, as world_say does.
const char *
ring_tell (world_t *world, unsigned server, const char *client, int second);

//  Fail the test unless all servers alive agree, soon, and hold what the named
//  server told the client at this second.
void
ring_assert_all_hold (
    world_t *world, const char *server, const char *client, int second);

#endif
