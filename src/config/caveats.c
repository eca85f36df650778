/*  =========================================================================
    caveats - what a topology may say, and its author may not have meant
    =========================================================================
*/

#include "config/caveats.h"
#include "config/security.h"
#include "config/zpl.h"

#include <assert.h>

#define KEY_SIZE 256     //  Of a key in the file
#define PARTS_SIZE 1024  //  Of names; zpl_wrong cuts, too
#define PORTS_FILE "/proc/sys/net/ipv4/ip_local_port_range"

//  So many copies of a location a server are too many; so many peers a server
//  are plenty: the herd can do without any one link
#define COPIES_MANY 4
#define PEERS_PLENTY 3

//  Who hears so many peers need not be passed on what it has from them: the
//  HEARS_LEAST of flood/hearsay, which topologies know nothing of
#define HEARSAY_PEERS 3


//  Returns false if the kernel doesn't tell

static bool
s_outgoing_ports (uint64_t *least, uint64_t *most)
{
    char line [64] = "";
    FILE *file = fopen (PORTS_FILE, "re");
    if (!file)
        return false;
    span_t rest = span_of (fgets (line, sizeof line, file) ? line : "");
    fclose (file);
    return span_number (span_field (&rest), UINT16_MAX, least) &&
           span_number (span_field (&rest), UINT16_MAX, most);
}


//  Whoever moves one port moves them all, so one is enough

static void
s_tell_port (const config_t *config)
{
    uint64_t least, most;
    if (!s_outgoing_ports (&least, &most))
        return;
    for (size_t index = 0; index < config->server_count; index++) {
        const config_server_t *server = &config->servers [index];
        const struct {
            const char *name;
            uint16_t port;
        } ends [] = {{"clients", server->clients.listen.port},
            {"mesh", server->mesh.listen.port},
            {"admin", server->admin.listen.port},
            {"http", server->http.listen.port}};
        for (size_t at = 0; at < sizeof ends / sizeof *ends; at++) {
            char key [KEY_SIZE];
            if (ends [at].port < least || ends [at].port > most)
                continue;
            snprintf (
                key, sizeof key, "servers/%s/%s", server->name, ends [at].name);
            zpl_wrong (config->file, key,
                "warning: outgoing connections may take port %u (they get %u "
                "to %u)",
                ends [at].port, (unsigned) least, (unsigned) most);
            return;
        }
    }
}


static void
s_tell_mesh (const config_t *config)
{
    unsigned others;
    const config_server_t *first = security_exposed (config, &others);
    if (!first || config->keys)
        return;
    char key [KEY_SIZE], more [32] = "";
    snprintf (key, sizeof key, "servers/%s/mesh", first->name);
    if (others)
        snprintf (more, sizeof more, " (and %u more)", others);
    zpl_wrong (config->file, key,
        "warning: %s%s is not loopback: who can read that network reads every "
        "location, and can forge them",
        first->mesh.at.host, more);
}


//  Return the servers that links connect with those, as bits, and those

static uint64_t
s_part_of (const config_t *config, uint64_t servers)
{
    uint64_t before;
    do {
        before = servers;
        for (size_t index = 0; index < config->server_count; index++)
            if (servers & UINT64_C (1) << index)
                servers |= config->servers [index].peers;
    } while (servers != before);
    return servers;
}


//  Append the names of those servers

static void
s_add_names (const config_t *config, uint64_t servers, char *text, size_t size)
{
    for (size_t index = 0; index < config->server_count; index++)
        if (servers & UINT64_C (1) << index) {
            size_t used = strlen (text);
            snprintf (text + used, size - used, "%s%s",
                used && text [used - 1] != ' ' ? " " : "",
                config->servers [index].name);
        }
}


static void
s_tell_parts (const config_t *config)
{
    char parts [PARTS_SIZE] = "";
    unsigned count = 0;
    uint64_t told = 0;
    for (size_t index = 0; index < config->server_count; index++) {
        const config_server_t *server = &config->servers [index];
        uint64_t bit = UINT64_C (1) << index;
        char key [KEY_SIZE];
        snprintf (key, sizeof key, "links/%s", server->name);
        if (server->peers == 0)
            zpl_wrong (config->file, key,
                "warning: no link: what it hears stays with it");
        if (server->peers == 0 || told & bit)
            continue;
        uint64_t part = s_part_of (config, bit);
        size_t used = strlen (parts);
        snprintf (parts + used, sizeof parts - used, "%s", count ? "; " : "");
        s_add_names (config, part, parts, sizeof parts);
        told |= part;
        count++;
    }
    if (count > 1)
        zpl_wrong (config->file, "links",
            "warning: the herd is in %u parts that do not hear of each other: "
            "%s",
            count, parts);
}


static size_t
s_count (uint64_t servers)
{
    return (size_t) __builtin_popcountll (servers);
}


//  Return how often a location is sent that this server was told.  Each sends
//  it to all peers but who sent it; and who has it from that server not to
//  those who have it from there, too, unless they have so few links that they
//  don't ask for that

static size_t
s_copies_of (const config_t *config, const config_server_t *told)
{
    size_t copies = s_count (told->peers);
    for (size_t index = 0; index < config->server_count; index++) {
        const config_server_t *server = &config->servers [index];
        bool near = told->peers & UINT64_C (1) << index;
        if (server == told)
            continue;
        copies += s_count (server->peers) - 1;
        if (near && s_count (server->peers) >= HEARSAY_PEERS)
            copies -= s_count (server->peers & told->peers);
    }
    return copies;
}


//  Return how often one is sent, whoever was told, on an average; there is a
//  server

static size_t
s_copies (const config_t *config)
{
    size_t copies = 0;
    assert (config->server_count);
    for (size_t index = 0; index < config->server_count; index++)
        copies += s_copies_of (config, &config->servers [index]);
    return copies / config->server_count;
}


//  Without cycles of three, each link is used both ways but those of the first
//  copies

static void
s_tell_copies (const config_t *config)
{
    size_t servers = config->server_count, links = 0;
    for (size_t index = 0; index < servers; index++)
        links += s_count (config->servers [index].peers);
    links /= 2;
    size_t plenty = servers * PEERS_PLENTY / 2;
    if (links < servers || s_copies (config) <= COPIES_MANY * servers)
        return;
    zpl_wrong (config->file, "links",
        "warning: over %zu links each location is sent %zu times, where %zu "
        "would do: with %zu links, three a server, it is sent %zu times",
        links, s_copies (config), servers - 1, plenty,
        2 * plenty - (servers - 1));
}


void
caveats_tell (const config_t *config)
{
    s_tell_port (config);
    s_tell_mesh (config);
    if (config->has_clients_max)
        zpl_wrong (config->file, "limits/clients_max",
            "warning: its name is limits/connections_max now");
    if (config->server_count > 1)
        s_tell_parts (config);
    s_tell_copies (config);
}
