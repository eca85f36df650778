/*  =========================================================================
    signals - signals that wait in a descriptor

    So none is lost, and none interrupts the program.
    =========================================================================
*/

#ifndef LOOP_SIGNALS_H
#define LOOP_SIGNALS_H

#include <stddef.h>

//  Have these signals wait in a descriptor, of signalfd, from here on: to be
//  called before there are threads that may take them.  SIGPIPE is blocked,
//  too: who writes where nobody reads has EPIPE.  CZMQ no longer handles any.
//  Returns -1, errno set, if there is no descriptor left.
int
signals_take (const int *signals, size_t count);

#endif
