/*  =========================================================================
    options - the knobs of a simulated world

    Every knob but the names can be turned by a word, name=value, a range by
    name=least-most or one number, and the words printed tell the same world
    again.
    =========================================================================
*/

#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    WORLD_RING,    //  Each has two peers
    WORLD_TREE,    //  No cycles: each hangs on one that came before it
    WORLD_RANDOM,  //  A tree with more links, all by chance
    WORLD_MESH,    //  Each is a peer of each
    WORLD_BARE     //  No links but those of world_join
} world_graph_t;

//  Each way of a link is something between these, both included, by chance.
typedef struct {
    unsigned least;
    unsigned most;
} range_t;

//  Faults are in percent of messages, 0 to 100.
typedef struct {
    uint64_t seed;
    unsigned servers;          //  1 to 1,000
    unsigned links;            //  WORLD_RANDOM: how many; 0 = half as many
                               //  again as servers
    world_graph_t graph;       //
    const char *const *names;  //  Of the servers, borrowed; NULL = s0, s1, ...
    double loss;               //  Lost without a sign
    double repeats;            //  Arrive twice
    double reorder;            //  Arrive after some that were sent later
    double slow;               //  Take ten times as long, and hold up the rest
    double corrupt;            //  Have one to three bytes changed
    double garbage;            //  Come with a malformed one of our making
    double impostors;          //  Are followed by a forged one, in the name of
                               //  their sender, by another server
    double tamper;             //  Percent of a storm's steps: a record is taken
                               //  or altered behind a server's back
    double late;               //  Percent of killed senders' connections: what
                               //  was on its way when it died still arrives
    range_t rate;              //  kbit/s of a line; 0 = no limit
    range_t delay;             //  Its delay in ms
    range_t buffer;            //  KiB that the kernel at either end holds; it
                               //  takes one message in any case
    unsigned window;           //  Messages that a sender's socket holds
    unsigned delay_min_us;     //  A message takes longer than its line's
    unsigned delay_max_us;     //  delay, evenly spread from here to here
    unsigned crowd;         //  Clients of a kilobyte each, told to a server as
                            //  a storm begins
    unsigned reconnect_ms;  //  A connection is made again within
    unsigned skew_ms;       //  Clocks are wrong by up to this, either way
    unsigned ttl_seconds;   //  Clients not heard of expire; 0 = never
    unsigned regions;       //  Each a herd of its own, with an engine between
                            //  them: server n is in region n % regions; 0 =
                            //  one herd, without an engine
    unsigned gateways;      //  The first so many servers of each region are
                            //  gateways
    range_t ocean;          //  Delay in ms between a gateway and the engine
    unsigned disks;         //  So many servers keep their table on a disk
    bool listeners;         //  They keep who is near, and have followers
    bool no_audit;          //  Servers let differences be
    bool stamps_only;       //  Locations are ordered by stamp alone
    bool no_window;         //  Servers send as much as their sockets take
    bool
        no_late_acks;  //  They ignore acknowledgements of what they sent before
                       //  they went back
    bool no_join;      //  Gateways of region 0 keep what they are sent last
    bool calm;         //  A storm is updates and nothing else
    bool unchecked;    //  Do not check the rules at every step
    bool quiet;        //  Do not say on stderr what was broken
    bool trace;        //  Print everything that happens to stderr
} world_options_t;

//  Return five servers in a ring, without faults, by seed 1.
world_options_t
options_default (void);

//  Turn the knob as the word says.  Returns -1, leaving the knob alone, if
//  there is no such knob or its value makes no sense.
int
options_set (world_options_t *self, const char *word)
    __attribute__ ((warn_unused_result));

//  Return the server's region, 0 if there is one herd; and whether it is a
//  gateway.
unsigned
options_region (const world_options_t *self, unsigned server);
bool
options_is_gateway (const world_options_t *self, unsigned server);

//  Write the words that make this world out of any other without switches, with
//  a blank before each.  What does not fit is cut.
void
options_print (const world_options_t *self, char *buffer, size_t size);

#endif
