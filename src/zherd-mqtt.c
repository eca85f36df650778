/*  =========================================================================
    zherd-mqtt - a bridge between an MQTT broker and a herd

    Phones with OwnTracks publish where they are at a broker; each that does is
    a client of the herd.  Or the other way: what a herd knows is published.
    =========================================================================
*/

#include "io/program.h"
#include "mqtt/bridge.h"
#include "mqtt/broker.h"
#include "mqtt/diary.h"
#include "mqtt/feed.h"
#include "mqtt/publisher.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium/randombytes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_CONFIG = 1, EXIT_START = 3 };

enum {
    OPTION_TLS = 256,
    OPTION_CA,
    OPTION_CERT,
    OPTION_KEY,
    OPTION_PUBLISH,
    OPTION_PREFIX,
    OPTION_TOKEN
};

static const program_t s_program = {
    .name = DIARY_NAME,
    .usage = "usage: zherd-mqtt [-b HOST:PORT] [-s HOST:PORT]... [-t TOPIC] "
             "[-p FILE]\n"
             "                  [-i ID] [-l LOG] [--tls] [--ca FILE]\n"
             "                  [--cert FILE --key FILE]\n"
             "       zherd-mqtt --publish [--prefix TOPIC] [--token FILE] ...\n"
             "       zherd-mqtt -h | -V\n",
    .help =
        "\n"
        "Report to a herd the locations that phones with OwnTracks publish at "
        "an\n"
        "MQTT broker, until SIGTERM.  The topic, owntracks/USER/DEVICE, is "
        "the\n"
        "client's ID.  With --publish, publish the clients of a herd at the "
        "broker:\n"
        "the newest location of each, as GeoJSON, retained, at zherd/ID.\n"
        "\n"
        "  -b HOST:PORT   the broker (default 127.0.0.1:1883)\n"
        "  -s HOST:PORT   client port of a server (default 127.0.0.1:12000); "
        "with\n"
        "                 --publish its HTTP port (default 127.0.0.1:16000);\n"
        "                 if there are several, use the next when one is gone\n"
        "  -t TOPIC       what to subscribe to (default owntracks/+/+)\n"
        "  -p FILE        log in with the line USER:PASSWORD of this file, "
        "which\n"
        "                 only its owner may be able to read\n"
        "  -i ID          client ID at the broker, of at most 23 bytes "
        "(default\n"
        "                 zherd-mqtt- and a random number); no two may have "
        "the\n"
        "                 same\n"
        "  -l LOG         append the log to this file, which must not be a\n"
        "                 symbolic link (default: standard output)\n"
        "  --tls          use TLS, and check the broker's certificate by the\n"
        "                 authorities of the system\n"
        "  --ca FILE      the same, by the authorities in this file, in PEM\n"
        "  --cert FILE    certificate to show to brokers that ask for one, in "
        "PEM\n"
        "  --key FILE     its key, in PEM, not encrypted\n"
        "  --prefix TOPIC first part of the topics published (default zherd)\n"
        "  --token FILE   file with a token that may read, for servers that "
        "ask for\n"
        "                 one; only its owner may be able to read the file\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n"
        "\n"
        "The broker should retain messages, as OwnTracks asks it to: then the "
        "herd\n"
        "gets the latest report of each device again, whichever program "
        "restarts.\n"
        "While no server can be reached, the latest reports of up to 100,000 "
        "devices\n"
        "wait.\n"
        "\n"
        "The counts are logged each minute in which they change, and at the "
        "end.\n"
        "SIGUSR1 logs them at once; SIGHUP reopens the log.\n"
        "Exit codes: 1 wrong files, 2 usage error, 3 could not start.\n",
    .letters = PROGRAM_LETTERS "b:s:t:p:i:l:",
    .options = (const struct option []){{"tls", no_argument, NULL, OPTION_TLS},
        {"publish", no_argument, NULL, OPTION_PUBLISH},
        {"prefix", required_argument, NULL, OPTION_PREFIX},
        {"token", required_argument, NULL, OPTION_TOKEN},
        {"ca", required_argument, NULL, OPTION_CA},
        {"cert", required_argument, NULL, OPTION_CERT},
        {"key", required_argument, NULL, OPTION_KEY}, PROGRAM_OPTIONS},
};

#define PREFIX_SIZE_MAX 256

//  The command line
typedef struct {
    bridge_options_t bridge;
    bool publish;
    const char *prefix;  //  NULL = the default
    const char *token;   //  NULL = none
    const char *log;     //  NULL = standard output
} options_t;


static bool
s_take_endpoint (endpoint_t *endpoint, const char *text)
{
    return !endpoint_read (endpoint, span_of (text)) &&
           !endpoint_is_any (endpoint);
}


static bool
s_take_server (bridge_options_t *options, const char *text)
{
    return options->server_count < SERVERS_MAX &&
           s_take_endpoint (&options->servers [options->server_count++], text);
}


static bool
s_take_client_id (broker_options_t *options, const char *text)
{
    options->client_id = text;
    return *text && strlen (text) <= BROKER_CLIENT_ID_SIZE_MAX;
}


//  An option of TLS asks for it, too

static bool
s_take_tls (broker_options_t *options, int option, const char *text)
{
    options->tls = true;
    if (option == OPTION_CA)
        options->ca = text;
    else if (option == OPTION_CERT)
        options->cert = text;
    else if (option == OPTION_KEY)
        options->key = text;
    return true;
}


//  Take an option, as program_take_fn has it

static bool
s_take_option (void *context, int option)
{
    options_t *options = context;
    broker_options_t *broker = &options->bridge.broker;
    switch (option) {
    case 'b':
        return s_take_endpoint (&broker->endpoint, optarg);
    case 's':
        return s_take_server (&options->bridge, optarg);
    case 't':
        broker->topic = optarg;
        return true;
    case 'p':
        broker->login = optarg;
        return true;
    case 'i':
        return s_take_client_id (broker, optarg);
    case 'l':
        options->log = optarg;
        return true;
    case OPTION_PUBLISH:
        return options->publish = true;
    case OPTION_PREFIX:
        options->prefix = optarg;
        return *optarg && !strpbrk (optarg, "+#") &&
               strlen (optarg) < PREFIX_SIZE_MAX;
    case OPTION_TOKEN:
        options->token = optarg;
        return true;
    default:
        return s_take_tls (broker, option, optarg);
    }
}


//  Return what is wrong with the options as a whole, or NULL

static const char *
s_find_fault (const options_t *options)
{
    const broker_options_t *broker = &options->bridge.broker;
    if (!broker->cert != !broker->key)
        return "--cert and --key go together";
    if (options->publish && broker->topic)
        return "-t is for what is subscribed to, not for --publish";
    if (!options->publish && (options->prefix || options->token))
        return "--prefix and --token go with --publish";
    return NULL;
}


static void
s_preset (options_t *options)
{
    if (options->bridge.server_count == 0)
        s_take_server (&options->bridge,
            options->publish ? "127.0.0.1:16000" : "127.0.0.1:12000");
    if (!options->publish && !options->bridge.broker.topic)
        options->bridge.broker.topic = "owntracks/+/+";
    if (!options->prefix)
        options->prefix = "zherd";
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read_options (int argc, char **argv, options_t *options)
{
    int status = program_read (&s_program, argc, argv, s_take_option, options);
    if (status >= 0)
        return status;
    if (optind < argc)
        return program_surplus (&s_program, argv [optind]);
    const char *fault = s_find_fault (options);
    if (fault)
        return program_misuse (&s_program, "%s", fault);
    s_preset (options);
    const char *wrong = broker_check (&options->bridge.broker);
    const char *bad = options->token ? feed_check (options->token) : NULL;
    if (wrong)
        fprintf (stderr, DIARY_NAME ": %s\n", wrong);
    else if (bad)
        fprintf (stderr, DIARY_NAME ": %s: %s\n", options->token, bad);
    return wrong || bad ? EXIT_CONFIG : -1;
}


static int
s_run (const options_t *options)
{
    diary_t *diary = diary_new (options->log);
    if (!diary) {
        fprintf (stderr, DIARY_NAME ": can't write the log %s: %s\n",
            options->log ? options->log : "to standard output",
            strerror (errno));
        return EXIT_START;
    }
    const publisher_options_t publisher = {.bridge = &options->bridge,
        .prefix = options->prefix,
        .token = options->token};
    bool begun = options->publish ? publisher_run (&publisher, diary)
                                  : bridge_run (&options->bridge, diary);
    if (!begun)
        fprintf (
            stderr, DIARY_NAME ": could not start: %s\n", strerror (errno));
    diary_destroy (&diary);
    return begun ? 0 : EXIT_START;
}


int
main (int argc, char **argv)
{
    char id [BROKER_CLIENT_ID_SIZE_MAX + 1];
    snprintf (id, sizeof (id), "zherd-mqtt-%08" PRIx32, randombytes_random ());
    options_t options = {.bridge.broker = {.client_id = id}};
    s_take_endpoint (&options.bridge.broker.endpoint, "127.0.0.1:1883");
    int status = s_read_options (argc, argv, &options);
    if (status < 0)
        status = s_run (&options);
    return program_end (&s_program, status);
}
