/*  =========================================================================
    zherd - one server of an application server herd
    =========================================================================
*/

#include "io/config.h"
#include "io/daemon.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

//  Exit codes
enum { EXIT_CONFIG = 1, EXIT_USAGE = 2, EXIT_START = 3 };

static const char s_usage [] =
    "usage: zherd [-l LOG] TOPOLOGY SERVER\n"
    "       zherd -n TOPOLOGY [SERVER]\n"
    "\n"
    "  Serve as SERVER of the herd that the file TOPOLOGY describes.\n"
    "\n"
    "  -l LOG  append the log to this file, which is no symbolic link; else\n"
    "          it goes to standard output\n"
    "  -n      check TOPOLOGY, print what it says, and exit\n"
    "  -V      print the version and exit\n"
    "  -h      print this and exit\n"
    "\n"
    "  SIGTERM ends it once pending replies are delivered; SIGHUP reopens the\n"
    "  log.  PLACES_API_KEY holds the key of the Places provider, HERD_SECRET\n"
    "  a word that all servers of the herd must share.\n"
    "  Exit codes: 1 wrong topology, 2 wrong usage, 3 could not start.\n";

typedef struct {
    const char *log;
    const char *topology;
    const char *server;
    bool check;
} options_t;


//  Returns false if there is nothing more to do; *code is the exit code then

static bool
s_parse (options_t *self, int argc, char *argv [], int *code)
{
    int option;
    while ((option = getopt (argc, argv, "hVnl:")) != -1) {
        switch (option) {
        case 'h':
            *code = fputs (s_usage, stdout) < 0;
            return false;
        case 'V':
            *code = puts ("zherd " ZHERD_VERSION) < 0;
            return false;
        case 'n':
            self->check = true;
            break;
        case 'l':
            self->log = optarg;
            break;
        default:
            *code = EXIT_USAGE;
            return false;
        }
    }
    int left = argc - optind;
    if (left == 2 || (left == 1 && self->check)) {
        self->topology = argv [optind];
        self->server = argv [optind + 1];
        return true;
    }
    fputs (s_usage, stderr);
    *code = EXIT_USAGE;
    return false;
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
    int code = EXIT_SUCCESS;
    if (!s_parse (&options, argc, argv, &code))
        return code;
    config_t *config = config_new (options.topology);
    if (!config)
        return EXIT_CONFIG;
    int server = options.server ? config_find (config, options.server) : 0;
    if (server < 0) {
        fprintf (stderr, "zherd: %s: servers: there is no server %s\n",
            options.topology, options.server);
        code = EXIT_CONFIG;
    }
    else if (options.check)
        config_print (config);
    else
        code = s_serve (config, (size_t) server, options.log);
    config_destroy (&config);
    return code;
}
