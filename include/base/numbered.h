/*  =========================================================================
    numbered - things by their number
    =========================================================================
*/

#ifndef BASE_NUMBERED_H
#define BASE_NUMBERED_H

#include <czmq.h>

//  Make an empty zhashx whose keys are of uint64_t.  They are not copied: a key
//  is part of its thing.  Never returns NULL.
zhashx_t *
numbered_new (void);

#endif
