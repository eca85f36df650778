/*  =========================================================================
    graph - who is whose peer
    =========================================================================
*/

#include "sim/graph.h"

#include "table/table.h"

#include <assert.h>
#include <stdlib.h>

typedef struct {
    edge_t *edges;
    unsigned count;
    unsigned room;
    unsigned *degrees;
} graph_t;


static void
s_link (graph_t *self, unsigned one, unsigned other)
{
    assert (self->count < self->room);
    self->edges [self->count++] = (edge_t){one, other};
    self->degrees [one]++;
    self->degrees [other]++;
}


static bool
s_can_link (const graph_t *self, unsigned one, unsigned other)
{
    if (one == other || self->degrees [one] == TABLE_PEERS_MAX ||
        self->degrees [other] == TABLE_PEERS_MAX)
        return false;
    for (unsigned at = 0; at < self->count; at++)
        if ((self->edges [at].one == one && self->edges [at].other == other) ||
            (self->edges [at].one == other && self->edges [at].other == one))
            return false;
    return true;
}


static void
s_tree (graph_t *self, unsigned servers, chance_t *chance)
{
    for (unsigned one = 1; one < servers; one++) {
        unsigned other;
        do
            other = chance_below (chance, one);
        while (!s_can_link (self, one, other));
        s_link (self, one, other);
    }
}


//  Add links by chance up to so many.  Few tries fail unless there is hardly
//  a place left, and then fewer links will do

static void
s_thicken (graph_t *self, unsigned servers, unsigned links, chance_t *chance)
{
    for (unsigned tries = links * 8; tries && self->count < links; tries--) {
        unsigned one = chance_below (chance, servers);
        unsigned other = chance_below (chance, servers);
        if (s_can_link (self, one, other))
            s_link (self, one, other);
    }
}


static edge_t *
s_herd (const world_options_t *options, chance_t *chance, unsigned servers,
    unsigned *count)
{
    unsigned links = options->links ? options->links : servers * 3 / 2;
    graph_t self = {.room = links + servers};
    if (options->graph == WORLD_MESH)
        self.room = servers * servers;
    self.edges = calloc (self.room, sizeof (edge_t));
    self.degrees = calloc (servers, sizeof (unsigned));
    assert (self.edges && self.degrees);

    switch (options->graph) {
    case WORLD_RING:
        for (unsigned one = 0; one < servers; one++)
            if (s_can_link (&self, one, (one + 1) % servers))
                s_link (&self, one, (one + 1) % servers);
        break;
    case WORLD_TREE:
        s_tree (&self, servers, chance);
        break;
    case WORLD_RANDOM:
        s_tree (&self, servers, chance);
        s_thicken (&self, servers, links, chance);
        break;
    case WORLD_MESH:
        assert (servers <= TABLE_PEERS_MAX + 1);
        for (unsigned one = 0; one < servers; one++)
            for (unsigned other = one + 1; other < servers; other++)
                s_link (&self, one, other);
        break;
    case WORLD_BARE:
        break;
    }
    free (self.degrees);
    *count = self.count;
    return self.edges;
}


//  Each region has a graph of its own, and every how manyeth server

static edge_t *
s_regions (const world_options_t *options, chance_t *chance, unsigned *count)
{
    unsigned regions = options->regions;
    edge_t *all = NULL;
    *count = 0;
    for (unsigned region = 0; region < regions; region++) {
        unsigned servers = (options->servers + regions - 1 - region) / regions;
        unsigned more = 0;
        edge_t *edges = s_herd (options, chance, servers, &more);
        all = realloc (all, (*count + more + 1) * sizeof (edge_t));
        assert (all);
        for (unsigned at = 0; at < more; at++)
            all [(*count)++] = (edge_t){edges [at].one * regions + region,
                edges [at].other * regions + region};
        free (edges);
    }
    return all;
}


edge_t *
graph_new (const world_options_t *options, chance_t *chance, unsigned *count)
{
    return options->regions ? s_regions (options, chance, count)
                            : s_herd (options, chance, options->servers, count);
}
