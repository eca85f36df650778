/*  =========================================================================
    options - what the load generator was told to do
    =========================================================================
*/

#include "load/options.h"

#include "base/decimal.h"
#include "command/command.h"

#include <czmq.h>

#define CONNECTIONS_MAX 1000000
#define DEPTH_MAX 100000
#define OUTSTANDING_MAX 2000000
#define SECONDS_MAX 86400
#define RATE_MAX 100000000
#define BILLION 1000000000

static const char s_usage [] = "usage: zherd-load [options] [HOST:]PORT...\n"
                               "       zherd-load propagate [options] FROM TO\n"
                               "       zherd-load listen [options] "
                               "[HOST:]PORT...\n"
                               "       zherd-load -h | -V\n";

static const char s_help [] =
    "\n"
    "Load the servers of a herd and report how many requests they answer, and "
    "how\n"
    "quickly.  propagate reports how long it takes until another server knows "
    "an\n"
    "IAMAT; listen, how old events are when listeners get them.  HOST is a "
    "name or an\n"
    "address, 127.0.0.1 by default; write an IPv6 address in brackets: "
    "[::1]:12000.\n"
    "\n"
    "  -c N        connections, spread over the servers in turn (50); for "
    "churn\n"
    "              and phones, the most at once\n"
    "  -d N        requests outstanding on each connection, sent without "
    "waiting (1)\n"
    "  -k N        client IDs, divided among the connections (10000)\n"
    "  -w WORK     iamat: locations, each newer than the client's last "
    "(default)\n"
    "              whatsat: lookups of locations that were sent before\n"
    "              mixed: nine iamats to one whatsat\n"
    "              http: locations put over HTTP, at the server's http port\n"
    "              near: questions for who is near, over HTTP, at the same "
    "port\n"
    "              churn: a connection for each iamat, closed after the reply\n"
    "              phones: like churn, but -k phones that report over HTTP as "
    "OsmAnd\n"
    "              does: with -k 10000 -r 1000, each phone every ten seconds\n"
    "              idle: silent connections: report how many were opened, how "
    "many\n"
    "              are open at the end, and with --pid the memory of each\n"
    "  -t SECONDS  how long to run (10; propagate: until 2000 updates count)\n"
    "  -n N        how many requests to send, or updates to count; with -t,\n"
    "              whichever ends first\n"
    "  -r RATE     requests a second, over all connections together, evenly "
    "spaced,\n"
    "              whether or not replies come; latency counts from the time "
    "when\n"
    "              each request was due.  Without -r, each reply causes the "
    "next\n"
    "              request.\n"
    "  -R KM       radius of a whatsat, of near, or of a listener's circle "
    "(10)\n"
    "  -B N        bound of a whatsat, limit of near (5)\n"
    "  -s SPEECH   zherd (default), echo (any line is a reply), redis "
    "(GEOADD),\n"
    "              redis-publish (GEOADD, and PUBLISH of the line)\n"
    "  -p SECONDS  time between lines of progress on standard error (1 at a\n"
    "              terminal, else none): time, replies a second, p99 so far,\n"
    "              errors; of propagate: time, updates counted, p50 and p90 so "
    "far\n"
    "  --walk      clients walk, at most 100 m a report, instead of jumping "
    "all over\n"
    "              their city\n"
    "  --load-ids  before measuring, send one location for every ID\n"
    "  --feed      listeners follow all clients, not circles of the city\n"
    "  --deaf N    listeners that do not read (0)\n"
    "  --settle [HOST:]PORT[,...]\n"
    "              also count the time until all these servers know every "
    "update,\n"
    "              that is, until they know one more client, which is sent "
    "last and\n"
    "              asked for once a millisecond\n"
    "  --pid PID[,...]\n"
    "              report the CPU time that these processes used meanwhile, "
    "and their\n"
    "              memory before the first connection and after the last "
    "reply\n"
    "  --json      print a JSON object in place of the table\n"
    "  -V, --version, -h, --help\n"
    "              show the version; show this text\n"
    "\n"
    "Every reply is checked: an IAMAT's must begin with AT, a WHATSAT's must "
    "also\n"
    "end with an empty line, an HTTP response must be 200.  Wrong, missing "
    "and\n"
    "surplus replies are errors, and so are connections that are refused, "
    "closed, or\n"
    "silent for ten seconds.  Other connections go on, and churn and phones "
    "open\n"
    "another.  Throughput and latency count right replies only; without any "
    "they are\n"
    "- (null in JSON).  With whatsat and mixed use --load-ids, unless the "
    "servers\n"
    "know all IDs.\n"
    "Time counts from the first request to the last reply.  Without -r, the "
    "latency\n"
    "of churn counts from connecting.  On loopback, churn and phones connect "
    "from\n"
    "127.0.0.1 to 127.0.0.250 in turn, because a port rests for a minute after "
    "use.\n"
    "Quantiles are at most 1 % too high.\n";

static const char s_more [] =
    "\n"
    "propagate sends IAMATs of new clients to FROM, -r a second (100), not "
    "quite\n"
    "evenly.  For each it sends one WHATSAT to TO, after a delay.  It adjusts "
    "the\n"
    "delay until half of the WHATSATs find the client (p50), and nine of ten "
    "(p90).\n"
    "The delay is the time from just before the IAMAT is sent to just before "
    "the\n"
    "WHATSAT is sent, plus half a round trip at TO.  An update counts if its "
    "WHATSAT\n"
    "leaves in time.  Without -n and -t, propagate runs until 2000 updates "
    "count, a\n"
    "sufficient sample, but sends 6000 at most.\n"
    "\n"
    "listen opens -c streams at the servers' http ports for -t seconds, each "
    "for a\n"
    "circle of -R km in the city where clients are, while another zherd-load "
    "on\n"
    "this machine moves the clients.  It counts the events stamped in that "
    "time, and\n"
    "reports how long after its stamp each event came.  A stream that is "
    "refused, or\n"
    "that ends, is an error.\n"
    "\n"
    "Exit codes: 1 errors, 2 usage error.\n"
    "\n"
    "  zherd-load -c 50 -d 32 12000\n"
    "  zherd-load -r 1000 --settle 12001,12002 --pid 4711,4712 12000\n"
    "  zherd-load propagate 12000 12003\n"
    "  zherd-load listen -c 1000 -R 1 --deaf 10 16000\n";

static const char *const s_workloads [] = {
    "iamat", "whatsat", "mixed", "http", "near", "churn", "phones", "idle"};

//  The last two go with http, near and phones, and have no option
static const char *const s_speeches [] = {
    "zherd", "echo", "redis", "redis-publish", "put", "osmand"};

static const struct option s_names [] = {
    {"walk", no_argument, NULL, 'W'},
    {"load-ids", no_argument, NULL, 'L'},
    {"feed", no_argument, NULL, 'F'},
    {"deaf", required_argument, NULL, 'D'},
    {"settle", required_argument, NULL, 'S'},
    {"pid", required_argument, NULL, 'P'},
    {"json", no_argument, NULL, 'J'},
    PROGRAM_OPTIONS,
};

const program_t options_program = {
    .name = "zherd-load",
    .usage = s_usage,
    .help = s_help,
    .more = s_more,
    .letters = PROGRAM_LETTERS "c:d:k:w:s:r:t:n:p:R:B:",
    .options = s_names,
};


const char *
options_workload (workload_t workload)
{
    return s_workloads [workload];
}


const char *
options_speech (speech_t speech)
{
    return s_speeches [speech];
}


static bool
s_read_count (const char *text, uint32_t max, uint32_t *count)
{
    uint64_t number;
    if (!span_number (span_of (text), max, &number) || number == 0)
        return false;
    *count = (uint32_t) number;
    return true;
}


static bool
s_read_decimal (const char *text, int64_t max, double *number)
{
    int64_t billionths;
    if (!decimal_read_plain (span_of (text), 9, max * BILLION, &billionths) ||
        billionths == 0)
        return false;
    *number = (double) billionths / BILLION;
    return true;
}


//  Return which of the names the text is, or count

static unsigned
s_read_name (const char *text, const char *const names [], unsigned count)
{
    unsigned index = 0;
    while (index < count && !streq (text, names [index]))
        index++;
    return index;
}


static bool
s_read_workload (const char *text, workload_t *workload)
{
    const unsigned count = sizeof (s_workloads) / sizeof (*s_workloads);
    *workload = (workload_t) s_read_name (text, s_workloads, count);
    return *workload < count;
}


static bool
s_read_speech (const char *text, speech_t *speech)
{
    *speech = (speech_t) s_read_name (text, s_speeches, SPEECH_PUT);
    return *speech < SPEECH_PUT;
}


//  Call with each part of a list that commas separate.  Returns false if one
//  is bad, which is left as the option's argument.

static bool
s_read_list (options_t *self, char *text, bool (*read) (options_t *, char *))
{
    char *rest = text, *part;
    while ((part = strsep (&rest, ",")))
        if (!read (self, part)) {
            optarg = part;
            return false;
        }
    return true;
}


static bool
s_add_target (targets_t *targets, const char *text)
{
    if (targets->count == OPTIONS_TARGETS_MAX) {
        fprintf (
            stderr, "zherd-load: more than %d servers\n", OPTIONS_TARGETS_MAX);
        return false;
    }
    return target_parse (&targets->list [targets->count++], text);
}


static bool
s_add_settle (options_t *self, char *text)
{
    return s_add_target (&self->settle, text);
}


static bool
s_add_pid (options_t *self, char *text)
{
    uint32_t pid;
    if (self->pid_count == OPTIONS_PIDS_MAX ||
        !s_read_count (text, INT32_MAX, &pid))
        return false;
    self->pids [self->pid_count++] = (pid_t) pid;
    return true;
}


static bool
s_read_bound (const char *text, unsigned *bound)
{
    uint64_t number = 0;
    bool good = span_number (span_of (text), COMMAND_BOUND_MAX, &number);
    *bound = (unsigned) number;
    return good;
}


//  The servers' own rules say what a radius is

static bool
s_is_radius (const char *text)
{
    char line [64];
    command_t command = {.kind = COMMAND_BAD};
    if (strlen (text) <= 32) {
        snprintf (line, sizeof (line), "WHATSAT c %s 0", text);
        command_parse (&command, span_of (line), LOCATION_CLIENT_SIZE_MAX);
    }
    return command.kind == COMMAND_WHATSAT;
}


//  Take an option, as program_take_fn has it

static bool
s_take_option (void *context, int option)
{
    options_t *self = context;
    switch (option) {
    case 'c':
        return s_read_count (optarg, CONNECTIONS_MAX, &self->connections);
    case 'd':
        return s_read_count (optarg, DEPTH_MAX, &self->depth);
    case 'k':
        return s_read_count (optarg, REQUEST_IDS_MAX, &self->ids);
    case 'w':
        return s_read_workload (optarg, &self->workload);
    case 's':
        return s_read_speech (optarg, &self->speech);
    case 'r':
        return s_read_decimal (optarg, RATE_MAX, &self->rate);
    case 't':
        return s_read_decimal (optarg, SECONDS_MAX, &self->seconds);
    case 'n':
        return span_number (span_of (optarg), INT64_MAX, &self->requests) &&
               self->requests;
    case 'p':
        return s_read_decimal (optarg, SECONDS_MAX, &self->progress);
    case 'R':
        self->radius = optarg;
        return s_is_radius (optarg);
    case 'B':
        return s_read_bound (optarg, &self->bound);
    case 'W':
        return self->walk = true;
    case 'L':
        return self->load_ids = true;
    case 'F':
        return self->feed = true;
    case 'D':
        return s_read_count (optarg, CONNECTIONS_MAX, &self->deaf);
    case 'S':
        return s_read_list (self, optarg, s_add_settle);
    case 'P':
        return s_read_list (self, optarg, s_add_pid);
    case 'J':
        return self->json = true;
    default:
        return false;
    }
}


static bool
s_is_http (workload_t workload)
{
    return workload == WORKLOAD_HTTP || workload == WORKLOAD_NEAR ||
           workload == WORKLOAD_PHONES;
}


//  Return what is wrong with the options as a whole, or NULL

static const char *
s_find_fault (const options_t *self)
{
    if (self->propagate && self->targets.count != 2)
        return "propagate needs FROM and TO";
    if (self->deaf > self->connections)
        return "--deaf is more than -c";
    if (!self->listen && (self->deaf || self->feed))
        return "--deaf and --feed go with listen";
    if (self->targets.count == 0)
        return "there is no server to load";
    if ((uint64_t) self->connections * self->depth > OUTSTANDING_MAX)
        return "connections times depth is more than 2000000";
    if (self->speech >= SPEECH_REDIS && (self->workload == WORKLOAD_WHATSAT ||
                                            self->workload == WORKLOAD_MIXED))
        return "redis knows no WHATSAT";
    if (self->speech && s_is_http (self->workload))
        return "-s goes with what is no HTTP";
    if (self->workload == WORKLOAD_NEAR && self->bound == 0)
        return "near asks for one client at least: -B is 1 to 20";
    if (self->rate > 0 && self->workload == WORKLOAD_IDLE)
        return "idle connections make no requests: -r goes with others";
    if (self->settle.count && self->speech != SPEECH_ZHERD)
        return "--settle goes with what servers of a herd are told";
    if (options_is_brief (self->workload) && self->depth > 1)
        return "churn and phones make one request on a connection: -d is 1";
    if (self->workload == WORKLOAD_IDLE && self->requests)
        return "idle connections make no requests: say -t, not -n";
    return NULL;
}


bool
options_is_brief (workload_t workload)
{
    return workload == WORKLOAD_CHURN || workload == WORKLOAD_PHONES;
}


int
options_read (options_t *self, int argc, char **argv)
{
    *self = (options_t){.connections = 50,
        .depth = 1,
        .ids = 10000,
        .radius = "10",
        .bound = 5,
        .progress = isatty (STDERR_FILENO) ? 1 : 0};
    int status =
        program_read (&options_program, argc, argv, s_take_option, self);
    if (status >= 0)
        return status;
    self->propagate = optind < argc && streq (argv [optind], "propagate");
    self->listen = optind < argc && streq (argv [optind], "listen");
    optind += self->propagate || self->listen;
    while (optind < argc)
        if (!s_add_target (&self->targets, argv [optind++]))
            return PROGRAM_MISUSE;
    if (self->seconds == 0 && self->requests == 0 && !self->propagate)
        self->seconds = 10;
    const char *fault = s_find_fault (self);
    if (s_is_http (self->workload))
        self->speech =
            self->workload == WORKLOAD_PHONES ? SPEECH_OSMAND : SPEECH_PUT;
    return fault ? program_misuse (&options_program, "%s", fault) : -1;
}
