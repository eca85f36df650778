/*  =========================================================================
    status - what a server knows of itself, in words
    =========================================================================
*/

#include "admin/status.h"
#include "admin/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>


static json_t *
s_metric (const metric_t *metric, const void *structure)
{
    int64_t value = metric_value (metric, structure);
    if (metric->kind == METRIC_TRUTH)
        return json_boolean (value);
    if (metric->kind == METRIC_DURATIONS)
        return json_pack ("{s:I, s:f}", "count", (json_int_t) value, "seconds",
            metric_durations (metric, structure)->seconds);
    return json_integer (value);
}


static void
s_set_metrics (json_t *object, const metrics_t *metrics)
{
    for (size_t index = 0; index < metrics->count; index++) {
        const metric_t *metric = &metrics->list [index];
        json_object_set_new (
            object, metric->key, s_metric (metric, metrics->structure));
    }
}


static json_t *
s_link (const flood_link_t *link)
{
    json_t *json = json_object ();
    json_object_set_new (json, "name", json_string (link->name));
    metrics_t metrics = metrics_of_link (link);
    s_set_metrics (json, &metrics);
    return json;
}


static void
s_set_facts (json_t *json, const status_facts_t *facts)
{
    char since [32];
    time_t seconds = (time_t) facts->process.started;
    struct tm parts;
    gmtime_r (&seconds, &parts);
    strftime (since, sizeof (since), "%Y-%m-%dT%H:%M:%SZ", &parts);
    json_object_set_new (json, "server", json_string (facts->server));
    json_object_set_new (json, "herd", json_string (facts->herd));
    json_object_set_new (json, "version", json_string (ZHERD_VERSION));
    json_object_set_new (json, "up_since", json_string (since));
}


//  Return the object of the section, which is made if it is not there

static json_t *
s_section (json_t *json, const char *section)
{
    if (!section)
        return json;
    if (!json_object_get (json, section))
        json_object_set_new (json, section, json_object ());
    return json_object_get (json, section);
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
    metrics_t groups [METRICS_GROUPS];
    metrics_of_server (facts, &status, groups);
    for (size_t index = 0; index < METRICS_GROUPS; index++)
        s_set_metrics (
            s_section (json, groups [index].section), &groups [index]);
    //  Its name in 0.1
    json_object_set (
        json, "clients_connected", json_object_get (json, "connections"));
    json_t *peers = json_array ();
    for (unsigned peer = 0; peer < server_peers (server); peer++) {
        if (!server_peer (server, peer))
            continue;
        flood_link_t link = server_link (server, peer);
        json_array_append_new (peers, s_link (&link));
    }
    json_object_set_new (json, "peers", peers);
    return json;
}


bool
status_is_ready (const server_t *server, bool stopping)
{
    server_status_t status = server_status (server);
    return !status.loading && !stopping && !status.twin;
}


static json_t *
s_readiness (const status_facts_t *facts, const server_t *server)
{
    server_status_t status = server_status (server);
    json_t *reasons = json_array ();
    json_t *down = json_array ();
    if (status.loading)
        json_array_append_new (reasons, json_string ("loading"));
    if (facts->process.stopping)
        json_array_append_new (reasons, json_string ("stopping"));
    if (status.twin)
        json_array_append_new (reasons, json_string ("twin"));
    for (unsigned peer = 0; peer < server_peers (server); peer++) {
        const char *name = server_peer (server, peer);
        if (name && !server_link (server, peer).up)
            json_array_append_new (down, json_string (name));
    }
    return json_pack ("{s:b, s:o, s:o}", "ready",
        status_is_ready (server, facts->process.stopping), "reasons", reasons,
        "links_down", down);
}


//  Names of hosts and servers need no escapes

static char *
s_pointer (const status_facts_t *facts)
{
    char at [ENDPOINT_TEXT_SIZE];
    if (!facts->http)
        return zsys_sprintf (
            "<!doctype html><title>%s</title><p>%s has no live page: its "
            "topology has no servers/%s/http.\n",
            facts->server, facts->server, facts->server);
    endpoint_print (facts->http, at);
    return zsys_sprintf (
        "<!doctype html><title>%s</title><p>The live page of %s is at <a "
        "href=\"http://%s/\">http://%s/</a>.\n",
        facts->server, facts->server, at, at);
}


char *
status_text (admin_page_t page, const status_facts_t *facts,
    const server_t *server, bool *ready)
{
    if (page == ADMIN_ROOT)
        return s_pointer (facts);
    if (page == ADMIN_METRICS)
        return metrics_text (facts, server);
    json_t *json = page == ADMIN_STATUS ? s_status (facts, server)
                                        : s_readiness (facts, server);
    char *text = json_dumps (json, JSON_INDENT (2));
    *ready = json_is_true (json_object_get (json, "ready"));
    json_decref (json);
    return text;
}
