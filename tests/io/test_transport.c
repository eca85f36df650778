/*  =========================================================================
    test_transport - HTTP requests on the loop

    A server, and a resolver, in the test's hands: every request ends once,
    never inside the call, and nothing that others do holds the loop up.
    =========================================================================
*/

#include "providers/transport.h"

#include "io/upstream.h"
#include "loop/clock.h"

#include <netdb.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <arpa/inet.h>

#define PORT_BASE 15800
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define BODY_SIZE_MAX 70000  //  More than is kept
#define CONNECTIONS 4

typedef struct {
    loop_case_t *stage;
    upstream_t *upstream;
    transport_t *transport;
    char url [64];
    size_t ended;
    void *owner;  //  Of the last one
    char error [128];
    bool may_retry;
    long status;
    long retry_after_s;
    char body [BODY_SIZE_MAX + 1];
    unsigned more;  //  To be sent as others end
} case_t;

//  A name is looked up until then, and whoever waits for that waits in vain
static sem_t s_is_found;
static atomic_bool s_gave_up;


//  In libc's place: names are not found, once the test lets it be said

int
getaddrinfo (const char *name, const char *service,
    const struct addrinfo *hints, struct addrinfo **result)
{
    struct timespec until;
    (void) name;
    (void) service;
    (void) hints;
    *result = NULL;
    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    if (sem_timedwait (&s_is_found, &until) == -1)
        s_gave_up = true;
    sem_post (&s_is_found);
    return EAI_NONAME;
}


static void
s_send_to (case_t *self, const char *url, int64_t timeout_ms, void *owner)
{
    transport_request_t request = {
        .url = strdup (url), .timeout_ms = timeout_ms, .owner = owner};
    transport_send (self->transport, &request);
}


static void
s_done (void *context, const transport_result_t *result)
{
    case_t *self = context;
    assert (result->body.size <= BODY_SIZE_MAX);
    assert (!transport_is_full (self->transport));
    self->ended++;
    self->owner = result->owner;
    snprintf (self->error, sizeof (self->error), "%s",
        result->error ? result->error : "");
    self->may_retry = result->may_retry;
    self->status = result->status;
    self->retry_after_s = result->retry_after_s;
    if (result->body.size)
        memcpy (self->body, result->body.data, result->body.size);
    self->body [result->body.size] = '\0';
    if (self->more) {
        self->more--;
        s_send_to (self, self->url, 600000, self);
    }
}


static void
s_turn (void *context)
{
    case_t *self = context;
    if (self->transport)
        transport_turn (self->transport);
}


static int
s_new (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    sem_init (&s_is_found, 0, 0);
    self->stage = loop_case_new (PORT_BASE);
    self->stage->context = self;
    self->stage->turn = s_turn;
    self->upstream = upstream_new (self->stage);
    snprintf (self->url, sizeof (self->url), "http://127.0.0.1:%u/ask?key=KEY",
        self->upstream->port);
    self->transport = transport_new (
        self->stage->poller, CONNECTIONS, BODY_SIZE_MAX, s_done, self);
    assert_non_null (self->transport);
    upstream_will_say (self->upstream, OK);
    *state = self;
    return 0;
}


static int
s_free (void **state)
{
    case_t *self = *state;
    transport_destroy (&self->transport);
    assert_null (self->transport);
    transport_destroy (&self->transport);
    upstream_destroy (&self->upstream);
    loop_case_destroy (&self->stage);
    sem_post (&s_is_found);
    free (self);
    return 0;
}


static void
s_send (case_t *self)
{
    s_send_to (self, self->url, 600000, self);
}


static void
a_request_ends_on_a_later_turn (void **state)
{
    case_t *self = *state;
    int mark;
    s_send_to (self, self->url, 600000, &mark);
    assert_int_equal (self->ended, 0);
    REACH (self->stage, &self->ended, 1);
    assert_ptr_equal (self->owner, &mark);
    assert_string_equal (self->error, "");
    assert_int_equal (self->status, 200);
    assert_string_equal (self->body, "{}");
    assert_int_equal (self->retry_after_s, 0);
    loop_case_spend (self->stage, 20);
    assert_int_equal (self->ended, 1);
    assert_null (strstr (self->upstream->request, "\r\nAuthorization"));
    assert_null (strstr (self->upstream->request, "\r\nReferer"));
}


//  In what it says of the server, a URL may be as short as it likes; a fragment
//  is for who asks.  One that would be several words or lines is refused

static void
what_is_asked_is_behind_the_servers_name (void **state)
{
    static const struct {
        const char *end;
        const char *line;  //  NULL = it is refused
    } rows [] = {{"/a/b?c=1,2&d=%20/e", "GET /a/b?c=1,2&d=%20/e HTTP/1.1\r\n"},
        {"?a=b", "GET /?a=b HTTP/1.1\r\n"}, {"", "GET / HTTP/1.1\r\n"},
        {"/a?b=c#d", "GET /a?b=c HTTP/1.1\r\n"}, {"/", "GET / HTTP/1.1\r\n"},
        {"/a/../b", "GET /b HTTP/1.1\r\n"}, {"/a\r\nX-Y: z", NULL},
        {"/a b", NULL}, {"/?a=\x7f", NULL}};
    case_t *self = *state;
    for (size_t row = 0; row < sizeof (rows) / sizeof (*rows); row++) {
        const char *line = rows [row].line;
        char url [128];
        snprintf (url, sizeof (url), "http://127.0.0.1:%u%s",
            self->upstream->port, rows [row].end);
        s_send_to (self, url, 600000, self);
        REACH (self->stage, &self->ended, row + 1);
        assert_int_equal (*self->error == '\0', line != NULL);
        if (line)
            assert_memory_equal (self->upstream->request, line, strlen (line));
    }
    assert_int_equal (self->upstream->requests, 6);
    assert_int_equal (self->upstream->connections, 1);
}


static void
headers_and_a_body_may_be_sent (void **state)
{
    case_t *self = *state;
    transport_request_t request = {.url = strdup (self->url),
        .headers = curl_slist_append (
            curl_slist_append (NULL, "X-One: 1"), "X-Two: 2"),
        .post = strdup ("a body"),
        .timeout_ms = 600000};
    transport_send (self->transport, &request);
    REACH (self->stage, &self->ended, 1);
    const char *heard = self->upstream->request;
    assert_memory_equal (heard, "POST /ask?key=KEY HTTP/1.1\r\n", 28);
    assert_non_null (strstr (heard, "\r\nX-One: 1\r\nX-Two: 2\r\n"));
    assert_non_null (strstr (heard, "\r\n\r\na body"));
    //  The next one, by the same handle, has nothing of them
    s_send (self);
    REACH (self->stage, &self->ended, 2);
    assert_memory_equal (self->upstream->request, "GET /ask?key=KEY ", 17);
    assert_null (strstr (self->upstream->request, "X-One"));
    assert_int_equal (self->upstream->connections, 1);
}


static void
it_is_full_when_all_connections_are_in_use (void **state)
{
    case_t *self = *state;
    upstream_will_say (self->upstream, "");
    for (int count = 0; count < CONNECTIONS; count++) {
        assert_false (transport_is_full (self->transport));
        s_send_to (self, self->url, 200, self);
    }
    assert_true (transport_is_full (self->transport));
    REACH (self->stage, &self->ended, CONNECTIONS);
    assert_false (transport_is_full (self->transport));
}


//  A result may be the beginning of the next request

static void
what_ended_may_be_followed_at_once (void **state)
{
    case_t *self = *state;
    self->more = 200;
    for (int count = 0; count < CONNECTIONS; count++)
        s_send (self);
    REACH (self->stage, &self->ended, 200 + CONNECTIONS);
    assert_int_equal (self->upstream->requests, 200 + CONNECTIONS);
    assert_int_equal (self->upstream->connections, CONNECTIONS);
}


static void
a_status_is_no_error (void **state)
{
    case_t *self = *state;
    upstream_will_say (self->upstream,
        "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno");
    s_send (self);
    REACH (self->stage, &self->ended, 1);
    assert_string_equal (self->error, "");
    assert_int_equal (self->status, 429);
    assert_int_equal (self->retry_after_s, 7);
    assert_string_equal (self->body, "no");
}


//  The request fails for that reason, which names no URL

static void
s_fails (case_t *self, const char *url, const char *why, bool may_retry)
{
    size_t ended = self->ended;
    s_send_to (self, url, 700, self);
    REACH (self->stage, &self->ended, ended + 1);
    if (!strcasestr (self->error, why))
        fail_msg ("\"%s\" is not in \"%s\"", why, self->error);
    assert_null (strstr (self->error, "KEY"));
    assert_null (strstr (self->error, "127.0.0.1"));
    assert_null (strstr (self->error, "invalid"));
    assert_int_equal (self->may_retry, may_retry);
}


static void
errors_that_may_pass_are_told_apart (void **state)
{
    case_t *self = *state;
    self->upstream->closes = true;
    upstream_will_say (self->upstream, "HTTP/1.1 200 OK\r\nContent-Length: "
                                       "9\r\n\r\nhalf");
    s_fails (self, self->url, "transfer", false);
    upstream_will_say (self->upstream, "+OK POP3\r\n");
    s_fails (self, self->url, "", false);
    s_fails (self, "ftp://127.0.0.1/KEY", "protocol", false);
    s_fails (self, "file:///etc/KEY", "protocol", false);
    s_fails (self, "http://127.0.0.1:99999/KEY", "URL", false);
    upstream_will_say (self->upstream, "");
    self->upstream->closes = false;
    s_fails (self, self->url, "timeout", false);
    sem_post (&s_is_found);
    s_fails (self, "http://KEY.invalid/", "resolve", true);
    upstream_destroy (&self->upstream);
    s_fails (self, self->url, "connect", true);
    self->upstream = upstream_new (self->stage);
}


//  A connection that is closed before anything came of an answer

static void
nothing_at_all_may_pass (void **state)
{
    case_t *self = *state;
    upstream_will_say (self->upstream, "");
    s_send (self);
    REACH (self->stage, &self->upstream->requests, 1);
    wire_t *wire = zlist_pop (self->upstream->wires);
    wire_destroy (&wire);
    REACH (self->stage, &self->ended, 1);
    assert_string_not_equal (self->error, "");
    assert_true (self->may_retry);
}


//  The whole of the limit is good, a byte more is not

static void
a_body_has_its_limit (void **state)
{
    case_t *self = *state;
    char reply [BODY_SIZE_MAX + 128];
    for (int more = 0; more <= 1; more++) {
        int head = snprintf (reply, sizeof (reply),
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
            BODY_SIZE_MAX + more);
        memset (reply + head, 'x', sizeof (reply) - (size_t) head);
        size_t size = (size_t) head + BODY_SIZE_MAX + (size_t) more;
        upstream_will_send (self->upstream, reply, size);
        s_send (self);
        REACH (self->stage, &self->ended, (size_t) more + 1);
        assert_int_equal (*self->error != '\0', more);
        assert_false (self->may_retry);
    }
}


//  Its memory is kept for the next one, what was in it is not

static void
a_body_has_nothing_of_the_one_before (void **state)
{
    static const char *const bodies [] = {"a long body", "short", "", "more"};
    case_t *self = *state;
    char reply [128];
    for (size_t count = 0; count < 4; count++) {
        snprintf (reply, sizeof (reply),
            "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
            strlen (bodies [count]), bodies [count]);
        upstream_will_say (self->upstream, reply);
        s_send (self);
        REACH (self->stage, &self->ended, count + 1);
        assert_string_equal (self->body, bodies [count]);
    }
    assert_int_equal (self->upstream->connections, 1);
}


//  Headers are kept, too, while an answer is read

static void
headers_have_a_limit (void **state)
{
    case_t *self = *state;
    size_t size = 4 << 20;
    char *reply = zmalloc (size);
    char *to = stpcpy (reply, "HTTP/1.1 200 OK\r\n");
    while (to + 16 < reply + size)
        to = stpcpy (to, "X-More: more\r\n");
    upstream_will_send (self->upstream, reply, (size_t) (to - reply));
    s_send (self);
    REACH (self->stage, &self->ended, 1);
    assert_string_not_equal (self->error, "");
    assert_null (strcasestr (self->error, "timeout"));
    free (reply);
}


//  Whom we would tell the key

static void
the_environment_names_no_proxy (void **state)
{
    case_t *self = *state;
    setenv ("http_proxy", "http://127.0.0.1:1/", 1);
    setenv ("ALL_PROXY", "http://127.0.0.1:1/", 1);
    s_send (self);
    REACH (self->stage, &self->ended, 1);
    unsetenv ("http_proxy");
    unsetenv ("ALL_PROXY");
    assert_string_equal (self->error, "");
    assert_int_equal (self->upstream->requests, 1);
}


//  Names are looked up beside the loop, which waits neither for the answer nor
//  for the one who looks

static void
a_slow_resolver_does_not_hold_up_the_loop (void **state)
{
    case_t *self = *state;
    int64_t begun_ms = clock_ms ();
    s_send_to (self, "http://slow.invalid/", 300, self);
    REACH (self->stage, &self->ended, 1);
    assert_true (clock_ms () - begun_ms >= 290);
    assert_string_not_equal (self->error, "");
    s_send (self);
    REACH (self->stage, &self->ended, 2);
    assert_string_equal (self->body, "{}");
    s_send_to (self, "http://slow.invalid/", 600000, self);
    loop_case_spend (self->stage, 20);
    transport_destroy (&self->transport);
    assert_false (s_gave_up);
}


//  One that never answers a connection: it is tried again while there is time

static void
a_connection_that_is_not_made_may_pass (void **state)
{
    case_t *self = *state;
    uint16_t port = loop_case_port (self->stage);
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons (port),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    int deaf = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal (bind (deaf, (struct sockaddr *) &at, sizeof (at)), 0);
    assert_int_equal (listen (deaf, 0), 0);
    wire_t *first = wire_connect (self->stage, port);
    char url [64];
    snprintf (url, sizeof (url), "http://127.0.0.1:%u/", port);
    int64_t begun_ms = clock_ms ();
    s_send_to (self, url, 600000, self);
    REACH (self->stage, &self->ended, 1);
    assert_true (clock_ms () - begun_ms >= 1900);
    assert_string_not_equal (self->error, "");
    assert_true (self->may_retry);
    wire_destroy (&first);
    close (deaf);
}


static void
an_end_may_come_at_any_time (void **state)
{
    case_t *self = *state;
    s_send (self);
    REACH (self->stage, &self->ended, 1);
    upstream_will_say (
        self->upstream, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    s_send (self);
    REACH (self->stage, &self->upstream->requests, 2);
    loop_case_spend (self->stage, 20);
    s_send (self);
    transport_destroy (&self->transport);
    loop_case_spend (self->stage, 20);
    assert_int_equal (self->ended, 1);
    assert_int_equal (self->upstream->open, 0);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_request_ends_on_a_later_turn),
        CASE (what_is_asked_is_behind_the_servers_name),
        CASE (headers_and_a_body_may_be_sent),
        CASE (it_is_full_when_all_connections_are_in_use),
        CASE (what_ended_may_be_followed_at_once),
        CASE (a_status_is_no_error),
        CASE (errors_that_may_pass_are_told_apart),
        CASE (nothing_at_all_may_pass),
        CASE (a_body_has_its_limit),
        CASE (a_body_has_nothing_of_the_one_before),
        CASE (headers_have_a_limit),
        CASE (the_environment_names_no_proxy),
        CASE (a_slow_resolver_does_not_hold_up_the_loop),
        CASE (a_connection_that_is_not_made_may_pass),
        CASE (an_end_may_come_at_any_time),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
