/*  =========================================================================
    zherd-places - a Places service of one's own

    Answers Google's Nearby Search requests out of a table of GeoNames, so
    that a herd runs, and is tested, without key and without network.
    =========================================================================
*/

#include "core/span.h"
#include "io/http.h"
#include "places/gazetteer.h"
#include "places/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { EXIT_DATA = 1, EXIT_USAGE = 2, EXIT_START = 3 };

static const char *const s_usage =
    "usage: zherd-places [-h] [-V] [-a ADDRESS] [-p PORT] DATA.tsv.gz\n"
    "Answer Nearby Search requests out of the data, until SIGTERM.\n"
    "  -a ADDRESS  IPv4 address to serve at (default 127.0.0.1)\n"
    "  -p PORT     TCP port to serve at (default 14000)\n"
    "  -V          show the version\n"
    "  -h          show this text\n";


static int
s_stop (zloop_t *loop, zmq_pollitem_t *item, void *context)
{
    (void) loop;
    (void) item;
    (void) context;
    return -1;
}


static int
s_tick (zloop_t *loop, int timer, void *context)
{
    http_t *http = context;
    (void) loop;
    (void) timer;
    http_tick (http);
    return 0;
}


//  Serve until a signal.  Returns -1, errno set, if it can't begin.

static int
s_serve (gazetteer_t *gazetteer, const http_options_t *options, int signals)
{
    zloop_t *loop = zloop_new ();
    watch_t *watch = watch_new (loop, NULL, NULL);
    http_t *http =
        watch ? http_new (watch, options, service_answer, gazetteer) : NULL;
    int reason = errno;
    if (http) {
        zmq_pollitem_t item = {.fd = signals, .events = ZMQ_POLLIN};
        zloop_poller (loop, &item, s_stop, NULL);
        zloop_timer (loop, 1000, 0, s_tick, http);
        printf ("zherd-places: serving %zu places at http://%s:%u%s\n",
            gazetteer_size (gazetteer), options->address, options->port,
            SERVICE_PATH);
        fflush (stdout);
        zloop_start (loop);
    }
    int rc = http ? 0 : -1;
    http_destroy (&http);
    watch_destroy (&watch);
    zloop_destroy (&loop);
    errno = reason;
    return rc;
}


static bool
s_read_port (const char *text, uint16_t *port)
{
    uint64_t number;
    if (!span_number (span_of (text), UINT16_MAX, &number) || number == 0)
        return false;
    *port = (uint16_t) number;
    return true;
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read_options (int argc, char **argv, http_options_t *options)
{
    struct in_addr address;
    int option;
    while ((option = getopt (argc, argv, "hVa:p:")) != -1) {
        bool good = true;
        if (option == 'h' || option == 'V') {
            fputs (option == 'h' ? s_usage : "zherd-places " ZHERD_VERSION "\n",
                stdout);
            return 0;
        }
        if (option == 'a') {
            options->address = optarg;
            good = inet_pton (AF_INET, optarg, &address) == 1;
        }
        else
            good = option == 'p' && s_read_port (optarg, &options->port);
        if (!good) {
            fputs (s_usage, stderr);
            return EXIT_USAGE;
        }
    }
    if (optind + 1 != argc) {
        fputs (s_usage, stderr);
        return EXIT_USAGE;
    }
    return -1;
}


//  From here on the signals that end us wait in a descriptor, so that none is
//  lost and none finds us half way.  CZMQ would take them for itself.

static int
s_take_signals (void)
{
    sigset_t set;
    sigemptyset (&set);
    sigaddset (&set, SIGTERM);
    sigaddset (&set, SIGINT);
    sigprocmask (SIG_BLOCK, &set, NULL);
    zsys_handler_set (NULL);
    return signalfd (-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}


int
main (int argc, char **argv)
{
    int signals = s_take_signals ();
    http_options_t options = {
        .address = "127.0.0.1",
        .port = 14000,
        .connection_max = 1000,
        .idle_seconds = 60,
    };
    int status = s_read_options (argc, argv, &options);
    if (status < 0) {
        gazetteer_t *gazetteer = gazetteer_new (argv [optind]);
        status = gazetteer ? 0 : EXIT_DATA;
        if (gazetteer && s_serve (gazetteer, &options, signals) < 0) {
            fprintf (stderr, "zherd-places: can't serve at %s:%u: %s\n",
                options.address, options.port, strerror (errno));
            status = EXIT_START;
        }
        gazetteer_destroy (&gazetteer);
    }
    close (signals);
    return status;
}
