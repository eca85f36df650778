/*  =========================================================================
    settle - wait until the herd knows what it was told

    Servers hear in order.  So each server that was loaded is told of one more
    client, and whoever knows that one knows all that came before.
    =========================================================================
*/

#ifndef LOAD_SETTLE_H
#define LOAD_SETTLE_H

#include "load/options.h"

typedef struct settle_t settle_t;

//  Connect to the servers that are loaded, and to those that shall know.
//  Borrows the options for its whole life.  Returns NULL, having said why, if
//  that failed.
settle_t *
settle_new (const options_t *options);

//  Close all connections, free everything and set *self_p to NULL.
void
settle_destroy (settle_t **self_p);

//  Tell, and ask once a millisecond, one question at a time, until all know;
//  a minute at most for each.  Returns false, having said why, if one doesn't.
bool
settle_wait (settle_t *self);

#endif
