/*  =========================================================================
    complaint - why a server could not start
    =========================================================================
*/

#include "io/complaint.h"

#include "config/zpl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define KEY_SIZE 128
#define REASON_SIZE 512


static bool
s_complain (const config_t *config, const config_server_t *server,
    const char *key, const char *reason)
{
    char path [KEY_SIZE];
    snprintf (path, sizeof (path), "servers/%s/%s", server->name, key);
    return zpl_wrong (config->file, path, "%s", reason);
}


bool
complaint_of (const config_t *config, const config_server_t *server,
    const char *key, const char *value)
{
    char reason [REASON_SIZE];
    snprintf (reason, sizeof (reason), "%s: %s", value, strerror (errno));
    return s_complain (config, server, key, reason);
}


//  Of the start's errors this one needs to be told what to do

bool
complaint_of_port (const config_t *config, const config_server_t *server,
    const char *key, const config_endpoint_t *endpoint)
{
    char text [ENDPOINT_TEXT_SIZE];
    endpoint_print (&endpoint->listen, text);
    if (errno != EADDRNOTAVAIL)
        return complaint_of (config, server, key, text);
    char reason [REASON_SIZE];
    snprintf (reason, sizeof (reason),
        "%s is no address of this machine: %s \"listen = *:%u\", or one that "
        "is",
        text, endpoint->is_said ? "say" : "write below it",
        endpoint->listen.port);
    return s_complain (config, server, key, reason);
}
