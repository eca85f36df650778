/*  =========================================================================
    stranger - who calls at a mesh port, knows its key and has none of a peer's

        stranger -p PORT -k KEY [-a FROM] [-r RATE] [-i IDLE] [-e ENDLESS]
                 [-t SECONDS]
        stranger -b -p PORT

    All at once, from the address FROM: RATE handshakes a second with a key that
    nobody has; IDLE connections that say nothing; ENDLESS that greet and send
    parts of a message without an end.  Who is closed at calls again, a tenth of
    a second later.  -b is whom to compare with: a bare ROUTER with keys, which
    takes what comes; it prints its public key and stays.

    A stranger elsewhere takes nothing from this machine, so this one is cheap:
    it shakes hands as CurveZMQ has it (https://rfc.zeromq.org/spec/26), and
    computes what is the same each time once.
    =========================================================================
*/

#include "bench/now.h"
#include "bench/peers/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#define KEY_TEXT_SIZE 41
#define PIECE_SIZE 65536
#define TURN_MS 1
#define REST_S 0.1
#define CALLERS_MAX 5000
#define SHAKERS 500  //  At once; who did longest ago goes
#define READY_MAX 256

//  Of CurveZMQ, in bytes
#define KEY_SIZE crypto_box_PUBLICKEYBYTES
#define MAC_SIZE crypto_box_MACBYTES
#define COOKIE_SIZE 96
#define GREETING_SIZE 64
#define HELLO_SIZE 200
#define WELCOME_SIZE 168
#define WELCOME_BOX_SIZE (MAC_SIZE + KEY_SIZE + COOKIE_SIZE)
#define VOUCH_NONCE_SIZE 16
#define VOUCH_SIZE (VOUCH_NONCE_SIZE + MAC_SIZE + 2 * KEY_SIZE)

typedef struct {
    uint16_t port;
    const char *key;   //  Of whom is called
    const char *from;  //  An address of this machine
    unsigned rate, idle, endless, seconds;
    bool bare;
} options_t;

typedef enum { SILENT, ENDLESS, SHAKER } kind_t;

typedef struct {
    int fd;  //  -1 = none
    kind_t kind;
    bool has_spoken;  //  It has sent what it sends first
    double again;     //  When to call, if it is none
    unsigned char heard [GREETING_SIZE + 2 + WELCOME_SIZE];
    size_t heard_size;
} caller_t;

typedef struct {
    const options_t *options;
    int poll;
    caller_t callers [CALLERS_MAX];
    unsigned shaken;                     //  Handshakes, as far as we go
    unsigned char theirs [KEY_SIZE];     //  S
    unsigned char own [KEY_SIZE];        //  C
    unsigned char secret [KEY_SIZE];     //  c
    unsigned char brief [KEY_SIZE];      //  C', for all connections
    unsigned char briefly [KEY_SIZE];    //  c'
    unsigned char welcoming [KEY_SIZE];  //  What WELCOMEs are boxed with
    unsigned char hello [GREETING_SIZE + 2 + HELLO_SIZE];
} stranger_t;

//  ZMTP 3.0 with CURVE
static const char s_greeting [GREETING_SIZE] =
    "\xff\0\0\0\0\0\0\0\0\x7f\3\0CURVE";

//  After the greeting, frames of 255 bytes with more to come
static char s_piece [PIECE_SIZE];


//  Take all that comes, until somebody ends this process

static void
s_be_bare (const options_t *options)
{
    char public [KEY_TEXT_SIZE], secret [KEY_TEXT_SIZE], address [32];
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
        zmq_recv (router, s_piece, sizeof (s_piece), 0);
}


static unsigned char *
s_append (unsigned char *at, const void *bytes, size_t size)
{
    memcpy (at, bytes, size);
    return at + size;
}


//  A nonce: so many bytes of what it is for, and the rest

static void
s_nonce (unsigned char *nonce, const void *what, size_t size, const void *rest)
{
    s_append (s_append (nonce, what, size), rest, crypto_box_NONCEBYTES - size);
}


//  Greeting and HELLO, which may be the same for all connections

static void
s_prepare (stranger_t *self)
{
    static const unsigned char zeros [72], first [8] = {0, 0, 0, 0, 0, 0, 0, 1};
    unsigned char nonce [crypto_box_NONCEBYTES];
    zmq_z85_decode (self->theirs, self->options->key);
    crypto_box_keypair (self->own, self->secret);
    crypto_box_keypair (self->brief, self->briefly);
    if (crypto_box_beforenm (self->welcoming, self->theirs, self->briefly)) {
        fprintf (stderr, "stranger: what key is %s?\n", self->options->key);
        exit (2);
    }
    unsigned char *at = s_append (self->hello, s_greeting, GREETING_SIZE);
    at = s_append (at, "\x04\xc8\x05HELLO\1\0", 10);
    at = s_append (at, zeros, 72);
    at = s_append (at, self->brief, KEY_SIZE);
    at = s_append (at, first, sizeof (first));
    s_nonce (nonce, "CurveZMQHELLO---", 16, first);
    (void) crypto_box_easy_afternm (at, zeros, 64, nonce, self->welcoming);
    for (size_t byte = 0; byte + 257 <= sizeof (s_piece); byte += 257) {
        s_piece [byte] = 1;
        s_piece [byte + 1] = (char) 0xFF;
    }
}


//  Print the vouch: that whoever has our key made the brief one for this server

static bool
s_vouch (const stranger_t *self, const unsigned char *brief_theirs,
    unsigned char *buffer)
{
    unsigned char nonce [crypto_box_NONCEBYTES], vouched [2 * KEY_SIZE];
    randombytes_buf (buffer, VOUCH_NONCE_SIZE);
    s_nonce (nonce, "VOUCH---", 8, buffer);
    s_append (
        s_append (vouched, self->brief, KEY_SIZE), self->theirs, KEY_SIZE);
    return crypto_box_easy (buffer + VOUCH_NONCE_SIZE, vouched,
               sizeof (vouched), nonce, brief_theirs, self->secret) == 0;
}


//  Print the INITIATE that answers a WELCOME, with its frame's head.  Returns
//  its size, or 0 if that is no WELCOME for us

static size_t
s_initiate (
    const stranger_t *self, const unsigned char *welcome, unsigned char *buffer)
{
    static const char ready [] =
        "\x0bSocket-Type\0\0\0\6DEALER\x08Identity\0\0\0";
    static const unsigned char second [8] = {0, 0, 0, 0, 0, 0, 0, 2};
    unsigned char nonce [crypto_box_NONCEBYTES];
    unsigned char told [KEY_SIZE + COOKIE_SIZE];  //  S' and the cookie
    unsigned char text [KEY_SIZE + VOUCH_SIZE + sizeof (ready)];
    const size_t size =
        9 + COOKIE_SIZE + sizeof (second) + MAC_SIZE + sizeof (text);
    const unsigned char head [] = {6, 0, 0, 0, 0, 0, 0,
        (unsigned char) (size >> 8), (unsigned char) (size & 0xFF)};
    s_nonce (nonce, "WELCOME-", 8, welcome + 8);
    if (memcmp (welcome, "\x07WELCOME", 8) != 0 ||
        crypto_box_open_easy_afternm (
            told, welcome + 24, WELCOME_BOX_SIZE, nonce, self->welcoming) ||
        !s_vouch (self, told, text + KEY_SIZE))
        return 0;
    s_append (text, self->own, KEY_SIZE);
    s_append (text + KEY_SIZE + VOUCH_SIZE, ready, sizeof (ready));
    unsigned char *at = s_append (buffer, head, sizeof (head));
    at = s_append (at, "\x08INITIATE", 9);
    at = s_append (at, told + KEY_SIZE, COOKIE_SIZE);
    at = s_append (at, second, sizeof (second));
    s_nonce (nonce, "CurveZMQINITIATE", 16, second);
    int rc =
        crypto_box_easy (at, text, sizeof (text), nonce, told, self->briefly);
    return rc ? 0 : sizeof (head) + size;
}


static void
s_close (caller_t *caller, double again)
{
    //  Its port is free at once
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (caller->fd != -1) {
        (void) setsockopt (
            caller->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof (at_once));
        close (caller->fd);
    }
    caller->fd = -1;
    caller->again = again;
}


//  Where the port is slow to take calls, others do not wait for it

static void
s_call (stranger_t *self, caller_t *caller, double now)
{
    static const int yes = 1;
    struct sockaddr_in from = {.sin_family = AF_INET,
        .sin_addr.s_addr = inet_addr (self->options->from)};
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons (self->options->port),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    caller->has_spoken = false;
    caller->heard_size = 0;
    caller->fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    (void) setsockopt (
        caller->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof (yes));
    struct epoll_event event = {.data.ptr = caller,
        .events = caller->kind == SILENT ? EPOLLIN : EPOLLIN | EPOLLOUT};
    if (bind (caller->fd, (struct sockaddr *) &from, sizeof (from)) == 0 &&
        (connect (caller->fd, (struct sockaddr *) &to, sizeof (to)) == 0 ||
            errno == EINPROGRESS))
        epoll_ctl (self->poll, EPOLL_CTL_ADD, caller->fd, &event);
    else
        s_close (caller, now + REST_S);
}


//  Send bytes, which the connection takes whole or not at all

static bool
s_send (caller_t *caller, const void *bytes, size_t size)
{
    return send (caller->fd, bytes, size, MSG_NOSIGNAL) == (ssize_t) size;
}


//  Say what is said first, and then, without an end, parts of a message.
//  Returns false if the connection is no good

static bool
s_speak (stranger_t *self, caller_t *caller)
{
    struct epoll_event listens = {.events = EPOLLIN, .data.ptr = caller};
    bool spoke = caller->has_spoken;
    caller->has_spoken = true;
    if (caller->kind == SHAKER) {
        epoll_ctl (self->poll, EPOLL_CTL_MOD, caller->fd, &listens);
        return s_send (caller, self->hello, sizeof (self->hello));
    }
    return spoke ? send (caller->fd, s_piece, PIECE_SIZE, MSG_NOSIGNAL) > 0 ||
                       errno == EAGAIN
                 : s_send (caller, s_greeting, GREETING_SIZE);
}


//  Take what comes: of a WELCOME it is answered, all else is of no use.
//  Returns false if the connection is no good

static bool
s_hear (stranger_t *self, caller_t *caller)
{
    unsigned char more [512];
    bool wants =
        caller->kind == SHAKER && caller->heard_size < sizeof (caller->heard);
    ssize_t size = wants ? recv (caller->fd, caller->heard + caller->heard_size,
                               sizeof (caller->heard) - caller->heard_size, 0)
                         : recv (caller->fd, more, sizeof (more), 0);
    if (size <= 0)
        return size == -1 && errno == EAGAIN;
    caller->heard_size += wants ? (size_t) size : 0;
    if (!wants || caller->heard_size < sizeof (caller->heard))
        return true;
    size_t answer = s_initiate (self, caller->heard + GREETING_SIZE + 2, more);
    self->shaken += answer > 0;
    return answer > 0 && s_send (caller, more, answer);
}


static void
s_serve (stranger_t *self, const struct epoll_event *event, double now)
{
    caller_t *caller = event->data.ptr;
    bool good = !(event->events & (EPOLLERR | EPOLLHUP));
    if (good && event->events & EPOLLIN)
        good = s_hear (self, caller);
    if (good && event->events & EPOLLOUT)
        good = s_speak (self, caller);
    if (!good)
        s_close (caller, now + REST_S);
}


static void
s_attack (stranger_t *self)
{
    const options_t *options = self->options;
    unsigned others = options->idle + options->endless;
    unsigned calls = 0;
    struct epoll_event ready [READY_MAX];
    self->poll = epoll_create1 (0);
    for (unsigned index = 0; index < others + SHAKERS; index++)
        self->callers [index] = (caller_t){.fd = -1,
            .kind = index < options->idle ? SILENT
                    : index < others      ? ENDLESS
                                          : SHAKER};
    double start = now_seconds (), now = start;
    while (now < start + options->seconds) {
        for (; calls < (now - start) * options->rate; calls++) {
            caller_t *caller = &self->callers [others + calls % SHAKERS];
            s_close (caller, now);
            s_call (self, caller, now);
        }
        for (unsigned index = 0; index < others; index++)
            if (self->callers [index].fd == -1 &&
                now >= self->callers [index].again)
                s_call (self, &self->callers [index], now);
        int count = epoll_wait (self->poll, ready, READY_MAX, TURN_MS);
        now = now_seconds ();
        for (int index = 0; index < count; index++)
            s_serve (self, &ready [index], now);
    }
    printf (
        "{\"handshakes\": %u, \"seconds\": %.1f}\n", self->shaken, now - start);
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
    static stranger_t stranger;
    s_parse (&options, argc, argv);
    if (options.bare)
        s_be_bare (&options);
    if (!options.key || strlen (options.key) != KEY_TEXT_SIZE - 1 ||
        options.idle + options.endless + SHAKERS > CALLERS_MAX ||
        sodium_init () == -1) {
        fputs ("stranger: a key, please, and no such crowd\n", stderr);
        return 2;
    }
    stranger.options = &options;
    s_prepare (&stranger);
    s_attack (&stranger);
    return 0;
}
