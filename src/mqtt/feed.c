/*  =========================================================================
    feed - what a server of a herd tells of all clients
    =========================================================================
*/

#include "mqtt/feed.h"

#include "base/lines.h"
#include "config/zpl.h"
#include "loop/clock.h"

#include <jansson.h>

#define READ_SIZE 16384
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
    lines_t input;
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
    lines_clear (&self->input);
}


//  Take a line of the headers.  Returns false if the server is given up for it

static bool
s_take_head (feed_t *self, span_t line)
{
    static const char good [] = "HTTP/1.1 200 ";
    char text [128];
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    if (self->began)
        self->in_body = line.size == 0;
    else if (line.size >= sizeof good - 1 &&
             memcmp (line.data, good, sizeof good - 1) == 0)
        self->began = true;
    else {
        snprintf (text, sizeof text, "%.*s", (int) line.size, line.data);
        servers_fail (self->servers, "refuses the feed: ", text);
    }
    return self->began;
}


//  Take a line of the feed.  Returns false if the server is given up for it

static bool
s_take_line (feed_t *self, span_t line)
{
    if (line.size == 0)
        return true;
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
    return good;
}


static void
s_take (feed_t *self, span_t bytes)
{
    span_t line;
    lines_result_t result;
    self->heard_ms = clock_ms ();
    while ((result = lines_next (
                &self->input, &bytes, FEED_LINE_SIZE_MAX, &line)) == LINES_LINE)
        //  Who takes a line may close the connection
        if (!(self->in_body ? s_take_line (self, line)
                            : s_take_head (self, line)) ||
            servers_socket (self->servers) < 0)
            return;
    if (result == LINES_LONG)
        servers_fail (
            self->servers, "is given up: it sent a line that is too long", "");
}


static void
s_ready (void *context, uint32_t events)
{
    feed_t *self = context;
    char data [READ_SIZE];
    (void) events;
    ssize_t size =
        recv (servers_socket (self->servers), data, sizeof (data), 0);
    if (size > 0)
        s_take (self, (span_t){data, (size_t) size});
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
        servers_fail (self->servers,
            "is gone: ", size ? strerror (errno) : "it closed the connection");
}


feed_t *
feed_new (const feed_options_t *options)
{
    feed_t *self = zmalloc (sizeof (feed_t));
    self->options = *options;
    self->reads = true;
    self->servers = servers_new (&options->herd,
        &(servers_user_t){
            .up = s_up, .ready = s_ready, .down = s_down, .context = self});
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
        lines_clear (&self->input);
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
