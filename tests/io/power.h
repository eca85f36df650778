/*  =========================================================================
    power - a disk whose power can be cut

    The calls of the table on disk, which go to the system's, and to a model of
    what a disk is sure to have: of a file what was there at its last fdatasync,
    of a folder what was there at its last fsync.  What came since is, after a
    cut, there or not, block by block, in whole or in part, whatever its order;
    what happened to the folder is, up to some point.  What was there when an
    fdatasync failed is not on the disk because a later one succeeds.

    There is one such disk, for the files of a server Alford.
    =========================================================================
*/

#ifndef TESTS_IO_POWER_H
#define TESTS_IO_POWER_H

#include "store/calls.h"

#include <stdbool.h>
#include <stdint.h>

extern const calls_t power_calls;

//  Begin with what is in the folder, all of it on the disk, and let the seed
//  decide.  One call that writes of so many fails, 0 is none; and after so many
//  the power is cut.
void
power_begin (
    uint64_t seed, const char *folder, unsigned failing, unsigned calls);

//  Return true once the power was cut.
bool
power_is_cut (void);

//  Put into the folder what the disk then had.
void
power_restore (const char *folder);

//  Forget all.
void
power_end (void);

#endif
