/*  =========================================================================
    http_case - a Places service on a real port, and clients of it
    =========================================================================
*/

#include "places/http_case.h"

#include "loop/clock.h"
#include "loop/sockaddr.h"
#include "places/gazetteer_case.h"

#include <arpa/inet.h>

#define PATIENCE_MS 60000

//  Below the ports that clients are given
#define PORT_FIRST 20000
#define PORT_LAST 32000


static void
s_tick (void *context)
{
    http_case_t *self = context;
    if (self->http)
        http_tick (self->http);
    self->late = clock_ms () >= self->deadline_ms;
    if (self->late)
        poller_end (self->poller);
}


int
http_case_new (void **state)
{
    http_case_t *self = zmalloc (sizeof (http_case_t));
    zsys_handler_set (NULL);
    self->poller = poller_new (NULL, NULL);
    assert_non_null (self->poller);
    poller_tick (self->poller, 1000, s_tick, self);
    self->gazetteer = gazetteer_case_new (LINE (1, "Here", "34", "-118", 1000)
            LINE (2, "There", "34.1", "-118", 5000) LINE (3, "Far", "34.44",
                "-118", 9000) "4\tPart\t34\t-118\tPPLX\tFR\t11\t1\n");
    self->service = service_new (self->gazetteer, LAYOUT_CLASSIC);
    self->options = (http_options_t){.address = address_of_v4 (INADDR_LOOPBACK),
        .port = PORT_FIRST,
        .connection_max = 100,
        .request_seconds = 60};
    http_case_serve (self);
    *state = self;
    return 0;
}


int
http_case_free (void **state)
{
    http_case_t *self = *state;
    http_destroy (&self->http);
    service_destroy (&self->service);
    gazetteer_destroy (&self->gazetteer);
    poller_destroy (&self->poller);
    free (self->reply);
    free (self);
    return 0;
}


void
http_case_serve (http_case_t *self)
{
    http_destroy (&self->http);
    while (!self->http) {
        assert_true (++self->options.port < PORT_LAST);
        self->http = http_new (
            self->poller, &self->options, service_answer, self->service);
    }
}


void
http_case_open (http_case_t *self, const char *file, layout_style_t style)
{
    http_destroy (&self->http);
    service_destroy (&self->service);
    gazetteer_destroy (&self->gazetteer);
    self->gazetteer = gazetteer_new (&file, 1);
    assert_non_null (self->gazetteer);
    self->service = service_new (self->gazetteer, style);
    http_case_serve (self);
}


//  Count the replies in what came since, or began before and is whole now

static void
s_count (http_client_t *self)
{
    static const char head [] = "HTTP/1.1 200 OK\r\n";
    const size_t before = sizeof (head) - 2;
    const char *found;
    while ((found = strstr (self->in + self->counted, head))) {
        self->replies++;
        self->counted = (size_t) (found - self->in) + 1;
    }
    if (self->in_size > self->counted + before)
        self->counted = self->in_size - before;
}


static void
s_receive (http_client_t *self)
{
    char data [65536];
    ssize_t got = recv (self->watcher.fd, data, sizeof (data), 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        self->closed = true;
        poller_drop (self->stage->poller, &self->watcher);
        return;
    }
    self->in = realloc (self->in, self->in_size + (size_t) got + 1);
    assert_non_null (self->in);
    memcpy (self->in + self->in_size, data, (size_t) got);
    self->in_size += (size_t) got;
    self->in [self->in_size] = '\0';
    s_count (self);
}


static void
s_send (http_client_t *self)
{
    ssize_t sent =
        send (self->watcher.fd, self->out, self->out_size, MSG_NOSIGNAL);
    if (sent > 0) {
        self->out += sent;
        self->out_size -= (size_t) sent;
    }
    if (self->out_size == 0)
        poller_change (self->stage->poller, &self->watcher, EPOLLIN);
}


static void
s_ready (void *context, uint32_t events)
{
    http_client_t *self = context;
    if (events & EPOLLOUT)
        s_send (self);
    if (events & ~(uint32_t) EPOLLOUT)
        s_receive (self);
    if (self->closed || (self->awaited && self->replies >= self->awaited))
        poller_end (self->stage->poller);
}


http_client_t *
http_case_connect (http_case_t *self, const char *out)
{
    sockaddr_t name;
    socklen_t size =
        sockaddr_write (&name, &self->options.address, self->options.port);
    http_client_t *client = zmalloc (sizeof (http_client_t));
    client->stage = self;
    client->out = out;
    client->out_size = strlen (out);
    client->in = strdup ("");
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    assert_int_equal (connect (fd, &name.any, size), 0);
    assert_int_equal (fcntl (fd, F_SETFL, O_NONBLOCK), 0);
    client->watcher = (watcher_t){fd, s_ready, client};
    assert_int_equal (
        poller_add (self->poller, &client->watcher, EPOLLIN | EPOLLOUT), 0);
    return client;
}


void
http_case_leave (http_client_t **client_p)
{
    http_client_t *client = *client_p;
    poller_drop (client->stage->poller, &client->watcher);
    close (client->watcher.fd);
    free (client->in);
    free (client);
    *client_p = NULL;
}


void
http_case_run (http_client_t *client, size_t replies)
{
    http_case_t *self = client->stage;
    client->awaited = replies;
    self->deadline_ms = clock_ms () + PATIENCE_MS;
    poller_run (self->poller);
    assert_false (self->late);
}


const char *
http_case_ask (http_case_t *self, const char *request)
{
    http_client_t *client = http_case_connect (self, request);
    http_case_run (client, 0);
    free (self->reply);
    self->reply = client->in;
    client->in = NULL;
    http_case_leave (&client);
    return self->reply;
}
