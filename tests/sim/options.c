/*  =========================================================================
    options - the knobs of a simulated world
    =========================================================================
*/

#include "sim/options.h"

#include "base/span.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum {
    KNOB_SEED,
    KNOB_COUNT,
    KNOB_RANGE,
    KNOB_PERCENT,
    KNOB_SWITCH
} knob_kind_t;

//  The graph is a count too: it is named by words
static const struct {
    const char *name;
    knob_kind_t kind;
    size_t at;
    uint64_t least;
    uint64_t most;
} s_knobs [] = {
#define KNOB(name, kind, least, most)                                          \
    {                                                                          \
#name, KNOB_##kind, offsetof(world_options_t, name), least, most       \
    }
    KNOB (seed, SEED, 0, UINT64_MAX),
    KNOB (servers, COUNT, 1, 1000),
    KNOB (links, COUNT, 0, 100000),
    KNOB (graph, COUNT, 0, WORLD_BARE),
    KNOB (loss, PERCENT, 0, 100),
    KNOB (repeats, PERCENT, 0, 100),
    KNOB (reorder, PERCENT, 0, 100),
    KNOB (slow, PERCENT, 0, 100),
    KNOB (corrupt, PERCENT, 0, 100),
    KNOB (garbage, PERCENT, 0, 100),
    KNOB (impostors, PERCENT, 0, 100),
    KNOB (tamper, PERCENT, 0, 100),
    KNOB (late, PERCENT, 0, 100),
    KNOB (rate, RANGE, 0, 1000000000),
    KNOB (delay, RANGE, 0, 60000),
    KNOB (buffer, RANGE, 0, 1000000),
    KNOB (window, COUNT, 1, 1000000),
    KNOB (delay_min_us, COUNT, 0, 60000000),
    KNOB (delay_max_us, COUNT, 0, 60000000),
    KNOB (crowd, COUNT, 0, 1000000),
    KNOB (reconnect_ms, COUNT, 1, 60000),
    KNOB (skew_ms, COUNT, 0, UINT32_MAX),
    KNOB (ttl_seconds, COUNT, 0, UINT32_MAX),
    KNOB (regions, COUNT, 0, 500),
    KNOB (gateways, COUNT, 1, 10),
    KNOB (ocean, RANGE, 0, 60000),
    KNOB (disks, COUNT, 0, 1000),
    KNOB (listeners, SWITCH, 0, 1),
    KNOB (no_audit, SWITCH, 0, 1),
    KNOB (stamps_only, SWITCH, 0, 1),
    KNOB (no_window, SWITCH, 0, 1),
    KNOB (no_late_acks, SWITCH, 0, 1),
    KNOB (no_join, SWITCH, 0, 1),
    KNOB (calm, SWITCH, 0, 1),
    KNOB (unchecked, SWITCH, 0, 1),
    KNOB (quiet, SWITCH, 0, 1),
    KNOB (trace, SWITCH, 0, 1),
#undef KNOB
};

#define KNOBS_COUNT (sizeof (s_knobs) / sizeof (s_knobs [0]))

static const char *const s_graphs [] = {
    [WORLD_RING] = "ring",
    [WORLD_TREE] = "tree",
    [WORLD_RANDOM] = "random",
    [WORLD_MESH] = "mesh",
    [WORLD_BARE] = "bare",
};


world_options_t
options_default (void)
{
    return (world_options_t){.seed = 1,
        .servers = 5,
        .buffer = {4096, 4096},
        .window = 64,
        .delay_min_us = 100,
        .delay_max_us = 500,
        .gateways = 1,
        .ocean = {10, 150},
        .reconnect_ms = 100};
}


unsigned
options_region (const world_options_t *self, unsigned server)
{
    return self->regions ? server % self->regions : 0;
}


bool
options_is_gateway (const world_options_t *self, unsigned server)
{
    return self->regions && server / self->regions < self->gateways;
}


static bool
s_is_graph (const world_options_t *self, const unsigned *count)
{
    return (const void *) count == (const void *) &self->graph;
}


//  Return the number of the graph, or none that is

static uint64_t
s_graph (const char *word)
{
    uint64_t graph = 0;
    while (graph <= WORLD_BARE && strcmp (word, s_graphs [graph]) != 0)
        graph++;
    return graph;
}


//  Read a whole number into what stands at the knob's place

static int
s_set_number (world_options_t *self, size_t knob, const char *value)
{
    void *at = (char *) self + s_knobs [knob].at;
    char *end = NULL;
    errno = 0;
    uint64_t number = strtoull (value, &end, 10);
    bool valid = isdigit ((unsigned char) *value) && *end == 0 && errno == 0;
    if (s_is_graph (self, at) && !valid) {
        number = s_graph (value);
        valid = true;
    }
    if (!valid || number < s_knobs [knob].least || number > s_knobs [knob].most)
        return -1;
    if (s_knobs [knob].kind == KNOB_SEED)
        memcpy (at, &number, sizeof (uint64_t));
    else if (s_knobs [knob].kind == KNOB_SWITCH)
        *(bool *) at = number;
    else
        *(unsigned *) at = (unsigned) number;
    return 0;
}


//  One number is both ends

static int
s_set_range (range_t *range, size_t knob, const char *value)
{
    uint64_t least;
    uint64_t most;
    span_t last = span_of (value);
    span_t first = span_until (&last, '-');
    if (first.size == strlen (value))
        last = first;
    if (!span_number (first, s_knobs [knob].most, &least) ||
        !span_number (last, s_knobs [knob].most, &most) ||
        least < s_knobs [knob].least || least > most)
        return -1;
    *range = (range_t){(unsigned) least, (unsigned) most};
    return 0;
}


static int
s_set_percent (double *percent, const char *value)
{
    char *end = NULL;
    double number = strtod (value, &end);
    if (!isdigit ((unsigned char) *value) || *end || number > 100)
        return -1;
    *percent = number;
    return 0;
}


int
options_set (world_options_t *self, const char *word)
{
    size_t size = strcspn (word, "=");
    if (word [size] == 0)
        return -1;
    for (size_t knob = 0; knob < KNOBS_COUNT; knob++) {
        const char *name = s_knobs [knob].name;
        if (strlen (name) != size || memcmp (name, word, size) != 0)
            continue;
        void *at = (char *) self + s_knobs [knob].at;
        if (s_knobs [knob].kind == KNOB_PERCENT)
            return s_set_percent (at, word + size + 1);
        if (s_knobs [knob].kind == KNOB_RANGE)
            return s_set_range (at, knob, word + size + 1);
        return s_set_number (self, knob, word + size + 1);
    }
    return -1;
}


static void
s_print_range (const range_t *range, char *buffer, size_t size)
{
    int used = snprintf (buffer, size, "%u", range->least);
    if (range->most > range->least)
        snprintf (buffer + used, size - (size_t) used, "-%u", range->most);
}


//  Write the value of a knob

static void
s_print (const world_options_t *self, size_t knob, char *buffer, size_t size)
{
    const void *at = (const char *) self + s_knobs [knob].at;
    switch (s_knobs [knob].kind) {
    case KNOB_SEED:
        snprintf (buffer, size, "%" PRIu64, *(const uint64_t *) at);
        break;
    case KNOB_COUNT:
        if (s_is_graph (self, at))
            snprintf (buffer, size, "%s", s_graphs [self->graph]);
        else
            snprintf (buffer, size, "%u", *(const unsigned *) at);
        break;
    case KNOB_RANGE:
        s_print_range (at, buffer, size);
        break;
    case KNOB_PERCENT:
        snprintf (buffer, size, "%g", *(const double *) at);
        break;
    case KNOB_SWITCH:
        snprintf (buffer, size, "%d", *(const bool *) at);
        break;
    }
}


void
options_print (const world_options_t *self, char *buffer, size_t size)
{
    buffer [0] = 0;
    size_t used = 0;
    for (size_t knob = 0; knob < KNOBS_COUNT && used < size; knob++) {
        char value [32];
        s_print (self, knob, value, sizeof (value));
        if (s_knobs [knob].kind != KNOB_SWITCH || strcmp (value, "0") != 0)
            used += (size_t) snprintf (buffer + used, size - used, " %s=%s",
                s_knobs [knob].name, value);
    }
}
