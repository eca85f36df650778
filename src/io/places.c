/*  =========================================================================
    places - our HTTP talk with a Places provider
    =========================================================================
*/

#include "io/places.h"

#include "io/clock.h"
#include "io/nearby.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <sodium/utils.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define CONNECT_MS 2000

typedef struct {
    places_t *places;
    uint64_t client;
    uint64_t request;
    int64_t deadline_ms;
    const char *refused;  //  Why it is not to be tried, or NULL
    char query [NEARBY_QUERY_SIZE_MAX];
    CURL *easy;  //  Kept for later lookups
    char *body;
    size_t body_size;
    size_t body_room;
} lookup_t;

typedef struct {
    watcher_t watcher;
    places_t *places;
} socket_t;

struct places_t {
    watch_t *watch;
    places_options_t options;
    char *url;
    char *key;
    event_fn *emit;
    void *context;
    CURLM *multi;
    watcher_t timer;  //  A timerfd that libcurl sets
    watcher_t wake;   //  An eventfd: the queue is to be looked at
    zlist_t *queue;   //  Lookups that wait, in the order of their deadlines
    zlist_t *active;  //  Those under way
    zlist_t *pooled;  //  Those that ended, for their libcurl handles
};


//  libcurl wants to be called after the delay; negative = no more, 0 = soon

static int
s_want_timer (CURLM *multi, long delay_ms, void *context)
{
    const places_t *self = context;
    struct itimerspec time = {.it_value = {0, 0}};
    (void) multi;
    if (delay_ms >= 0) {
        time.it_value.tv_sec = delay_ms / 1000;
        time.it_value.tv_nsec = delay_ms % 1000 * 1000000 + 1;
    }
    timerfd_settime (self->timer.fd, 0, &time, NULL);
    return 0;
}


static void
s_socket_ready (void *context, uint32_t events);


static int
s_want_socket (
    CURL *easy, curl_socket_t fd, int what, void *context, void *assigned)
{
    places_t *self = context;
    socket_t *watched = assigned;
    (void) easy;
    if (what == CURL_POLL_REMOVE) {
        if (watched)
            watch_drop (self->watch, &watched->watcher);
        free (watched);
        return 0;
    }
    uint32_t events = (what & CURL_POLL_IN ? (uint32_t) EPOLLIN : 0) |
                      (what & CURL_POLL_OUT ? (uint32_t) EPOLLOUT : 0);
    if (watched) {
        watch_change (self->watch, &watched->watcher, events);
        return 0;
    }
    watched = zmalloc (sizeof (socket_t));
    watched->places = self;
    watched->watcher =
        (watcher_t){.fd = fd, .ready = s_socket_ready, .context = watched};
    if (watch_add (self->watch, &watched->watcher, events) == -1) {
        free (watched);
        return -1;
    }
    curl_multi_assign (self->multi, fd, watched);
    return 0;
}


static size_t
s_take_body (char *bytes, size_t one, size_t size, void *context)
{
    lookup_t *lookup = context;
    (void) one;
    size_t total = lookup->body_size + size;
    if (total > lookup->places->options.body_size_max)
        return 0;
    if (total > lookup->body_room) {
        lookup->body_room = total * 2;
        lookup->body = realloc (lookup->body, lookup->body_room);
        assert (lookup->body);
    }
    memcpy (lookup->body + lookup->body_size, bytes, size);
    lookup->body_size = total;
    return size;
}


static void
s_start (places_t *self, lookup_t *lookup, int64_t now_ms)
{
    CURL *easy = lookup->easy;
    curl_easy_reset (easy);
    char *url = nearby_url (self->url, lookup->query, self->key);
    curl_easy_setopt (easy, CURLOPT_URL, url);
    nearby_free (&url);
    curl_easy_setopt (easy, CURLOPT_PRIVATE, lookup);
    curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, s_take_body);
    curl_easy_setopt (easy, CURLOPT_WRITEDATA, lookup);
    curl_easy_setopt (
        easy, CURLOPT_TIMEOUT_MS, (long) (lookup->deadline_ms - now_ms));
    curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long) CONNECT_MS);
    curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt (easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt (easy, CURLOPT_PROXY, "");
    curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt (easy, CURLOPT_USERAGENT, "zherd/" ZHERD_VERSION);
    lookup->body_size = 0;
    zlist_append (self->active, lookup);
    CURLMcode code = curl_multi_add_handle (self->multi, easy);
    assert (code == CURLM_OK);
}


//  Tell how the lookup ended, and keep it for later

static void
s_end (places_t *self, lookup_t *lookup, const char *why)
{
    event_t event = {.kind = why ? EVENT_PLACES_FAILED : EVENT_PLACES_ANSWER,
        .client = lookup->client,
        .request = lookup->request};
    event.text =
        why ? span_of (why) : (span_t){lookup->body, lookup->body_size};
    clock_stamp (&event);
    self->emit (self->context, &event);
    free (lookup->body);
    lookup->body = NULL;
    lookup->body_size = lookup->body_room = 0;
    zlist_append (self->pooled, lookup);
}


//  Start those whose turn it is, and end those whose time is over

static void
s_schedule (places_t *self)
{
    int64_t now_ms = clock_ms ();
    lookup_t *lookup;
    while ((lookup = zlist_first (self->queue))) {
        bool late = lookup->deadline_ms <= now_ms;
        bool full = zlist_size (self->active) >= self->options.connections_max;
        if (full && !late && !lookup->refused)
            return;
        zlist_pop (self->queue);
        if (lookup->refused || late)
            s_end (self, lookup,
                lookup->refused ? lookup->refused : "waited too long");
        else
            s_start (self, lookup, now_ms);
    }
}


//  Collect what has ended

static void
s_collect (places_t *self)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read (self->multi, &left))) {
        char why [32];
        lookup_t *lookup;
        long status = 0;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        curl_easy_getinfo (easy, CURLINFO_PRIVATE, &lookup);
        curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle (self->multi, easy);
        zlist_remove (self->active, lookup);
        snprintf (why, sizeof (why), "HTTP status %ld", status);
        s_end (self, lookup,
            code != CURLE_OK ? curl_easy_strerror (code)
            : status != 200  ? why
                             : NULL);
    }
    s_schedule (self);
}


static void
s_socket_ready (void *context, uint32_t events)
{
    const socket_t *watched = context;
    places_t *self = watched->places;
    int what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
               (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    int running;
    curl_multi_socket_action (self->multi, watched->watcher.fd, what, &running);
    s_collect (self);
}


static void
s_timer_ready (void *context, uint32_t events)
{
    places_t *self = context;
    uint64_t times;
    int running;
    (void) events;
    (void) !read (self->timer.fd, &times, sizeof (times));
    curl_multi_socket_action (self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    s_collect (self);
}


//  Lookups came since the last turn

static void
s_wake_ready (void *context, uint32_t events)
{
    places_t *self = context;
    uint64_t count;
    (void) events;
    (void) !read (self->wake.fd, &count, sizeof (count));
    s_schedule (self);
}


places_t *
places_new (watch_t *watch, const places_options_t *options, event_fn *emit,
    void *context)
{
    places_t *self = zmalloc (sizeof (places_t));
    curl_global_init (CURL_GLOBAL_DEFAULT);
    self->watch = watch;
    self->options = *options;
    self->url = options->url ? strdup (options->url) : NULL;
    self->key = options->key ? strdup (options->key) : NULL;
    self->emit = emit;
    self->context = context;
    self->queue = zlist_new ();
    self->active = zlist_new ();
    self->pooled = zlist_new ();
    self->multi = curl_multi_init ();
    assert (self->multi);
    curl_multi_setopt (self->multi, CURLMOPT_SOCKETFUNCTION, s_want_socket);
    curl_multi_setopt (self->multi, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt (self->multi, CURLMOPT_TIMERFUNCTION, s_want_timer);
    curl_multi_setopt (self->multi, CURLMOPT_TIMERDATA, self);
    curl_multi_setopt (
        self->multi, CURLMOPT_MAXCONNECTS, (long) options->connections_max);
    self->timer = (watcher_t){
        .fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
        .ready = s_timer_ready,
        .context = self};
    self->wake = (watcher_t){.fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC),
        .ready = s_wake_ready,
        .context = self};
    if (watch_add (watch, &self->timer, EPOLLIN) == -1 ||
        watch_add (watch, &self->wake, EPOLLIN) == -1)
        places_destroy (&self);
    return self;
}


static void
s_close (const places_t *self, watcher_t *watcher)
{
    if (watcher->fd >= 0) {
        watch_drop (self->watch, watcher);
        close (watcher->fd);
    }
}


static void
s_free_lookups (const places_t *self, zlist_t **lookups_p)
{
    lookup_t *lookup;
    while ((lookup = zlist_pop (*lookups_p))) {
        curl_multi_remove_handle (self->multi, lookup->easy);
        curl_easy_cleanup (lookup->easy);
        free (lookup->body);
        free (lookup);
    }
    zlist_destroy (lookups_p);
}


void
places_destroy (places_t **self_p)
{
    places_t *self = *self_p;
    if (self) {
        int error = errno;
        s_free_lookups (self, &self->active);
        s_free_lookups (self, &self->queue);
        s_free_lookups (self, &self->pooled);
        curl_multi_cleanup (self->multi);
        s_close (self, &self->timer);
        s_close (self, &self->wake);
        if (self->key)
            sodium_memzero (self->key, strlen (self->key));
        free (self->key);
        free (self->url);
        free (self);
        curl_global_cleanup ();
        *self_p = NULL;
        errno = error;
    }
}


void
places_fetch (places_t *self, const effect_t *effect)
{
    lookup_t *lookup = zlist_pop (self->pooled);
    if (!lookup) {
        lookup = zmalloc (sizeof (lookup_t));
        lookup->easy = curl_easy_init ();
        assert (lookup->easy);
        lookup->places = self;
    }
    lookup->client = effect->client;
    lookup->request = effect->request;
    lookup->deadline_ms = clock_ms () + self->options.timeout_ms;
    lookup->refused =
        !self->url ? "no provider"
        : zlist_size (self->queue) + zlist_size (self->active) >=
                self->options.queue_max + self->options.connections_max
            ? "queue full"
            : NULL;
    nearby_query (lookup->query, effect->text, effect->radius_mm);
    //  One that is refused has no turn to wait for
    if (lookup->refused)
        zlist_push (self->queue, lookup);
    else
        zlist_append (self->queue, lookup);
    uint64_t one = 1;
    (void) !write (self->wake.fd, &one, sizeof (one));
}


void
places_tick (places_t *self)
{
    s_schedule (self);
}
