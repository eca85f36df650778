/*  =========================================================================
    costs - what it costs to be equal, at a million records

    "make costs" runs it in the release build and prints the table that is kept
    in docs/costs.md.  Two or three of the real servers' minds hand each other
    their messages in virtual time; every byte is counted.
    =========================================================================
*/

#include "core/server.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORDS 1000000
#define BEHIND 1000
#define SERVERS_MAX 3
#define STEP_MS 10
#define LIMIT_MS 60000

//  POSIX time of the lab, in which lines are less than a second old
#define NOW_SECONDS 1479413885

//  A line as long as the assignment's example, and one of 100 bytes with LF
#define SHORT_ID "%07u.ucla.edu"
#define LONG_ID "client%07u.some.place.ucla.edu"

static const char *const s_names [SERVERS_MAX] = {"Alford", "Ball", "Welsh"};

typedef struct {
    server_t *servers [SERVERS_MAX];
    unsigned count;
    bool cut;  //  Nothing gets through
    int64_t clock_ms;
    uint64_t incarnations;
    uint64_t bytes [MESSAGE_PUT + 1];
    effects_t *effects;
    char *buffer;
} lab_t;


static server_t *
s_server (lab_t *self, unsigned server)
{
    const char *peers [SERVERS_MAX] = {NULL};
    unsigned count = 0;
    for (unsigned other = 0; other < SERVERS_MAX; other++)
        if (other != server && other < self->count)
            peers [count++] = s_names [other];
    return server_new (&(server_options_t){.name = s_names [server],
        .herd = "costs",
        .secret = "",
        .incarnation = ++self->incarnations,
        .peers = peers,
        .peer_count = count,
        .table_size_max = (size_t) 1 << 30,
        .waiting_max = 16});
}


static lab_t
s_lab (unsigned count)
{
    lab_t self = {.count = count, .clock_ms = 1000};
    self.effects = effects_new ();
    self.buffer = malloc (FLOOD_ROOM);
    assert (self.buffer);
    for (unsigned server = 0; server < count; server++)
        self.servers [server] = s_server (&self, server);
    return self;
}


static void
s_clear (lab_t *self)
{
    for (unsigned server = 0; server < self->count; server++)
        server_destroy (&self->servers [server]);
    effects_destroy (&self->effects);
    free (self->buffer);
}


//  The server takes the record as if it had always been there

static void
s_put (server_t *server, const char *id, unsigned number, unsigned nanoseconds)
{
    char client [64];
    char line [200];
    location_t location;
    snprintf (client, sizeof (client),
        strcmp (id, SHORT_ID) == 0 ? SHORT_ID : LONG_ID, number);
    int size = snprintf (line, sizeof (line),
        "AT Alford +0.263873386 %s +34.068930-118.445127 1479413884.%09u",
        client, nanoseconds);
    bool good = location_parse (&location, (span_t){line, (size_t) size});
    assert (good);
    table_result_t result =
        table_put (server_table (server), &location, TABLE_DOOR);
    assert (result == TABLE_STORED);
}


static void
s_fill (server_t *server, const char *id)
{
    for (unsigned number = 0; number < RECORDS; number++)
        s_put (server, id, number, 100000000);
}


static void
s_step (
    lab_t *self, unsigned server, event_kind_t kind, unsigned peer, span_t text)
{
    event_t event = {.kind = kind,
        .now = {NOW_SECONDS, 0},
        .clock_ms = self->clock_ms,
        .connection = 1,
        .peer = peer,
        .text = text};
    server_step (self->servers [server], &event, self->effects);
    effects_clear (self->effects);
}


//  Something happens at all ends of all links

static void
s_step_links (lab_t *self, event_kind_t kind)
{
    for (unsigned server = 0; server < self->count; server++)
        for (unsigned peer = 0; peer + 1 < self->count; peer++)
            s_step (self, server, kind, peer, (span_t){NULL, 0});
}


//  Hand over the server's next message for the peer.  Returns false if there is
//  none

static bool
s_hand_over (lab_t *self, unsigned server, unsigned peer)
{
    span_t text = server_next (self->servers [server], peer, self->clock_ms,
        self->buffer, self->effects);
    effects_clear (self->effects);
    if (text.size == 0)
        return false;
    message_t message;
    message_parse (&message, text);
    self->bytes [message.kind] += text.size;
    if (!self->cut)
        s_step (self, peer + (peer >= server), EVENT_PEER_MESSAGE, 0, text);
    return true;
}


static void
s_run (lab_t *self, int64_t ms)
{
    for (int64_t end_ms = self->clock_ms + ms; self->clock_ms < end_ms;
         self->clock_ms += STEP_MS) {
        if (self->clock_ms % CORE_TICK_MS == 0)
            for (unsigned server = 0; server < self->count; server++)
                s_step (self, server, EVENT_TICK, 0, (span_t){NULL, 0});
        bool busy = true;
        while (busy) {
            busy = false;
            for (unsigned server = 0; server < self->count; server++)
                for (unsigned peer = 0; peer + 1 < self->count; peer++)
                    busy = s_hand_over (self, server, peer) || busy;
        }
    }
}


static bool
s_agrees (const lab_t *self)
{
    uint64_t root = server_status (self->servers [0]).root;
    for (unsigned server = 1; server < self->count; server++)
        if (server_status (self->servers [server]).root != root)
            return false;
    return true;
}


//  Count from now on, until all agree.  Returns the bytes, without those of
//  heartbeats if so

static double
s_count (lab_t *self, bool heartbeats)
{
    memset (self->bytes, 0, sizeof (self->bytes));
    int64_t start_ms = self->clock_ms;
    while (!s_agrees (self)) {
        assert (self->clock_ms - start_ms < LIMIT_MS);
        s_run (self, STEP_MS);
    }
    //  What is still on its way counts too
    s_run (self, STEP_MS);
    uint64_t sum = 0;
    for (int kind = MESSAGE_STATE; kind <= MESSAGE_PUT; kind++)
        if (heartbeats || kind != MESSAGE_STATE)
            sum += self->bytes [kind];
    return (double) sum;
}


static void
s_print (const char *what, double figure, double measured, const char *unit)
{
    printf ("| %s | %.10g %s | %.4g %s | %.2f |\n", what, figure, unit,
        measured, unit, measured / figure);
    fflush (stdout);
}


static double
s_resident (void)
{
    unsigned long size = 0;
    unsigned long resident = 0;
    FILE *file = fopen ("/proc/self/statm", "r");
    assert (file);
    char line [100];
    char *end = fgets (line, sizeof (line), file);
    assert (end);
    size = strtoul (line, &end, 10);
    resident = strtoul (end, NULL, 10);
    assert (size >= resident);
    fclose (file);
    return (double) resident * (double) sysconf (_SC_PAGESIZE);
}


static void
s_memory (void)
{
    lab_t lab = s_lab (1);
    double before = s_resident ();
    s_fill (lab.servers [0], SHORT_ID);
    double used = s_resident () - before;
    s_print ("memory per record, lines of 82 bytes", 128, used / RECORDS, "B");
    s_clear (&lab);
}


//  Two that were always equal

static void
s_pair (void)
{
    lab_t lab = s_lab (2);
    for (unsigned server = 0; server < 2; server++)
        s_fill (lab.servers [server], LONG_ID);
    s_step_links (&lab, EVENT_PEER_UP);
    s_run (&lab, 10000);
    memset (lab.bytes, 0, sizeof (lab.bytes));
    s_run (&lab, 100000);
    s_print ("in sync, per heartbeat and direction", 100,
        (double) (lab.bytes [MESSAGE_STATE] + lab.bytes [MESSAGE_BATCH]) / 200,
        "B");

    lab.cut = true;
    s_step_links (&lab, EVENT_PEER_DOWN);
    for (unsigned number = 0; number < BEHIND; number++) {
        char line [200];
        int size = snprintf (line, sizeof (line),
            "IAMAT " LONG_ID " +34.068930-118.445127 1479413884.500000000",
            number * 997);
        s_step (
            &lab, 0, EVENT_CONNECTION_LINE, 0, (span_t){line, (size_t) size});
    }
    s_run (&lab, 5000);
    lab.cut = false;
    s_step_links (&lab, EVENT_PEER_UP);
    s_print ("1,000 behind after a short outage", 0.1,
        s_count (&lab, true) / 1e6, "MB");

    s_run (&lab, 10000);
    char client [64];
    snprintf (client, sizeof (client), LONG_ID, 12345U);
    table_drop (server_table (lab.servers [1]), span_of (client));
    s_print ("one difference, heartbeats aside", 1, s_count (&lab, false) / 1e3,
        "KB");
    s_clear (&lab);
}


//  Two that never met, with long histories

static void
s_strangers (void)
{
    lab_t lab = s_lab (2);
    for (unsigned server = 0; server < 2; server++)
        s_fill (lab.servers [server], LONG_ID);
    for (unsigned number = 0; number < BEHIND; number++)
        s_put (lab.servers [0], LONG_ID, number * 997, 500000000);
    s_step_links (&lab, EVENT_PEER_UP);
    s_print (
        "1,000 behind, history unknown", 0.6, s_count (&lab, true) / 1e6, "MB");
    s_clear (&lab);
}


//  One of three starts anew

static void
s_restart (void)
{
    lab_t lab = s_lab (3);
    for (unsigned server = 0; server < 3; server++)
        s_fill (lab.servers [server], LONG_ID);
    s_step_links (&lab, EVENT_PEER_UP);
    s_run (&lab, 10000);
    lab.cut = true;
    s_step_links (&lab, EVENT_PEER_DOWN);
    server_destroy (&lab.servers [2]);
    lab.servers [2] = s_server (&lab, 2);
    s_run (&lab, 5000);
    lab.cut = false;
    s_step_links (&lab, EVENT_PEER_UP);
    s_print ("empty restart of one of three, in tables of 100 MB", 1.01,
        s_count (&lab, true) / 1e8, "x");
    s_clear (&lab);
}


int
main (void)
{
    puts ("| at 1,000,000 records of 100 bytes | figure | measured | ratio |\n"
          "|---|---|---|---|");
    //  First, while nothing else was ever allocated
    s_memory ();
    s_pair ();
    s_strangers ();
    s_restart ();
    return 0;
}
