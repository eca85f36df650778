/*  =========================================================================
    hops - how far a herd goes
    =========================================================================
*/

#ifndef IO_HOPS_H
#define IO_HOPS_H

#include "io/config.h"

//  Return over how many links the server at the index of config's servers
//  reaches the one that is furthest, of those that it reaches.
unsigned
hops_most (const config_t *config, size_t server);

#endif
