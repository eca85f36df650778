/*  =========================================================================
    complaint - why a server could not start
    =========================================================================
*/

#include "io/complaint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>


bool
complaint_of (const config_t *config, const config_server_t *server,
    const char *key, const char *value)
{
    fprintf (stderr, "zherd: %s: servers/%s/%s: %s: %s\n", config->file,
        server->name, key, value, strerror (errno));
    return false;
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
    fprintf (stderr,
        "zherd: %s: servers/%s/%s: %s is no address of this machine: %s "
        "\"listen = *:%u\", or one that is\n",
        config->file, server->name, key, text,
        endpoint->is_said ? "say" : "write below it", endpoint->listen.port);
    return false;
}
