/*  =========================================================================
    staircase - finds a quantile of a time by yes and no
    =========================================================================
*/

#include "load/staircase.h"

#include <math.h>

//  Of the step down and the step up together
#define STEPS_FIRST 0.8
#define STEPS_LEAST 0.1
#define STEPS_SHRINK 0.7

#define LEAST_NS 1000.0
#define MOST_NS 1e10


void
staircase_init (staircase_t *self, double part, int64_t guess_ns)
{
    *self = (staircase_t){
        .part = part, .delay = log ((double) guess_ns), .step = STEPS_FIRST};
}


int64_t
staircase_delay_ns (const staircase_t *self)
{
    return (int64_t) exp (self->delay);
}


//  Steps down and up are as 1 - part to part.  At an end of the scale an
//  answer that leads further turns, too.

void
staircase_answer (staircase_t *self, bool yes)
{
    bool turns = self->is_started && yes != self->was_yes;
    double delay = self->delay;
    delay += yes ? -self->step * (1 - self->part) : self->step * self->part;
    if (delay < log (LEAST_NS) || delay > log (MOST_NS)) {
        delay = fmin (fmax (delay, log (LEAST_NS)), log (MOST_NS));
        turns = true;
    }
    if (turns)
        self->step = fmax (self->step * STEPS_SHRINK, STEPS_LEAST);
    if (self->step <= STEPS_LEAST) {
        self->sum += self->delay;
        self->count++;
    }
    self->is_started = true;
    self->was_yes = yes;
    self->delay = delay;
}


int64_t
staircase_found_ns (const staircase_t *self)
{
    return (int64_t) exp (
        self->count ? self->sum / (double) self->count : self->delay);
}
