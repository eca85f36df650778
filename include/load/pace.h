/*  =========================================================================
    pace - who may make a request, and since when

    As replies come, whoever has room makes the next one, and its time begins
    when it is sent.  At a rate, requests are due evenly spaced, the callers
    taking turns, and a request's time begins when it was due, though its
    connection may have had no room for it: or the slowest replies would be
    the ones that are not waited for.
    =========================================================================
*/

#ifndef LOAD_PACE_H
#define LOAD_PACE_H

#include <stdbool.h>
#include <stdint.h>

//  One caller's part; all zero at first.
typedef struct {
    uint64_t owed;       //  Requests that are due, and not made
    uint64_t due_index;  //  The oldest of these, in the order of all
} turns_t;

//  Part of the owner's structure, which sets all but the last three.
typedef struct {
    double rate;         //  A second; 0 = as replies come
    uint32_t callers;    //  Who take turns
    int64_t begin_ns;    //  When the first one is due
    int64_t stop_ns;     //  When no more are made
    uint64_t left;       //  Requests to be made, or to become due
    uint64_t owed;       //  Those that are due, and not made
    uint64_t due_index;  //  Of the next one to become due
    uint64_t late;       //  How many we found due a millisecond too late
} pace_t;

//  May the caller make a request?
bool
pace_has (const pace_t *self, const turns_t *turns, int64_t now_ns);

//  The same, and it makes one.  If so, since_ns is when its time began.
bool
pace_take (pace_t *self, turns_t *turns, int64_t now_ns, int64_t *since_ns);

//  Find the next request that is due by now, and whose it is.  Returns false
//  if there is none, which is so if there is no rate.
bool
pace_due (pace_t *self, int64_t now_ns, uint32_t *caller);

//  So many more requests are due, and the caller's to make.
void
pace_owe (pace_t *self, turns_t *turns, uint64_t count);

//  The caller makes none of the requests that are due.  Returns how many that
//  were.
uint64_t
pace_leave (pace_t *self, turns_t *turns);

//  Return when the next request becomes due, or no more are made, whichever
//  comes first; INT64_MAX if neither will.
int64_t
pace_next_ns (const pace_t *self, int64_t now_ns);

//  Is there nothing more to be made?
bool
pace_is_over (const pace_t *self, int64_t now_ns);

#endif
