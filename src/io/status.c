/*  =========================================================================
    status - what a server knows of itself, as JSON
    =========================================================================
*/

#include "io/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>


static void
s_set (json_t *object, const char *key, uint64_t number)
{
    json_object_set_new (object, key, json_integer ((json_int_t) number));
}


static json_t *
s_link (const flood_link_t *link)
{
    json_t *json = json_object ();
    json_object_set_new (json, "name", json_string (link->name));
    json_object_set_new (json, "up", json_boolean (link->up));
    s_set (json, "behind", link->behind);
    s_set (json, "records_out", link->records_out);
    s_set (json, "records_new", link->records_new);
    s_set (json, "records_same", link->records_same);
    s_set (json, "records_old", link->records_old);
    s_set (json, "records_expired", link->records_expired);
    s_set (json, "messages_out", link->messages_out);
    s_set (json, "messages_in", link->messages_in);
    s_set (json, "bytes_out", link->bytes_out);
    s_set (json, "bytes_in", link->bytes_in);
    s_set (json, "naks", link->naks);
    s_set (json, "rewinds", link->rewinds);
    s_set (json, "resumes", link->resumes);
    s_set (json, "audits", link->audits);
    s_set (json, "audit_out", link->audit_out);
    s_set (json, "audit_in", link->audit_in);
    s_set (json, "repairs", link->repairs);
    s_set (json, "roots_differ", link->roots_differ);
    json_object_set_new (json, "clock_difference_seconds",
        json_integer (link->clock_difference_ms / 1000));
    return json;
}


static json_t *
s_places (const places_counts_t *counts)
{
    json_t *json = json_object ();
    s_set (json, "lookups", counts->lookups);
    s_set (json, "shared", counts->shared);
    s_set (json, "kept", counts->kept);
    s_set (json, "requests", counts->requests);
    s_set (json, "retries", counts->retries);
    s_set (json, "refused", counts->refused);
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
    s_set (json, "pid", (uint64_t) getpid ());
    json_object_set_new (json, "up_since", json_string (since));
    s_set (json, "clients_connected", facts->clients_connected);
    s_set (json, "waiting_bytes", facts->clients.waiting_size);
    s_set (json, "reading_pauses", facts->clients.pauses);
    s_set (json, "log_lines_lost", facts->log_lines_lost);
}


json_t *
status_json (const status_facts_t *facts, const server_t *server)
{
    server_status_t status = server_status (server);
    char digest [17];
    snprintf (digest, sizeof (digest), "%016" PRIx64, status.root);

    json_t *json = json_object ();
    s_set_facts (json, facts);
    s_set (json, "clients_known", status.clients_known);
    json_object_set_new (json, "digest", json_string (digest));
    s_set (json, "wrong_sums", status.wrong_sums);
    s_set (json, "table_bytes", status.table_size);
    s_set (json, "changes", status.changes);
    json_object_set_new (json, "loading", json_boolean (status.loading));
    json_object_set_new (json, "twin", json_boolean (status.twin));
    s_set (json, "floor", (uint64_t) status.floor);
    s_set (json, "iamats", status.iamats);
    s_set (json, "whatsats", status.whatsats);
    s_set (json, "invalid", status.invalid);
    s_set (json, "updates", status.updates);
    s_set (json, "places_failed", status.places_failed);
    s_set (json, "waiting", status.waiting);
    s_set (json, "refused", status.refused);
    s_set (json, "refused_clients", status.refused_clients);
    s_set (json, "refused_addresses", status.refused_addresses);
    s_set (json, "refused_newcomers", status.refused_newcomers);
    s_set (json, "refused_full", status.refused_full);
    s_set (json, "refused_strange", status.refused_strange);
    s_set (json, "refused_crowded", status.refused_crowded);
    s_set (json, "refused_endless", status.refused_endless);
    json_object_set_new (json, "places", s_places (&facts->places));
    json_t *peers = json_array ();
    for (unsigned peer = 0; peer < facts->peer_count; peer++) {
        flood_link_t link = server_link (server, peer);
        json_array_append_new (peers, s_link (&link));
    }
    json_object_set_new (json, "peers", peers);
    return json;
}


json_t *
status_ready_json (const status_facts_t *facts, const server_t *server)
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
