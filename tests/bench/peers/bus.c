/*  =========================================================================
    bus - load a cluster of NATS servers with AT lines

        bus [-n UPDATES] [-w WINDOW] [-r RATE] PORT PORT...

    Publishes at the first server and subscribes at all others.  An update
    counts when each of these has passed it on; no more than the window are
    under way at once, and no more than the rate are published a second (0 = as
    fast as they pass).  Prints JSON with zherd-load's keys.
    =========================================================================
*/

#include "bench/peers/wire.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SERVERS_MAX 16
#define CLIENTS 10000
#define WARM_MS 20     //  Between attempts to reach all
#define PATIENCE_S 20  //  Without any progress
#define COUNT_MAX 100000000
#define NS 1000000000

//  The order counts: who has "warm" has made "at" known before
#define SUBSCRIBE "SUB at 1\r\nSUB warm 2\r\n"
#define CONNECT "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"

typedef struct {
    wire_t *wire;
    talk_t *publisher;
    uint64_t updates;
    uint64_t window;
    uint64_t rate;
    uint16_t ports [SERVERS_MAX];
    size_t ports_count;
    bool is_warm [SERVERS_MAX];
    uint64_t heard [SERVERS_MAX];  //  Updates, by server; the first hears none
    uint64_t published;
    uint64_t passed;      //  Heard by all
    int64_t *sent_ns;     //  Of each update
    int64_t *latency_ns;  //  Of each that passed
} bus_t;


static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * (int64_t) NS + now.tv_nsec;
}


static void
s_fail (const char *why)
{
    fprintf (stderr, "bus: %s\n", why);
    exit (1);
}


static void
s_say (talk_t *talk, const char *text)
{
    talk_say (talk, text, strlen (text));
}


static void
s_notice (void *context, talk_t *talk, bool is_up)
{
    bus_t *self = context;
    if (!is_up)
        s_fail ("a server closed the connection");
    s_say (talk, CONNECT);
    if (talk_kind (talk) == 0)
        self->publisher = talk;
    else
        s_say (talk, SUBSCRIBE);
}


//  "MSG at 1 87" is followed by as many bytes and CR LF.  Returns the size of
//  it all, or 0 if it is not all there

static size_t
s_take_message (
    bus_t *self, talk_t *talk, const char *line, size_t size, size_t room)
{
    const char *number = memrchr (line, ' ', size);
    size_t whole = size + strtoul (number, NULL, 10) + 2;
    if (whole > room)
        return 0;
    if (strncmp (line, "MSG at ", 7) == 0)
        self->heard [talk_kind (talk)]++;
    else
        self->is_warm [talk_kind (talk)] = true;
    return whole;
}


static size_t
s_take (void *context, talk_t *talk, const char *bytes, size_t size)
{
    size_t taken = 0;
    const char *end;
    while ((end = memchr (bytes + taken, '\n', size - taken))) {
        const char *line = bytes + taken;
        size_t line_size = (size_t) (end - line) + 1;
        if (strncmp (line, "MSG ", 4) == 0) {
            line_size =
                s_take_message (context, talk, line, line_size, size - taken);
            if (line_size == 0)
                break;
        }
        else if (strncmp (line, "PING", 4) == 0)
            s_say (talk, "PONG\r\n");
        else if (strncmp (line, "-ERR", 4) == 0)
            s_fail (line);
        taken += line_size;
    }
    return taken;
}


static void
s_warm_up (bus_t *self)
{
    int64_t end_ns = s_now_ns () + PATIENCE_S * (int64_t) NS;
    size_t warm = 0;
    while (warm < self->ports_count - 1) {
        if (self->publisher)
            s_say (self->publisher, "PUB warm 0\r\n\r\n");
        wire_turn (self->wire, WARM_MS);
        warm = 0;
        for (size_t index = 1; index < self->ports_count; index++)
            warm += self->is_warm [index];
        if (s_now_ns () > end_ns)
            s_fail ("not all of the servers pass on what one is told");
    }
}


static void
s_publish (bus_t *self, int64_t now_ns)
{
    char at [128];
    char message [160];
    uint64_t number = self->published;
    int size = snprintf (at, sizeof (at),
        "AT Alford +0.263873386 client-%05u.example +34.068930-118.445127 "
        "1479413884.%09u",
        (unsigned) (number % CLIENTS), (unsigned) (number % NS));
    size =
        snprintf (message, sizeof (message), "PUB at %d\r\n%s\r\n", size, at);
    talk_say (self->publisher, message, (size_t) size);
    self->sent_ns [number] = now_ns;
    self->published++;
}


//  How many may be published by now

static uint64_t
s_due (const bus_t *self, int64_t start_ns, int64_t now_ns)
{
    uint64_t due = self->passed + self->window;
    if (self->rate) {
        double seconds = (double) (now_ns - start_ns) / NS;
        uint64_t paced = 1 + (uint64_t) (seconds * (double) self->rate);
        due = paced < due ? paced : due;
    }
    return due < self->updates ? due : self->updates;
}


static void
s_count_passed (bus_t *self, int64_t now_ns)
{
    uint64_t least = UINT64_MAX;
    for (size_t index = 1; index < self->ports_count; index++)
        if (self->heard [index] < least)
            least = self->heard [index];
    for (; self->passed < least; self->passed++)
        self->latency_ns [self->passed] = now_ns - self->sent_ns [self->passed];
}


//  Returns how long it took

static int64_t
s_run (bus_t *self)
{
    int64_t start_ns = s_now_ns ();
    int64_t now_ns = start_ns;
    int64_t moved_ns = start_ns;
    while (self->passed < self->updates) {
        uint64_t due = s_due (self, start_ns, now_ns);
        while (self->published < due)
            s_publish (self, now_ns);
        wire_turn (self->wire, self->rate ? 1 : 1000);
        now_ns = s_now_ns ();
        uint64_t before = self->passed;
        s_count_passed (self, now_ns);
        if (self->passed > before)
            moved_ns = now_ns;
        if (now_ns > moved_ns + PATIENCE_S * (int64_t) NS)
            s_fail ("updates were lost");
    }
    return now_ns - start_ns;
}


static int
s_compare (const void *one, const void *other)
{
    const int64_t *a = one;
    const int64_t *b = other;
    return (*a > *b) - (*a < *b);
}


static double
s_part_us (const bus_t *self, double part)
{
    size_t at = (size_t) (part * (double) (self->updates - 1));
    return (double) self->latency_ns [at] / 1e3;
}


static void
s_print (bus_t *self, double seconds)
{
    double sum_ns = 0;
    for (uint64_t index = 0; index < self->updates; index++)
        sum_ns += (double) self->latency_ns [index];
    qsort (self->latency_ns, self->updates, sizeof (int64_t), s_compare);
    double rate = (double) self->updates / seconds;
    printf ("{\"workload\": \"bus\", \"speech\": \"nats\", \"connections\": 1, "
            "\"depth\": %lu, \"ids\": %d, \"seconds\": %.6f, "
            "\"requests\": %lu, \"errors\": 0, \"throughput\": %.1f, "
            "\"drained_seconds\": %.6f, \"drained_throughput\": %.1f, ",
        self->window, CLIENTS, seconds, self->updates, rate, seconds, rate);
    printf ("\"latency_us\": {\"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, "
            "\"p999\": %.1f, \"max\": %.1f, \"mean\": %.1f}}\n",
        s_part_us (self, 0.5), s_part_us (self, 0.9), s_part_us (self, 0.99),
        s_part_us (self, 0.999), s_part_us (self, 1),
        sum_ns / 1e3 / (double) self->updates);
}


static uint64_t
s_number (const char *text)
{
    char *end;
    unsigned long number = strtoul (text, &end, 10);
    if (*end || number > COUNT_MAX) {
        fprintf (stderr, "bus: what number is %s?\n", text);
        exit (2);
    }
    return number;
}


static int64_t *
s_times (uint64_t count)
{
    int64_t *times = calloc (count, sizeof (int64_t));
    assert (times);
    return times;
}


int
main (int argc, char **argv)
{
    static bus_t self = {.updates = 1000000, .window = 1600};
    int letter;
    while ((letter = getopt (argc, argv, "n:w:r:")) != -1)
        switch (letter) {
        case 'n':
            self.updates = s_number (optarg);
            break;
        case 'w':
            self.window = s_number (optarg);
            break;
        case 'r':
            self.rate = s_number (optarg);
            break;
        default:
            return 2;
        }
    for (; optind < argc && self.ports_count < SERVERS_MAX; optind++)
        self.ports [self.ports_count++] = wire_port (argv [optind]);
    if (self.ports_count < 2 || !self.updates || !self.window) {
        fprintf (stderr, "usage: bus [-n UPDATES] [-w WINDOW] [-r RATE] "
                         "PORT PORT...\n");
        return 2;
    }
    self.sent_ns = s_times (self.updates);
    self.latency_ns = s_times (self.updates);
    self.wire = wire_new (&self, s_take, s_notice);
    for (size_t index = 0; index < self.ports_count; index++)
        wire_call (self.wire, self.ports [index], (int) index);
    s_warm_up (&self);
    s_print (&self, (double) s_run (&self) / NS);
    return 0;
}
