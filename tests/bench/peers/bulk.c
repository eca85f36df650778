/*  =========================================================================
    bulk - what keys cost a bare relay of libzmq under load

        bulk [-k] [-n MESSAGES] [-s SIZE] [-p PORT]

    A source sends messages to a relay, which sends them to a sink, as fast as
    they go: three processes, each hop a DEALER to a ROUTER as between servers,
    with CURVE if -k says so, and nothing is done with a message but that.
    Prints JSON: messages, bytes of each, messages a second from the first sent
    to the last taken, and CPU seconds of all three for 100,000 of them.
    =========================================================================
*/

#include "bench/peers/wire.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define PATIENCE_MS 10000
#define HWM 64  //  As zherd's links have
#define KEY_SIZE 41

typedef struct {
    bool keyed;
    unsigned messages;
    unsigned size;                              //  Bytes of a message
    uint16_t port;                              //  And the one behind it
    char public [KEY_SIZE], secret [KEY_SIZE];  //  Of all three
} options_t;


static double
s_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}


static double
s_cpu_seconds (int who)
{
    struct rusage used;
    getrusage (who, &used);
    return (double) (used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double) (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}


static void
s_must (bool holds, const char *what)
{
    if (!holds) {
        fprintf (stderr, "bulk: %s: %s\n", what, zmq_strerror (errno));
        exit (1);
    }
}


static void
s_take_keys (void *socket, int type, const options_t *options)
{
    int one = 1;
    zmq_setsockopt (
        socket, ZMQ_CURVE_PUBLICKEY, options->public, sizeof (options->public));
    zmq_setsockopt (
        socket, ZMQ_CURVE_SECRETKEY, options->secret, sizeof (options->secret));
    if (type == ZMQ_ROUTER)
        zmq_setsockopt (socket, ZMQ_CURVE_SERVER, &one, sizeof (one));
    else
        zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, options->public,
            sizeof (options->public));
}


static void *
s_socket (void *context, int type, uint16_t port, const options_t *options)
{
    char address [32];
    int patience_ms = PATIENCE_MS, hwm = HWM;
    snprintf (address, sizeof (address), "tcp://127.0.0.1:%u", port);
    void *socket = zmq_socket (context, type);
    s_must (socket, "socket");
    zmq_setsockopt (socket, ZMQ_RCVTIMEO, &patience_ms, sizeof (patience_ms));
    zmq_setsockopt (socket, ZMQ_SNDTIMEO, &patience_ms, sizeof (patience_ms));
    zmq_setsockopt (socket, ZMQ_SNDHWM, &hwm, sizeof (hwm));
    if (options->keyed)
        s_take_keys (socket, type, options);
    s_must ((type == ZMQ_ROUTER ? zmq_bind (socket, address)
                                : zmq_connect (socket, address)) == 0,
        address);
    return socket;
}


//  Take the messages that come to the port, and send each on if there is where

static void
s_pass (const options_t *options, uint16_t port, bool is_relay)
{
    void *context = zmq_ctx_new ();
    void *in = s_socket (context, ZMQ_ROUTER, port, options);
    void *out = is_relay ? s_socket (context, ZMQ_DEALER, (uint16_t) (port + 1),
                               options)
                         : NULL;
    for (unsigned count = 0; count < options->messages; count++) {
        zmq_msg_t message;
        zmq_msg_init (&message);
        s_must (zmq_msg_recv (&message, in, 0) != -1, "a sender's name");
        s_must (zmq_msg_recv (&message, in, 0) != -1, "a message");
        if (out)
            s_must (zmq_msg_send (&message, out, 0) != -1, "what is passed on");
        zmq_msg_close (&message);
    }
    if (out)
        zmq_close (out);
    zmq_close (in);
    zmq_ctx_term (context);
}


static pid_t
s_start (const options_t *options, uint16_t port, bool is_relay)
{
    pid_t pid = fork ();
    s_must (pid != -1, "fork");
    if (pid == 0) {
        prctl (PR_SET_PDEATHSIG, SIGKILL);
        s_pass (options, port, is_relay);
        exit (0);
    }
    return pid;
}


static void
s_await (pid_t pid)
{
    int status;
    s_must (waitpid (pid, &status, 0) == pid, "wait");
    if (status != 0)
        exit (1);
}


static void
s_send (const options_t *options)
{
    void *context = zmq_ctx_new ();
    void *out = s_socket (context, ZMQ_DEALER, options->port, options);
    char *text = calloc (1, options->size);
    assert (text);
    for (unsigned count = 0; count < options->messages; count++)
        s_must (zmq_send (out, text, options->size, 0) != -1, "send");
    free (text);
    zmq_close (out);
    zmq_ctx_term (context);
}


static unsigned
s_count (const char *text)
{
    char *end;
    unsigned long count = strtoul (text, &end, 10);
    if (count < 1 || count > 10000000 || *end) {
        fprintf (stderr, "bulk: what number is %s?\n", text);
        exit (2);
    }
    return (unsigned) count;
}


static void
s_parse (options_t *options, int argc, char **argv)
{
    int letter;
    while ((letter = getopt (argc, argv, "kn:s:p:")) != -1)
        switch (letter) {
        case 'k':
            options->keyed = true;
            break;
        case 'n':
            options->messages = s_count (optarg);
            break;
        case 's':
            options->size = s_count (optarg);
            break;
        case 'p':
            options->port = wire_port (optarg);
            break;
        default:
            exit (2);
        }
}


int
main (int argc, char **argv)
{
    options_t options = {.messages = 20000, .size = 12000, .port = 21982};
    s_parse (&options, argc, argv);
    s_must (!options.keyed ||
                zmq_curve_keypair (options.public, options.secret) == 0,
        "keys");
    double start = s_now ();
    pid_t sink = s_start (&options, (uint16_t) (options.port + 1), false);
    pid_t relay = s_start (&options, options.port, true);
    s_send (&options);
    s_await (relay);
    s_await (sink);
    double seconds = s_now () - start;
    double cpu = s_cpu_seconds (RUSAGE_SELF) + s_cpu_seconds (RUSAGE_CHILDREN);
    printf ("{\"messages\": %u, \"size\": %u, \"throughput\": %.1f, "
            "\"cpu_s_per_100k\": %.3f}\n",
        options.messages, options.size, options.messages / seconds,
        cpu / options.messages * 1e5);
    return 0;
}
