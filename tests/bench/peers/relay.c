/*  =========================================================================
    relay - what two hops over libzmq cost when nobody is in a hurry

        relay [-n SAMPLES] [-r RATE] [-p PORT]

    A probe pushes the time to a relay, a process of its own, which pushes it
    back; sockets and threads are as libzmq has them.  Paced, so that everybody
    sleeps in between as in a quiet herd.  Prints JSON: samples, and the 50th
    and 90th of a hundred in microseconds from push to pull.
    =========================================================================
*/

#include "bench/peers/wire.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define PATIENCE_MS 5000
#define LINE_SIZE 88  //  As long as an AT line
#define NS 1000000000

typedef struct {
    unsigned samples;
    unsigned rate;  //  A second
    uint16_t port;  //  And the one behind it
} options_t;


static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * (int64_t) NS + now.tv_nsec;
}


static void *
s_socket (void *context, int type, uint16_t port)
{
    char address [32];
    int patience_ms = PATIENCE_MS;
    snprintf (address, sizeof (address), "tcp://127.0.0.1:%u", port);
    void *socket = zmq_socket (context, type);
    assert (socket);
    zmq_setsockopt (socket, ZMQ_RCVTIMEO, &patience_ms, sizeof (patience_ms));
    int rc = type == ZMQ_PULL ? zmq_bind (socket, address)
                              : zmq_connect (socket, address);
    if (rc) {
        fprintf (stderr, "relay: port %u: %s\n", port, zmq_strerror (errno));
        exit (1);
    }
    return socket;
}


//  Never returns, but ends with the probe

static void
s_relay (uint16_t port)
{
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    void *context = zmq_ctx_new ();
    void *in = s_socket (context, ZMQ_PULL, port);
    void *out = s_socket (context, ZMQ_PUSH, (uint16_t) (port + 1));
    char line [LINE_SIZE];
    while (true) {
        int size = zmq_recv (in, line, sizeof (line), 0);
        if (size > 0)
            zmq_send (out, line, (size_t) size, 0);
    }
}


static int64_t
s_send_and_receive (void *out, void *in)
{
    char line [LINE_SIZE] = "";
    int64_t sent_ns = s_now_ns ();
    memcpy (line, &sent_ns, sizeof (sent_ns));
    zmq_send (out, line, sizeof (line), 0);
    if (zmq_recv (in, line, sizeof (line), 0) != sizeof (line)) {
        fprintf (
            stderr, "relay: nothing came back: %s\n", zmq_strerror (errno));
        exit (1);
    }
    return s_now_ns () - sent_ns;
}


static int
s_compare (const void *one, const void *other)
{
    const int64_t *a = one;
    const int64_t *b = other;
    return (*a > *b) - (*a < *b);
}


static void
s_probe (const options_t *options)
{
    void *context = zmq_ctx_new ();
    void *in = s_socket (context, ZMQ_PULL, (uint16_t) (options->port + 1));
    void *out = s_socket (context, ZMQ_PUSH, options->port);
    int64_t *took_ns = calloc (options->samples, sizeof (int64_t));
    assert (took_ns);
    s_send_and_receive (out, in);  //  Once all is connected
    int64_t due_ns = s_now_ns ();
    for (unsigned index = 0; index < options->samples; index++) {
        due_ns += NS / options->rate;
        struct timespec due = {due_ns / NS, due_ns % NS};
        clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        took_ns [index] = s_send_and_receive (out, in);
    }
    qsort (took_ns, options->samples, sizeof (int64_t), s_compare);
    size_t half = options->samples / 2;
    size_t most = options->samples * 9 / 10;
    printf ("{\"samples\": %u, \"p50_us\": %.1f, \"p90_us\": %.1f}\n",
        options->samples, (double) took_ns [half] / 1e3,
        (double) took_ns [most] / 1e3);
    free (took_ns);
}


static unsigned
s_count (const char *text)
{
    char *end;
    unsigned long count = strtoul (text, &end, 10);
    if (count < 1 || count > 1000000 || *end) {
        fprintf (stderr, "relay: what number is %s?\n", text);
        exit (2);
    }
    return (unsigned) count;
}


int
main (int argc, char **argv)
{
    options_t options = {.samples = 1000, .rate = 100, .port = 21980};
    int letter;
    while ((letter = getopt (argc, argv, "n:r:p:")) != -1)
        switch (letter) {
        case 'n':
            options.samples = s_count (optarg);
            break;
        case 'r':
            options.rate = s_count (optarg);
            break;
        case 'p':
            options.port = wire_port (optarg);
            break;
        default:
            return 2;
        }
    pid_t relay = fork ();
    if (relay == 0)
        s_relay (options.port);
    s_probe (&options);
    kill (relay, SIGKILL);
    waitpid (relay, NULL, 0);
    return 0;
}
