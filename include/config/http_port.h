/*  =========================================================================
    http_port - who may use the HTTP port, as the topology file has it
    =========================================================================
*/

#ifndef CONFIG_HTTP_PORT_H
#define CONFIG_HTTP_PORT_H

#include "config/config.h"

#include <czmq.h>

//  Read the section http, once the servers are read.  Returns false, after one
//  line on standard error, if it is wrong, or a server has the port off
//  loopback though nobody said that it may be open.
bool
http_port_read (config_t *self, zconfig_t *root);

#endif
