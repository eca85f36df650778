/*  =========================================================================
    status - what a server knows of itself, in words
    =========================================================================
*/

#include "admin/status.h"
#include "admin/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>


//  Put the metrics into the object, each into its section

static void
s_set_metrics (json_t *object, const metric_t *list, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        const metric_t *metric = &list [index];
        json_t *section = object;
        if (metric->section) {
            section = json_object_get (object, metric->section);
            if (!section) {
                section = json_object ();
                json_object_set_new (object, metric->section, section);
            }
        }
        json_object_set_new (section, metric->key,
            metric->kind == METRIC_TRUTH ? json_boolean (metric->value)
                                         : json_integer (metric->value));
    }
}


static json_t *
s_link (const flood_link_t *link)
{
    metric_t list [METRICS_MAX];
    json_t *json = json_object ();
    json_object_set_new (json, "name", json_string (link->name));
    s_set_metrics (json, list, metrics_of_link (link, list));
    return json;
}


static void
s_set_facts (json_t *json, const status_facts_t *facts)
{
    char since [32];
    time_t seconds = (time_t) facts->up_since.seconds;
    struct tm parts;
    gmtime_r (&seconds, &parts);
    strftime (since, sizeof (since), "%Y-%m-%dT%H:%M:%SZ", &parts);
    json_object_set_new (json, "server", json_string (facts->server));
    json_object_set_new (json, "herd", json_string (facts->herd));
    json_object_set_new (json, "version", json_string (ZHERD_VERSION));
    json_object_set_new (json, "up_since", json_string (since));
}


static json_t *
s_status (const status_facts_t *facts, const server_t *server)
{
    server_status_t status = server_status (server);
    char digest [17];
    snprintf (digest, sizeof (digest), "%016" PRIx64, status.root);

    json_t *json = json_object ();
    s_set_facts (json, facts);
    json_object_set_new (json, "digest", json_string (digest));
    metric_t list [METRICS_MAX];
    s_set_metrics (json, list, metrics_of_server (facts, &status, list));
    json_t *peers = json_array ();
    for (unsigned peer = 0; peer < facts->peer_count; peer++) {
        flood_link_t link = server_link (server, peer);
        json_array_append_new (peers, s_link (&link));
    }
    json_object_set_new (json, "peers", peers);
    return json;
}


static json_t *
s_readiness (const status_facts_t *facts, const server_t *server)
{
    server_status_t status = server_status (server);
    json_t *reasons = json_array ();
    json_t *down = json_array ();
    if (status.loading)
        json_array_append_new (reasons, json_string ("loading"));
    if (facts->stopping)
        json_array_append_new (reasons, json_string ("stopping"));
    if (status.twin)
        json_array_append_new (reasons, json_string ("twin"));
    for (unsigned peer = 0; peer < facts->peer_count; peer++) {
        flood_link_t link = server_link (server, peer);
        if (!link.up)
            json_array_append_new (down, json_string (link.name));
    }
    return json_pack ("{s:b, s:o, s:o}", "ready",
        json_array_size (reasons) == 0, "reasons", reasons, "links_down", down);
}


char *
status_text (admin_page_t page, const status_facts_t *facts,
    const server_t *server, bool *ready)
{
    if (page == ADMIN_METRICS)
        return metrics_text (facts, server);
    json_t *json = page == ADMIN_STATUS ? s_status (facts, server)
                                        : s_readiness (facts, server);
    char *text = json_dumps (json, JSON_INDENT (2));
    *ready = json_is_true (json_object_get (json, "ready"));
    json_decref (json);
    return text;
}
