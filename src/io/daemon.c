/*  =========================================================================
    daemon - the running process of one server
    =========================================================================
*/

#include "io/daemon.h"

#include "core/server.h"
#include "io/admin.h"
#include "io/clients.h"
#include "io/clock.h"
#include "io/journal.h"
#include "io/mesh.h"
#include "io/places.h"
#include "io/status.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define TICKS_PER_SECOND (1000 / CORE_TICK_MS)

//  Messages for one neighbour a turn.  A long resync shares the loop
#define MESSAGES_MAX 16

//  Descriptors that clients cannot use up
#define DESCRIPTORS_KEPT 64

struct daemon_t {
    const config_t *config;
    const config_server_t *mine;
    zloop_t *loop;
    watch_t *watch;
    journal_t *journal;
    server_t *server;
    effects_t *effects;
    mesh_t *mesh;
    clients_t *clients;
    places_t *places;
    admin_t *admin;
    watcher_t signals;
    instant_t started;
    unsigned peer_count;
    const char *peers [CONFIG_SERVERS_MAX];  //  Names, as in config
    char *peer_labels [CONFIG_SERVERS_MAX];  //  For the log
    char *endpoints [CONFIG_SERVERS_MAX];    //  Of the peers
    unsigned ticks;
    int64_t stop_ms;  //  When we were told to end; 0 = not yet
    watcher_t again;  //  An eventfd: another turn is wanted at once
    char buffer [FLOOD_ROOM];
};


static void
s_perform (daemon_t *self, const effect_t *effect)
{
    switch (effect->kind) {
    case EFFECT_REPLY:
        clients_reply (self->clients, effect->client, effect->text);
        break;
    case EFFECT_HOLD:
        clients_hold (self->clients, effect->client, true);
        break;
    case EFFECT_RELEASE:
        clients_hold (self->clients, effect->client, false);
        break;
    case EFFECT_CLOSE:
        clients_close (self->clients, effect->client);
        break;
    case EFFECT_FETCH:
        places_fetch (self->places, effect);
        break;
    case EFFECT_NOTE:
        break;
    }
}


static void
s_perform_all (daemon_t *self)
{
    size_t count = effects_count (self->effects);
    for (size_t index = 0; index < count; index++) {
        effect_t effect = effects_at (self->effects, index);
        journal_effect (self->journal, &effect);
        s_perform (self, &effect);
    }
    effects_clear (self->effects);
}


//  The pump

static void
s_step (void *context, const event_t *event)
{
    daemon_t *self = context;
    journal_event (self->journal, event);
    server_step (self->server, event, self->effects);
    s_perform_all (self);
}


//  Let the neighbour take what its socket takes

static void
s_feed (daemon_t *self, unsigned peer, int64_t now_ms)
{
    for (int count = 0; server_has_next (self->server, peer, now_ms); count++) {
        if (!mesh_can_send (self->mesh, peer))
            return;
        if (count == MESSAGES_MAX) {
            uint64_t one = 1;
            (void) !write (self->again.fd, &one, sizeof (one));
            return;
        }
        span_t message = server_next (
            self->server, peer, now_ms, self->buffer, self->effects);
        if (message.size) {
            mesh_send (self->mesh, peer, message);
            journal_message (self->journal, self->peer_labels [peer], message);
        }
        s_perform_all (self);
    }
}


static void
s_turn (void *context)
{
    daemon_t *self = context;
    int64_t now_ms = clock_ms ();
    for (unsigned peer = 0; peer < self->peer_count; peer++)
        s_feed (self, peer, now_ms);
    clients_flush (self->clients);
    journal_flush (self->journal);
}


static void
s_again (void *context, uint32_t events)
{
    const daemon_t *self = context;
    uint64_t count;
    (void) events;
    (void) !read (self->again.fd, &count, sizeof (count));
}


static void
s_stop (daemon_t *self)
{
    if (self->stop_ms)
        return;
    event_t event = {.kind = EVENT_STOP};
    clock_stamp (&event);
    self->stop_ms = event.clock_ms;
    journal_line (self->journal, '*', "stopping");
    clients_stop (self->clients);
    s_step (self, &event);
}


static void
s_signalled (void *context, uint32_t events)
{
    daemon_t *self = context;
    struct signalfd_siginfo signal;
    (void) events;
    if (read (self->signals.fd, &signal, sizeof (signal)) !=
        (ssize_t) sizeof (signal))
        return;
    if (signal.ssi_signo == SIGHUP)
        journal_reopen (self->journal);
    else
        s_stop (self);
}


//  The peers' farewell may take a tick; then nothing but replies keeps us

static bool
s_is_drained (const daemon_t *self, int64_t now_ms)
{
    int64_t since_ms = now_ms - self->stop_ms;
    bool pending = server_status (self->server).waiting ||
                   clients_has_output (self->clients);
    return since_ms >= (int64_t) self->config->limits.drain_ms ||
           (since_ms >= 2 * CORE_TICK_MS && !pending);
}


//  Returns -1, which ends the loop, when all is done after a stop

static int
s_tick (zloop_t *loop, int timer, void *argument)
{
    daemon_t *self = argument;
    event_t event = {.kind = EVENT_TICK};
    (void) loop;
    (void) timer;
    clock_stamp (&event);
    s_step (self, &event);
    places_tick (self->places);
    if (++self->ticks % TICKS_PER_SECOND == 0) {
        clients_tick (self->clients);
        mesh_tick (self->mesh);
        admin_tick (self->admin);
    }
    s_turn (self);
    return self->stop_ms && s_is_drained (self, event.clock_ms) ? -1 : 0;
}


static json_t *
s_status (void *context)
{
    const daemon_t *self = context;
    return status_json (&(status_facts_t){.server = self->mine->name,
                            .herd = self->config->name,
                            .up_since = self->started,
                            .clients_connected = clients_count (self->clients),
                            .log_lines_lost = journal_lost (self->journal),
                            .peer_count = self->peer_count},
        self->server);
}


//  Say which key of the file could not be had, and why

static bool
s_complain (const daemon_t *self, const char *key, const char *value)
{
    fprintf (stderr, "zherd: %s: servers/%s/%s: %s: %s\n", self->config->file,
        self->mine->name, key, value, strerror (errno));
    return false;
}


static bool
s_complain_endpoint (
    const daemon_t *self, const char *key, const config_endpoint_t *endpoint)
{
    char value [32];
    snprintf (
        value, sizeof (value), "%s:%u", endpoint->address, endpoint->port);
    return s_complain (self, key, value);
}


//  Our peers, in the order of config's servers

static void
s_find_peers (daemon_t *self)
{
    for (size_t index = 0; index < self->config->server_count; index++) {
        const config_server_t *server = &self->config->servers [index];
        if (!(self->mine->peers >> index & 1))
            continue;
        unsigned peer = self->peer_count++;
        self->peers [peer] = server->name;
        self->peer_labels [peer] = zsys_sprintf ("%s ", server->name);
        self->endpoints [peer] = zsys_sprintf (
            "tcp://%s:%u", server->mesh.address, server->mesh.port);
        assert (self->peer_labels [peer] && self->endpoints [peer]);
    }
}


//  Clients may use what descriptors there are, less some for ourselves

static size_t
s_clients_max (const config_t *config)
{
    struct rlimit limit = {.rlim_cur = 1024};
    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    (void) setrlimit (RLIMIT_NOFILE, &limit);
    getrlimit (RLIMIT_NOFILE, &limit);
    size_t most = limit.rlim_cur > 2 * DESCRIPTORS_KEPT
                      ? limit.rlim_cur - DESCRIPTORS_KEPT
                      : DESCRIPTORS_KEPT;
    return config->limits.clients_max < most ? config->limits.clients_max
                                             : most;
}


static void
s_open_core (daemon_t *self)
{
    uint64_t incarnation = 0;
    while (incarnation == 0)
        randombytes_buf (&incarnation, sizeof (incarnation));
    self->effects = effects_new ();
    self->server = server_new (&(server_options_t){.name = self->mine->name,
        .herd = self->config->name,
        .secret = self->config->secret,
        .incarnation = incarnation,
        .peers = self->peers,
        .peer_count = self->peer_count,
        .table_size_max = self->config->limits.table_size_max,
        .waiting_max = (unsigned) self->config->limits.waiting_max});
}


//  ZeroMQ's sockets come first: they need descriptors and do not forgive

static bool
s_open_mesh (daemon_t *self)
{
    const config_endpoint_t *mesh = &self->mine->mesh;
    char endpoint [64];
    snprintf (
        endpoint, sizeof (endpoint), "tcp://%s:%u", mesh->address, mesh->port);
    self->mesh = mesh_new (self->loop, self->watch,
        &(mesh_options_t){.endpoint = endpoint,
            .peers = (const char *const *) self->endpoints,
            .peer_count = self->peer_count,
            .reconnect_ms = (int) self->config->reconnect_ms,
            .message_size_max = MESSAGE_SIZE_MAX},
        s_step, s_turn, self);
    return self->mesh || s_complain_endpoint (self, "mesh", mesh);
}


static bool
s_open_places (daemon_t *self)
{
    const config_places_t *places = &self->config->places;
    self->places = places_new (self->watch,
        &(places_options_t){.url = places->url,
            .key = places->key,
            .timeout_ms = (int64_t) places->timeout_ms,
            .body_size_max = places->body_size_max,
            .connections_max = (unsigned) places->connections_max,
            .queue_max = places->queue_max},
        s_step, self);
    return self->places || s_complain (self, "places", "no descriptor");
}


static bool
s_open_doors (daemon_t *self)
{
    const config_limits_t *limits = &self->config->limits;
    const config_server_t *mine = self->mine;
    self->admin = admin_new (
        self->watch, mine->admin.address, mine->admin.port, s_status, self);
    if (!self->admin)
        return s_complain_endpoint (self, "admin", &mine->admin);
    self->clients = clients_new (self->watch,
        &(clients_options_t){.address = mine->clients.address,
            .port = mine->clients.port,
            .line_size_max = limits->line_size_max,
            .output_size_max = limits->output_size_max,
            .output_stall_seconds = (int64_t) limits->output_stall_seconds,
            .idle_seconds = (int64_t) limits->idle_seconds,
            .clients_max = s_clients_max (self->config)},
        s_step, self);
    return self->clients ||
           s_complain_endpoint (self, "clients", &mine->clients);
}


static bool
s_open_journal (daemon_t *self, const char *log_file)
{
    self->journal = journal_new (&(journal_options_t){.file = log_file,
        .server = self->mine->name,
        .full = self->config->log_full});
    if (!self->journal)
        fprintf (stderr, "zherd: log %s: %s\n", log_file, strerror (errno));
    return self->journal != NULL;
}


//  Signals are read in the loop.  Blocked before any thread there is, so that
//  none takes them

static bool
s_open_loop (daemon_t *self)
{
    sigset_t signals;
    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGINT);
    sigaddset (&signals, SIGHUP);
    sigset_t blocked = signals;
    sigaddset (&blocked, SIGPIPE);
    sigprocmask (SIG_BLOCK, &blocked, NULL);
    zsys_handler_set (NULL);

    self->loop = zloop_new ();
    assert (self->loop);
    self->watch = watch_new (self->loop, s_turn, self);
    self->signals =
        (watcher_t){.fd = signalfd (-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC),
            .ready = s_signalled,
            .context = self};
    self->again = (watcher_t){.fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC),
        .ready = s_again,
        .context = self};
    return (self->watch &&
               watch_add (self->watch, &self->signals, EPOLLIN) == 0 &&
               watch_add (self->watch, &self->again, EPOLLIN) == 0) ||
           s_complain (self, "", "no descriptor");
}


daemon_t *
daemon_new (const config_t *config, size_t server, const char *log_file)
{
    assert (server < config->server_count);
    daemon_t *self = zmalloc (sizeof (daemon_t));
    self->config = config;
    self->mine = &config->servers [server];
    self->started = clock_now ();
    self->signals.fd = self->again.fd = -1;
    s_find_peers (self);
    if (sodium_init () == -1 || !s_open_journal (self, log_file) ||
        !s_open_loop (self) || !s_open_mesh (self) || !s_open_places (self) ||
        !s_open_doors (self)) {
        daemon_destroy (&self);
        return NULL;
    }
    s_open_core (self);
    return self;
}


void
daemon_destroy (daemon_t **self_p)
{
    daemon_t *self = *self_p;
    if (self) {
        admin_destroy (&self->admin);
        clients_destroy (&self->clients);
        places_destroy (&self->places);
        mesh_destroy (&self->mesh);
        watch_destroy (&self->watch);
        zloop_destroy (&self->loop);
        if (self->signals.fd >= 0)
            close (self->signals.fd);
        if (self->again.fd >= 0)
            close (self->again.fd);
        server_destroy (&self->server);
        effects_destroy (&self->effects);
        journal_destroy (&self->journal);
        for (unsigned peer = 0; peer < self->peer_count; peer++) {
            zstr_free (&self->peer_labels [peer]);
            zstr_free (&self->endpoints [peer]);
        }
        free (self);
        *self_p = NULL;
    }
}


void
daemon_run (daemon_t *self)
{
    journal_at (self->journal, self->started);
    journal_line (self->journal, '*', "zherd %s starts, process %d, %u links",
        ZHERD_VERSION, (int) getpid (), self->peer_count);
    zloop_timer (self->loop, CORE_TICK_MS, 0, s_tick, self);
    int rc = zloop_start (self->loop);
    //  A loop that ends by itself has failed, and must not be started again
    assert (rc == -1);
    journal_at (self->journal, clock_now ());
    journal_line (self->journal, '*', "ended");
}
