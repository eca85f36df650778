/*  =========================================================================
    settings - what the rooms of a server are told, as a topology file says
    =========================================================================
*/

#include "io/settings.h"

#include "admin/admin.h"
#include "config/hops.h"
#include "mesh/mesh.h"

//  Descriptors of our own: log, loop, listening sockets, libraries
#define DESCRIPTORS_OWN 32


void
settings_core (const config_t *config, size_t server, server_options_t *options)
{
    const config_limits_t *limits = &config->limits;
    options->name = config->servers [server].name;
    options->herd = config->name;
    options->secret = config->secret;
    options->near = config->servers [server].near;
    options->table_size_max = limits->table_size_max;
    options->waiting_max = (unsigned) limits->waiting_max;
    options->client_size_max = limits->client_size_max;
    options->new_clients_per_minute = limits->new_clients_per_minute;
    options->loading_wait_ms = (int64_t) limits->loading_wait_ms;
    options->hops = hops_most (config, server);
    options->ttl_seconds = (int64_t) config->ttl_seconds;
    options->gateway.server_count = config->server_count;
    if (config->servers [server].gateway)
        options->gateway.region = config->region;
}


//  Clients can't use up what links, operators and Places need

static size_t
s_descriptors_kept (const config_t *config, size_t server)
{
    const char *peers [CONFIG_SERVERS_MAX];
    bool has_http = config->servers [server].has_http;
    return (has_http ? config->http.connections_max + config->http.listeners_max
                     : 0) +
           DESCRIPTORS_OWN + ADMIN_CONNECTION_MAX +
           mesh_descriptors (config_peers (config, server, peers)) +
           config->places.connections_max;
}


void
settings_connections (
    const config_t *config, size_t server, connections_options_t *options)
{
    const config_limits_t *limits = &config->limits;
    options->line_size_max = limits->line_size_max;
    options->output_size_max = limits->output_size_max;
    options->output_stall_seconds = (int64_t) limits->output_stall_seconds;
    options->idle_seconds = (int64_t) limits->idle_seconds;
    options->connections_max = limits->connections_max;
    options->descriptors_kept = s_descriptors_kept (config, server);
    options->connections_per_address = limits->connections_per_address;
    options->waiting_size_max = limits->waiting_size_max;
}


void
settings_places (const config_t *config, places_options_t *options)
{
    const config_places_t *places = &config->places;
    const char *provider =
        places->provider ? places->provider : "nearby-legacy";
    *options = (places_options_t){.api = api_find (provider),
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
        .cache_size_max = places->cache_size_max};
}


void
settings_web (const config_t *config, size_t server, web_options_t *options)
{
    const config_limits_t *limits = &config->limits;
    const config_http_t *http = &config->http;
    const config_server_t *mine = &config->servers [server];
    options->address = mine->http.listen.address;
    options->port = mine->http.listen.port;
    options->client_size_max = limits->client_size_max;
    options->connections_max =
        (unsigned) (http->connections_max + http->listeners_max);
    options->per_address_max = (unsigned) limits->connections_per_address;
    options->streams.listeners_max = (unsigned) http->listeners_max;
    options->streams.inside_max = http->inside_max;
    options->streams.inside_size_max = WEB_INSIDE_SIZE_MAX;
    options->bodies_size_max = WEB_BODIES_SIZE_MAX;
    options->gate = (gate_options_t){.server = mine->name,
        .host = mine->http.at.host,
        .hosts = http->hosts,
        .origins = http->cors,
        .proxies = http->proxies,
        .tokens = http->tokens,
        .tiles = http->tiles,
        .per_minute = http->per_minute};
}


void
settings_journal (const config_t *config, journal_options_t *options)
{
    options->full = config->log_full;
    options->json = config->log_json;
    options->key = config->places.key;
    options->size_max = config->log_size_max;
}
