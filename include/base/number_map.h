/*  =========================================================================
    number_map - things by their number
    =========================================================================
*/

#ifndef BASE_NUMBER_MAP_H
#define BASE_NUMBER_MAP_H

#include <czmq.h>

//  Make an empty zhashx whose keys are of uint64_t.  They are not copied: a key
//  is part of its thing.  Never returns NULL.
zhashx_t *
number_map_new (void);

#endif
