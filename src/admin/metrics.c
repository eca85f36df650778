/*  =========================================================================
    metrics - what a server counts and measures, of all rooms
    =========================================================================
*/

#include "admin/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ROWS(list) (list), sizeof (list) / sizeof ((list) [0])

#define PROCESS_ROW(...) METRIC_ROW (process_counts_t, __VA_ARGS__)
#define CONNECTION_ROW(...) METRIC_ROW (connection_counts_t, __VA_ARGS__)
#define SERVER_ROW(...) METRIC_ROW (server_status_t, __VA_ARGS__)
#define PLACES_ROW(...) METRIC_ROW (places_counts_t, __VA_ARGS__)
#define STORE_ROW(...) METRIC_ROW (store_counts_t, __VA_ARGS__)
#define WEB_ROW(...) METRIC_ROW (web_counts_t, __VA_ARGS__)
#define LINK_ROW(...) METRIC_ROW (flood_link_t, __VA_ARGS__)

//  Messages refused are shown by their sum, a line of SERVER_METRICS

#define NO_ROW(id, text)
#define REFUSAL_ROW(id, key, label, text)                                      \
    {METRIC_COUNT, key, REFUSALS_NAME, "reason=\"" label "\"", REFUSALS_HELP,  \
        offsetof (server_status_t, refusals [REFUSED_##id])},

static const metric_t s_process [] = {PROCESS_METRICS (PROCESS_ROW)};
static const metric_t s_connections [] = {CONNECTION_METRICS (CONNECTION_ROW)};
static const metric_t s_server [] = {
    SERVER_METRICS (SERVER_ROW) REFUSALS_LIST (NO_ROW, REFUSAL_ROW)};
static const metric_t s_places [] = {PLACES_METRICS (PLACES_ROW)};
static const metric_t s_store [] = {STORE_METRICS (STORE_ROW)};
static const metric_t s_web [] = {WEB_METRICS (WEB_ROW)};
static const metric_t s_links [] = {LINK_METRICS (LINK_ROW)};


void
metrics_of_server (const status_facts_t *facts, const server_status_t *status,
    metrics_t groups [METRICS_GROUPS])
{
    groups [0] = (metrics_t){NULL, ROWS (s_process), &facts->process};
    groups [1] = (metrics_t){NULL, ROWS (s_connections), &facts->connections};
    groups [2] = (metrics_t){NULL, ROWS (s_server), status};
    groups [3] = (metrics_t){"places", ROWS (s_places), &facts->places};
    groups [4] = (metrics_t){"store", ROWS (s_store), &facts->store};
    groups [5] = (metrics_t){"http", ROWS (s_web), &facts->web};
}


metrics_t
metrics_of_link (const flood_link_t *link)
{
    return (metrics_t){NULL, ROWS (s_links), link};
}


static const char *
s_suffix (const metric_t *metric)
{
    return metric->kind == METRIC_COUNT ? "_total" : "";
}


//  The lines that come once before all samples of a name

static void
s_write_head (FILE *out, const metric_t *metric)
{
    fprintf (out, "# HELP zherd_%s%s %s\n# TYPE zherd_%s%s %s\n", metric->name,
        s_suffix (metric), metric->help, metric->name, s_suffix (metric),
        metric->kind == METRIC_COUNT ? "counter" : "gauge");
}


//  The sample, of that peer or of none.  Names and labels need no escapes.

static void
s_write_sample (
    FILE *out, const metric_t *metric, int64_t value, const char *peer)
{
    const char *label = metric->label ? metric->label : "";
    fprintf (out, "zherd_%s%s", metric->name, s_suffix (metric));
    if (peer)
        fprintf (
            out, "{peer=\"%s\"%s%s}", peer, metric->label ? "," : "", label);
    else if (metric->label)
        fprintf (out, "{%s}", label);
    fprintf (out, " %" PRId64 "\n", value);
}


static bool
s_is_first (const metric_t *list, size_t index)
{
    return index == 0 || strcmp (list [index].name, list [index - 1].name) != 0;
}


static void
s_write_group (FILE *out, const metrics_t *group)
{
    for (size_t index = 0; index < group->count; index++) {
        const metric_t *metric = &group->list [index];
        if (s_is_first (group->list, index))
            s_write_head (out, metric);
        s_write_sample (
            out, metric, metric_value (metric, group->structure), NULL);
    }
}


static void
s_write_server (
    FILE *out, const status_facts_t *facts, const server_status_t *status)
{
    fprintf (out,
        "# HELP zherd_build_info What this server is.\n"
        "# TYPE zherd_build_info gauge\n"
        "zherd_build_info{server=\"%s\",herd=\"%s\",version=\"%s\"} 1\n"
        "# HELP zherd_digest Of the table: the same where tables are equal.\n"
        "# TYPE zherd_digest gauge\n"
        "zherd_digest %" PRIu64 "\n",
        facts->server, facts->herd, ZHERD_VERSION, status->root);
    metrics_t groups [METRICS_GROUPS];
    metrics_of_server (facts, status, groups);
    for (size_t index = 0; index < METRICS_GROUPS; index++)
        s_write_group (out, &groups [index]);
}


//  All samples of a metric stand together, those of all links

static void
s_write_links (FILE *out, const server_t *server)
{
    size_t count =
        server_peers (server) ? sizeof (s_links) / sizeof (metric_t) : 0;
    for (size_t first = 0, end; first < count; first = end) {
        s_write_head (out, &s_links [first]);
        end = first + 1;
        while (end < count && !s_is_first (s_links, end))
            end++;
        for (unsigned peer = 0; peer < server_peers (server); peer++) {
            if (!server_peer (server, peer))
                continue;
            flood_link_t link = server_link (server, peer);
            for (size_t index = first; index < end; index++)
                s_write_sample (out, &s_links [index],
                    metric_value (&s_links [index], &link), link.name);
        }
    }
}


char *
metrics_text (const status_facts_t *facts, const server_t *server)
{
    server_status_t status = server_status (server);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    assert (out);
    s_write_server (out, facts, &status);
    s_write_links (out, server);
    fclose (out);
    assert (text);
    return text;
}
