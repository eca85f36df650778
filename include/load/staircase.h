/*  =========================================================================
    staircase - finds a quantile of a time by yes and no

    Whether something was over after a delay can be asked once, not when it was
    over.  The delay asked for goes up after a no and down after a yes, so that
    as much is gained as lost where the answers are yes in the part that is
    looked for: the weighted up-down method (Kaernbach 1991), on a logarithmic
    scale.  Steps shrink as the answers turn.
    =========================================================================
*/

#ifndef LOAD_STAIRCASE_H
#define LOAD_STAIRCASE_H

#include <stdbool.h>
#include <stdint.h>

//  How many delays are kept, to be averaged
#define STAIRCASE_KEPT 512

//  Part of the owner's structure.
typedef struct {
    double part;                   //  Of all, 0 to 1
    double delay;                  //  Natural logarithm of nanoseconds
    double step;                   //  Down and up together, in the same unit
    bool was_yes;                  //  The latest answer
    uint64_t answers;              //
    double kept [STAIRCASE_KEPT];  //  The latest delays asked after, a ring
} staircase_t;

//  Look for the time that this part of all doesn't exceed, from a guess on.
void
staircase_init (staircase_t *self, double part, int64_t guess_ns);

//  Return after which delay to ask next.
int64_t
staircase_delay_ns (const staircase_t *self);

//  It was over after that delay, or a little more, or was not.
void
staircase_answer (staircase_t *self, int64_t delay_ns, bool yes);

//  Are the steps as small as they get?  Before, nothing was found.
bool
staircase_is_settled (const staircase_t *self);

//  Return what was found: the mean of the later half of all delays, or of
//  those that are kept.
int64_t
staircase_found_ns (const staircase_t *self);

#endif
