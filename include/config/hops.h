/*  =========================================================================
    hops - how far a herd goes
    =========================================================================
*/

#ifndef CONFIG_HOPS_H
#define CONFIG_HOPS_H

#include "config/config.h"

//  Return over how many links the server at the index of config's servers
//  reaches the one that is furthest, of those that it reaches.
unsigned
hops_most (const config_t *config, size_t server);

#endif
