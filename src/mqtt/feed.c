/*  =========================================================================
    feed - what a server of a herd tells of all clients
    =========================================================================
*/

#include "mqtt/feed.h"

#include "config/zpl.h"
#include "loop/clock.h"

#include <jansson.h>

#define HEAD_SIZE 1024
#define TOKEN_SIZE_MAX 512
#define POSITION_SIZE 64

struct feed_t {
    feed_options_t options;
    servers_t *servers;
    bool reads;
    char since [POSITION_SIZE];  //  Where to go on; empty = with all
    bool began;                  //  The status was 200,
    bool in_body;                //  and the headers have ended
    int64_t heard_ms;
};


//  Read the token, to be freed, or return NULL and why

static char *
s_read_token (const char *file, const char **wrong)
{
    char *text = zpl_slurp (file, TOKEN_SIZE_MAX, ZPL_OURS, wrong);
    if (!text)
        return NULL;
    span_t rest = span_of (text);
    span_t line = span_until (&rest, '\n');
    bool good = line.size && !rest.size &&
                strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
                              "uvwxyz0123456789-_") == line.size;
    if (good) {
        text [line.size] = '\0';
        return text;
    }
    *wrong = "is not a line with a token";
    freen (text);
    return NULL;
}


const char *
feed_check (const char *token)
{
    const char *wrong = NULL;
    char *text = s_read_token (token, &wrong);
    if (text)
        explicit_bzero (text, strlen (text));
    free (text);
    return text ? NULL : wrong;
}


//  Ask for the feed.  A new connection takes all of that

static void
s_up (void *context)
{
    feed_t *self = context;
    char head [HEAD_SIZE];
    char at [ENDPOINT_TEXT_SIZE];
    const char *wrong = NULL;
    char *token =
        self->options.token ? s_read_token (self->options.token, &wrong) : NULL;
    if (wrong) {
        servers_fail (
            self->servers, "can't be asked: the token's file ", wrong);
        return;
    }
    int size = snprintf (head, sizeof head,
        "GET /v1/feed?since=%s HTTP/1.0\r\nHost: %s\r\n%s%s%s\r\n", self->since,
        endpoint_print (servers_endpoint (self->servers), at),
        token ? "Authorization: Bearer " : "", token ? token : "",
        token ? "\r\n" : "");
    assert (size > 0 && size < HEAD_SIZE);
    bool sent = send (servers_socket (self->servers), head, (size_t) size,
                    MSG_NOSIGNAL) == size;
    explicit_bzero (head, sizeof head);
    if (token)
        explicit_bzero (token, strlen (token));
    free (token);
    self->heard_ms = clock_ms ();
    if (!sent)
        servers_fail (self->servers, "is gone: ", strerror (errno));
    else if (!self->reads)
        servers_watch (self->servers, 0);
}


static void
s_down (void *context)
{
    feed_t *self = context;
    self->began = self->in_body = false;
}


//  Take a line of the headers

static void
s_take_head (feed_t *self, span_t line)
{
    static const char good [] = "HTTP/1.1 200 ";
    char text [128];
    if (self->began)
        self->in_body = line.size == 0;
    else if (line.size >= sizeof good - 1 &&
             memcmp (line.data, good, sizeof good - 1) == 0)
        self->began = true;
    else {
        snprintf (text, sizeof text, "%.*s", (int) line.size, line.data);
        servers_fail (self->servers, "refuses the feed: ", text);
    }
}


//  Take a line of the feed

static void
s_take_line (feed_t *self, span_t line)
{
    if (line.size == 0)
        return;
    json_t *json =
        json_loadb (line.data, line.size, JSON_REJECT_DUPLICATES, NULL);
    const char *id = json_string_value (json_object_get (json, "id"));
    const char *position = json_string_value (
        json_object_get (json_object_get (json, "properties"), "position"));
    bool good = id && position && strlen (position) < POSITION_SIZE &&
                strspn (position, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                  "stuvwxyz0123456789-_.") == strlen (position);
    if (good) {
        memcpy (self->since, position, strlen (position) + 1);
        self->options.line (self->options.context, id, line);
    }
    json_decref (json);
    //  What it said may name a client and a place
    if (!good)
        servers_fail (
            self->servers, "is given up: its response is no feed", "");
}


static void
s_line (void *context, span_t line)
{
    feed_t *self = context;
    if (self->in_body)
        s_take_line (self, line);
    else
        s_take_head (self, line);
}


static void
s_ready (void *context, uint32_t events)
{
    feed_t *self = context;
    (void) events;
    self->heard_ms = clock_ms ();
    servers_read (self->servers);
}


feed_t *
feed_new (const feed_options_t *options)
{
    feed_t *self = zmalloc (sizeof (feed_t));
    self->options = *options;
    self->reads = true;
    self->servers =
        servers_new (&options->herd, &(servers_user_t){.up = s_up,
                                         .ready = s_ready,
                                         .line = s_line,
                                         .down = s_down,
                                         .context = self,
                                         .line_size_max = FEED_LINE_SIZE_MAX});
    if (!self->servers)
        freen (self);
    return self;
}


void
feed_destroy (feed_t **self_p)
{
    feed_t *self = *self_p;
    if (self) {
        servers_destroy (&self->servers);
        free (self);
        *self_p = NULL;
    }
}


void
feed_tick (feed_t *self)
{
    servers_tick (self->servers);
    if (servers_socket (self->servers) >= 0 && self->reads &&
        clock_ms () - self->heard_ms > FEED_SILENCE_MS)
        servers_fail (self->servers, "is given up: it sends nothing", "");
}


void
feed_read (feed_t *self, bool reads)
{
    if (self->reads == reads)
        return;
    self->reads = reads;
    self->heard_ms = clock_ms ();
    if (servers_socket (self->servers) >= 0)
        servers_watch (self->servers, reads ? EPOLLIN : 0);
}


void
feed_restart (feed_t *self)
{
    if (servers_socket (self->servers) >= 0)
        servers_close (self->servers);
    *self->since = '\0';
}
