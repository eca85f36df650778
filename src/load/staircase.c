/*  =========================================================================
    staircase - finds a quantile of a time by yes and no
    =========================================================================
*/

#include "load/staircase.h"

#include <math.h>

//  Of the step down and the step up together
#define STEPS_FIRST 0.8
#define STEPS_LEAST 0.1
#define STEPS_SHRINK 0.85

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
staircase_answer (staircase_t *self, int64_t delay_ns, bool yes)
{
    bool turns = self->answers && yes != self->was_yes;
    double delay = self->delay;
    delay += yes ? -self->step * (1 - self->part) : self->step * self->part;
    if (delay < log (LEAST_NS) || delay > log (MOST_NS)) {
        delay = fmin (fmax (delay, log (LEAST_NS)), log (MOST_NS));
        turns = true;
    }
    if (turns)
        self->step = fmax (self->step * STEPS_SHRINK, STEPS_LEAST);
    self->kept [self->answers++ % STAIRCASE_KEPT] = log ((double) delay_ns);
    self->was_yes = yes;
    self->delay = delay;
}


bool
staircase_is_settled (const staircase_t *self)
{
    return self->step <= STEPS_LEAST;
}


int64_t
staircase_found_ns (const staircase_t *self)
{
    uint64_t count = (self->answers + 1) / 2;
    double sum = 0;
    if (count == 0)
        return staircase_delay_ns (self);
    if (count > STAIRCASE_KEPT)
        count = STAIRCASE_KEPT;
    for (uint64_t at = self->answers - count; at < self->answers; at++)
        sum += self->kept [at % STAIRCASE_KEPT];
    return (int64_t) exp (sum / (double) count);
}
