/*  =========================================================================
    thread - a helper of the one thread that there is else
    =========================================================================
*/

#include "loop/thread.h"

#include <signal.h>
#include <time.h>


//  Signals are for other threads: the new one inherits that it takes none

int
thread_start (pthread_t *self, void *(*run) (void *), void *argument)
{
    sigset_t all;
    sigset_t before;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    int rc = pthread_create (self, NULL, run, argument);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    return rc;
}


void
thread_make_condition (pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init (condition, &monotonic);
    pthread_condattr_destroy (&monotonic);
}


bool
thread_wait (pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_ms)
{
    struct timespec until = {
        until_ms / 1000, (long) (until_ms % 1000) * 1000000};
    return pthread_cond_timedwait (condition, lock, &until) == 0;
}
