/*  =========================================================================
    endpoints - a server's ports, as the topology file has them
    =========================================================================
*/

#ifndef CONFIG_ENDPOINTS_H
#define CONFIG_ENDPOINTS_H

#include "config/config.h"

#include <czmq.h>

//  Read the endpoints of the server, the last of config's, from its section.
//  They must fit with each other and with those of the servers before it: peers
//  find no two at one mesh endpoint, and no two listen at the same port, as far
//  as the file says that they share a machine.  Returns false, after one line
//  on standard error, when something is wrong.
bool
endpoints_read (
    const config_t *config, config_server_t *server, zconfig_t *section);

//  Print where each is found, each after a tab; "-" if it is not there.
void
endpoints_print (config_server_t *server);

#endif
