/*  =========================================================================
    metrics - what a server counts and measures, of all rooms
    =========================================================================
*/

#include "admin/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

//  Of a metric, with a NUL
#define NAME_SIZE_MAX 64

#define OURS "zherd_"
#define ROWS(list) (list), sizeof (list) / sizeof ((list) [0])

#define PROCESS_ROW(...) METRIC_ROW (process_counts_t, __VA_ARGS__)
#define CONNECTION_ROW(...) METRIC_ROW (connection_counts_t, __VA_ARGS__)
#define SERVER_ROW(...) METRIC_ROW (server_status_t, __VA_ARGS__)
#define PLACES_ROW(...) METRIC_ROW (places_counts_t, __VA_ARGS__)
#define STORE_ROW(...) METRIC_ROW (store_counts_t, __VA_ARGS__)
#define WEB_ROW(...) METRIC_ROW (web_counts_t, __VA_ARGS__)
#define REGION_ROW(...) METRIC_ROW (region_counts_t, __VA_ARGS__)
#define USAGE_ROW(...) METRIC_ROW (usage_t, __VA_ARGS__)
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
static const metric_t s_region [] = {REGION_METRICS (REGION_ROW)};
static const metric_t s_usage [] = {USAGE_METRICS (USAGE_ROW)};
static const metric_t s_links [] = {LINK_METRICS (LINK_ROW)};


void
metrics_of_server (const status_facts_t *facts, const server_status_t *status,
    metrics_t groups [METRICS_GROUPS])
{
    groups [0] = (metrics_t){NULL, OURS, ROWS (s_process), &facts->process};
    groups [1] =
        (metrics_t){NULL, OURS, ROWS (s_connections), &facts->connections};
    groups [2] = (metrics_t){NULL, OURS, ROWS (s_server), status};
    groups [3] = (metrics_t){"places", OURS, ROWS (s_places), &facts->places};
    groups [4] = (metrics_t){"store", OURS, ROWS (s_store), &facts->store};
    groups [5] = (metrics_t){"http", OURS, ROWS (s_web), &facts->web};
    groups [6] =
        (metrics_t){"usage", "process_", ROWS (s_usage), &facts->usage};
    groups [7] = (metrics_t){"gateway", OURS, ROWS (s_region), &facts->region};
}


metrics_t
metrics_of_link (const flood_link_t *link)
{
    return (metrics_t){NULL, OURS, ROWS (s_links), link};
}


static bool
s_is_counter (const metric_t *metric)
{
    return metric->kind == METRIC_COUNT || metric->kind == METRIC_SPENT;
}


static const char *
s_suffix (const metric_t *metric)
{
    return s_is_counter (metric) ? "_total" : "";
}


//  The lines that come once before all samples of a name

static void
s_write_head (FILE *out, const char *prefix, const metric_t *metric)
{
    const char *type = metric->kind == METRIC_DURATIONS ? "histogram"
                       : s_is_counter (metric)          ? "counter"
                                                        : "gauge";
    fprintf (out, "# HELP %s%s%s %s\n# TYPE %s%s%s %s\n", prefix, metric->name,
        s_suffix (metric), metric->help, prefix, metric->name,
        s_suffix (metric), type);
}


//  How many took no longer than each bound, and all together

static void
s_write_durations (FILE *out, const char *name, const durations_t *durations)
{
    uint64_t count = 0;
    for (size_t index = 0; index < DURATIONS_BOUNDS; index++) {
        count += durations->counts [index];
        fprintf (out, "%s_bucket{le=\"%s\"} %" PRIu64 "\n", name,
            durations_bound (index), count);
    }
    count = durations_count (durations);
    fprintf (out,
        "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum %.9g\n%s_count %" PRIu64
        "\n",
        name, count, name, durations->seconds, name, count);
}


//  The number behind a name and its labels

static void
s_write_value (FILE *out, const metric_t *metric, const void *structure)
{
    int64_t value = metric_value (metric, structure);
    if (metric->kind == METRIC_TIME || metric->kind == METRIC_SPENT)
        fprintf (out, " %.3f\n", (double) value / 1000);
    else
        fprintf (out, " %" PRId64 "\n", value);
}


//  The sample, of that peer or of none.  Names and labels need no escapes.

static void
s_write_sample (
    FILE *out, const metrics_t *group, const metric_t *metric, const char *peer)
{
    const char *label = metric->label ? metric->label : "";
    char name [NAME_SIZE_MAX];
    snprintf (name, sizeof (name), "%s%s%s", group->prefix, metric->name,
        s_suffix (metric));
    if (metric->kind == METRIC_DURATIONS) {
        s_write_durations (
            out, name, metric_durations (metric, group->structure));
        return;
    }
    fputs (name, out);
    if (peer)
        fprintf (
            out, "{peer=\"%s\"%s%s}", peer, metric->label ? "," : "", label);
    else if (metric->label)
        fprintf (out, "{%s}", label);
    s_write_value (out, metric, group->structure);
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
            s_write_head (out, group->prefix, metric);
        s_write_sample (out, group, metric, NULL);
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
        "# HELP zherd_digest Digest of the table: equal where tables are "
        "equal.\n"
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
        s_write_head (out, OURS, &s_links [first]);
        end = first + 1;
        while (end < count && !s_is_first (s_links, end))
            end++;
        for (unsigned peer = 0; peer < server_peers (server); peer++) {
            if (!server_peer (server, peer))
                continue;
            flood_link_t link = server_link (server, peer);
            metrics_t group = metrics_of_link (&link);
            for (size_t index = first; index < end; index++)
                s_write_sample (out, &group, &s_links [index], link.name);
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
