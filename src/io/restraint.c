/*  =========================================================================
    restraint - when not to ask the Places provider
    =========================================================================
*/

#include "io/restraint.h"

#define DAY_SECONDS 86400


void
restraint_init (restraint_t *self, uint64_t per_second, uint64_t per_day)
{
    *self = (restraint_t){.per_second = per_second,
        .per_day = per_day,
        .tokens = (double) per_second};
}


//  A bucket of one second's tokens, filled as time goes by

static void
s_fill (restraint_t *self, int64_t clock_ms)
{
    int64_t since_ms = clock_ms - self->tokens_ms;
    double most = (double) self->per_second;
    self->tokens += (double) since_ms * most / 1000;
    if (self->tokens > most)
        self->tokens = most;
    self->tokens_ms = clock_ms;
}


restraint_reason_t
restraint_take (restraint_t *self, instant_t now, int64_t clock_ms)
{
    int64_t day = now.seconds / DAY_SECONDS;
    if (day != self->day) {
        self->day = day;
        self->spent = 0;
    }
    if (clock_ms < self->open_until_ms)
        return RESTRAINT_BROKEN;
    s_fill (self, clock_ms);
    if ((self->per_day && self->spent >= self->per_day) ||
        (self->per_second && self->tokens < 1))
        return RESTRAINT_BUDGET;
    self->spent++;
    self->tokens -= 1;
    //  While it fails, one request shows whether it still does
    if (self->failures >= RESTRAINT_FAILURES)
        self->open_until_ms = clock_ms + RESTRAINT_OPEN_MS;
    return RESTRAINT_NONE;
}


void
restraint_report (restraint_t *self, bool good, int64_t clock_ms)
{
    if (good) {
        self->failures = 0;
        self->open_until_ms = 0;
    }
    else if (++self->failures >= RESTRAINT_FAILURES)
        restraint_shut (self, RESTRAINT_OPEN_MS, clock_ms);
}


void
restraint_shut (restraint_t *self, int64_t for_ms, int64_t clock_ms)
{
    if (self->open_until_ms < clock_ms + for_ms)
        self->open_until_ms = clock_ms + for_ms;
}
