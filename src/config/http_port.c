/*  =========================================================================
    http_port - who may use the HTTP port, as the topology file has it
    =========================================================================
*/

#include "config/http_port.h"

#include "config/security.h"
#include "config/zpl.h"

#define KEY_SIZE 256       //  Of a key in the file
#define NAME_SIZE_MAX 253  //  Of a host


//  Return true if a host can have the name

static bool
s_is_host (span_t name)
{
    static const char letters [] = "abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    for (size_t at = 0; at < name.size; at++)
        if (!memchr (letters, name.data [at], sizeof (letters) - 1))
            return false;
    return name.size <= NAME_SIZE_MAX;
}


static bool
s_read_hosts (config_t *self, zconfig_t *root)
{
    const char *key = "http/hosts";
    const char *hosts = zconfig_get (root, key, "");
    span_t rest = span_of (hosts);
    for (span_t name = span_field (&rest); name.size; name = span_field (&rest))
        if (!s_is_host (name))
            return zpl_wrong (self->file, key,
                "%.*s is no name of a host: names have blanks between them, "
                "and no port",
                (int) name.size, name.data);
    self->http.hosts = strdup (hosts);
    assert (self->http.hosts);
    return true;
}


static bool
s_is_permitted (const config_t *self, const config_server_t *server)
{
    char key [KEY_SIZE];
    if (self->http.open || !server->has_http ||
        security_is_loopback (&server->http))
        return true;
    snprintf (key, sizeof key, "servers/%s/http", server->name);
    return zpl_wrong (self->file, key,
        "%s is not loopback, and who reaches it can say where any client is: "
        "say http/open = yes if all may",
        server->http.at.host);
}


bool
http_port_read (config_t *self, zconfig_t *root)
{
    const char *open = zconfig_get (root, "http/open", "no");
    self->http.open = streq (open, "yes");
    if (!self->http.open && !streq (open, "no"))
        return zpl_wrong (self->file, "http/open", "must be yes or no");
    if (!s_read_hosts (self, root))
        return false;
    for (size_t index = 0; index < self->server_count; index++)
        if (!s_is_permitted (self, &self->servers [index]))
            return false;
    return true;
}
