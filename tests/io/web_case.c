/*  =========================================================================
    web_case - a port for phones and applications, in a test's hands
    =========================================================================
*/

#include "io/web_case.h"

#include "command/command.h"
#include "loop/clock.h"

#define PORT_BASE 16800


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
                .per_minute = WEB_CASE_PER_MINUTE},
            .client_size_max = 40,
            .bodies_size_max = self->bodies_size_max,
            .per_address_max = self->per_address_max,
            .connections_max = WEB_CASE_CONNECTIONS,
            .streams = {.process = WEB_CASE_PROCESS,
                .listeners_max = WEB_CASE_LISTENERS,
                .inside_max = WEB_CASE_INSIDE},
            .tell = s_tell},
        s_emit, self);
}


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
    if (self->web)
        web_turn (self->web, clock_ms ());
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
    self->port = loop_case_port (self->stage);
    self->web = web_case_open (self);
    assert_non_null (self->web);
    self->table = table_new ((const unsigned char *) "0123456789abcdef", 65536);
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
