/*  =========================================================================
    usage - what processes cost
    =========================================================================
*/

#ifndef LOAD_USAGE_H
#define LOAD_USAGE_H

#include <stdint.h>
#include <sys/types.h>

//  Return the CPU time of all threads that the processes have now, summed, in
//  nanoseconds; -1 if there are none, or, having said why, if one of them
//  can't be looked at.
int64_t
usage_cpu_ns (const pid_t *pids, unsigned count);

//  Return the bytes of memory that the processes have in RAM, summed; or -1,
//  if there are none, or, having said why, if one can't be looked at.
int64_t
usage_memory (const pid_t *pids, unsigned count);

#endif
