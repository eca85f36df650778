/*  =========================================================================
    audience - many who listen to a herd's streams
    =========================================================================
*/

#include "load/audience.h"

#include "load/ear.h"
#include "load/usage.h"
#include "loop/clock.h"

#include <czmq.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

#define SECOND_NS 1000000000
#define EVENTS 256
#define INPUT_SIZE 65536
#define HEAD_SIZE 512

//  So that no server's queue of connections runs over
#define AT_ONCE 16
#define PAUSE_NS 3200000

//  Places are steps of the city's, each way, in 10^-6 degree
#define CITY 100000

typedef struct {
    int fd;  //  -1 = none
    ear_t ear;
} listener_t;

typedef struct {
    const options_t *options;
    audience_heard_t *heard;
    listener_t *listeners;
    int epoll;
    uint64_t chance;
    int64_t began_ns;  //  POSIX time
} audience_t;


static int64_t
s_now_ns (void)
{
    instant_t now = clock_now ();
    return now.seconds * SECOND_NS + now.nanoseconds;
}


static unsigned
s_draw (audience_t *self)
{
    self->chance = self->chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned) (self->chance >> 32) % CITY;
}


//  Ask for a stream.  The socket is new, and takes so much

static bool
s_ask (audience_t *self, int fd, const target_t *target)
{
    char area [HEAD_SIZE / 2];
    char head [HEAD_SIZE];
    snprintf (area, sizeof area, "events?near=34.0%05u,-118.4%05u&km=%s",
        s_draw (self), s_draw (self), self->options->radius);
    int size =
        snprintf (head, sizeof head, "GET /v1/%s HTTP/1.0\r\nHost: %s\r\n\r\n",
            self->options->feed ? "feed?since=now" : area, target->name);
    return size > 0 && size < HEAD_SIZE &&
           send (fd, head, (size_t) size, MSG_NOSIGNAL) == size;
}


//  Have a listener connect.  Who is deaf is not read

static bool
s_connect (audience_t *self, uint32_t at)
{
    const targets_t *targets = &self->options->targets;
    const target_t *target = &targets->list [at % targets->count];
    listener_t *listener = &self->listeners [at];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = listener};
    listener->fd = target_connect (target, at);
    bool good =
        listener->fd >= 0 && s_ask (self, listener->fd, target) &&
        fcntl (listener->fd, F_SETFL, O_NONBLOCK) == 0 &&
        (at < self->options->deaf ||
            epoll_ctl (self->epoll, EPOLL_CTL_ADD, listener->fd, &event) == 0);
    if (!good)
        fprintf (
            stderr, "zherd-load: %s: %s\n", target->name, strerror (errno));
    return good;
}


static void
s_close (listener_t *self)
{
    if (self->fd >= 0)
        close (self->fd);
    self->fd = -1;
    ear_clear (&self->ear);
}


static bool
s_begin (audience_t *self)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    const uint32_t count = self->options->connections;
    self->listeners = zmalloc (count * sizeof (listener_t));
    self->epoll = epoll_create1 (EPOLL_CLOEXEC);
    assert (self->epoll >= 0);
    for (uint32_t at = 0; at < count; at++)
        self->listeners [at].fd = -1;
    for (uint32_t at = 0; at < count; at++) {
        if (at % AT_ONCE == 0)
            clock_nanosleep (CLOCK_MONOTONIC, 0, &pause, NULL);
        if (!s_connect (self, at))
            return false;
    }
    self->began_ns = s_now_ns ();
    return true;
}


static void
s_fail (audience_t *self, listener_t *listener, const char *why)
{
    if (self->heard->failed++ == 0)
        fprintf (stderr, "zherd-load: a listener %s\n", why);
    s_close (listener);
}


static void
s_hear (audience_t *self, listener_t *listener, span_t bytes)
{
    int64_t stamp_ns;
    int64_t now_ns = s_now_ns ();
    ear_result_t result;
    self->heard->bytes += bytes.size;
    while (
        (result = ear_next (&listener->ear, &bytes, &stamp_ns)) == EAR_EVENT ||
        result == EAR_BEGINS) {
        self->heard->begun += result == EAR_BEGINS;
        if (stamp_ns < self->began_ns)
            continue;
        self->heard->events++;
        histogram_record (self->heard->age, now_ns - stamp_ns);
    }
    if (result == EAR_REFUSED)
        s_fail (self, listener, "was refused");
}


static void
s_read (audience_t *self, listener_t *listener)
{
    char input [INPUT_SIZE];
    ssize_t size = read (listener->fd, input, sizeof input);
    if (size > 0)
        s_hear (self, listener, (span_t){input, (size_t) size});
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
        s_fail (self, listener, "was closed");
}


static void
s_listen (audience_t *self)
{
    struct epoll_event events [EVENTS];
    int64_t begin_ns = clock_ns ();
    int64_t until_ns = begin_ns + (int64_t) (self->options->seconds * 1e9);
    int64_t now_ns = begin_ns;
    while (now_ns < until_ns) {
        int count = epoll_wait (self->epoll, events, EVENTS,
            (int) ((until_ns - now_ns) / 1000000 + 1));
        for (int at = 0; at < count; at++)
            s_read (self, events [at].data.ptr);
        now_ns = clock_ns ();
    }
    self->heard->time_ns = now_ns - begin_ns;
}


//  Who reads and has not begun by now has failed

static void
s_judge (audience_t *self)
{
    const options_t *options = self->options;
    for (uint32_t at = options->deaf; at < options->connections; at++) {
        listener_t *listener = &self->listeners [at];
        if (listener->fd >= 0 && !listener->ear.in_body)
            s_fail (self, listener, "got no answer");
    }
}


static void
s_end (audience_t *self)
{
    for (uint32_t at = 0; at < self->options->connections; at++)
        s_close (&self->listeners [at]);
    close (self->epoll);
    free (self->listeners);
}


bool
audience_listen (const options_t *options, audience_heard_t *heard)
{
    audience_t self = {
        .options = options, .heard = heard, .chance = (uint64_t) clock_ns ()};
    bool good = s_begin (&self);
    if (good) {
        heard->memory_first = usage_memory (options->pids, options->pid_count);
        s_listen (&self);
        heard->memory_last = usage_memory (options->pids, options->pid_count);
        s_judge (&self);
    }
    s_end (&self);
    return good;
}
