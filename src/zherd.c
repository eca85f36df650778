/*  =========================================================================
    zherd - one server of an application server herd
    =========================================================================
*/

#include "config/caveats.h"
#include "config/config.h"
#include "io/daemon.h"
#include "log/secret.h"
#include "io/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

//  Exit codes
enum { EXIT_CONFIG = 1, EXIT_START = 3 };

static const program_t s_program = {
    .name = "zherd",
    .usage = "usage: zherd [-l LOG] TOPOLOGY SERVER\n"
             "       zherd -n TOPOLOGY [SERVER]\n"
             "       zherd -h | -V\n",
    .help =
        "\n"
        "Serve as SERVER of the herd that the file TOPOLOGY describes.\n"
        "\n"
        "  -l LOG         append the log to this file, which must not be a\n"
        "                 symbolic link (default: standard output)\n"
        "  -n             check TOPOLOGY, print what it says, warn of likely\n"
        "                 mistakes, and exit\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n"
        "\n"
        "SIGTERM ends it once replies and updates are delivered; SIGHUP\n"
        "reopens the log.  PLACES_API_KEY holds the key of the Places\n"
        "provider, HERD_SECRET a secret that all servers of the herd share.\n"
        "Exit codes: 1 wrong topology, 2 usage error, 3 could not start.\n",
    .letters = PROGRAM_LETTERS "nl:",
    .options = (const struct option []){PROGRAM_OPTIONS},
};

typedef struct {
    const char *log;
    const char *topology;
    const char *server;
    bool check;
} options_t;


static bool
s_take (void *context, int option)
{
    options_t *self = context;
    if (option == 'n')
        self->check = true;
    else
        self->log = optarg;
    return true;
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read_options (options_t *self, int argc, char *argv [])
{
    int status = program_read (&s_program, argc, argv, s_take, self);
    if (status >= 0)
        return status;
    int left = argc - optind;
    if (left == 0)
        return program_misuse (&s_program, "which topology?");
    if (left == 1 && !self->check)
        return program_misuse (
            &s_program, "which server of %s?", argv [optind]);
    if (left > 2)
        return program_surplus (&s_program, argv [optind + 2]);
    self->topology = argv [optind];
    self->server = argv [optind + 1];
    return -1;
}


//  Say that there is no such server, and which may be meant.  Returns what to
//  exit with.

static int
s_miss (const config_t *config, const char *server)
{
    fprintf (stderr, "%s: %s: servers: there is no server %s", s_program.name,
        config->file, server);
    for (size_t index = 0; index < config->server_count; index++)
        if (strcasecmp (server, config->servers [index].name) == 0)
            fprintf (
                stderr, "; did you mean %s?", config->servers [index].name);
    fputc ('\n', stderr);
    return EXIT_CONFIG;
}


static int
s_serve (const config_t *config, size_t server, const char *log)
{
    daemon_t *daemon = daemon_new (config, server, log);
    if (!daemon)
        return EXIT_START;
    daemon_run (daemon);
    daemon_destroy (&daemon);
    return EXIT_SUCCESS;
}


int
main (int argc, char *argv [])
{
    options_t options = {.check = false};
    int code = s_read_options (&options, argc, argv);
    if (code >= 0)
        return code;
#ifdef ZHERD_CLOSED
    secret_close_memory ();
#endif
    config_t *config = config_new (options.topology);
    if (!config)
        return EXIT_CONFIG;
    int server = options.server ? config_find (config, options.server) : 0;
    if (server < 0)
        code = s_miss (config, options.server);
    else if (options.check) {
        caveats_tell (config);
        config_print (config);
        code = program_end (&s_program, EXIT_SUCCESS);
    }
    else
        code = s_serve (config, (size_t) server, options.log);
    config_destroy (&config);
    return code;
}
