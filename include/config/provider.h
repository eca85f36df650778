/*  =========================================================================
    provider - whom we ask for places, and by which key

    The part of the topology file that carries a secret.  The key never is in
    a message, and travels unencrypted to this very machine only, unless the
    file says otherwise.
    =========================================================================
*/

#ifndef CONFIG_PROVIDER_H
#define CONFIG_PROVIDER_H

#include "config/config.h"

#include <czmq.h>

//  Read places/url and the key: what PLACES_API_KEY gave, if anything, else
//  from the file that places/key_file names.  Leaves both NULL when there is no
//  section places.  Returns false, after one line on standard error, when
//  something is wrong; then too the caller frees url and key.
bool
provider_read (config_places_t *self, const char *file, zconfig_t *root,
    const char *given);

#endif
