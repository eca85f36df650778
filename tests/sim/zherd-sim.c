/*  =========================================================================
    zherd-sim - herds in every weather, as many as you like

    "make sim" runs it.  For each seed: a herd, a storm of faults and updates,
    the rules checked at every step, and then calm, in which all must agree.
    Words on the command line, NAME=value, turn the knobs of tests/sim/options
    in all worlds; what is not said, the seed decides.
    =========================================================================
*/

#include "config/config.h"
#include "sim/storm.h"
#include "sim/upheaval.h"
#include "sim/weather.h"

#include <czmq.h>
#include <inttypes.h>

#define BEAT_MS ((int64_t) FLOOD_BEAT_MS)
#define SERVERS_LEAST 2
#define SERVERS_MAX 40
#define WORDS_MAX 64

typedef struct {
    char *words [WORDS_MAX];  //  Knobs, in lower case
    unsigned word_count;
    uint64_t first;      //  Seed
    uint64_t last;       //
    bool story;          //  Tell all that happens
    uint64_t beats;      //  Of storm
    uint64_t limit;      //  Beats of calm until all must agree
    config_t *topology;  //  Or NULL
    int victim;          //  Server that is killed for good, or -1
    int64_t *took_ms;    //  Of the seeds that converged
    int64_t worst_ms;    //
    uint64_t worst;      //  Seed
    size_t converged;    //
    size_t run;          //
    tally_t tally;       //
    uint64_t published;  //  Messages of regions that the engine stored,
    uint64_t delivered;  //  and sent
    uint64_t kept;       //  In streams at the end
} sim_t;


static void
s_help (void)
{
    puts (
        "usage: make sim [NAME=value ...]\n"
        "  SEEDS=1000          how many, or the first and last: 1001-2000\n"
        "  SEED=7              one, and all that happens in it\n"
        "  TOPOLOGY=file.zpl   the file's servers and links\n"
        "  KILL=Ball           dies half-way and stays dead\n"
        "  BEATS=15 LIMIT=60   heartbeats of storm, and then to agree\n"
        "  NO_AUDIT=1 STAMPS_ONLY=1   without what makes herds agree\n"
        "  NO_WINDOW=1 NO_LATE_ACKS=1   without what keeps slow lines going\n"
        "  REGIONS=20          herds, joined by an engine, and of SERVERS all\n"
        "                      GATEWAYS=1-2 of each are gateways\n"
        "  OCEAN=10-150        ms from a gateway to the engine\n"
        "  NO_JOIN=1           gateways of region 0 keep what comes last\n"
        "  NO_STRIKES=1        updates, and no faults but those below\n"
        "  SERVERS LINKS GRAPH=ring|tree|random|mesh\n"
        "  LOSS REPEATS REORDER SLOW CORRUPT GARBAGE IMPOSTORS TAMPER LATE\n"
        "                      percent\n"
        "  RATE=5000 DELAY=0-300 BUFFER=4096   of lines: kbit/s, ms, KiB\n"
        "  CROWD=400           clients of a kilobyte, told to one server\n"
        "  WINDOW DELAY_MIN_US DELAY_MAX_US RECONNECT_MS SKEW_MS\n"
        "                      by the seed if not said");
}


static bool
s_number (const char *text, uint64_t *number)
{
    return span_number (span_of (text), UINT64_MAX, number);
}


//  Read a count of seeds, or the first and the last

static bool
s_set_seeds (sim_t *self, const char *value)
{
    span_t last = span_of (value);
    span_t first = span_until (&last, '-');
    if (last.size == 0) {
        last = first;
        first = span_of ("1");
    }
    return span_number (first, UINT64_MAX, &self->first) &&
           span_number (last, UINT64_MAX - 1, &self->last) &&
           self->first <= self->last;
}


static bool
s_set_knob (sim_t *self, const char *name, const char *value)
{
    world_options_t options = options_default ();
    char *word = zsys_sprintf ("%s=%s", name, value);
    if (self->word_count == WORDS_MAX || options_set (&options, word)) {
        zstr_free (&word);
        return false;
    }
    self->words [self->word_count++] = word;
    return true;
}


//  Take a word of the command line.  KILL comes to *victim, since it may be
//  said before the topology

static bool
s_set (sim_t *self, const char *word, const char **victim)
{
    char name [20];
    size_t size = 0;
    for (; word [size] && word [size] != '=' && size + 1 < sizeof (name);
         size++)
        name [size] = (char) tolower ((unsigned char) word [size]);
    name [size] = 0;
    const char *value = word + size + 1;
    if (word [size] != '=')
        return false;
    if (streq (name, "seeds"))
        return s_set_seeds (self, value);
    if (streq (name, "seed")) {
        self->story = s_number (value, &self->first);
        self->last = self->first;
        return self->story;
    }
    if (streq (name, "beats"))
        return s_number (value, &self->beats) && self->beats <= 100000;
    if (streq (name, "limit"))
        return s_number (value, &self->limit) && self->limit <= 100000;
    if (streq (name, "kill")) {
        *victim = value;
        return true;
    }
    if (streq (name, "topology")) {
        config_destroy (&self->topology);
        self->topology = config_new (value);
        return self->topology != NULL;
    }
    return s_set_knob (self, name, value);
}


//  Turn the knobs as was said

static void
s_turn (const sim_t *self, world_options_t *options)
{
    for (unsigned word = 0; word < self->word_count; word++) {
        int set = options_set (options, self->words [word]);
        assert (set == 0);
    }
}


//  Return the number of the server named, or -1

static int
s_find (const sim_t *self, const char *name)
{
    uint64_t number;
    if (self->topology)
        return config_find (self->topology, name);
    world_options_t options = options_default ();
    options.servers = SERVERS_LEAST;
    s_turn (self, &options);
    return *name == 's' && s_number (name + 1, &number) &&
                   number < options.servers
               ? (int) number
               : -1;
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read (sim_t *self, int argc, char **argv)
{
    const char *victim = NULL;
    for (int at = 1; at < argc; at++) {
        if (strncmp (argv [at], "HELP=", 5) == 0) {
            s_help ();
            return 0;
        }
        //  What is wrong with a topology is said already
        bool said = strncasecmp (argv [at], "TOPOLOGY=", 9) == 0;
        if (s_set (self, argv [at], &victim))
            continue;
        if (!said)
            fprintf (stderr,
                "zherd-sim: what is %s?  \"make sim HELP=1\" tells more.\n",
                argv [at]);
        return 2;
    }
    self->victim = victim ? s_find (self, victim) : -1;
    if (victim && self->victim < 0) {
        fprintf (stderr, "zherd-sim: there is no server %s\n", victim);
        return 2;
    }
    self->took_ms = calloc (self->last - self->first + 1, sizeof (int64_t));
    assert (self->took_ms);
    return -1;
}


//  Return the options of a seed for as many regions as was said

static world_options_t
s_seed_options (const sim_t *self, uint64_t seed)
{
    world_options_t options = options_default ();
    s_turn (self, &options);
    return options.regions ? upheaval_options (seed, options.regions)
                           : storm_options (seed, SERVERS_MAX);
}


//  The world of a seed: its own choice, but for what was said

static world_options_t
s_options (const sim_t *self, uint64_t seed, const char **names)
{
    world_options_t options = s_seed_options (self, seed);
    if (self->topology) {
        options.servers = (unsigned) self->topology->server_count;
        options.graph = WORLD_BARE;
        for (size_t at = 0; at < self->topology->server_count; at++)
            names [at] = self->topology->servers [at].name;
        options.names = names;
    }
    unsigned servers = options.servers;
    s_turn (self, &options);
    if (options.servers != servers)
        options.links = 0;
    if (options.calm) {
        weather_calm (&options);
        options.impostors = options.tamper = 0;
    }
    //  Changed bytes make new clients, of which any copy may change again:
    //  among very many servers, for ever
    if (options.servers > SERVERS_MAX)
        options.corrupt = 0;
    s_turn (self, &options);
    if (options.graph == WORLD_MESH && options.servers > TABLE_PEERS_MAX)
        options.graph = WORLD_RANDOM;
    options.trace = self->story;
    options.quiet = !self->story;
    return options;
}


static void
s_join (const sim_t *self, world_t *world)
{
    size_t count = self->topology ? self->topology->server_count : 0;
    for (unsigned one = 0; one < count; one++)
        for (unsigned other = one + 1; other < count; other++)
            if (self->topology->servers [one].peers >> other & 1)
                world_join (world, one, other);
}


//  Let it storm, as tests do, then calm down, as storm_end does.  Who is to die
//  does so between two storms

static int64_t
s_weather (const sim_t *self, world_t *world, const world_options_t *options,
    const char **fault)
{
    int64_t storm_ms = (int64_t) self->beats * BEAT_MS;
    int64_t limit_ms = (int64_t) self->limit * BEAT_MS;
    if (self->victim >= 0) {
        storm_run (world, options, storm_ms / 2);
        world_retire (world, (unsigned) self->victim);
        storm_ms -= storm_ms / 2;
    }
    storm_run (world, options, storm_ms);
    return storm_end (world, limit_ms, fault);
}


static void
s_tell_failure (
    const sim_t *self, uint64_t seed, const char *fault, const char *why)
{
    printf ("seed %" PRIu64 " %s%s\n  its story: make sim SEED=%" PRIu64, seed,
        fault, why, seed);
    if (self->topology)
        printf (" TOPOLOGY=%s", self->topology->file);
    if (self->victim >= 0 && self->topology)
        printf (" KILL=%s", self->topology->servers [self->victim].name);
    else if (self->victim >= 0)
        printf (" KILL=s%d", self->victim);
    printf (" BEATS=%" PRIu64 " LIMIT=%" PRIu64, self->beats, self->limit);
    for (unsigned word = 0; word < self->word_count; word++) {
        printf (" ");
        for (const char *at = self->words [word]; *at && *at != '='; at++)
            putchar (toupper ((unsigned char) *at));
        printf ("%s", strchr (self->words [word], '='));
    }
    puts ("");
    fflush (stdout);
}


//  Return true if the dead leave the others in parts

static bool
s_is_split (const world_t *world, unsigned servers)
{
    const network_t *network = world_network (world);
    bool *found = calloc (servers, sizeof (bool));
    unsigned *next = calloc (servers, sizeof (unsigned));
    assert (found && next);
    size_t alive = 0;
    size_t count = 0;
    for (unsigned server = 0; server < servers; server++)
        if (network_state (network, server) != HOST_DEAD && !alive++) {
            found [server] = true;
            next [count++] = server;
        }
    for (size_t at = 0; at < count; at++)
        for (unsigned peer = 0; peer < network_degree (network, next [at]);
             peer++) {
            unsigned server = network_peer (network, next [at], peer);
            if (found [server] || network_state (network, server) == HOST_DEAD)
                continue;
            found [server] = true;
            next [count++] = server;
        }
    free (found);
    free (next);
    return count < alive;
}


static void
s_run_seed (sim_t *self, uint64_t seed)
{
    const char *names [CONFIG_SERVERS_MAX];
    world_options_t options = s_options (self, seed, names);
    world_t *world = world_new (&options);
    s_join (self, world);
    const char *fault;
    int64_t took_ms = s_weather (self, world, &options, &fault);
    const char *broken = world_broken (world);
    self->run++;
    if (took_ms > self->worst_ms) {
        self->worst_ms = took_ms;
        self->worst = seed;
    }
    if (took_ms >= 0)
        self->took_ms [self->converged++] = took_ms;
    else if (broken)
        s_tell_failure (self, seed, "breaks a rule: ", broken);
    else
        s_tell_failure (self, seed, fault,
            options.regions == 0 && s_is_split (world, options.servers)
                ? ": who is dead splits the herd"
                : "");
    tally_t tally = world_tally (world);
    tally_add (&self->tally, &tally);
    if (world_gateways (world)) {
        engine_counts_t counts =
            engine_counts (gateways_engine (world_gateways (world)));
        self->published += counts.published;
        self->delivered += counts.delivered;
        self->kept += counts.kept;
    }
    world_destroy (&world);
}


static int
s_compare (const void *one, const void *other)
{
    int64_t first;
    int64_t second;
    memcpy (&first, one, sizeof (first));
    memcpy (&second, other, sizeof (second));
    return (first > second) - (first < second);
}


static void
s_summarize (const sim_t *self)
{
    static const char *const kinds [] = {[MESSAGE_STATE] = "STATE",
        [MESSAGE_BATCH] = "BATCH",
        [MESSAGE_NODE] = "NODE",
        [MESSAGE_LEAF] = "LEAF",
        [MESSAGE_WANT] = "WANT",
        [MESSAGE_PUT] = "PUT"};
    const tally_t *tally = &self->tally;
    printf ("converged %zu of %zu\n", self->converged, self->run);
    if (self->converged) {
        qsort (self->took_ms, self->converged, sizeof (int64_t), s_compare);
        size_t middle = self->converged / 2;
        printf ("heartbeats to converge: median %.1f, worst %.1f (seed %" PRIu64
                ")\n",
            (double) self->took_ms [middle] / BEAT_MS,
            (double) self->worst_ms / BEAT_MS, self->worst);
    }
    if (tally->updates)
        printf ("copies per update: %.1f, restarts and losses included\n",
            (double) tally->records / (double) tally->updates);
    if (tally->updates && self->published)
        printf ("per update: %.2f messages published, %.2f delivered; "
                "%.1f kept in a stream\n",
            (double) self->published / (double) tally->updates,
            (double) self->delivered / (double) tally->updates,
            (double) self->kept / (double) self->run);
    printf ("repairs: %" PRIu64 " in %" PRIu64 " audits\n", tally->repairs,
        tally->audits);
    for (int kind = MESSAGE_STATE; kind <= MESSAGE_PUT; kind++)
        printf ("%-5s %10" PRIu64 " messages %12" PRIu64 " bytes\n",
            kinds [kind], tally->messages [kind], tally->bytes [kind]);
}


int
main (int argc, char **argv)
{
    sim_t self = {
        .first = 1, .last = 1000, .beats = 15, .limit = 60, .victim = -1};
    int code = s_read (&self, argc, argv);
    bool terminal = isatty (STDERR_FILENO) && !self.story;
    for (uint64_t seed = self.first; code < 0 && seed <= self.last; seed++) {
        s_run_seed (&self, seed);
        if (terminal)
            fprintf (stderr, "\r%zu of %" PRIu64 " seeds, %zu converged ",
                self.run, self.last - self.first + 1, self.converged);
    }
    if (terminal && code < 0)
        fprintf (stderr, "\n");
    if (code < 0) {
        s_summarize (&self);
        code = self.converged < self.run;
    }
    config_destroy (&self.topology);
    for (unsigned word = 0; word < self.word_count; word++)
        zstr_free (&self.words [word]);
    free (self.took_ms);
    return code;
}
