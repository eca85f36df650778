/*  =========================================================================
    graph - who is whose peer
    =========================================================================
*/

#ifndef SIM_GRAPH_H
#define SIM_GRAPH_H

#include "sim/chance.h"
#include "sim/options.h"

typedef struct {
    unsigned one;
    unsigned other;
} edge_t;

//  Return the links of the graph that the options name, each said once, and
//  how many there are.  Every graph but WORLD_BARE is connected, and no server
//  has more peers than the core allows.  The caller frees them.
edge_t *
graph_new (const world_options_t *options, chance_t *chance, unsigned *count);

#endif
