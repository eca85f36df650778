/*  =========================================================================
    neighbours - who is linked to whom, as the topology file has it
    =========================================================================
*/

#ifndef CONFIG_NEIGHBOURS_H
#define CONFIG_NEIGHBOURS_H

#include "config/config.h"

#include <czmq.h>

//  Read the section links, once the servers are read.  Returns false, after one
//  line on standard error, if it is wrong.
bool
neighbours_read (config_t *self, zconfig_t *root);

#endif
