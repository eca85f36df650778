/*  =========================================================================
    dialer - how libnats is to connect, as the topology file says
    =========================================================================
*/

#ifndef GATEWAY_DIALER_H
#define GATEWAY_DIALER_H

#include "config/config.h"

#include <nats/nats.h>

//  Make options of the section nats, with the name that NATS shows for us: a
//  connection that is lost is not made again by itself.  Returns NULL, after
//  one line on standard error that names the key, if a file can't be used.
natsOptions *
dialer_options (const config_t *config, const char *name);

#endif
