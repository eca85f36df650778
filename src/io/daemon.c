/*  =========================================================================
    daemon - the running process of one server
    =========================================================================
*/

#include "io/daemon.h"

#include "admin/admin.h"
#include "admin/status.h"
#include "config/hops.h"
#include "io/complaint.h"
#include "io/leave.h"
#include "io/pump.h"
#include "loop/clock.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

//  For the last of the table to be on the disk
#define STORE_PATIENCE_MS 5000

#define TICKS_PER_SECOND (1000 / CORE_TICK_MS)

//  Descriptors of our own: log, loop, listening sockets, libraries
#define DESCRIPTORS_OWN 32

struct daemon_t {
    const config_t *config;
    const config_server_t *mine;
    zloop_t *loop;
    poller_t *poller;
    zap_t *zap;
    admin_t *admin;
    pump_t pump;        //  The other rooms
    watcher_t signals;  //  A signalfd
    watcher_t again;    //  An eventfd: another turn is wanted at once
    instant_t started;
    unsigned ticks;
    leave_t leave;
};


//  End a turn; if it left something to send, have another at once

static void
s_turn (void *context)
{
    daemon_t *self = context;
    uint64_t one = 1;
    pump_turn (&self->pump);
    if (self->pump.more)
        (void) !write (self->again.fd, &one, sizeof (one));
}


static void
s_again (void *context, uint32_t events)
{
    const daemon_t *self = context;
    uint64_t count;
    (void) events;
    (void) !read (self->again.fd, &count, sizeof (count));
}


//  Those who were removed are out from the next request on

static void
s_reload_tokens (const daemon_t *self)
{
    if (!self->pump.web || !self->config->http.tokens)
        return;
    journal_at (self->pump.journal, clock_now ());
    journal_line (self->pump.journal, '*', "tokens %s",
        web_reload (self->pump.web) ? "read again" : "wrong: old ones stay");
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
    if (signal.ssi_signo == SIGHUP) {
        journal_reopen (self->pump.journal);
        s_reload_tokens (self);
    }
    else
        leave_begin (&self->leave);
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
    pump_event (&self->pump, &event);
    mesh_tick (self->pump.mesh);
    places_tick (self->pump.places);
    if (++self->ticks % TICKS_PER_SECOND == 0) {
        connections_tick (self->pump.clients);
        admin_tick (self->admin);
        web_tick (self->pump.web);
    }
    leave_tick (&self->leave);
    s_turn (self);
    journal_flush (self->pump.journal);
    return leave_is_over (&self->leave) ? -1 : 0;
}


static char *
s_tell (void *context, admin_page_t page, bool *ready)
{
    const daemon_t *self = context;
    status_facts_t facts = {.server = self->mine->name,
        .herd = self->config->name,
        .process = {.pid = getpid (),
            .started = self->started.seconds,
            .ttl_seconds = (int64_t) self->config->ttl_seconds,
            .log_lines_lost = journal_lost (self->pump.journal),
            .stopping = leave_has_begun (&self->leave)},
        .connections = connections_counts (self->pump.clients),
        .places = places_counts (self->pump.places),
        .store = store_counts (self->pump.store),
        .web = web_counts (self->pump.web)};
    return status_text (page, &facts, self->pump.server, ready);
}


//  Our peers have the indices that config's order gives them

static const config_server_t *
s_peer (const daemon_t *self, unsigned peer)
{
    const config_server_t *server = self->config->servers;
    for (uint64_t peers = self->mine->peers;; peers >>= 1, server++) {
        if (peers == 0)
            return NULL;
        if (peers & 1 && peer-- == 0)
            return server;
    }
}


static unsigned
s_peer_count (const daemon_t *self)
{
    return (unsigned) __builtin_popcountll (self->mine->peers);
}


static void
s_open_core (daemon_t *self)
{
    uint64_t incarnation = 0;
    const char *peers [CONFIG_SERVERS_MAX];
    unsigned peer_count = 0;
    for (const config_server_t *peer; (peer = s_peer (self, peer_count));)
        peers [peer_count++] = peer->name;
    while (incarnation == 0)
        randombytes_buf (&incarnation, sizeof (incarnation));
    self->pump.effects = effects_new ();
    self->pump.server = server_new (&(server_options_t){
        .name = self->mine->name,
        .herd = self->config->name,
        .secret = self->config->secret,
        .incarnation = incarnation,
        .peers = peers,
        .peer_count = peer_count,
        .table_size_max = self->config->limits.table_size_max,
        .new_clients_per_minute = self->config->limits.new_clients_per_minute,
        .loading_wait_ms = (int64_t) self->config->limits.loading_wait_ms,
        .hops = hops_most (
            self->config, (size_t) (self->mine - self->config->servers)),
        .ttl_seconds = (int64_t) self->config->ttl_seconds,
        .clock_least_seconds = ZHERD_MADE,
        .waiting_max = (unsigned) self->config->limits.waiting_max,
        .client_size_max = self->config->limits.client_size_max,
        .restoring = self->pump.store && store_is_loading (self->pump.store)});
    if (self->pump.store)
        store_serve (self->pump.store, self->pump.server);
}


static bool
s_open_store (daemon_t *self)
{
    char why [STORE_WHY_SIZE];
    const config_t *config = self->config;
    if (!config->store_folder)
        return true;
    self->pump.store = store_new (self->poller,
        &(store_options_t){.folder = config->store_folder,
            .herd = config->name,
            .server = self->mine->name,
            .sync_ms = (int64_t) config->store_sync_ms,
            .journal = self->pump.journal},
        pump_event, &self->pump, why);
    if (!self->pump.store)
        fprintf (stderr, "zherd: %s: store/folder: %s: %s\n", config->file,
            config->store_folder, why);
    return self->pump.store != NULL;
}


static bool
s_open_mesh (daemon_t *self)
{
    const config_t *config = self->config;
    const config_server_t *server;
    self->zap = zap_new (self->poller);
    assert (self->zap);
    self->pump.mesh = mesh_new (self->poller,
        &(mesh_options_t){.listen = self->mine->mesh.listen,
            .reconnect_ms = (int) config->reconnect_ms,
            .message_size_max = MESSAGE_SIZE_MAX,
            .zap = self->zap},
        pump_event, &self->pump);
    if (!self->pump.mesh)
        return complaint_of_port (
            self->config, self->mine, "mesh", &self->mine->mesh);
    for (unsigned peer = 0; (server = s_peer (self, peer)); peer++)
        mesh_connect (self->pump.mesh, peer, &server->mesh.at);
    return true;
}


static bool
s_open_places (daemon_t *self)
{
    const config_places_t *places = &self->config->places;
    self->pump.places = places_new (self->poller,
        &(places_options_t){
            .api = api_find (
                places->provider ? places->provider : "nearby-legacy"),
            .url = places->url,
            .key = places->key,
            .full = places->full,
            .timeout_ms = (int64_t) places->timeout_ms,
            .body_size_max = places->body_size_max,
            .connections_max = (unsigned) places->connections_max,
            .queue_max = places->queue_max,
            .per_second = places->per_second,
            .per_day = places->per_day,
            .per_client_per_minute = places->per_client_per_minute,
            .cache_ms = (int64_t) places->cache_seconds * 1000,
            .cache_size_max = places->cache_size_max},
        pump_event, &self->pump);
    return self->pump.places ||
           complaint_of (self->config, self->mine, "places", "no descriptor");
}


static bool
s_open_doors (daemon_t *self)
{
    const config_limits_t *limits = &self->config->limits;
    const config_server_t *mine = self->mine;
    size_t web_max = mine->has_http ? self->config->http.connections_max : 0;
    self->admin = admin_new (
        self->poller, &(admin_options_t){.address = mine->admin.listen.address,
                          .server = mine->name,
                          .host = mine->admin.at.host,
                          .port = mine->admin.listen.port,
                          .tell = s_tell,
                          .context = self});
    if (!self->admin)
        return complaint_of_port (
            self->config, self->mine, "admin", &mine->admin);
    self->pump.clients = connections_new (self->poller,
        &(connections_options_t){.address = mine->clients.listen.address,
            .port = mine->clients.listen.port,
            .line_size_max = limits->line_size_max,
            .output_size_max = limits->output_size_max,
            .output_stall_seconds = (int64_t) limits->output_stall_seconds,
            .idle_seconds = (int64_t) limits->idle_seconds,
            .connections_max = limits->connections_max,
            .descriptors_kept = DESCRIPTORS_OWN + ADMIN_CONNECTION_MAX +
                                mesh_descriptors (s_peer_count (self)) +
                                web_max + self->config->places.connections_max,
            .connections_per_address = limits->connections_per_address,
            .waiting_size_max = limits->waiting_size_max,
            .kept = pump_kept},
        pump_event, &self->pump);
    return self->pump.clients || complaint_of_port (self->config, self->mine,
                                     "clients", &mine->clients);
}


static bool
s_open_web (daemon_t *self)
{
    const config_limits_t *limits = &self->config->limits;
    const config_server_t *mine = self->mine;
    if (!mine->has_http)
        return true;
    self->pump.web = web_new (self->poller,
        &(web_options_t){.address = mine->http.listen.address,
            .port = mine->http.listen.port,
            .gate = {.server = mine->name,
                .host = mine->http.at.host,
                .hosts = self->config->http.hosts,
                .origins = self->config->http.cors,
                .proxies = self->config->http.proxies,
                .tokens = self->config->http.tokens,
                .per_minute = self->config->http.per_minute},
            .client_size_max = limits->client_size_max,
            .connections_max = (unsigned) self->config->http.connections_max,
            .per_address_max = (unsigned) limits->connections_per_address,
            .tell = pump_tell},
        pump_event, &self->pump);
    return self->pump.web ||
           complaint_of_port (self->config, self->mine, "http", &mine->http);
}


static bool
s_open_journal (daemon_t *self, const char *log_file)
{
    self->pump.journal = journal_new (&(journal_options_t){.file = log_file,
        .server = self->mine->name,
        .full = self->config->log_full,
        .key = self->config->places.key,
        .size_max = self->config->log_size_max});
    if (!self->pump.journal)
        fprintf (stderr, "zherd: log %s: %s\n",
            log_file ? log_file : "on standard output", strerror (errno));
    return self->pump.journal != NULL;
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
    self->poller = poller_new (self->loop, s_turn, self);
    self->signals =
        (watcher_t){.fd = signalfd (-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC),
            .ready = s_signalled,
            .context = self};
    self->again = (watcher_t){.fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC),
        .ready = s_again,
        .context = self};
    return (self->poller &&
               poller_add (self->poller, &self->signals, EPOLLIN) == 0 &&
               poller_add (self->poller, &self->again, EPOLLIN) == 0) ||
           complaint_of (self->config, self->mine, "", "no descriptor");
}


daemon_t *
daemon_new (const config_t *config, size_t server, const char *log_file)
{
    assert (server < config->server_count);
    daemon_t *self = zmalloc (sizeof (daemon_t));
    self->config = config;
    self->mine = &config->servers [server];
    self->leave.pump = &self->pump;
    self->leave.drain_ms = (int64_t) config->limits.drain_ms;
    self->started = clock_now ();
    self->signals.fd = self->again.fd = -1;
    if (sodium_init () == -1 || !s_open_journal (self, log_file) ||
        !s_open_loop (self) || !s_open_store (self) || !s_open_mesh (self) ||
        !s_open_places (self) || !s_open_doors (self) || !s_open_web (self)) {
        daemon_destroy (&self);
        return NULL;
    }
    s_open_core (self);
    if (self->pump.web)
        web_serve (self->pump.web, server_table (self->pump.server));
    return self;
}


void
daemon_destroy (daemon_t **self_p)
{
    daemon_t *self = *self_p;
    if (self) {
        admin_destroy (&self->admin);
        connections_destroy (&self->pump.clients);
        web_destroy (&self->pump.web);
        places_destroy (&self->pump.places);
        mesh_destroy (&self->pump.mesh);
        zap_destroy (&self->zap);
        store_destroy (&self->pump.store);
        poller_destroy (&self->poller);
        zloop_destroy (&self->loop);
        if (self->signals.fd >= 0)
            close (self->signals.fd);
        if (self->again.fd >= 0)
            close (self->again.fd);
        server_destroy (&self->pump.server);
        effects_destroy (&self->pump.effects);
        journal_destroy (&self->pump.journal);
        free (self);
        *self_p = NULL;
    }
}


void
daemon_run (daemon_t *self)
{
    journal_at (self->pump.journal, self->started);
    journal_line (self->pump.journal, '*',
        "zherd %s starts, process %d, %u links", ZHERD_VERSION, (int) getpid (),
        s_peer_count (self));
    if (self->config->has_clients_max)
        journal_line (self->pump.journal, '*',
            "limits/clients_max: its name is limits/connections_max now");
    zloop_timer (self->loop, CORE_TICK_MS, 0, s_tick, self);
    int rc = zloop_start (self->loop);
    //  A loop that ends by itself has failed, and must not be started again
    assert (rc == -1);
    journal_at (self->pump.journal, clock_now ());
    if (self->pump.store)
        store_finish (self->pump.store, STORE_PATIENCE_MS);
    journal_line (self->pump.journal, '*', "ended");
}
