/*  =========================================================================
    web_case - a port for phones and applications, in a test's hands
    =========================================================================
*/

#include "io/web_case.h"

#include "command/command.h"
#include "loop/clock.h"

#define PORT_BASE 16800

//  What a condition is waited for
#define AWAIT_MS 20000


//  Answer an IAMAT as the core does

static void
s_take (web_case_t *self, const event_t *event)
{
    char line [LOCATION_LINE_SIZE_MAX + 2];
    command_t command;
    command_parse (&command, event->text, LOCATION_CLIENT_SIZE_MAX);
    assert_int_equal (command.kind, COMMAND_IAMAT);
    location_t location = {.server = span_of ("Alford"),
        .client = command.client,
        .place = command.place,
        .stamp = command.stamp,
        .stamped = command.stamped,
        .heard = event->now};
    size_t size = location_print (&location, line);
    if (self->full) {
        web_reply (self->web, event->connection, span_of ("? IAMAT\n"));
        return;
    }
    table_put (self->table, &location, TABLE_DOOR);
    line [size++] = '\n';
    web_reply (self->web, event->connection, (span_t){line, size});
}


static void
s_emit (void *context, const event_t *event)
{
    web_case_t *self = context;
    size_t size = strlen (self->lines);
    assert_int_equal (event->kind, EVENT_CONNECTION_LINE);
    assert_true (event->connection > EVENT_REQUESTS);
    snprintf (self->lines + size, sizeof (self->lines) - size, "%.*s\n",
        (int) event->text.size, event->text.data);
    self->count++;
    later_by (self->takes_ms);
    self->number = event->connection;
    if (event->text.data [0] == 'I')
        s_take (self, event);
}


static void
s_tell (void *context, uint64_t connection, char sign, span_t text)
{
    web_case_t *self = context;
    size_t size = strlen (self->told);
    snprintf (self->told + size, sizeof (self->told) - size, "%c %d %.*s\n",
        sign, (int) (connection - EVENT_REQUESTS), (int) text.size, text.data);
}


static char *
s_tell_herd (void *context)
{
    web_case_t *self = context;
    return zsys_sprintf ("{\"asked\":%zu}", ++self->asked);
}


web_t *
web_case_open (web_case_t *self)
{
    return web_new (self->stage->poller,
        &(web_options_t){.address = loop_case_home,
            .port = self->port,
            .gate = {.server = "Alford",
                .host = "found.example",
                .hosts = "herd.example other.example",
                .origins = "https://map.example",
                .proxies = "127.0.0.1",
                .tiles = "https://tiles.example/{z}/{x}/{y}.png and words",
                .tokens = self->tokens,
                .per_minute = WEB_CASE_PER_MINUTE},
            .client_size_max = 40,
            .bodies_size_max = self->bodies_size_max,
            .per_address_max = self->per_address_max,
            .connections_max = WEB_CASE_CONNECTIONS,
            .streams = {.process = WEB_CASE_PROCESS,
                .listeners_max = WEB_CASE_LISTENERS,
                .inside_max = WEB_CASE_INSIDE,
                .inside_size_max = self->inside_size_max,
                .bulletin = {.ask = s_tell_herd, .context = self}},
            .tell = s_tell},
        s_emit, self);
}


//  Room for some ten thousand clients
#define TABLE_SIZE ((size_t) 1 << 21)


static void
s_tick (void *context)
{
    web_case_t *self = context;
    if (self->web)
        web_tick (self->web);
}


static void
s_turn (void *context)
{
    web_case_t *self = context;
    if (self->count - self->turn_count > self->turn_most)
        self->turn_most = self->count - self->turn_count;
    self->turn_count = self->count;
    if (self->web && web_turn (self->web, clock_ms ()))
        poller_hurry (self->stage->poller);
    uint64_t events = web_counts (self->web).events;
    if (events - self->turn_events > self->turn_events_most)
        self->turn_events_most = events - self->turn_events;
    self->turn_events = events;
}


int
web_case_new (void **state)
{
    web_case_t *self = zmalloc (sizeof (web_case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->stage->context = self;
    self->stage->tick = s_tick;
    self->stage->turn = s_turn;
    self->bodies_size_max = WEB_BODIES_SIZE_MAX;
    self->inside_size_max = WEB_INSIDE_SIZE_MAX;
    self->port = loop_case_port (self->stage);
    self->web = web_case_open (self);
    assert_non_null (self->web);
    self->table =
        table_new ((const unsigned char *) "0123456789abcdef", TABLE_SIZE);
    table_keep_near (self->table);
    web_serve (self->web, self->table);
    *state = self;
    return 0;
}


int
web_case_free (void **state)
{
    web_case_t *self = *state;
    web_destroy (&self->web);
    table_destroy (&self->table);
    loop_case_destroy (&self->stage);
    free (self->reply);
    free (self);
    return 0;
}


int
web_case_ask (
    web_case_t *self, const char *line, const char *headers, const char *body)
{
    wire_t *wire = wire_connect (self->stage, self->port);
    char head [10000];
    bool has_host = strstr (headers, "Host:") != NULL;
    snprintf (head, sizeof (head),
        "%s HTTP/1.1\r\n%s%sContent-Length: %zu\r\nConnection: close\r\n\r\n",
        line, has_host ? "" : "Host: 127.0.0.1:16000\r\n", headers,
        strlen (body));
    wire_say (wire, head);
    wire_say (wire, body);
    REACH (self->stage, &wire->closed, 1);
    free (self->reply);
    self->reply = wire->in;
    wire->in = NULL;
    wire_destroy (&wire);
    static const char version [] = "HTTP/1.1 ";
    size_t size = strlen (version);
    assert_int_equal (strncmp (self->reply, version, size), 0);
    return (int) strtol (self->reply + size, NULL, 10);
}


const char *
web_case_body (const web_case_t *self)
{
    const char *end = strstr (self->reply, "\r\n\r\n");
    assert_non_null (end);
    return end + 4;
}


wire_t *
web_case_listen (web_case_t *self, const char *path, const char *headers)
{
    char head [600];
    wire_t *wire = wire_connect (self->stage, self->port);
    snprintf (head, sizeof head, "GET %s HTTP/1.0\r\nHost: localhost\r\n%s\r\n",
        path, headers);
    wire_say (wire, head);
    return wire;
}


void
web_case_tell (
    web_case_t *self, const char *client, const char *place, unsigned time)
{
    char line [200];
    location_t location;
    snprintf (line, sizeof line, "AT Alford +0.000000000 %s %s %u", client,
        place, time);
    assert_true (location_parse (&location, span_of (line)));
    table_put (self->table, &location, TABLE_DOOR);
}


void
web_case_await (web_case_t *self, wire_t *wire, const char *text)
{
    int64_t until_ms = clock_ms () + AWAIT_MS;
    char *found = strstr (wire->in, text);
    while (!found && !wire->closed && clock_ms () < until_ms) {
        loop_case_spend (self->stage, 5);
        found = strstr (wire->in, text);
    }
    if (!found) {
        fail_msg ("no \"%s\" in: %s", text, wire->in);
        return;
    }
    found += strlen (text);
    wire->in_size -= (size_t) (found - wire->in);
    memmove (wire->in, found, wire->in_size + 1);
}


void
web_case_await_streams (web_case_t *self, size_t count)
{
    int64_t until_ms = clock_ms () + AWAIT_MS;
    while (web_counts (self->web).streams != count && clock_ms () < until_ms)
        loop_case_spend (self->stage, 5);
    assert_int_equal (web_counts (self->web).streams, count);
}


void
web_case_hang_up (web_case_t *self, wire_t **wire_p)
{
    size_t streams = web_counts (self->web).streams;
    wire_destroy (wire_p);
    web_case_await_streams (self, streams - 1);
}
