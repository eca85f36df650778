/*  =========================================================================
    traps - what bare libzmq does where one might not expect it

        traps [-p PORT]

    Measures, on ports from PORT on, and prints as JSON: how many messages a
    DEALER takes for a server that is stopped, and how many of them ever come
    once that was killed and another one is in its place; whether a DEALER calls
    again by itself that was answered by nonsense, and how soon it is connected
    when told to; whether a monitor that nobody reads holds up the other sockets
    of its context, and whether they go on once it is read.
    =========================================================================
*/

#include "bench/peers/wire.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define PORT 21000
#define MESSAGE_SIZE 100
#define SECONDS_MAX 90  //  For all
#define FULL_MS 500     //  A socket that takes nothing for so long is full
#define RETRY_MS 2000   //  Twenty times what libzmq waits before it calls again
#define SILENT_MS 3000  //  A server that hears nothing for so long ends
#define STALL_MS 1000   //  A message to oneself takes less
#define STALL_MAX_US 30000000

typedef struct {
    pid_t pid;
    int count;  //  Of messages, to be read once nothing comes any more
} receiver_t;


static int64_t
s_now_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * (int64_t) 1000000 + now.tv_nsec / 1000;
}


static void
s_set (void *socket, int option, int value)
{
    int rc = zmq_setsockopt (socket, option, &value, sizeof (value));
    assert (rc == 0);
}


static void
s_endpoint (char text [32], int port)
{
    snprintf (text, 32, "tcp://127.0.0.1:%d", port);
}


static bool
s_is_ready (void *socket, short events, int64_t ms)
{
    zmq_pollitem_t item = {.socket = socket, .events = events};
    return zmq_poll (&item, 1, ms) == 1;
}


//  A server, told by its process

static void
s_receive (int port, int ready, int count_to)
{
    char endpoint [32];
    void *router = zmq_socket (zmq_ctx_new (), ZMQ_ROUTER);
    s_endpoint (endpoint, port);
    int rc = zmq_bind (router, endpoint);
    assert (rc == 0);
    rc = (int) write (ready, "", 1);
    assert (rc == 1);
    long count = 0;
    while (s_is_ready (router, ZMQ_POLLIN, SILENT_MS)) {
        char bytes [MESSAGE_SIZE];
        //  Each has two frames: who, and what
        while (zmq_recv (router, bytes, sizeof (bytes), ZMQ_DONTWAIT) ==
               MESSAGE_SIZE)
            count++;
    }
    rc = (int) write (count_to, &count, sizeof (count));
    _exit (rc == sizeof (count) ? 0 : 1);
}


static receiver_t
s_start (int port)
{
    int ready [2];
    int count [2];
    int rc = pipe (ready) || pipe (count);
    assert (rc == 0);
    receiver_t self = {.pid = fork (), .count = count [0]};
    assert (self.pid >= 0);
    if (self.pid == 0)
        s_receive (port, ready [1], count [1]);
    char byte;
    rc = (int) read (ready [0], &byte, 1);
    assert (rc == 1);
    close (ready [0]);
    close (ready [1]);
    close (count [1]);
    return self;
}


static void
s_kill (receiver_t *self)
{
    kill (self->pid, SIGKILL);
    waitpid (self->pid, NULL, 0);
    close (self->count);
}


static void *
s_dealer (void *context, int port)
{
    char endpoint [32];
    void *dealer = zmq_socket (context, ZMQ_DEALER);
    assert (dealer);
    s_set (dealer, ZMQ_IMMEDIATE, 1);
    s_set (dealer, ZMQ_LINGER, 0);
    s_endpoint (endpoint, port);
    int rc = zmq_connect (dealer, endpoint);
    assert (rc == 0);
    return dealer;
}


//  What is said to a server that doesn't listen any more

static void
s_lose (void *context, int port)
{
    char message [MESSAGE_SIZE] = {0};
    receiver_t first = s_start (port);
    void *dealer = s_dealer (context, port);
    bool is_up = s_is_ready (dealer, ZMQ_POLLOUT, RETRY_MS);
    assert (is_up);
    kill (first.pid, SIGSTOP);
    long taken = 0;
    while (s_is_ready (dealer, ZMQ_POLLOUT, FULL_MS))
        if (zmq_send (dealer, message, sizeof (message), ZMQ_DONTWAIT) > 0)
            taken++;
    s_kill (&first);
    receiver_t second = s_start (port);
    long come = -1;
    int rc = (int) read (second.count, &come, sizeof (come));
    assert (rc == sizeof (come));
    s_kill (&second);
    zmq_close (dealer);
    printf ("\"taken\": %ld, \"come\": %ld, ", taken, come);
}


//  Answer whoever calls once with bytes that are no ZMTP

static void
s_answer_nonsense (int port, void *context, void **dealer)
{
    char nonsense [64];
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons ((uint16_t) port),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    int listener = socket (AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt (listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));
    int rc = bind (listener, (struct sockaddr *) &at, sizeof (at)) ||
             listen (listener, 1);
    assert (rc == 0);
    *dealer = s_dealer (context, port);
    int fd = accept (listener, NULL, NULL);
    memset (nonsense, 0xFF, sizeof (nonsense));
    rc = (int) write (fd, nonsense, sizeof (nonsense));
    assert (rc == sizeof (nonsense));
    //  Until it hangs up
    while (read (fd, nonsense, sizeof (nonsense)) > 0)
        ;
    close (fd);
    close (listener);
}


static void
s_give_up (void *context, int port)
{
    char endpoint [32];
    void *dealer;
    s_answer_nonsense (port, context, &dealer);
    receiver_t server = s_start (port);
    bool retries = s_is_ready (dealer, ZMQ_POLLOUT, RETRY_MS);
    int64_t start_us = s_now_us ();
    s_endpoint (endpoint, port);
    zmq_disconnect (dealer, endpoint);
    zmq_connect (dealer, endpoint);
    bool is_up = s_is_ready (dealer, ZMQ_POLLOUT, RETRY_MS);
    assert (is_up);
    printf ("\"retries\": %d, \"told_us\": %ld, ", retries,
        (long) (s_now_us () - start_us));
    s_kill (&server);
    zmq_close (dealer);
}


//  A monitor that is connected, and not read, of a DEALER whose calls are
//  refused

static void
s_stall (void *context, int port)
{
    char endpoint [32];
    char byte;
    void *dealer = zmq_socket (context, ZMQ_DEALER);
    s_set (dealer, ZMQ_RECONNECT_IVL, 1);
    s_set (dealer, ZMQ_LINGER, 0);
    int rc = zmq_socket_monitor (dealer, "inproc://unread", ZMQ_EVENT_ALL);
    assert (rc == 0);
    void *monitor = zmq_socket (context, ZMQ_PAIR);
    zmq_connect (monitor, "inproc://unread");
    void *pull = zmq_socket (context, ZMQ_PULL);
    void *push = zmq_socket (context, ZMQ_PUSH);
    s_endpoint (endpoint, port + 1);
    rc = zmq_bind (pull, endpoint) || zmq_connect (push, endpoint);
    assert (rc == 0);
    s_endpoint (endpoint, port);
    zmq_connect (dealer, endpoint);
    bool stalls = false;
    int64_t end_us = s_now_us () + STALL_MAX_US;
    while (!stalls && s_now_us () < end_us) {
        zmq_send (push, "x", 1, 0);
        stalls = !s_is_ready (pull, ZMQ_POLLIN, STALL_MS);
        if (!stalls)
            zmq_recv (pull, &byte, 1, 0);
    }
    //  Once it is read, all goes on
    while (!s_is_ready (pull, ZMQ_POLLIN, 0) &&
           s_is_ready (monitor, ZMQ_POLLIN, STALL_MS))
        zmq_recv (monitor, &byte, 1, 0);
    printf ("\"stalls\": %d, \"goes_on\": %d", stalls,
        s_is_ready (pull, ZMQ_POLLIN, STALL_MS));
}


int
main (int argc, char **argv)
{
    int port = PORT;
    if (argc == 3 && strcmp (argv [1], "-p") == 0)
        port = wire_port (argv [2]);
    alarm (SECONDS_MAX);
    setvbuf (stdout, NULL, _IONBF, 0);
    printf ("{");
    s_lose (zmq_ctx_new (), port);
    s_give_up (zmq_ctx_new (), port + 1);
    s_stall (zmq_ctx_new (), port + 2);
    printf ("}\n");
    //  Nothing that libzmq has to say is waited for
    _exit (0);
}
