/*  =========================================================================
    stranger - who calls at a mesh port, knows its key and has none of a peer's

        stranger -p PORT -k KEY [-a FROM] [-r RATE] [-i IDLE] [-e ENDLESS]
                 [-t SECONDS]
        stranger -b -p PORT

    All at once, from the address FROM: RATE handshakes a second with keys of
    its own; IDLE connections that say nothing; ENDLESS that greet and send
    parts of a message without an end.  Who is closed at calls again, a tenth of
    a second later.  -b is whom to compare with: a bare ROUTER with keys, which
    takes what comes; it prints its public key and stays.
    =========================================================================
*/

#include "bench/now.h"
#include "bench/peers/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define KEY_SIZE 41
#define CALLS_MAX 4096
#define PIECE_SIZE 65536
#define TURN_NS 1000000
#define REST_S 0.1
#define CALLERS_MAX 500    //  That shake hands, at once
#define SOCKETS_MAX 60000  //  With those that libzmq is still closing

typedef struct {
    uint16_t port;
    const char *key;   //  Of whom is called
    const char *from;  //  An address of this machine
    unsigned rate, idle, endless, seconds;
    bool bare;
} options_t;

//  A connection that never shakes hands
typedef struct {
    int fd;  //  -1 = none
    bool is_endless;
    bool has_greeted;
    double again;  //  When to call, if it is none
} caller_t;

//  ZMTP 3.0 with CURVE, and then frames of 255 bytes with more to come
static char greeting [64] = "\xff\0\0\0\0\0\0\0\0\x7f\3\0CURVE";
static char piece [PIECE_SIZE];


//  Take all that comes, until somebody ends this process

static void
s_be_bare (const options_t *options)
{
    char public [KEY_SIZE], secret [KEY_SIZE], address [32];
    int one = 1;
    void *router = zmq_socket (zmq_ctx_new (), ZMQ_ROUTER);
    zmq_curve_keypair (public, secret);
    zmq_setsockopt (router, ZMQ_CURVE_SERVER, &one, sizeof (one));
    zmq_setsockopt (router, ZMQ_CURVE_SECRETKEY, secret, sizeof (secret));
    snprintf (address, sizeof (address), "tcp://127.0.0.1:%u", options->port);
    if (zmq_bind (router, address)) {
        fprintf (stderr, "stranger: %s: %s\n", address, zmq_strerror (errno));
        exit (1);
    }
    printf ("%s\n", public);
    fflush (stdout);
    while (true)
        zmq_recv (router, piece, sizeof (piece), 0);
}


//  Call once more with keys that nobody knows, in place of who did so longest
//  ago

static void
s_shake_hands (const options_t *options, void *context, unsigned number)
{
    static void *callers [CALLERS_MAX];
    static char public [KEY_SIZE], secret [KEY_SIZE];
    int none = 0, never = -1;
    void **caller = &callers [number % CALLERS_MAX];
    char address [64];
    if (*caller)
        zmq_close (*caller);
    if (number % CALLERS_MAX == 0)
        zmq_curve_keypair (public, secret);
    *caller = zmq_socket (context, ZMQ_DEALER);
    if (!*caller) {
        fprintf (stderr, "stranger: socket: %s\n", zmq_strerror (errno));
        exit (1);
    }
    zmq_setsockopt (*caller, ZMQ_LINGER, &none, sizeof (none));
    zmq_setsockopt (*caller, ZMQ_RECONNECT_IVL, &never, sizeof (never));
    zmq_setsockopt (*caller, ZMQ_CURVE_PUBLICKEY, public, sizeof (public));
    zmq_setsockopt (*caller, ZMQ_CURVE_SECRETKEY, secret, sizeof (secret));
    zmq_setsockopt (*caller, ZMQ_CURVE_SERVERKEY, options->key, KEY_SIZE);
    snprintf (address, sizeof (address), "tcp://%s:0;127.0.0.1:%u",
        options->from, options->port);
    zmq_connect (*caller, address);
}


static struct sockaddr_in
s_at (const char *address, uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
        .sin_port = htons (port),
        .sin_addr.s_addr = inet_addr (address)};
}


//  Where the port is slow to take calls, others do not wait for it

static void
s_call (caller_t *self, const options_t *options)
{
    struct sockaddr_in from = s_at (options->from, 0);
    struct sockaddr_in to = s_at ("127.0.0.1", options->port);
    self->has_greeted = false;
    self->fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (self->fd != -1 &&
        bind (self->fd, (struct sockaddr *) &from, sizeof (from)) == 0)
        (void) connect (self->fd, (struct sockaddr *) &to, sizeof (to));
}


static ssize_t
s_speak (caller_t *self)
{
    if (!self->is_endless)
        return 0;
    if (self->has_greeted)
        return send (self->fd, piece, sizeof (piece), MSG_NOSIGNAL);
    ssize_t size = send (self->fd, greeting, sizeof (greeting), MSG_NOSIGNAL);
    self->has_greeted = size > 0;
    return size;
}


//  Say what it says, and see whether it is closed at

static void
s_go_on (caller_t *self, const options_t *options, double now)
{
    char answer [4096];
    if (self->fd == -1 && now >= self->again)
        s_call (self, options);
    if (self->fd == -1)
        return;
    if (s_speak (self) != -1 || errno == EAGAIN) {
        ssize_t size = recv (self->fd, answer, sizeof (answer), 0);
        if (size > 0 || (size == -1 && errno == EAGAIN))
            return;
    }
    close (self->fd);
    self->fd = -1;
    self->again = now + REST_S;
}


static void
s_attack (const options_t *options)
{
    static caller_t callers [CALLS_MAX];
    unsigned count = options->idle + options->endless;
    unsigned shaken = 0;
    void *context = zmq_ctx_new ();
    zmq_ctx_set (context, ZMQ_MAX_SOCKETS, SOCKETS_MAX);
    for (size_t at = 0; at + 257 <= sizeof (piece); at += 257) {
        piece [at] = 1;
        piece [at + 1] = (char) 0xFF;
    }
    for (unsigned index = 0; index < count; index++)
        callers [index] =
            (caller_t){.fd = -1, .is_endless = index >= options->idle};
    double start = now_seconds (), now = start;
    while (now < start + options->seconds) {
        double due = (now - start) * options->rate;
        while (shaken < due)
            s_shake_hands (options, context, shaken++);
        for (unsigned index = 0; index < count; index++)
            s_go_on (&callers [index], options, now);
        struct timespec turn = {.tv_nsec = TURN_NS};
        nanosleep (&turn, NULL);
        now = now_seconds ();
    }
    printf ("{\"handshakes\": %u, \"seconds\": %.1f}\n", shaken, now - start);
    fflush (stdout);
    _exit (0);
}


static unsigned
s_count (const char *text)
{
    char *end;
    unsigned long count = strtoul (text, &end, 10);
    if (count > 100000 || *end || end == text) {
        fprintf (stderr, "stranger: what number is %s?\n", text);
        exit (2);
    }
    return (unsigned) count;
}


static void
s_parse (options_t *options, int argc, char **argv)
{
    int letter;
    while ((letter = getopt (argc, argv, "bp:k:a:r:i:e:t:")) != -1)
        switch (letter) {
        case 'b':
            options->bare = true;
            break;
        case 'p':
            options->port = wire_port (optarg);
            break;
        case 'k':
            options->key = optarg;
            break;
        case 'a':
            options->from = optarg;
            break;
        case 'r':
            options->rate = s_count (optarg);
            break;
        case 'i':
            options->idle = s_count (optarg);
            break;
        case 'e':
            options->endless = s_count (optarg);
            break;
        case 't':
            options->seconds = s_count (optarg);
            break;
        default:
            exit (2);
        }
}


int
main (int argc, char **argv)
{
    options_t options = {.from = "127.0.0.1", .seconds = 30};
    s_parse (&options, argc, argv);
    if (options.bare)
        s_be_bare (&options);
    if (!options.key || strlen (options.key) != KEY_SIZE - 1 ||
        options.idle + options.endless > CALLS_MAX) {
        fputs ("stranger: a key, please, and no such crowd\n", stderr);
        return 2;
    }
    s_attack (&options);
}
