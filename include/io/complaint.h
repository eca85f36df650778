/*  =========================================================================
    complaint - why a server could not start
    =========================================================================
*/

#ifndef IO_COMPLAINT_H
#define IO_COMPLAINT_H

#include "config/config.h"

//  Say in a line on standard error which key of the server, and its value,
//  could not be had, and why: errno.  Returns false, for the caller to return.
bool
complaint_of (const config_t *config, const config_server_t *server,
    const char *key, const char *value);

//  The same for a port: also says where else to listen, or who may do so there.
bool
complaint_of_port (const config_t *config, const config_server_t *server,
    const char *key, const config_endpoint_t *endpoint);

#endif
