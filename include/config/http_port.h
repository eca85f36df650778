/*  =========================================================================
    http_port - who may use the HTTP port, as the topology file has it
    =========================================================================
*/

#ifndef CONFIG_HTTP_PORT_H
#define CONFIG_HTTP_PORT_H

#include "config/config.h"

#include <czmq.h>

//  Read the section http and table/near, once the servers are read.  Returns
//  false, after one line on standard error, if it is wrong, or a server has the
//  port off loopback though nobody said that it may be open.
bool
http_port_read (config_t *self, zconfig_t *root);

//  Return true if the file that http/tokens names is there, or none is named.
//  If not, say in a line on standard error how it is made, as a mistake or, as
//  a machine without such a server needs none, as a warning.
bool
http_port_has_tokens (const config_t *self, bool warning);

//  Free what was read.
void
http_port_clear (config_t *self);

#endif
