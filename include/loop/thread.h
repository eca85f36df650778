/*  =========================================================================
    thread - a helper of the one thread that there is else

    For what may block, as a disk does.
    =========================================================================
*/

#ifndef LOOP_THREAD_H
#define LOOP_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

//  Start a thread that takes no signals.  Returns 0 or the errno.
int
thread_start (pthread_t *self, void *(*run) (void *), void *argument);

//  Make a condition for thread_wait.
void
thread_make_condition (pthread_cond_t *condition);

//  Wait, under the lock, no longer than until clock_ms is that.  Returns false
//  if nobody woke us.
bool
thread_wait (
    pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_ms);

#endif
