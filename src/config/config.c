/*  =========================================================================
    config - the topology file, read and checked
    =========================================================================
*/

#include "config/config.h"
#include "table/location.h"
#include "config/endpoints.h"
#include "config/http_port.h"
#include "config/neighbours.h"
#include "config/provider.h"
#include "config/region.h"
#include "config/security.h"
#include "log/secret.h"
#include "config/zpl.h"

#define FILE_SIZE_MAX 262144  //  64 servers, all linked, need less
#define PATH_SIZE 256         //  Of a key in the file
#define NAME_RULE                                                              \
    "a name is 1 to 64 of A-Z a-z 0-9 _ - . and begins with a letter or digit"

#define SECTION(key)                                                           \
    {                                                                          \
        key, true, 0, 0, 0, 0                                                  \
    }
#define TEXT(key)                                                              \
    {                                                                          \
        key, false, 0, 0, 0, 0                                                 \
    }
#define NUMBER(key, member, least, most, preset)                               \
    {                                                                          \
        key, false, offsetof (config_t, member), least, most, preset           \
    }

static const zpl_rule_t s_rules [] = {
    SECTION ("herd"),
    TEXT ("herd/name"),
    NUMBER ("herd/ttl_seconds", ttl_seconds, 0, 315360000, 0),
    TEXT ("herd/region"),
    SECTION ("servers"),
    SECTION ("servers/*"),
    TEXT ("servers/*/clients"),
    TEXT ("servers/*/clients/listen"),
    TEXT ("servers/*/mesh"),
    TEXT ("servers/*/mesh/listen"),
    TEXT ("servers/*/admin"),
    TEXT ("servers/*/admin/listen"),
    TEXT ("servers/*/http"),
    TEXT ("servers/*/http/listen"),
    TEXT ("servers/*/gateway"),
    SECTION ("links"),
    TEXT ("links/*"),
    SECTION ("places"),
    TEXT ("places/url"),
    TEXT ("places/key_file"),
    TEXT ("places/allow_http"),
    NUMBER ("places/timeout_ms", places.timeout_ms, 50, 60000, 5000),
    NUMBER (
        "places/body_size_max", places.body_size_max, 1024, 67108864, 2097152),
    NUMBER ("places/connections_max", places.connections_max, 1, 256, 8),
    TEXT ("places/provider"),
    TEXT ("places/google_fields"),
    NUMBER ("places/per_second", places.per_second, 0, 1000000, 0),
    NUMBER ("places/per_day", places.per_day, 0, 1000000000, 0),
    NUMBER ("places/per_client_per_minute", places.per_client_per_minute, 0,
        1000000000, 0),
    NUMBER ("places/cache_seconds", places.cache_seconds, 0, 86400, 0),
    NUMBER ("places/cache_size_max", places.cache_size_max, 65536, 1073741824,
        16777216),
    NUMBER ("places/queue_max", places.queue_max, 1, 65536, 1024),
    SECTION ("limits"),
    NUMBER ("limits/line_size_max", limits.line_size_max, 64, 65536, 65536),
    NUMBER ("limits/output_size_max", limits.output_size_max, 4096, 1073741824,
        1048576),
    NUMBER ("limits/output_stall_seconds", limits.output_stall_seconds, 1, 3600,
        10),
    NUMBER ("limits/idle_seconds", limits.idle_seconds, 0, 604800, 0),
    NUMBER (
        "limits/connections_max", limits.connections_max, 1, 1000000, 100000),
    TEXT ("limits/clients_max"),
    NUMBER ("limits/connections_per_address", limits.connections_per_address, 0,
        1000000, 0),
    NUMBER ("limits/new_clients_per_minute", limits.new_clients_per_minute, 0,
        1000000000, 0),
    NUMBER ("limits/client_size_max", limits.client_size_max, 1,
        LOCATION_CLIENT_SIZE_MAX, LOCATION_CLIENT_SIZE_MAX),
    NUMBER ("limits/waiting_max", limits.waiting_max, 1, 4096, 64),
    NUMBER ("limits/waiting_size_max", limits.waiting_size_max, 1048576,
        34359738368, 268435456),
    NUMBER ("limits/table_size_max", limits.table_size_max, 65536, 34359738368,
        1073741824),
    NUMBER ("limits/drain_ms", limits.drain_ms, 0, 60000, 5000),
    NUMBER ("limits/loading_wait_ms", limits.loading_wait_ms, 0, 60000, 5000),
    SECTION ("http"),
    TEXT ("http/open"),
    TEXT ("http/hosts"),
    TEXT ("http/cors"),
    TEXT ("http/tokens"),
    TEXT ("http/proxies"),
    TEXT ("http/tiles"),
    NUMBER ("http/per_minute", http.per_minute, 0, 1000000000, 0),
    NUMBER ("http/connections_max", http.connections_max, 1, 100000, 1024),
    SECTION ("events"),
    NUMBER ("events/listeners_max", http.listeners_max, 1, 100000, 1000),
    NUMBER ("events/inside_max", http.inside_max, 1, 1000000, 10000),
    SECTION ("log"),
    TEXT ("log/level"),
    TEXT ("log/format"),
    NUMBER ("log/size_max", log_size_max, 0, 1099511627776, 1073741824),
    SECTION ("mesh"),
    NUMBER ("mesh/reconnect_ms", reconnect_ms, 10, 60000, 100),
    TEXT ("mesh/keys"),
    TEXT ("mesh/security"),
    SECTION ("table"),
    TEXT ("table/near"),
    SECTION ("store"),
    TEXT ("store/folder"),
    NUMBER ("store/sync_ms", store_sync_ms, 100, 60000, 1000),
    SECTION ("nats"),
    TEXT ("nats/url"),
    TEXT ("nats/stream"),
    NUMBER ("nats/replicas", nats.replicas, 1, 5, 1),
    TEXT ("nats/credentials"),
    TEXT ("nats/nkey"),
    TEXT ("nats/seed"),
    TEXT ("nats/ca"),
    TEXT ("nats/cert"),
    TEXT ("nats/key"),
    {0},
};


static bool
s_read_herd (config_t *self, zconfig_t *root)
{
    const char *key = "herd/name";
    const char *name = zconfig_get (root, key, NULL);
    if (!name)
        return zpl_wrong (self->file, key, "is missing");
    if (!span_is_name (span_of (name)))
        return zpl_wrong (self->file, key, NAME_RULE);
    self->name = strdup (name);
    assert (self->name);
    return true;
}


static bool
s_read_servers (config_t *self, zconfig_t *root)
{
    zconfig_t *section = zconfig_locate (root, "servers");
    zconfig_t *item = section ? zconfig_child (section) : NULL;
    if (!item)
        return zpl_wrong (self->file, "servers", "there is none");

    for (; item; item = zconfig_next (item)) {
        char key [PATH_SIZE];
        snprintf (key, sizeof key, "servers/%s", zconfig_name (item));
        if (!span_is_name (span_of (zconfig_name (item))))
            return zpl_wrong (self->file, key, NAME_RULE);
        if (self->server_count == CONFIG_SERVERS_MAX)
            return zpl_wrong (
                self->file, key, "there are more than %d", CONFIG_SERVERS_MAX);

        config_server_t *server = &self->servers [self->server_count++];
        strncpy (server->name, zconfig_name (item), CONFIG_NAME_MAX);
        if (!region_read_server (self, server, item) ||
            !endpoints_read (self, server, item))
            return false;
    }
    return true;
}


static bool
s_read_log (config_t *self, zconfig_t *root)
{
    static const char *const levels [] = {"full", "notices"};
    static const char *const formats [] = {"text", "json"};
    bool is_text = true;
    self->log_full = true;
    bool good =
        zpl_choice (self->file, root, "log/level", levels, &self->log_full) &&
        zpl_choice (self->file, root, "log/format", formats, &is_text);
    self->log_json = !is_text;
    return good;
}


static bool
s_read_store (config_t *self, zconfig_t *root)
{
    const char *key = "store/folder";
    const char *folder = zconfig_get (root, key, NULL);
    if (folder && !*folder)
        return zpl_wrong (self->file, key, "is empty");
    if (folder) {
        self->store_folder = strdup (folder);
        assert (self->store_folder);
    }
    return true;
}


//  Files of 0.1 have the limit by its old name

static bool
s_rename_clients_max (config_t *self, zconfig_t *root)
{
    const char *key = "limits/clients_max";
    zconfig_t *item = zconfig_locate (root, key);
    self->has_clients_max = item != NULL;
    if (item && zconfig_locate (root, "limits/connections_max"))
        return zpl_wrong (self->file, key,
            "is the old name of limits/connections_max, which is there, too");
    if (item)
        zconfig_set_name (item, "connections_max");
    return true;
}


//  A client that waits for its answer is silent, and not idle

static bool
s_check_idle (const config_t *self)
{
    uint64_t idle_seconds = self->limits.idle_seconds;
    if (idle_seconds && idle_seconds * 1000 <= self->places.timeout_ms)
        return zpl_wrong (self->file, "limits/idle_seconds",
            "must be longer than places/timeout_ms");
    return true;
}


//  Read the file.  Takes over the secrets

static config_t *
s_new (const char *file, char *secret, char *places_key)
{
    config_t *self = zmalloc (sizeof (config_t));
    self->file = strdup (file);
    self->secret = secret ? secret : strdup ("");
    self->places_key = places_key;
    self->servers = zmalloc (CONFIG_SERVERS_MAX * sizeof (config_server_t));
    assert (self->file && self->secret);
    zconfig_t *root = zpl_load (file, FILE_SIZE_MAX, ZPL_ANYBODYS, s_rules);
    bool good = root && s_rename_clients_max (self, root) &&
                s_read_herd (self, root) && s_read_servers (self, root) &&
                neighbours_read (self, root) &&
                zpl_numbers (file, root, s_rules, self) &&
                s_read_log (self, root) && s_read_store (self, root) &&
                s_check_idle (self) && security_read (self, root) &&
                http_port_read (self, root) && region_read (self, root) &&
                provider_read (&self->places, file, root, places_key);
    zconfig_destroy (&root);
    if (!good)
        config_destroy (&self);
    return self;
}


config_t *
config_new (const char *file)
{
    char *secret = secret_take ("HERD_SECRET");
    return s_new (file, secret, secret_take ("PLACES_API_KEY"));
}


config_t *
config_reread (const config_t *before)
{
    const char *key = before->places_key;
    config_t *self = s_new (
        before->file, strdup (before->secret), key ? strdup (key) : NULL);
    if (self && before->keys_given && !security_use_keys (self, before->keys))
        config_destroy (&self);
    if (self && !security_permits (self))
        config_destroy (&self);
    return self;
}


static bool
s_is_same (const char *one, const char *other)
{
    return one && other ? streq (one, other) : one == other;
}


//  Return true if they share what the key, of no number, says

static bool
s_share (const config_t *one, const config_t *other, const char *key)
{
    const config_places_t *mine = &one->places;
    const config_places_t *theirs = &other->places;
    const struct {
        const char *key;
        bool shared;
    } values [] = {{"herd/name", streq (one->name, other->name)},
        {"places/url", s_is_same (mine->url, theirs->url)},
        {"places/key_file", s_is_same (mine->key, theirs->key)},
        {"places/provider", s_is_same (mine->provider, theirs->provider)},
        {"places/google_fields", mine->full == theirs->full},
        {"log/level", one->log_full == other->log_full},
        {"log/format", one->log_json == other->log_json},
        {"mesh/keys", s_is_same (one->keys, other->keys)},
        {"mesh/security", one->plain == other->plain},
        {"store/folder", s_is_same (one->store_folder, other->store_folder)},
        {"http/open", one->http.open == other->http.open},
        {"http/hosts", s_is_same (one->http.hosts, other->http.hosts)},
        {"http/cors", s_is_same (one->http.cors, other->http.cors)},
        {"http/proxies", s_is_same (one->http.proxies, other->http.proxies)},
        {"http/tokens", s_is_same (one->http.tokens, other->http.tokens)},
        {"http/tiles", s_is_same (one->http.tiles, other->http.tiles)}};
    for (size_t index = 0; index < sizeof values / sizeof *values; index++)
        if (streq (values [index].key, key))
            return values [index].shared;
    return region_shares (one, other, key);
}


const char *
config_next_difference (const config_t *one, const config_t *other, size_t *at)
{
    while (s_rules [*at].key) {
        const zpl_rule_t *rule = &s_rules [(*at)++];
        const char *mine = (const char *) one + rule->offset;
        const char *theirs = (const char *) other + rule->offset;
        bool shared = rule->most ? memcmp (mine, theirs, sizeof (uint64_t)) == 0
                                 : s_share (one, other, rule->key);
        if (!shared)
            return rule->key;
    }
    return NULL;
}


void
config_destroy (config_t **self_p)
{
    config_t *self = *self_p;
    if (self) {
        secret_forget (&self->secret);
        secret_forget (&self->places.key);
        free (self->store_folder);
        secret_forget (&self->places_key);
        free (self->places.provider);
        free (self->places.url);
        free (self->keys);
        http_port_clear (self);
        region_clear (self);
        free (self->servers);
        free (self->name);
        free (self->file);
        free (self);
        *self_p = NULL;
    }
}


int
config_find (const config_t *self, const char *server)
{
    for (size_t index = 0; index < self->server_count; index++)
        if (streq (self->servers [index].name, server))
            return (int) index;
    return -1;
}


//  Say which may be meant, too

int
config_seek (const config_t *self, const char *server)
{
    const char *other = NULL;
    int index = config_find (self, server);
    for (size_t at = 0; at < self->server_count; at++)
        if (strcasecmp (server, self->servers [at].name) == 0)
            other = self->servers [at].name;
    if (index < 0)
        zpl_wrong (self->file, "servers", "there is no server %s%s%s%s", server,
            other ? "; did you mean " : "", other ? other : "",
            other ? "?" : "");
    return index;
}


void
config_names (const config_t *self, const char *names [CONFIG_SERVERS_MAX])
{
    for (size_t index = 0; index < self->server_count; index++)
        names [index] = self->servers [index].name;
}


unsigned
config_peers (
    const config_t *self, size_t server, const char *names [CONFIG_SERVERS_MAX])
{
    unsigned count = 0;
    for (size_t index = 0; index < self->server_count; index++)
        if (self->servers [server].peers >> index & 1)
            names [count++] = self->servers [index].name;
    return count;
}


void
config_print (const config_t *self)
{
    const char *security = self->plain ? "plain" : "-";
    printf ("places\t%s\n", self->places.url ? self->places.url : "-");
    printf ("keys\t%s\n", self->keys ? self->keys : security);
    puts ("server\tclients\tmesh\tadmin\thttp\tpeers");
    for (size_t index = 0; index < self->server_count; index++) {
        config_server_t *server = &self->servers [index];
        printf ("%s", server->name);
        endpoints_print (server);
        char separator = '\t';
        for (size_t peer = 0; peer < self->server_count; peer++)
            if (server->peers & UINT64_C (1) << peer) {
                printf ("%c%s", separator, self->servers [peer].name);
                separator = ',';
            }
        puts (server->peers ? "" : "\t-");
    }
}
