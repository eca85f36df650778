/*  =========================================================================
    jetstream - a bare publisher and consumer of NATS JetStream

        jetstream [-n MESSAGES] [-k CLIENTS] [-r RATE] [-R REPLICAS] URL

    Makes a stream that keeps the last message of each subject in files, as
    zherd-gateway does, publishes AT lines by one connection, and is delivered
    them by another.  No more than WINDOW are published without an answer, and
    no more than the rate a second (0 = as fast as they are stored).  Prints
    JSON with zherd-load's keys, and removes the stream.
    =========================================================================
*/

#include <nats/nats.h>

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STREAM "bare"
#define WINDOW 4000
#define COUNT_MAX 10000000
#define PATIENCE_MS INT64_C (60000)
#define TRY_MS 100
#define NS INT64_C (1000000000)

typedef struct {
    uint64_t messages, clients, rate;
    int64_t replicas;
    int64_t *sent_ns;     //  Of each message
    int64_t *latency_ns;  //  Of each that was delivered
    _Atomic uint64_t delivered;
    _Atomic int64_t last_ns;
} bare_t;


static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS + now.tv_nsec;
}


static void
s_rest (int64_t until_ns)
{
    struct timespec until = {until_ns / NS, until_ns % NS};
    while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
        ;
}


static void
s_must (natsStatus status, const char *what)
{
    if (status == NATS_OK)
        return;
    fprintf (stderr, "jetstream: %s: %s\n", what, natsStatus_GetText (status));
    exit (1);
}


//  A message ends with its number

static void
s_take (
    natsConnection *connection, natsSubscription *sub, natsMsg *msg, void *self)
{
    (void) connection, (void) sub;
    bare_t *bare = self;
    int64_t now_ns = s_now_ns ();
    const char *number = strrchr (natsMsg_GetData (msg), ' ');
    uint64_t index = number ? strtoull (number, NULL, 10) : bare->messages;
    natsMsg_Destroy (msg);
    if (index >= bare->messages || bare->latency_ns [index])
        return;
    bare->latency_ns [index] = now_ns - bare->sent_ns [index];
    bare->last_ns = now_ns;
    bare->delivered++;
}


//  At a rate, each message leaves at once

static natsConnection *
s_connect (const bare_t *self, const char *url)
{
    natsOptions *options;
    natsConnection *connection;
    s_must (natsOptions_Create (&options), "options");
    s_must (natsOptions_SetURL (options, url), "URL");
    s_must (natsOptions_SetSendAsap (options, self->rate > 0), "options");
    s_must (natsConnection_Connect (&connection, options), url);
    natsOptions_Destroy (options);
    return connection;
}


//  A cluster may still choose who leads

static void
s_make (bare_t *self, jsCtx *stream)
{
    const char *subjects [] = {STREAM ".>"};
    jsStreamConfig config;
    jsErrCode error;
    natsStatus status;
    int64_t end_ns = s_now_ns () + PATIENCE_MS * (NS / 1000);
    s_must (jsStreamConfig_Init (&config), "stream");
    config.Name = STREAM;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.MaxMsgsPerSubject = 1;
    config.Storage = js_FileStorage;
    config.Replicas = self->replicas;
    js_DeleteStream (stream, STREAM, NULL, &error);
    while ((status = js_AddStream (NULL, stream, &config, NULL, &error)) &&
           s_now_ns () < end_ns)
        s_rest (s_now_ns () + TRY_MS * (NS / 1000));
    s_must (status, "stream");
}


static int64_t
s_publish (bare_t *self, jsCtx *stream)
{
    int64_t start_ns = s_now_ns ();
    char subject [64], text [160];
    for (uint64_t index = 0; index < self->messages; index++) {
        if (self->rate)
            s_rest (start_ns + (int64_t) (index * (uint64_t) NS / self->rate));
        snprintf (subject, sizeof (subject), STREAM ".east.client%" PRIu64,
            index % self->clients);
        int size = snprintf (text, sizeof (text),
            "AT Alford +0.000123456 client%" PRIu64
            " +34.068930-118.445127 1479413884.392014450 %" PRIu64,
            index % self->clients, index);
        self->sent_ns [index] = s_now_ns ();
        s_must (js_PublishAsync (stream, subject, text, size, NULL), "publish");
    }
    return start_ns;
}


static int
s_compare (const void *left, const void *right)
{
    int64_t a = *(const int64_t *) left, b = *(const int64_t *) right;
    return (a > b) - (a < b);
}


static void
s_report (bare_t *self, int64_t start_ns)
{
    uint64_t count = 0;
    for (uint64_t index = 0; index < self->messages; index++)
        if (self->latency_ns [index])
            self->latency_ns [count++] = self->latency_ns [index];
    qsort (self->latency_ns, count, sizeof (int64_t), s_compare);
    int64_t p50_ns = self->latency_ns [count / 2];
    int64_t p99_ns = self->latency_ns [count * 99 / 100];
    printf ("{\"requests\": %" PRIu64
            ", \"throughput\": %.1f, \"p50_us\": %.1f,"
            " \"p99_us\": %.1f}\n",
        count, (double) count * 1e9 / (double) (self->last_ns - start_ns),
        (double) p50_ns / 1e3, (double) p99_ns / 1e3);
}


static void
s_run (bare_t *self, const char *url)
{
    natsConnection *publisher = s_connect (self, url),
                   *consumer = s_connect (self, url);
    jsCtx *out, *in;
    jsOptions options;
    jsSubOptions ordered;
    jsErrCode error;
    natsSubscription *sub;
    s_must (jsOptions_Init (&options), "options");
    options.PublishAsync.MaxPending = WINDOW;
    options.PublishAsync.StallWait = PATIENCE_MS;
    s_must (natsConnection_JetStream (&out, publisher, &options), "JetStream");
    s_must (natsConnection_JetStream (&in, consumer, NULL), "JetStream");
    s_make (self, out);
    s_must (jsSubOptions_Init (&ordered), "options");
    ordered.Stream = STREAM;
    ordered.Ordered = true;
    s_must (js_Subscribe (
                &sub, in, STREAM ".>", s_take, self, NULL, &ordered, &error),
        "consumer");
    s_must (natsSubscription_SetPendingLimits (sub, -1, -1), "consumer");
    int64_t start_ns = s_publish (self, out);
    s_must (js_PublishAsyncComplete (out, NULL), "publish");
    //  Of a subject the last is delivered for certain
    while (self->delivered < self->messages && s_now_ns () < self->last_ns + NS)
        s_rest (s_now_ns () + NS / 100);
    s_report (self, start_ns);
    js_DeleteStream (out, STREAM, NULL, &error);
}


int
main (int argc, char *argv [])
{
    bare_t self = {.messages = 100000, .clients = COUNT_MAX, .replicas = 1};
    int option;
    while ((option = getopt (argc, argv, "n:k:r:R:")) != -1)
        if (option == 'n')
            self.messages = strtoull (optarg, NULL, 10);
        else if (option == 'k')
            self.clients = strtoull (optarg, NULL, 10);
        else if (option == 'r')
            self.rate = strtoull (optarg, NULL, 10);
        else if (option == 'R')
            self.replicas = strtoll (optarg, NULL, 10);
        else
            return 2;
    if (optind != argc - 1 || !self.clients || !self.messages ||
        self.messages > COUNT_MAX)
        return 2;
    self.sent_ns = calloc (self.messages, sizeof (int64_t));
    self.latency_ns = calloc (self.messages, sizeof (int64_t));
    bool has_room = self.sent_ns && self.latency_ns;
    if (has_room)
        s_run (&self, argv [optind]);
    free (self.sent_ns);
    free (self.latency_ns);
    return has_room ? 0 : 1;
}
