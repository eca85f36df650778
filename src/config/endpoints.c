/*  =========================================================================
    endpoints - a server's ports, as the topology file has them
    =========================================================================
*/

#include "config/endpoints.h"

#include "config/zpl.h"

#define PATH_SIZE 256  //  Of a key in the file
#define ENDPOINTS 4
#define NEEDED 3  //  The others a server need not have

static const char *const s_names [ENDPOINTS] = {
    "clients", "mesh", "admin", "http"};


static config_endpoint_t *
s_endpoint (config_server_t *server, size_t index)
{
    config_endpoint_t *const endpoints [ENDPOINTS] = {
        &server->clients, &server->mesh, &server->admin, &server->http};
    return endpoints [index];
}


//  Where a name leads only the resolver knows, who may be late or wrong: so
//  who has one listens at any address

static const char *
s_read_listen (config_endpoint_t *endpoint, const char *text)
{
    endpoint->is_said = text != NULL;
    if (text) {
        const char *wrong = endpoint_read (&endpoint->listen, span_of (text));
        return !wrong && endpoint->listen.is_name
                   ? "must be an address of this machine in numbers, or *"
                   : wrong;
    }
    endpoint->listen = endpoint->at;
    if (endpoint->at.is_name) {
        const char *wrong = endpoint_read (&endpoint->listen, span_of ("*:1"));
        assert (!wrong);
        endpoint->listen.port = endpoint->at.port;
    }
    return NULL;
}


static bool
s_read (
    const char *file, config_server_t *server, size_t index, zconfig_t *section)
{
    char key [PATH_SIZE];
    char listen [PATH_SIZE + sizeof "/listen"];
    config_endpoint_t *endpoint = s_endpoint (server, index);
    snprintf (key, sizeof key, "servers/%s/%s", server->name, s_names [index]);
    zconfig_t *item = zconfig_locate (section, s_names [index]);
    if (!item)
        return index >= NEEDED ||
               (server->gateway && endpoint == &server->clients) ||
               zpl_wrong (file, key, "is missing");
    const char *wrong =
        endpoint_read (&endpoint->at, span_of (zconfig_value (item)));
    if (wrong)
        return zpl_wrong (file, key, "%s", wrong);
    if (endpoint == &server->mesh && endpoint_is_any (&endpoint->at))
        return zpl_wrong (file, key,
            "peers can't connect to %s: say where they find this machine, and "
            "below that listen = %s",
            endpoint->at.host, zconfig_value (item));
    snprintf (listen, sizeof listen, "%s/listen", key);
    wrong = s_read_listen (endpoint, zconfig_get (item, "listen", NULL));
    return !wrong || zpl_wrong (file, listen, "%s", wrong);
}


//  Return true if the file says that both servers are on one machine

static bool
s_share_a_machine (const config_server_t *one, const config_server_t *other)
{
    const endpoint_t *mine = &one->mesh.at, *theirs = &other->mesh.at;
    return endpoint_same_host (mine, theirs) ||
           (!mine->is_name && !theirs->is_name &&
               address_is_loopback (&mine->address) &&
               address_is_loopback (&theirs->address));
}


//  Compare with one of an earlier server, or of its own; one that is not there
//  has no port

static bool
s_fits (const config_t *config, config_server_t *server, size_t index,
    config_server_t *earlier, size_t at)
{
    char key [PATH_SIZE];
    const config_endpoint_t *one = s_endpoint (server, index);
    const config_endpoint_t *other = s_endpoint (earlier, at);
    if (one->at.port == 0 || other->at.port == 0)
        return true;
    bool meshes = one == &server->mesh && other == &earlier->mesh;
    bool share = s_share_a_machine (server, earlier);
    bool same = one->at.port == other->at.port &&
                endpoint_same_host (&one->at, &other->at) && (share || meshes);
    if (!same && !(share && endpoint_meets (&one->listen, &other->listen)))
        return true;
    snprintf (key, sizeof key, "servers/%s/%s", server->name, s_names [index]);
    return zpl_wrong (config->file, key,
        same ? "is the same as servers/%s/%s"
             : "listens where servers/%s/%s does",
        earlier->name, s_names [at]);
}


bool
endpoints_read (
    const config_t *config, config_server_t *server, zconfig_t *section)
{
    for (size_t index = 0; index < ENDPOINTS; index++)
        if (!s_read (config->file, server, index, section))
            return false;
    server->has_http = server->http.at.port;
    for (size_t index = 0; index < ENDPOINTS; index++)
        for (config_server_t *other = config->servers; other <= server; other++)
            for (size_t at = 0; at < (other < server ? ENDPOINTS : index); at++)
                if (!s_fits (config, server, index, other, at))
                    return false;
    return true;
}


void
endpoints_print (config_server_t *server)
{
    for (size_t index = 0; index < ENDPOINTS; index++) {
        char text [ENDPOINT_TEXT_SIZE];
        const config_endpoint_t *endpoint = s_endpoint (server, index);
        printf ("\t%s",
            endpoint->at.port ? endpoint_print (&endpoint->at, text) : "-");
    }
}
