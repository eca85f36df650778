/*  =========================================================================
    heartbeats - STATEs that say nothing new
    =========================================================================
*/

#ifndef LOG_HEARTBEATS_H
#define LOG_HEARTBEATS_H

#include "base/span.h"

#include <stdint.h>

#define HEARTBEATS 256

//  Part of the owner's structure; all zero is fresh.
typedef struct {
    uint64_t seen [HEARTBEATS];  //  Fingerprints, by their low bits
} heartbeats_t;

//  Return true if the message is a STATE that says the same as an earlier one
//  of this sign and peer.  Clocks and counts of what was sent don't matter:
//  they go on though nothing happens.
bool
heartbeats_is_repeated (
    heartbeats_t *self, char sign, span_t peer, span_t text);

#endif
