/*  =========================================================================
    crowd - clients that want one place in the table, and work counted

    Unit tests are linked so that all hashes come by here.  A client whose name
    begins with CROWD gets a hash whose first 16 bits are CROWD_LEAF, as it
    would if somebody who knows the key had looked for such names; the other 48
    are its own.  And since whoever looks at a record has to hash it, the
    hashes computed are the records looked at, and no clock is needed.
    =========================================================================
*/

#ifndef TESTS_UNIT_CROWD_H
#define TESTS_UNIT_CROWD_H

#include <stddef.h>

#define CROWD "crowd"
#define CROWD_LEAF 0xbeef
#define CROWD_LEAF_DIGITS "beef"

//  Return how many hashes were computed since the last call.
size_t
crowd_hashes (void);

#endif
