/*  =========================================================================
    zherd-gateway - a server that joins its herd to those of other regions

    A server like the others, but without clients of its own: its one more peer
    is a stream of NATS, by which regions tell each other where clients are.
    =========================================================================
*/

#include "config/config.h"
#include "config/region.h"
#include "config/security.h"
#include "gateway/gateway.h"
#include "io/daemon.h"
#include "io/program.h"
#include "log/secret.h"

#include <stdio.h>
#include <stdlib.h>

//  Exit codes
enum { EXIT_CONFIG = 1, EXIT_START = 3 };

static const program_t s_program = {
    .name = "zherd-gateway",
    .usage = "usage: zherd-gateway [-l LOG] [-k KEYS] TOPOLOGY SERVER\n"
             "       zherd-gateway -h | -V\n",
    .help =
        "\n"
        "Serve as SERVER, a gateway of the herd that the file TOPOLOGY\n"
        "describes.  Publish the locations of its region's clients in the\n"
        "NATS JetStream stream that the section nats names, and take what\n"
        "other regions publish there.\n"
        "\n"
        "  -l LOG         append the log to this file, which must not be a\n"
        "                 symbolic link (default: standard output)\n"
        "  -k KEYS        take keys from this folder, not from that of "
        "mesh/keys\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n"
        "\n"
        "SIGTERM ends the gateway once it has published what it knows; SIGHUP\n"
        "reopens the log and reads TOPOLOGY and keys again.\n"
        "Exit codes: 1 wrong topology, 2 usage error, 3 could not start.\n",
    .letters = PROGRAM_LETTERS "l:k:",
    .options = (const struct option []){PROGRAM_OPTIONS},
};

typedef struct {
    const char *log;
    const char *keys;
    const char *topology;
    const char *server;
} options_t;


static bool
s_take_option (void *context, int option)
{
    options_t *self = context;
    if (option == 'k')
        self->keys = optarg;
    else
        self->log = optarg;
    return true;
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read_options (options_t *self, int argc, char *argv [])
{
    int status = program_read (&s_program, argc, argv, s_take_option, self);
    if (status < 0)
        status = program_words (
            &s_program, argc, argv, &self->topology, &self->server);
    if (status < 0 && !self->server)
        status =
            program_misuse (&s_program, "which server of %s?", self->topology);
    return status;
}


//  Return false, all being said, if the server is none that we can be

static bool
s_is_ours (config_t *config, const options_t *options, int server)
{
    return server >= 0 && region_permits (config, (size_t) server, true) &&
           (!options->keys || security_use_keys (config, options->keys)) &&
           security_permits (config);
}


static int
s_serve (config_t **config_p, size_t server, const char *log)
{
    daemon_t *daemon = daemon_new (config_p, server, log, &gateway_abroad);
    if (daemon)
        daemon_run (daemon);
    int code = daemon ? EXIT_SUCCESS : EXIT_START;
    daemon_destroy (&daemon);
    gateway_end ();
    return code;
}


int
main (int argc, char *argv [])
{
    options_t options = {.log = NULL};
    gateway_begin ();
    int code = s_read_options (&options, argc, argv);
    if (code >= 0)
        return code;
#ifdef ZHERD_CLOSED
    secret_close_memory ();
#endif
    config_t *config = config_new (options.topology);
    if (!config)
        return EXIT_CONFIG;
    int server = config_seek (config, options.server);
    code = s_is_ours (config, &options, server)
               ? s_serve (&config, (size_t) server, options.log)
               : EXIT_CONFIG;
    config_destroy (&config);
    return code;
}
