/*  =========================================================================
    daemon - the running process of one server
    =========================================================================
*/

#include "io/daemon.h"

#include "admin/admin.h"
#include "admin/overview.h"
#include "admin/status.h"
#include "config/security.h"
#include "config/zpl.h"
#include "io/complaint.h"
#include "io/leave.h"
#include "io/notify.h"
#include "keys/keys.h"
#include "io/pump.h"
#include "io/reload.h"
#include "io/settings.h"
#include "loop/clock.h"
#include "loop/signals.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <sys/signalfd.h>
#include <unistd.h>

//  For the last of the table to be on the disk
#define STORE_PATIENCE_MS 5000

#define TICKS_PER_SECOND (1000 / CORE_TICK_MS)

struct daemon_t {
    char *name;  //  Our server's
    poller_t *poller;
    zap_t *zap;
    admin_t *admin;
    pump_t pump;        //  The other rooms
    watcher_t signals;  //  A signalfd
    instant_t started;
    unsigned ticks;
    leave_t leave;
    reload_t reload;  //  Has the config
    notify_t *notify;
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


//  End a turn; if it left something to send, have another in time

static void
s_turn (void *context)
{
    daemon_t *self = context;
    pump_turn (&self->pump);
    poller_turn_by (self->poller, self->pump.next_ms);
}


//  Those who were removed are out from the next request on

static void
s_reload_tokens (const daemon_t *self)
{
    if (!self->pump.web || !s_config (self)->http.tokens)
        return;
    bool good = web_reload (self->pump.web);
    journal_at (self->pump.journal, clock_now ());
    journal_tell (self->pump.journal,
        good ? NOTICE_TOKENS_READ : NOTICE_TOKENS_WRONG, "tokens %s",
        good ? "read again" : "not read: the file is wrong, and old ones stay");
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
        notify_reloading (self->notify, clock_ms ());
        journal_reopen (self->pump.journal);
        reload_now (&self->reload);
        s_reload_tokens (self);
        notify_reloaded (self->notify);
    }
    else
        leave_begin (&self->leave);
}


//  Ends the loop when all is done after a stop

static void
s_tick (void *context)
{
    daemon_t *self = context;
    event_t event = {.kind = EVENT_TICK};
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
    notify_tick (self->notify, clock_ms (), self->pump.server,
        leave_has_begun (&self->leave));
    journal_flush (self->pump.journal);
    if (leave_is_over (&self->leave))
        poller_end (self->poller);
}


static status_facts_t
s_facts (const daemon_t *self)
{
    return (status_facts_t){.server = self->name,
        .herd = s_config (self)->name,
        .http = s_mine (self)->has_http ? &s_mine (self)->http.at : NULL,
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
        .region = self->pump.abroad
                      ? self->pump.abroad->counts (self->pump.region)
                      : (region_counts_t){.on = false},
        .web = web_counts (self->pump.web)};
}


static char *
s_tell (void *context, admin_page_t page, bool *ready)
{
    const daemon_t *self = context;
    status_facts_t facts = s_facts (self);
    facts.usage = usage_now ();
    return status_text (page, &facts, self->pump.server, ready);
}


static char *
s_tell_herd (void *context)
{
    const daemon_t *self = context;
    status_facts_t facts = s_facts (self);
    return overview_text (
        &facts, self->pump.server, s_config (self), self->pump.journal);
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
    const char *names [CONFIG_SERVERS_MAX];
    config_names (s_config (self), names);
    options.gateway.servers = names;
    settings_core (s_config (self), server, &options);
    if (self->reload.keys)
        options.secret = keys_herd (self->reload.keys);
    while (options.incarnation == 0)
        randombytes_buf (&options.incarnation, sizeof (options.incarnation));
    self->pump.effects = effects_new ();
    self->pump.server = server_new (&options);
    if (self->pump.store)
        store_serve (self->pump.store, self->pump.server);
    if (self->pump.abroad)
        self->pump.abroad->serve (self->pump.region, self->pump.server);
}


static bool
s_open_abroad (daemon_t *self)
{
    const abroad_t *abroad = self->pump.abroad;
    self->pump.region =
        abroad ? abroad->open (&(abroad_options_t){.poller = self->poller,
                     .config = s_config (self),
                     .server = self->name,
                     .journal = self->pump.journal,
                     .take = pump_event,
                     .context = &self->pump})
               : NULL;
    return !abroad || self->pump.region;
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
    web_options_t options = {.tell = pump_tell,
        .streams.bulletin = {.ask = s_tell_herd, .context = self}};
    if (!s_mine (self)->has_http)
        return true;
    settings_web (s_config (self), s_server (self), &options);
    //  Not the one that peers know, which is a secret of a plain herd
    randombytes_buf (
        &options.streams.process, sizeof (options.streams.process));
    self->pump.web = web_new (self->poller, &options, pump_event, &self->pump);
    return self->pump.web ||
           (errno && complaint_of_port (s_config (self), s_mine (self), "http",
                         &s_mine (self)->http));
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


//  Signals are read in the loop

static bool
s_open_loop (daemon_t *self)
{
    static const int signals [] = {SIGTERM, SIGINT, SIGHUP};
    self->poller = poller_new (s_turn, self);
    self->signals = (watcher_t){
        .fd = signals_take (signals, sizeof (signals) / sizeof (*signals)),
        .ready = s_signalled,
        .context = self};
    return (self->poller &&
               poller_add (self->poller, &self->signals, EPOLLIN) == 0) ||
           complaint_of (s_config (self), s_mine (self), "", "no descriptor");
}


daemon_t *
daemon_new (config_t **config_p, size_t server, const char *log_file,
    const abroad_t *abroad)
{
    config_t *config = *config_p;
    *config_p = NULL;
    assert (server < config->server_count);
    daemon_t *self = zmalloc (sizeof (daemon_t));
    self->name = strdup (config->servers [server].name);
    assert (self->name);
    self->pump.abroad = abroad;
    self->leave.pump = &self->pump;
    self->leave.drain_ms = (int64_t) config->limits.drain_ms;
    self->reload = (reload_t){.config = config,
        .server = self->name,
        .pump = &self->pump,
        .leave = &self->leave};
    self->started = clock_now ();
    self->signals.fd = -1;
    if (sodium_init () == -1 || !s_read_keys (self) ||
        !s_open_journal (self, log_file) || !s_open_loop (self) ||
        !s_open_store (self) || !s_open_mesh (self) || !s_open_places (self) ||
        !s_open_doors (self) || !s_open_web (self) || !s_open_abroad (self)) {
        daemon_destroy (&self);
        return NULL;
    }
    s_open_core (self);
    self->notify = notify_new ();
    if (self->pump.web)
        web_serve (self->pump.web, server_table (self->pump.server));
    return self;
}


void
daemon_destroy (daemon_t **self_p)
{
    daemon_t *self = *self_p;
    if (self) {
        notify_destroy (&self->notify);
        admin_destroy (&self->admin);
        connections_destroy (&self->pump.clients);
        web_destroy (&self->pump.web);
        places_destroy (&self->pump.places);
        mesh_destroy (&self->pump.mesh);
        zap_destroy (&self->zap);
        store_destroy (&self->pump.store);
        if (self->pump.region)
            self->pump.abroad->close (self->pump.region);
        keys_destroy (&self->reload.keys);
        poller_destroy (&self->poller);
        if (self->signals.fd >= 0)
            close (self->signals.fd);
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
    journal_notice (self->pump.journal, NOTICE_START,
        "zherd %s starts, process %d, %u links", ZHERD_VERSION, (int) getpid (),
        (unsigned) __builtin_popcountll (s_mine (self)->peers));
    if (s_config (self)->has_clients_max)
        journal_notice (self->pump.journal, NOTICE_OLD_KEY,
            "limits/clients_max: its name is limits/connections_max now");
    journal_notice (self->pump.journal, NOTICE_SECURITY, "%s",
        security_words (s_config (self)));
    poller_tick (self->poller, CORE_TICK_MS, s_tick, self);
    poller_run (self->poller);
    journal_at (self->pump.journal, clock_now ());
    if (self->pump.store)
        store_finish (self->pump.store, STORE_PATIENCE_MS);
    journal_notice (self->pump.journal, NOTICE_END, "ended");
}
