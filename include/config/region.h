/*  =========================================================================
    region - which servers are gateways to other regions, and to which stream
    =========================================================================
*/

#ifndef CONFIG_REGION_H
#define CONFIG_REGION_H

#include "config/config.h"

#include <czmq.h>

//  Read whether the server of this section is a gateway.  Returns false, after
//  one line on standard error, if that is wrong; as the others do.
bool
region_read_server (
    const config_t *config, config_server_t *server, zconfig_t *section);

//  Read herd/region and the section nats, once the servers are read.
bool
region_read (config_t *self, zconfig_t *root);

//  Return false, after one line on standard error, if the server at the index
//  is a gateway and is not to be one, or the other way round: each kind has a
//  program of its own.
bool
region_permits (const config_t *self, size_t server, bool gateway);

//  Free what was read.
void
region_clear (config_t *self);

//  Return false if the two differ in what the key, of no number, says.
bool
region_shares (const config_t *one, const config_t *other, const char *key);

#endif
