/*  =========================================================================
    rate_limit - when not to ask the Places provider
    =========================================================================
*/

#include "lookup/rate_limit.h"

#include <assert.h>


void
rate_limit_init (rate_limit_t *self, uint64_t per_second, uint64_t per_day)
{
    *self = (rate_limit_t){.per_second = per_second,
        .per_day = per_day,
        .tokens = (double) per_second};
}


void
rate_limit_change (rate_limit_t *self, uint64_t per_second, uint64_t per_day)
{
    self->per_second = per_second;
    self->per_day = per_day;
}


void
rate_limit_forgive (rate_limit_t *self)
{
    self->failures = 0;
    self->open_until_ms = self->held_until_ms = self->hold_ms = 0;
}


//  A bucket of one second's tokens, filled as time goes by

static void
s_fill (rate_limit_t *self, int64_t clock_ms)
{
    int64_t since_ms = clock_ms - self->tokens_ms;
    double most = (double) self->per_second;
    self->tokens += (double) since_ms * most / 1000;
    if (self->tokens > most)
        self->tokens = most;
    self->tokens_ms = clock_ms;
}


bool
rate_limit_is_shut (const rate_limit_t *self, int64_t clock_ms)
{
    return clock_ms < self->open_until_ms || clock_ms < self->held_until_ms;
}


rate_limit_reason_t
rate_limit_take (rate_limit_t *self, instant_t now, int64_t clock_ms)
{
    int64_t day = now.seconds / RATE_LIMIT_DAY_S;
    if (day != self->day) {
        self->day = day;
        self->spent = 0;
    }
    if (rate_limit_is_shut (self, clock_ms))
        return RATE_LIMIT_BROKEN;
    s_fill (self, clock_ms);
    if ((self->per_day && self->spent >= self->per_day) ||
        (self->per_second && self->tokens < 1))
        return RATE_LIMIT_BUDGET;
    self->spent++;
    self->tokens -= 1;
    //  While it fails, one request shows whether it still does
    if (self->failures >= RATE_LIMIT_FAILURES)
        self->open_until_ms = clock_ms + RATE_LIMIT_OPEN_MS;
    return RATE_LIMIT_NONE;
}


void
rate_limit_report (rate_limit_t *self, google_status_t status, int64_t clock_ms)
{
    if (clock_ms < self->held_until_ms)
        return;
    self->status = status;
    if (status == GOOGLE_NONE) {
        self->failures = 0;
        self->open_until_ms = 0;
        self->hold_ms = 0;
    }
    else if (++self->failures >= RATE_LIMIT_FAILURES)
        self->open_until_ms = clock_ms + RATE_LIMIT_OPEN_MS;
}


//  Twice as long as the last time, if it was asked since then

static int64_t
s_lengthen (rate_limit_t *self)
{
    self->hold_ms *= 2;
    if (self->hold_ms == 0)
        self->hold_ms = RATE_LIMIT_HOLD_MS;
    if (self->hold_ms > RATE_LIMIT_HOLD_MOST_MS)
        self->hold_ms = RATE_LIMIT_HOLD_MOST_MS;
    return self->hold_ms;
}


int64_t
rate_limit_hold (rate_limit_t *self, google_status_t status, int64_t after_s,
    int64_t clock_ms)
{
    assert (after_s >= 0);
    int64_t left_ms = self->held_until_ms - clock_ms;
    int64_t for_ms =
        1000 * (after_s < RATE_LIMIT_DAY_S ? after_s : RATE_LIMIT_DAY_S);
    if (for_ms == 0 && left_ms <= 0)
        for_ms = s_lengthen (self);
    if (for_ms <= left_ms)
        return 0;
    self->status = status;
    self->held_until_ms = clock_ms + for_ms;
    self->open_until_ms = 0;
    //  As if it had failed often: it is asked once to see
    self->failures = RATE_LIMIT_FAILURES;
    return for_ms >= 2 * left_ms ? for_ms : 0;
}
