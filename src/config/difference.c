/*  =========================================================================
    difference - what a topology file that is read again makes different
    =========================================================================
*/

#include "config/difference.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>


static void __attribute__ ((format (printf, 2, 3)))
s_name (char keys [DIFFERENCE_KEYS_SIZE], const char *format, ...)
{
    size_t used = strlen (keys);
    if (used)
        used += (size_t) snprintf (
            keys + used, DIFFERENCE_KEYS_SIZE - used, "%s", ", ");
    if (used >= DIFFERENCE_KEYS_SIZE)
        return;
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (keys + used, DIFFERENCE_KEYS_SIZE - used, format, arguments);
    va_end (arguments);
}


static bool
s_is_same (const endpoint_t *one, const endpoint_t *other)
{
    char mine [ENDPOINT_TEXT_SIZE];
    char theirs [ENDPOINT_TEXT_SIZE];
    endpoint_print (one, mine);
    endpoint_print (other, theirs);
    return strcmp (mine, theirs) == 0;
}


//  Whoever is found elsewhere may listen where it did

static bool
s_is_bound_so (const config_endpoint_t *one, const config_endpoint_t *other)
{
    return s_is_same (&one->at, &other->at) &&
           s_is_same (&one->listen, &other->listen);
}


//  Return the peer of that name of the server at the index, or NULL

static const config_server_t *
s_peer (const config_t *config, size_t server, const char *name)
{
    int peer = config_find (config, name);
    return peer >= 0 && config->servers [server].peers >> peer & 1
               ? &config->servers [peer]
               : NULL;
}


static void
s_add (difference_t *self, difference_kind_t kind, const config_server_t *peer)
{
    self->links [self->link_count++] = (difference_link_t){kind, peer};
}


static void
s_find_links (difference_t *self, const config_t *before, size_t server_before,
    const config_t *after, size_t server_after)
{
    const char *names [CONFIG_SERVERS_MAX];
    unsigned count = config_peers (before, server_before, names);
    for (unsigned index = 0; index < count; index++)
        if (!s_peer (after, server_after, names [index]))
            s_add (self, DIFFERENCE_REMOVED,
                s_peer (before, server_before, names [index]));
    count = config_peers (after, server_after, names);
    for (unsigned index = 0; index < count; index++) {
        const config_server_t *now =
            s_peer (after, server_after, names [index]);
        const config_server_t *was =
            s_peer (before, server_before, names [index]);
        if (!was)
            s_add (self, DIFFERENCE_ADDED, now);
        else if (!s_is_same (&was->mesh.at, &now->mesh.at))
            s_add (self, DIFFERENCE_MOVED, now);
    }
}


static bool
s_is_fixed (const char *key)
{
    static const char *const fixed [] = {"herd/name", "herd/region",
        "mesh/keys", "mesh/security", "log/format", "store/", "http/",
        "events/", "nats/"};
    for (size_t index = 0; index < sizeof fixed / sizeof *fixed; index++)
        if (strncmp (key, fixed [index], strlen (fixed [index])) == 0)
            return true;
    return false;
}


void
difference_find (difference_t *self, const config_t *before,
    size_t server_before, const config_t *after, size_t server_after)
{
    const config_server_t *was = &before->servers [server_before];
    const config_server_t *is = &after->servers [server_after];
    const char *key;
    self->link_count = 0;
    self->keys [0] = self->fixed [0] = 0;
    s_find_links (self, before, server_before, after, server_after);
    for (size_t at = 0; (key = config_next_difference (before, after, &at));)
        s_name (s_is_fixed (key) ? self->fixed : self->keys, "%s", key);
    if (!s_is_bound_so (&was->clients, &is->clients))
        s_name (self->fixed, "servers/%s/clients", is->name);
    if (!s_is_bound_so (&was->mesh, &is->mesh))
        s_name (self->fixed, "servers/%s/mesh", is->name);
    if (!s_is_bound_so (&was->admin, &is->admin))
        s_name (self->fixed, "servers/%s/admin", is->name);
    if (was->gateway != is->gateway)
        s_name (self->fixed, "servers/%s/gateway", is->name);
    if (was->has_http != is->has_http || !s_is_bound_so (&was->http, &is->http))
        s_name (self->fixed, "servers/%s/http", is->name);
    else if (was->near != is->near)
        s_name (self->fixed, "%s", "table/near");
}


static void
s_swap_texts (char **one, char **other)
{
    char *kept = *one;
    *one = *other;
    *other = kept;
}


static void
s_swap_endpoints (config_endpoint_t *one, config_endpoint_t *other)
{
    config_endpoint_t kept = *one;
    *one = *other;
    *other = kept;
}


void
difference_keep (config_t *before, size_t server_before, config_t *after,
    size_t server_after)
{
    config_server_t *was = &before->servers [server_before];
    config_server_t *is = &after->servers [server_after];
    after->plain = before->plain;
    after->log_json = before->log_json;
    after->store_sync_ms = before->store_sync_ms;
    s_swap_texts (&before->store_folder, &after->store_folder);
    s_swap_texts (&before->name, &after->name);
    s_swap_texts (&before->keys, &after->keys);
    s_swap_texts (&before->region, &after->region);
    config_nats_t nats = after->nats;
    after->nats = before->nats;
    before->nats = nats;
    config_http_t http = after->http;
    after->http = before->http;
    before->http = http;
    is->has_http = was->has_http;
    is->near = was->near;
    is->gateway = was->gateway;
    s_swap_endpoints (&was->http, &is->http);
    s_swap_endpoints (&was->clients, &is->clients);
    s_swap_endpoints (&was->mesh, &is->mesh);
    s_swap_endpoints (&was->admin, &is->admin);
}
