/*  =========================================================================
    overview - how this server and its herd are, for a page
    =========================================================================
*/

#include "admin/overview.h"

#include "log/timestamp.h"

#include <assert.h>


static json_t *
s_server_names (const config_t *config)
{
    json_t *names = json_array ();
    for (size_t index = 0; index < config->server_count; index++)
        json_array_append_new (
            names, json_string (config->servers [index].name));
    return names;
}


//  Each link is there once, as the two indices of its servers

static json_t *
s_links (const config_t *config)
{
    json_t *links = json_array ();
    for (size_t one = 0; one < config->server_count; one++)
        for (size_t other = one + 1; other < config->server_count; other++)
            if (config->servers [one].peers >> other & 1)
                json_array_append_new (
                    links, json_pack ("[i, i]", (int) one, (int) other));
    return links;
}


static json_t *
s_peer (const flood_link_t *link)
{
    return json_pack ("{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I}", "name",
        link->name, "up", link->up, "behind", (json_int_t) link->behind,
        "clock_difference_seconds", (json_int_t) link->clock_difference_seconds,
        "repairs", (json_int_t) link->repairs, "resumes",
        (json_int_t) link->resumes, "bytes_out", (json_int_t) link->bytes_out,
        "bytes_in", (json_int_t) link->bytes_in);
}


static json_t *
s_peers (const server_t *server)
{
    json_t *peers = json_array ();
    for (unsigned peer = 0; peer < server_peers (server); peer++)
        if (server_peer (server, peer)) {
            flood_link_t link = server_link (server, peer);
            json_array_append_new (peers, s_peer (&link));
        }
    return peers;
}


//  Of what the topology says, the URL and whose the pictures are

static json_t *
s_tiles (const char *text)
{
    span_t rest = span_of (text);
    span_t url = span_field (&rest);
    while (rest.size && span_is_blank (rest.data [0]))
        rest = (span_t){rest.data + 1, rest.size - 1};
    return json_pack ("{s:s%, s:s%}", "url", url.data, url.size, "credit",
        rest.data, rest.size);
}


static json_t *
s_notices (const journal_t *journal)
{
    json_t *notices = json_array ();
    const recent_notice_t *notice;
    for (size_t index = 0;
         index < OVERVIEW_NOTICES && (notice = journal_recent (journal, index));
         index++) {
        char time [TIMESTAMP_SIZE + 1];
        *timestamp_print (time, notice->time) = '\0';
        json_array_append_new (
            notices, json_pack ("{s:s, s:s, s:s, s:s, s:I}", "time", time,
                         "name", notice_name (notice->notice), "level",
                         notice_level (notice->notice), "text", notice->text,
                         "count", (json_int_t) notice->count));
    }
    return notices;
}


char *
overview_text (const status_facts_t *facts, const server_t *server,
    const config_t *config, const journal_t *journal)
{
    server_status_t status = server_status (server);
    json_t *json =
        json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:b, s:b}",
            "server", facts->server, "herd", facts->herd, "version",
            ZHERD_VERSION, "started", (json_int_t) facts->process.started,
            "clients", (json_int_t) status.clients_known, "updates",
            (json_int_t) status.changes, "memory_bytes",
            (json_int_t) usage_resident_bytes (), "loading", status.loading,
            "stopping", facts->process.stopping, "twin", status.twin);
    json_object_set_new (json, "servers", s_server_names (config));
    json_object_set_new (json, "links", s_links (config));
    json_object_set_new (json, "peers", s_peers (server));
    json_object_set_new (json, "notices", s_notices (journal));
    if (config->http.tiles)
        json_object_set_new (json, "tiles", s_tiles (config->http.tiles));
    char *text = json_dumps (json, JSON_COMPACT);
    json_decref (json);
    assert (text);
    return text;
}
