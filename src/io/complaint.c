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


//  Of the start's errors these need to be told what to do

bool
complaint_of_port (const config_t *config, const config_server_t *server,
    const char *key, const config_endpoint_t *endpoint)
{
    char text [ENDPOINT_TEXT_SIZE];
    char reason [REASON_SIZE];
    endpoint_print (&endpoint->listen, text);
    if (errno == EADDRINUSE)
        snprintf (reason, sizeof (reason),
            "address %s is in use: if %s is running already, stop that "
            "process; else choose another port",
            text, server->name);
    else if (errno == EADDRNOTAVAIL)
        snprintf (reason, sizeof (reason),
            "%s is no address of this machine: %s \"listen = *:%u\", or one "
            "that is",
            text, endpoint->is_said ? "say" : "write below it",
            endpoint->listen.port);
    else
        return complaint_of (config, server, key, text);
    return s_complain (config, server, key, reason);
}
