/*  =========================================================================
    metrics - what a server counts and measures: one list
    =========================================================================
*/

#include "admin/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(key, name, label, help, value)                                   \
    {                                                                          \
        NULL, key, name "_total", label, METRIC_COUNTER, help,                 \
            (int64_t) (value)                                                  \
    }
#define GAUGE(key, name, help, value)                                          \
    {                                                                          \
        NULL, key, name, NULL, METRIC_GAUGE, help, (int64_t) (value)           \
    }
#define TRUTH(key, name, help, value)                                          \
    {                                                                          \
        NULL, key, name, NULL, METRIC_TRUTH, help, value                       \
    }
#define PLACES(key, help)                                                      \
    {                                                                          \
        "places", #key, "places_" #key "_total", NULL, METRIC_COUNTER, help,   \
            (int64_t) places->key                                              \
    }

#define COMMANDS "Lines of clients, by what they were."
#define REFUSALS "What was refused, by what was too much or wrong."
#define PEER_RECORDS                                                           \
    "Records that came from the peer, by how they stood to ours."
#define PEER_MESSAGES "Messages exchanged with the peer."
#define PEER_BYTES "Bytes exchanged with the peer."
#define PEER_AUDIT "Bytes of audits exchanged with the peer."


//  Append the metrics to the list of *count, which there is room for

static void
s_add (metric_t *list, size_t *count, const metric_t *metrics, size_t size)
{
    size_t added = size / sizeof (metric_t);
    assert (*count + added <= METRICS_MAX);
    memcpy (list + *count, metrics, size);
    *count += added;
}


static void
s_add_state (metric_t *list, size_t *count, const status_facts_t *facts,
    const server_status_t *status)
{
    const metric_t metrics [] = {
        GAUGE ("pid", "process_id", "Of the server.", getpid ()),
        GAUGE ("started", "start_time_seconds",
            "When it started, in POSIX time.", facts->up_since.seconds),
        GAUGE ("clients_connected", "clients_connected",
            "TCP connections of clients.", facts->clients_connected),
        GAUGE ("waiting_bytes", "waiting_bytes",
            "Commands and replies that wait for clients.",
            facts->clients.waiting_size),
        COUNT ("reading_pauses", "reading_pauses", NULL,
            "Times a client was not read because it had too much waiting.",
            facts->clients.pauses),
        COUNT ("log_lines_lost", "log_lines_lost", NULL,
            "Lines that could not be logged.", facts->log_lines_lost),
        GAUGE ("clients_known", "records", "Clients in the table.",
            status->clients_known),
        GAUGE (
            "table_bytes", "table_bytes", "Of the table.", status->table_size),
        COUNT ("wrong_sums", "wrong_sums", NULL,
            "Sums of the table found wrong and set right.", status->wrong_sums),
        COUNT ("changes", "changes", NULL, "Changes of the table.",
            status->changes),
        TRUTH ("loading", "loading", "It loads the table from its peers.",
            status->loading),
        TRUTH ("stopping", "stopping", "It was told to end.", facts->stopping),
        TRUTH ("twin", "twin", "Another process has its name.", status->twin),
        GAUGE ("floor", "floor_seconds",
            "Clients last heard of before this POSIX time are forgotten.",
            status->floor),
    };
    s_add (list, count, metrics, sizeof metrics);
}


static void
s_add_commands (metric_t *list, size_t *count, const server_status_t *status)
{
    const metric_t metrics [] = {
        COUNT ("iamats", "commands", "command=\"iamat\"", COMMANDS,
            status->iamats),
        COUNT ("whatsats", "commands", "command=\"whatsat\"", COMMANDS,
            status->whatsats),
        COUNT ("invalid", "commands", "command=\"invalid\"", COMMANDS,
            status->invalid),
        COUNT ("updates", "updates", NULL,
            "Locations from clients that were news.", status->updates),
        COUNT ("places_failed", "whatsats_failed", NULL,
            "WHATSATs without an answer from Places.", status->places_failed),
        GAUGE ("waiting", "waiting_replies", "Replies that wait for Places.",
            status->waiting),
    };
    s_add (list, count, metrics, sizeof metrics);
}


static void
s_add_refusals (metric_t *list, size_t *count, const server_status_t *status)
{
    const metric_t metrics [] = {
        COUNT ("refused", "refused", "reason=\"message\"", REFUSALS,
            status->refused),
        COUNT ("refused_clients", "refused", "reason=\"clients\"", REFUSALS,
            status->refused_clients),
        COUNT ("refused_addresses", "refused", "reason=\"address\"", REFUSALS,
            status->refused_addresses),
        COUNT ("refused_newcomers", "refused", "reason=\"newcomers\"", REFUSALS,
            status->refused_newcomers),
        COUNT ("refused_full", "refused", "reason=\"full\"", REFUSALS,
            status->refused_full),
        COUNT ("refused_strange", "refused", "reason=\"stranger\"", REFUSALS,
            status->refused_strange),
        COUNT ("refused_crowded", "refused", "reason=\"crowded\"", REFUSALS,
            status->refused_crowded),
        COUNT ("refused_endless", "refused", "reason=\"endless\"", REFUSALS,
            status->refused_endless),
        COUNT ("refused_lookups", "refused", "reason=\"lookups\"", REFUSALS,
            status->refused_lookups),
        COUNT ("refused_future", "refused", "reason=\"future\"", REFUSALS,
            status->refused_future),
    };
    s_add (list, count, metrics, sizeof metrics);
}


static void
s_add_places (metric_t *list, size_t *count, const places_counts_t *places)
{
    const metric_t metrics [] = {
        PLACES (lookups, "Lookups asked for."),
        PLACES (shared, "Lookups answered by a request of another."),
        PLACES (kept, "Lookups answered from the cache."),
        PLACES (requests, "Requests to the provider."),
        PLACES (retries, "Requests that were made again."),
        PLACES (refused, "Lookups not tried: share, budget, breaker, queue."),
    };
    s_add (list, count, metrics, sizeof metrics);
}


size_t
metrics_of_server (const status_facts_t *facts, const server_status_t *status,
    metric_t list [METRICS_MAX])
{
    size_t count = 0;
    s_add_state (list, &count, facts, status);
    s_add_commands (list, &count, status);
    s_add_refusals (list, &count, status);
    s_add_places (list, &count, &facts->places);
    return count;
}


size_t
metrics_of_link (const flood_link_t *link, metric_t list [METRICS_MAX])
{
    const metric_t metrics [] = {
        TRUTH ("up", "peer_up", "We hear the peer, and it us.", link->up),
        GAUGE ("behind", "peer_lag_records",
            "Records of ours that the peer may lack, at most.", link->behind),
        COUNT ("records_out", "peer_records_out", NULL,
            "Records sent to the peer in the stream.", link->records_out),
        COUNT ("records_new", "peer_records_in", "outcome=\"new\"",
            PEER_RECORDS, link->records_new),
        COUNT ("records_same", "peer_records_in", "outcome=\"same\"",
            PEER_RECORDS, link->records_same),
        COUNT ("records_old", "peer_records_in", "outcome=\"old\"",
            PEER_RECORDS, link->records_old),
        COUNT ("records_expired", "peer_records_in", "outcome=\"expired\"",
            PEER_RECORDS, link->records_expired),
        COUNT ("messages_out", "peer_messages", "direction=\"out\"",
            PEER_MESSAGES, link->messages_out),
        COUNT ("messages_in", "peer_messages", "direction=\"in\"",
            PEER_MESSAGES, link->messages_in),
        COUNT ("bytes_out", "peer_bytes", "direction=\"out\"", PEER_BYTES,
            link->bytes_out),
        COUNT ("bytes_in", "peer_bytes", "direction=\"in\"", PEER_BYTES,
            link->bytes_in),
        COUNT ("naks", "peer_gaps", NULL, "Gaps seen in the peer's stream.",
            link->naks),
        COUNT ("rewinds", "peer_rewinds", NULL, "Times our stream went back.",
            link->rewinds),
        COUNT ("resumes", "peer_resumes", NULL, "Times the link came up.",
            link->resumes),
        COUNT (
            "audits", "peer_audits", NULL, "Audits begun by us.", link->audits),
        COUNT ("audit_out", "peer_audit_bytes", "direction=\"out\"", PEER_AUDIT,
            link->audit_out),
        COUNT ("audit_in", "peer_audit_bytes", "direction=\"in\"", PEER_AUDIT,
            link->audit_in),
        COUNT ("repairs", "peer_repairs", NULL,
            "Records that an audit brought from the peer.", link->repairs),
        COUNT ("roots_differ", "peer_roots_differ", NULL,
            "Times tables differed with nothing to send.", link->roots_differ),
        GAUGE ("clock_difference_seconds", "peer_clock_difference_seconds",
            "By which the peer's clock is ahead of ours.",
            link->clock_difference_ms / 1000),
    };
    size_t count = 0;
    s_add (list, &count, metrics, sizeof metrics);
    return count;
}


//  The lines that come once before all samples of a name

static void
s_head (FILE *out, const metric_t *metric)
{
    fprintf (out, "# HELP zherd_%s %s\n# TYPE zherd_%s %s\n", metric->name,
        metric->help, metric->name,
        metric->kind == METRIC_COUNTER ? "counter" : "gauge");
}


//  The sample, of that peer or of none.  Names and labels need no escapes.

static void
s_sample (FILE *out, const metric_t *metric, const char *peer)
{
    const char *label = metric->label ? metric->label : "";
    fprintf (out, "zherd_%s", metric->name);
    if (peer)
        fprintf (
            out, "{peer=\"%s\"%s%s}", peer, metric->label ? "," : "", label);
    else if (metric->label)
        fprintf (out, "{%s}", label);
    fprintf (out, " %" PRId64 "\n", metric->value);
}


static bool
s_is_first (const metric_t *list, size_t index)
{
    return index == 0 || strcmp (list [index].name, list [index - 1].name) != 0;
}


static void
s_write_server (
    FILE *out, const status_facts_t *facts, const server_status_t *status)
{
    metric_t list [METRICS_MAX];
    size_t count = metrics_of_server (facts, status, list);
    fprintf (out,
        "# HELP zherd_build_info What this server is.\n"
        "# TYPE zherd_build_info gauge\n"
        "zherd_build_info{server=\"%s\",herd=\"%s\",version=\"%s\"} 1\n"
        "# HELP zherd_digest Of the table: the same where tables are equal.\n"
        "# TYPE zherd_digest gauge\n"
        "zherd_digest %" PRIu64 "\n",
        facts->server, facts->herd, ZHERD_VERSION, status->root);
    for (size_t index = 0; index < count; index++) {
        if (s_is_first (list, index))
            s_head (out, &list [index]);
        s_sample (out, &list [index], NULL);
    }
}


//  All samples of a metric stand together, those of all links

static void
s_write_links (FILE *out, unsigned peer_count, const server_t *server)
{
    flood_link_t link = server_link (server, 0);
    metric_t list [METRICS_MAX];
    size_t count = metrics_of_link (&link, list);
    for (size_t first = 0, end; first < count; first = end) {
        s_head (out, &list [first]);
        end = first + 1;
        while (end < count && !s_is_first (list, end))
            end++;
        for (unsigned peer = 0; peer < peer_count; peer++) {
            link = server_link (server, peer);
            metrics_of_link (&link, list);
            for (size_t index = first; index < end; index++)
                s_sample (out, &list [index], link.name);
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
    if (facts->peer_count)
        s_write_links (out, facts->peer_count, server);
    fclose (out);
    assert (text);
    return text;
}
