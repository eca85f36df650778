/*  =========================================================================
    daemon - the running process of one server
    =========================================================================
*/

#include "io/daemon.h"

#include "admin/admin.h"
#include "admin/status.h"
#include "config/security.h"
#include "config/zpl.h"
#include "io/complaint.h"
#include "io/leave.h"
#include "keys/keys.h"
#include "io/pump.h"
#include "io/reload.h"
#include "io/settings.h"
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

struct daemon_t {
    char *name;  //  Our server's
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
    reload_t reload;  //  Has the config
};


static const config_t *
s_config (const daemon_t *self)
{
    return self->reload.config;
}


static size_t
s_server (const daemon_t *self)
{
    return (size_t) config_find (s_config (self), self->name);
}


static const config_server_t *
s_mine (const daemon_t *self)
{
    return &s_config (self)->servers [s_server (self)];
}


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
    if (!self->pump.web || !s_config (self)->http.tokens)
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
        reload_now (&self->reload);
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
    status_facts_t facts = {.server = self->name,
        .herd = s_config (self)->name,
        .process = {.pid = getpid (),
            .started = self->started.seconds,
            .ttl_seconds = (int64_t) s_config (self)->ttl_seconds,
            .log_lines_lost = journal_lost (self->pump.journal),
            .reloads = self->reload.done,
            .reloads_refused = self->reload.refused,
            .stopping = leave_has_begun (&self->leave)},
        .connections = connections_counts (self->pump.clients),
        .places = places_counts (self->pump.places),
        .store = store_counts (self->pump.store),
        .web = web_counts (self->pump.web)};
    return status_text (page, &facts, self->pump.server, ready);
}


static bool
s_read_keys (daemon_t *self)
{
    return keys_read (&self->reload.keys, s_config (self), s_server (self));
}


static void
s_open_core (daemon_t *self)
{
    const char *peers [CONFIG_SERVERS_MAX];
    size_t server = s_server (self);
    server_options_t options = {.peers = peers,
        .peer_count = config_peers (s_config (self), server, peers),
        .clock_least_seconds = ZHERD_MADE,
        .restoring = self->pump.store && store_is_loading (self->pump.store)};
    settings_core (s_config (self), server, &options);
    if (self->reload.keys)
        options.secret = keys_herd (self->reload.keys);
    while (options.incarnation == 0)
        randombytes_buf (&options.incarnation, sizeof (options.incarnation));
    self->pump.effects = effects_new ();
    self->pump.server = server_new (&options);
    if (self->pump.store)
        store_serve (self->pump.store, self->pump.server);
}


static bool
s_open_store (daemon_t *self)
{
    char why [STORE_WHY_SIZE];
    const config_t *config = s_config (self);
    if (!config->store_folder)
        return true;
    self->pump.store = store_new (self->poller,
        &(store_options_t){.folder = config->store_folder,
            .herd = config->name,
            .server = self->name,
            .sync_ms = (int64_t) config->store_sync_ms,
            .journal = self->pump.journal},
        pump_event, &self->pump, why);
    if (!self->pump.store)
        zpl_wrong (
            config->file, "store/folder", "%s: %s", config->store_folder, why);
    return self->pump.store != NULL;
}


static bool
s_open_mesh (daemon_t *self)
{
    const config_server_t *mine = s_mine (self);
    self->zap = zap_new (self->poller);
    assert (self->zap);
    self->pump.mesh = mesh_new (self->poller,
        &(mesh_options_t){.listen = mine->mesh.listen,
            .keys = self->reload.keys,
            .reconnect_ms = (int) s_config (self)->reconnect_ms,
            .message_size_max = MESSAGE_SIZE_MAX,
            .zap = self->zap},
        pump_event, &self->pump);
    if (!self->pump.mesh)
        return complaint_of_port (s_config (self), mine, "mesh", &mine->mesh);
    reload_connect (&self->reload);
    return true;
}


static bool
s_open_places (daemon_t *self)
{
    places_options_t options;
    settings_places (s_config (self), &options);
    self->pump.places =
        places_new (self->poller, &options, pump_event, &self->pump);
    return self->pump.places || complaint_of (s_config (self), s_mine (self),
                                    "places", "no descriptor");
}


static bool
s_open_doors (daemon_t *self)
{
    const config_server_t *mine = s_mine (self);
    self->admin = admin_new (
        self->poller, &(admin_options_t){.address = mine->admin.listen.address,
                          .server = self->name,
                          .host = mine->admin.at.host,
                          .port = mine->admin.listen.port,
                          .tell = s_tell,
                          .context = self});
    if (!self->admin)
        return complaint_of_port (s_config (self), mine, "admin", &mine->admin);
    connections_options_t options = {.address = mine->clients.listen.address,
        .port = mine->clients.listen.port,
        .kept = pump_kept};
    settings_connections (s_config (self), s_server (self), &options);
    self->pump.clients =
        connections_new (self->poller, &options, pump_event, &self->pump);
    return self->pump.clients ||
           complaint_of_port (s_config (self), mine, "clients", &mine->clients);
}


static bool
s_open_web (daemon_t *self)
{
    const config_limits_t *limits = &s_config (self)->limits;
    const config_server_t *mine = s_mine (self);
    uint64_t process;
    if (!mine->has_http)
        return true;
    //  Not the one that peers know, which is a secret of a plain herd
    randombytes_buf (&process, sizeof (process));
    self->pump.web = web_new (self->poller,
        &(web_options_t){.address = mine->http.listen.address,
            .port = mine->http.listen.port,
            .gate = {.server = mine->name,
                .host = mine->http.at.host,
                .hosts = s_config (self)->http.hosts,
                .origins = s_config (self)->http.cors,
                .proxies = s_config (self)->http.proxies,
                .tokens = s_config (self)->http.tokens,
                .per_minute = s_config (self)->http.per_minute},
            .client_size_max = limits->client_size_max,
            .bodies_size_max = WEB_BODIES_SIZE_MAX,
            .connections_max =
                (unsigned) (s_config (self)->http.connections_max +
                            s_config (self)->http.listeners_max),
            .per_address_max = (unsigned) limits->connections_per_address,
            .streams = {.process = process,
                .listeners_max = (unsigned) s_config (self)->http.listeners_max,
                .inside_max = s_config (self)->http.inside_max},
            .tell = pump_tell},
        pump_event, &self->pump);
    return self->pump.web || complaint_of_port (s_config (self), s_mine (self),
                                 "http", &mine->http);
}


static bool
s_open_journal (daemon_t *self, const char *log_file)
{
    journal_options_t options = {.file = log_file, .server = self->name};
    settings_journal (s_config (self), &options);
    self->pump.journal = journal_new (&options);
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
           complaint_of (s_config (self), s_mine (self), "", "no descriptor");
}


daemon_t *
daemon_new (config_t **config_p, size_t server, const char *log_file)
{
    config_t *config = *config_p;
    *config_p = NULL;
    assert (server < config->server_count);
    daemon_t *self = zmalloc (sizeof (daemon_t));
    self->name = strdup (config->servers [server].name);
    assert (self->name);
    self->leave.pump = &self->pump;
    self->leave.drain_ms = (int64_t) config->limits.drain_ms;
    self->reload = (reload_t){.config = config,
        .server = self->name,
        .pump = &self->pump,
        .leave = &self->leave};
    self->started = clock_now ();
    self->signals.fd = self->again.fd = -1;
    if (sodium_init () == -1 || !s_read_keys (self) ||
        !s_open_journal (self, log_file) || !s_open_loop (self) ||
        !s_open_store (self) || !s_open_mesh (self) || !s_open_places (self) ||
        !s_open_doors (self) || !s_open_web (self)) {
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
        keys_destroy (&self->reload.keys);
        poller_destroy (&self->poller);
        zloop_destroy (&self->loop);
        if (self->signals.fd >= 0)
            close (self->signals.fd);
        if (self->again.fd >= 0)
            close (self->again.fd);
        server_destroy (&self->pump.server);
        effects_destroy (&self->pump.effects);
        journal_destroy (&self->pump.journal);
        config_destroy (&self->reload.config);
        free (self->name);
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
        (unsigned) __builtin_popcountll (s_mine (self)->peers));
    if (s_config (self)->has_clients_max)
        journal_line (self->pump.journal, '*',
            "limits/clients_max: its name is limits/connections_max now");
    journal_line (
        self->pump.journal, '*', "%s", security_words (s_config (self)));
    zloop_timer (self->loop, CORE_TICK_MS, 0, s_tick, self);
    int rc = zloop_start (self->loop);
    //  A loop that ends by itself has failed, and must not be started again
    assert (rc == -1);
    journal_at (self->pump.journal, clock_now ());
    if (self->pump.store)
        store_finish (self->pump.store, STORE_PATIENCE_MS);
    journal_line (self->pump.journal, '*', "ended");
}
