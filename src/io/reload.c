/*  =========================================================================
    reload - a topology file that is read again while the server goes on
    =========================================================================
*/

#include "io/reload.h"

#include "config/zpl.h"
#include "io/settings.h"
#include "loop/clock.h"
#include "loop/poller.h"

#include <assert.h>


//  A gateway knows by that bit what a stream has
_Static_assert(MESH_PEERS_MAX <= TABLE_ABROAD, "no peer has the same bit");


static size_t
s_ours (const reload_t *self, const config_t *config)
{
    int server = config_find (config, self->server);
    assert (server >= 0);
    return (size_t) server;
}


static bool
s_is_peer (const reload_t *self, const char *name)
{
    const config_t *config = self->config;
    int peer = config_find (config, name);
    uint64_t peers = config->servers [s_ours (self, config)].peers;
    return peer >= 0 && peers >> peer & 1;
}


//  Read the keys anew.  All servers have them, or none; and the herd's

static bool
s_read_keys (const reload_t *self, const config_t *config, keys_t **keys_p)
{
    if (!config->keys != !self->keys)
        return zpl_wrong (config->file, "mesh/keys",
            "servers can't get keys, nor lose them, while they run");
    if (!self->keys)
        return true;
    //  Another folder is for the next start; who is removed is still told so
    const char *peers [2 * CONFIG_SERVERS_MAX];
    unsigned count = config_peers (config, s_ours (self, config), peers);
    count +=
        config_peers (self->config, s_ours (self, self->config), peers + count);
    *keys_p = keys_new (&(keys_options_t){.folder = self->config->keys,
        .server = self->server,
        .peers = peers,
        .peer_count = count});
    if (!*keys_p || streq (keys_herd (*keys_p), keys_herd (self->keys)))
        return *keys_p;
    keys_destroy (keys_p);
    return zpl_wrong (
        config->keys, "herd.key", "changed, which needs all servers down");
}


static void
s_name_key (difference_t *difference, const char *words, const char *name)
{
    char *keys = difference->keys;
    size_t used = strlen (keys);
    snprintf (keys + used, sizeof difference->keys - used, "%s%s key of %s",
        used ? ", " : "", words, name);
}


//  Name whose keys are others, of peers that stay, and our own

static void
s_name_keys (const reload_t *self, const config_t *config, const keys_t *keys,
    difference_t *difference)
{
    const keys_t *before = self->keys;
    const char *peers [CONFIG_SERVERS_MAX];
    unsigned count =
        keys ? config_peers (config, s_ours (self, config), peers) : 0;
    if (keys && !streq (keys_public (keys), keys_public (before)))
        s_name_key (difference, "new", self->server);
    for (unsigned peer = 0; peer < count; peer++) {
        const char *name = peers [peer];
        const char *key = keys_of (keys, name, 0);
        bool ended = false;
        if (!s_is_peer (self, name))
            continue;
        if (key && !keys_has (before, name, key))
            s_name_key (difference, "new", name);
        for (unsigned at = 0; at < KEYS_MAX; at++)
            ended |= (key = keys_of (before, name, at)) &&
                     !keys_has (keys, name, key);
        if (ended)
            s_name_key (difference, "no old", name);
    }
}


//  Clients may have all descriptors but those that were kept for fewer links.
//  Who moves has sockets twice for a moment: libzmq closes the old ones later

static bool
s_has_room (const config_t *config, const difference_t *difference)
{
    unsigned links = 0;
    for (size_t index = 0; index < difference->link_count; index++)
        links += difference->links [index].kind != DIFFERENCE_REMOVED;
    return poller_has_room (mesh_descriptors (links) - mesh_descriptors (0)) ||
           zpl_wrong (config->file, "links",
               "there are no descriptors for those that are added or moved");
}


//  Read the file, and what it makes different.  Returns NULL, and what is wrong
//  as a line for the caller to free, if it is not to be taken over

static config_t *
s_read (
    const reload_t *self, keys_t **keys_p, difference_t *difference, char **why)
{
    size_t size = 0;
    FILE *stream = open_memstream (why, &size);
    assert (stream);
    zpl_say_to (stream);
    config_t *config = config_reread (self->config);
    if (config && config_find (config, self->server) < 0) {
        zpl_wrong (config->file, "servers", "there is no server %s any more",
            self->server);
        config_destroy (&config);
    }
    if (config)
        difference_find (difference, self->config, s_ours (self, self->config),
            config, s_ours (self, config));
    if (config && !(s_has_room (config, difference) &&
                      s_read_keys (self, config, keys_p)))
        config_destroy (&config);
    zpl_say_to (NULL);
    fclose (stream);
    return config;
}


//  Say in the log what the line says, but for whose it is

static void
s_refuse (reload_t *self, const char *why)
{
    const char *said = strstr (why, ": ");
    said = said ? said + strlen (": ") : why;
    self->refused++;
    journal_tell (self->pump->journal, NOTICE_RELOAD_REFUSED,
        "not reloaded, nothing is changed: %.*s", (int) strcspn (said, "\n"),
        said);
}


static void
s_set (const reload_t *self)
{
    const config_t *config = self->config;
    size_t ours = s_ours (self, config);
    const char *names [CONFIG_SERVERS_MAX];
    server_options_t core = {.gateway.servers = names};
    connections_options_t connections = {.port = 0};
    places_options_t places;
    journal_options_t journal = {.file = NULL};
    config_names (config, names);
    settings_core (config, ours, &core);
    settings_connections (config, ours, &connections);
    settings_places (config, &places);
    settings_journal (config, &journal);
    server_configure (self->pump->server, &core);
    connections_change (self->pump->clients, &connections);
    places_change (self->pump->places, &places);
    journal_change (self->pump->journal, &journal);
    mesh_set_reconnect (self->pump->mesh, (int) config->reconnect_ms);
    self->leave->drain_ms = (int64_t) config->limits.drain_ms;
}


//  Return the index of the peer of that name, or if it is new one that is free;
//  or at last one of a link that is removed, and not over yet

static unsigned
s_index (const reload_t *self, const char *name)
{
    unsigned unused = MESH_PEERS_MAX;
    unsigned left = MESH_PEERS_MAX;
    for (unsigned peer = 0; peer < MESH_PEERS_MAX; peer++) {
        const char *other = server_peer (self->pump->server, peer);
        if (other && streq (other, name))
            return peer;
        if (!other && unused == MESH_PEERS_MAX)
            unused = peer;
        if (other && !s_is_peer (self, other))
            left = peer;
    }
    return unused < MESH_PEERS_MAX ? unused : left;
}


static void
s_tell (
    const reload_t *self, event_kind_t kind, unsigned peer, const char *name)
{
    event_t event = {.kind = kind, .peer = peer, .text = span_of (name)};
    clock_stamp (&event);
    pump_event (self->pump, &event);
}


static void
s_log_move (const reload_t *self, const config_server_t *peer)
{
    char text [ENDPOINT_TEXT_SIZE];
    endpoint_print (&peer->mesh.at, text);
    journal_tell (self->pump->journal, NOTICE_LINK_MOVES,
        "link to %s moves to %s", peer->name, text);
}


static void
s_change_link (const reload_t *self, const difference_link_t *link)
{
    const server_t *core = self->pump->server;
    const config_server_t *is = link->peer;
    unsigned peer = s_index (self, is->name);
    const char *name = server_peer (core, peer);
    //  There may have been no memory for it
    bool known = name && streq (name, is->name);
    if (link->kind == DIFFERENCE_REMOVED) {
        if (known)
            s_tell (self, EVENT_PEER_REMOVED, peer, is->name);
        return;
    }
    if (link->kind == DIFFERENCE_ADDED || !known)
        s_tell (self, EVENT_PEER_ADDED, peer, is->name);
    else
        s_log_move (self, is);
    if (server_peer (core, peer))
        mesh_connect (self->pump->mesh, peer, is->name, &is->mesh.at);
}


static void
s_change_keys (reload_t *self, keys_t *keys)
{
    keys_t *before = self->keys;
    self->keys = keys;
    if (keys)
        mesh_rekey (self->pump->mesh, keys);
    keys_destroy (&before);
}


//  Connections of who moved end now; of who is removed when it has been told

static void
s_change_links (const reload_t *self, const difference_t *difference)
{
    for (size_t index = 0; index < difference->link_count; index++)
        s_change_link (self, &difference->links [index]);
    mesh_expel (self->pump->mesh);
}


static void
s_log (const reload_t *self, const difference_t *difference)
{
    journal_t *journal = self->pump->journal;
    if (*difference->fixed)
        journal_tell (journal, NOTICE_RELOAD_WAITS,
            "changed, and not before the next start: %s", difference->fixed);
    journal_tell (journal, NOTICE_RELOADED, "reloaded %s: %s",
        self->config->file,
        *difference->keys        ? difference->keys
        : difference->link_count ? "links"
                                 : "nothing changed");
}


void
reload_now (reload_t *self)
{
    char *why = NULL;
    difference_t difference;
    if (leave_has_begun (self->leave))
        return;
    journal_at (self->pump->journal, clock_now ());
    keys_t *keys = NULL;
    config_t *config = s_read (self, &keys, &difference, &why);
    if (config) {
        config_t *before = self->config;
        s_name_keys (self, config, keys, &difference);
        difference_keep (
            before, s_ours (self, before), config, s_ours (self, config));
        self->config = config;
        s_set (self);
        s_change_keys (self, keys);
        s_change_links (self, &difference);
        s_log (self, &difference);
        self->done++;
        config_destroy (&before);
    }
    else
        s_refuse (self, why);
    free (why);
}


void
reload_connect (reload_t *self)
{
    const config_t *config = self->config;
    const char *names [CONFIG_SERVERS_MAX];
    unsigned count = config_peers (config, s_ours (self, config), names);
    for (unsigned peer = 0; peer < count; peer++) {
        int server = config_find (config, names [peer]);
        mesh_connect (self->pump->mesh, peer, names [peer],
            &config->servers [server].mesh.at);
    }
}
