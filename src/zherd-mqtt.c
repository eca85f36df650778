/*  =========================================================================
    zherd-mqtt - a bridge from an MQTT broker to a herd

    Phones with OwnTracks publish where they are at a broker; each that does is
    a client of the herd.
    =========================================================================
*/

#include "io/program.h"
#include "mqtt/bridge.h"
#include "mqtt/broker.h"
#include "mqtt/diary.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium/randombytes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_CONFIG = 1, EXIT_START = 3 };

enum { OPTION_TLS = 256, OPTION_CA, OPTION_CERT, OPTION_KEY };

static const program_t s_program = {
    .name = DIARY_NAME,
    .usage = "usage: zherd-mqtt [-b HOST:PORT] [-s HOST:PORT]... [-t TOPIC] "
             "[-p FILE]\n"
             "                  [-i ID] [-l LOG] [--tls] [--ca FILE]\n"
             "                  [--cert FILE --key FILE]\n"
             "       zherd-mqtt -h | -V\n",
    .help =
        "\n"
        "Tell a herd where phones are that publish it with OwnTracks at an "
        "MQTT\n"
        "broker, until SIGTERM.  The topic, owntracks/USER/DEVICE, is the "
        "client's\n"
        "ID.\n"
        "\n"
        "  -b HOST:PORT   the broker (default 127.0.0.1:1883)\n"
        "  -s HOST:PORT   client port of a server (default 127.0.0.1:12000);\n"
        "                 of several, the next is told when one is gone\n"
        "  -t TOPIC       what to subscribe to (default owntracks/+/+)\n"
        "  -p FILE        log in as the file says, which has a line "
        "USER:PASSWORD\n"
        "                 and only its owner may be able to read\n"
        "  -i ID          client ID at the broker, of at most 23 bytes "
        "(default\n"
        "                 zherd-mqtt- and a random number); no two may have "
        "the\n"
        "                 same\n"
        "  -l LOG         append the log to this file, which must not be a\n"
        "                 symbolic link (default: standard output)\n"
        "  --tls          use TLS; the broker's certificate is checked by the\n"
        "                 authorities of the system\n"
        "  --ca FILE      the same by those in this file, in PEM\n"
        "  --cert FILE    our certificate for TLS, in PEM, for brokers that "
        "ask\n"
        "  --key FILE     its key, in PEM, not encrypted\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n"
        "\n"
        "The broker should retain messages, as OwnTracks asks it to: then "
        "whoever\n"
        "restarts, the herd gets the latest of each device again.  While no "
        "server\n"
        "can be reached, the latest of 100,000 devices waits.\n"
        "\n"
        "Each minute, and at the end, the log has counts; SIGUSR1 logs them "
        "at\n"
        "once, SIGHUP reopens the log.\n"
        "Exit codes: 1 wrong files, 2 usage error, 3 could not start.\n",
    .letters = PROGRAM_LETTERS "b:s:t:p:i:l:",
    .options = (const struct option []){{"tls", no_argument, NULL, OPTION_TLS},
        {"ca", required_argument, NULL, OPTION_CA},
        {"cert", required_argument, NULL, OPTION_CERT},
        {"key", required_argument, NULL, OPTION_KEY}, PROGRAM_OPTIONS},
};

//  The command line
typedef struct {
    bridge_options_t bridge;
    const char *log;  //  NULL = standard output
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
    return options->server_count < TELLER_SERVERS_MAX &&
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
    default:
        return s_take_tls (broker, option, optarg);
    }
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read_options (int argc, char **argv, options_t *options)
{
    const broker_options_t *broker = &options->bridge.broker;
    int status = program_read (&s_program, argc, argv, s_take_option, options);
    if (status >= 0)
        return status;
    if (optind < argc)
        return program_surplus (&s_program, argv [optind]);
    if (!broker->cert != !broker->key)
        return program_misuse (&s_program, "--cert and --key go together");
    if (options->bridge.server_count == 0)
        s_take_server (&options->bridge, "127.0.0.1:12000");
    const char *wrong = broker_check (broker);
    if (!wrong)
        return -1;
    fprintf (stderr, DIARY_NAME ": %s\n", wrong);
    return EXIT_CONFIG;
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
    bool begun = bridge_run (&options->bridge, diary);
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
    options_t options = {
        .bridge.broker = {.topic = "owntracks/+/+", .client_id = id}};
    s_take_endpoint (&options.bridge.broker.endpoint, "127.0.0.1:1883");
    int status = s_read_options (argc, argv, &options);
    if (status < 0)
        status = s_run (&options);
    return program_end (&s_program, status);
}
