/*  =========================================================================
    hops - how far a herd goes
    =========================================================================
*/

#include "config/hops.h"


unsigned
hops_most (const config_t *config, size_t server)
{
    uint64_t reached = (uint64_t) 1 << server;
    for (unsigned hops = 0;; hops++) {
        uint64_t before = reached;
        for (size_t index = 0; index < config->server_count; index++)
            if (before >> index & 1)
                reached |= config->servers [index].peers;
        if (reached == before)
            return hops;
    }
}
