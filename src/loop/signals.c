/*  =========================================================================
    signals - signals that wait in a descriptor
    =========================================================================
*/

#include "loop/signals.h"

#include <czmq.h>
#include <sys/signalfd.h>


int
signals_take (const int *signals, size_t count)
{
    sigset_t taken;
    sigemptyset (&taken);
    for (size_t index = 0; index < count; index++)
        sigaddset (&taken, signals [index]);
    sigset_t blocked = taken;
    sigaddset (&blocked, SIGPIPE);
    sigprocmask (SIG_BLOCK, &blocked, NULL);
    zsys_handler_set (NULL);
    return signalfd (-1, &taken, SFD_NONBLOCK | SFD_CLOEXEC);
}
