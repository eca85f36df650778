/*  =========================================================================
    caveats - what a topology may say, and its author may not have meant
    =========================================================================
*/

#ifndef CONFIG_CAVEATS_H
#define CONFIG_CAVEATS_H

#include "config/config.h"

//  Warn on standard error, in a line each, "zherd: FILE: KEY: warning: ...", of
//
//  - a port that the kernel may give to an outgoing connection (the first)
//  - a mesh off loopback without keys, whose links anybody on the way can read
//    (one line)
//  - limits/clients_max, an old name
//  - each server without links, in a herd of several
//  - other servers that no chain of links connects (one line)
//  - more links than the herd needs, if each costs (one line)
void
caveats_tell (const config_t *config);

#endif
