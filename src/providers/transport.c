/*  =========================================================================
    transport - HTTP requests on the loop
    =========================================================================
*/

#include "providers/transport.h"

#include "base/buffer.h"
#include "loop/clock.h"

#include <assert.h>
#include <errno.h>
#include <sodium/utils.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define CONNECT_MS 2000

//  A connection is not used for longer, so that a change of address is seen
#define LIFETIME_S 300L

//  libcurl is called so often in a turn, as it wants to be called at once
#define ACTS_MAX 16

//  A body's memory is kept for the next one if it is no larger
#define BODY_KEPT 65536

#define NEVER INT64_MAX

//  A request under way, or kept for its libcurl handle
typedef struct {
    transport_t *transport;
    transport_request_t request;
    CURL *easy;
    char *body;
    size_t body_size;
    size_t body_room;
} exchange_t;

typedef struct {
    watcher_t watcher;
    transport_t *transport;
} socket_t;

struct transport_t {
    poller_t *poller;
    unsigned connections_max;
    size_t body_size_max;
    transport_fn *done;
    void *context;
    CURLM *multi;
    watcher_t timer;   //  A timerfd
    int64_t due_ms;    //  When libcurl wants to be called
    int64_t timer_ms;  //  When the timer comes, which may be earlier
    zlist_t *active;
    zlist_t *pooled;
};


//  libcurl wants to be called after the delay; negative = no more.  It says so
//  several times for each request, so the timer is set at the end of the turn

static int
s_want_timer (CURLM *multi, long delay_ms, void *context)
{
    transport_t *self = context;
    (void) multi;
    self->due_ms = delay_ms < 0 ? NEVER : clock_ms () + delay_ms;
    return 0;
}


static void
s_socket_ready (void *context, uint32_t events);


static int
s_want_socket (
    CURL *easy, curl_socket_t fd, int what, void *context, void *assigned)
{
    transport_t *self = context;
    socket_t *watched = assigned;
    (void) easy;
    if (what == CURL_POLL_REMOVE) {
        if (watched)
            poller_drop (self->poller, &watched->watcher);
        free (watched);
        return 0;
    }
    uint32_t events = (what & CURL_POLL_IN ? (uint32_t) EPOLLIN : 0) |
                      (what & CURL_POLL_OUT ? (uint32_t) EPOLLOUT : 0);
    if (watched) {
        poller_change (self->poller, &watched->watcher, events);
        return 0;
    }
    watched = zmalloc (sizeof (socket_t));
    watched->transport = self;
    watched->watcher =
        (watcher_t){.fd = fd, .ready = s_socket_ready, .context = watched};
    if (poller_add (self->poller, &watched->watcher, events) == -1) {
        free (watched);
        return -1;
    }
    curl_multi_assign (self->multi, fd, watched);
    return 0;
}


//  Enforced here, after decompression, where a small body may become a large
//  one

static size_t
s_take_body (char *bytes, size_t one, size_t size, void *context)
{
    exchange_t *exchange = context;
    (void) one;
    size_t total = exchange->body_size + size;
    if (total > exchange->transport->body_size_max)
        return 0;
    exchange->body =
        buffer_grow (exchange->body, &exchange->body_room, total, 1);
    memcpy (exchange->body + exchange->body_size, bytes, size);
    exchange->body_size = total;
    return size;
}


//  Of a folder libcurl reads the certificate that is needed; of a file all, for
//  each connection, which would hold up the loop for 50 ms

static void
s_set_authorities (CURL *easy)
{
    if (curl_version_info (CURLVERSION_NOW)->capath)
        curl_easy_setopt (easy, CURLOPT_CAINFO, NULL);
}


//  A redirect would carry the key to somebody else, a proxy of the environment
//  too

static void
s_set_options (exchange_t *exchange)
{
    CURL *easy = exchange->easy;
    curl_easy_setopt (easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, s_take_body);
    curl_easy_setopt (easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long) CONNECT_MS);
    curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
    //  Or the loop would wait for a resolver's thread, long after the timeout
    curl_easy_setopt (easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt (easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt (easy, CURLOPT_PROXY, "");
    curl_easy_setopt (easy, CURLOPT_MAXLIFETIME_CONN, LIFETIME_S);
    curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    s_set_authorities (easy);
    curl_easy_setopt (easy, CURLOPT_USERAGENT, "zherd/" ZHERD_VERSION);
}


static exchange_t *
s_make_exchange (transport_t *self)
{
    exchange_t *exchange = zmalloc (sizeof (exchange_t));
    exchange->transport = self;
    exchange->easy = curl_easy_init ();
    assert (exchange->easy);
    s_set_options (exchange);
    return exchange;
}


static void
s_clear_request (exchange_t *exchange)
{
    transport_request_t *request = &exchange->request;
    if (request->url)
        sodium_memzero (request->url, strlen (request->url));
    for (struct curl_slist *at = request->headers; at; at = at->next)
        sodium_memzero (at->data, strlen (at->data));
    free (request->url);
    free (request->post);
    curl_slist_free_all (request->headers);
    *request = (transport_request_t){.url = NULL};
}


//  Return what is behind the server's name, if it may go as it is: a path, with
//  nothing that libcurl would take out, or refuse

static char *
s_target (char *url)
{
    char *name = strstr (url, "://");
    char *target = name ? strpbrk (name + 3, "/?#") : NULL;
    if (!target || target == name + 3 || *target != '/' ||
        strstr (target, "/."))
        return NULL;
    for (const char *byte = target; *byte; byte++)
        if (*byte <= ' ' || *byte > '~' || *byte == '#')
            return NULL;
    return target;
}


//  libcurl takes a URL apart and puts it together again for each request, byte
//  by byte.  What is behind the server's name need not be.

static void
s_set_url (CURL *easy, char *url)
{
    char *target = s_target (url);
    if (target)
        *target = '\0';
    curl_easy_setopt (easy, CURLOPT_URL, url);
    if (target)
        *target = '/';
    curl_easy_setopt (easy, CURLOPT_REQUEST_TARGET, target);
}


void
transport_send (transport_t *self, transport_request_t *request)
{
    assert (!transport_is_full (self));
    exchange_t *exchange = zlist_pop (self->pooled);
    if (!exchange)
        exchange = s_make_exchange (self);
    exchange->request = *request;
    s_set_url (exchange->easy, request->url);
    curl_easy_setopt (exchange->easy, CURLOPT_HTTPHEADER, request->headers);
    if (request->post)
        curl_easy_setopt (exchange->easy, CURLOPT_POSTFIELDS, request->post);
    else
        curl_easy_setopt (exchange->easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt (
        exchange->easy, CURLOPT_TIMEOUT_MS, (long) request->timeout_ms);
    zlist_append (self->active, exchange);
    CURLMcode code = curl_multi_add_handle (self->multi, exchange->easy);
    assert (code == CURLM_OK);
}


//  A connection that is not made has a limit of its own, which leaves time

static bool
s_may_retry (const exchange_t *exchange, CURLcode code)
{
    long sent = 0;
    curl_easy_getinfo (exchange->easy, CURLINFO_REQUEST_SIZE, &sent);
    return (code == CURLE_OPERATION_TIMEDOUT && sent == 0) ||
           code == CURLE_COULDNT_CONNECT ||
           code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_GOT_NOTHING ||
           code == CURLE_SEND_ERROR ||
           (exchange->body_size == 0 && code == CURLE_RECV_ERROR);
}


//  The exchange has ended: tell how, and keep it for its handle

static void
s_end_exchange (transport_t *self, exchange_t *exchange, CURLcode code)
{
    curl_off_t retry_after_s = 0;
    transport_result_t result = {.owner = exchange->request.owner,
        .body = {exchange->body, exchange->body_size}};
    if (code != CURLE_OK) {
        result.error = curl_easy_strerror (code);
        result.may_retry = s_may_retry (exchange, code);
    }
    curl_easy_getinfo (exchange->easy, CURLINFO_RESPONSE_CODE, &result.status);
    curl_easy_getinfo (exchange->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    //  A date in the past is a negative time
    result.retry_after_s = retry_after_s > 0 ? (long) retry_after_s : 0;
    curl_multi_remove_handle (self->multi, exchange->easy);
    zlist_remove (self->active, exchange);
    s_clear_request (exchange);
    self->done (self->context, &result);
    exchange->body_size = 0;
    if (exchange->body_room > BODY_KEPT) {
        free (exchange->body);
        exchange->body = NULL;
        exchange->body_room = 0;
    }
    zlist_append (self->pooled, exchange);
}


//  Let libcurl act, and collect what has ended

static void
s_act (transport_t *self, curl_socket_t fd, int what)
{
    int count;
    const CURLMsg *message;
    curl_multi_socket_action (self->multi, fd, what, &count);
    while ((message = curl_multi_info_read (self->multi, &count))) {
        exchange_t *exchange;
        curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &exchange);
        s_end_exchange (self, exchange, message->data.result);
    }
}


static void
s_socket_ready (void *context, uint32_t events)
{
    const socket_t *watched = context;
    int what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
               (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    s_act (watched->transport, watched->watcher.fd, what);
}


static void
s_timer_ready (void *context, uint32_t events)
{
    transport_t *self = context;
    uint64_t times;
    (void) events;
    (void) !read (self->timer.fd, &times, sizeof (times));
    self->timer_ms = NEVER;
}


//  A timer that is set for earlier serves as well

static void
s_set_timer (transport_t *self, int64_t now_ms)
{
    if (self->due_ms >= self->timer_ms)
        return;
    int64_t delay_ms = self->due_ms > now_ms ? self->due_ms - now_ms : 0;
    struct itimerspec time = {
        .it_value = {delay_ms / 1000, delay_ms % 1000 * 1000000 + 1}};
    timerfd_settime (self->timer.fd, 0, &time, NULL);
    self->timer_ms = self->due_ms;
}


void
transport_turn (transport_t *self)
{
    if (self->due_ms == NEVER)
        return;
    int64_t now_ms = clock_ms ();
    for (int count = 0; count < ACTS_MAX && self->due_ms <= now_ms; count++) {
        self->due_ms = NEVER;
        s_act (self, CURL_SOCKET_TIMEOUT, 0);
    }
    s_set_timer (self, now_ms);
}


void
transport_limit (
    transport_t *self, unsigned connections_max, size_t body_size_max)
{
    self->connections_max = connections_max;
    self->body_size_max = body_size_max;
    curl_multi_setopt (
        self->multi, CURLMOPT_MAXCONNECTS, (long) connections_max);
    //  Idle ones, too, that the other side has closed and nobody noticed
    curl_multi_setopt (
        self->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long) connections_max);
}


transport_t *
transport_new (poller_t *poller, unsigned connections_max, size_t body_size_max,
    transport_fn *done, void *context)
{
    transport_t *self = zmalloc (sizeof (transport_t));
    curl_global_init (CURL_GLOBAL_DEFAULT);
    self->poller = poller;
    self->done = done;
    self->context = context;
    self->due_ms = self->timer_ms = NEVER;
    self->active = zlist_new ();
    self->pooled = zlist_new ();
    self->multi = curl_multi_init ();
    assert (self->multi);
    curl_multi_setopt (self->multi, CURLMOPT_SOCKETFUNCTION, s_want_socket);
    curl_multi_setopt (self->multi, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt (self->multi, CURLMOPT_TIMERFUNCTION, s_want_timer);
    curl_multi_setopt (self->multi, CURLMOPT_TIMERDATA, self);
    transport_limit (self, connections_max, body_size_max);
    self->timer = (watcher_t){
        .fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
        .ready = s_timer_ready,
        .context = self};
    if (poller_add (poller, &self->timer, EPOLLIN) == -1)
        transport_destroy (&self);
    return self;
}


static void
s_free_exchanges (const transport_t *self, zlist_t **exchanges_p)
{
    exchange_t *exchange;
    while ((exchange = zlist_pop (*exchanges_p))) {
        curl_multi_remove_handle (self->multi, exchange->easy);
        curl_easy_cleanup (exchange->easy);
        s_clear_request (exchange);
        free (exchange->body);
        free (exchange);
    }
    zlist_destroy (exchanges_p);
}


void
transport_destroy (transport_t **self_p)
{
    transport_t *self = *self_p;
    if (self) {
        int error = errno;
        s_free_exchanges (self, &self->active);
        s_free_exchanges (self, &self->pooled);
        curl_multi_cleanup (self->multi);
        if (self->timer.fd >= 0) {
            poller_drop (self->poller, &self->timer);
            close (self->timer.fd);
        }
        free (self);
        curl_global_cleanup ();
        *self_p = NULL;
        errno = error;
    }
}


bool
transport_is_full (const transport_t *self)
{
    return zlist_size (self->active) >= self->connections_max;
}
