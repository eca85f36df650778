/*  =========================================================================
    rate_limit - when not to ask the Places provider

    A token bucket for a second, a budget for a day ("don't overdo it"), and a
    circuit breaker with exponential back-off: a provider that failed several
    times in a row, or that said not to ask for now, is left alone for a while,
    then asked once to see.
    =========================================================================
*/

#ifndef LOOKUP_RATE_LIMIT_H
#define LOOKUP_RATE_LIMIT_H

#include "page/google_status.h"
#include "table/location.h"

//  So many failures in a row open the breaker,
#define RATE_LIMIT_FAILURES 5

//  for so long.
#define RATE_LIMIT_OPEN_MS 10000

//  A provider that said no, but not until when, is left alone for so long,
//  twice as long each next time until it answers, and at most for so long.
#define RATE_LIMIT_HOLD_MS 30000
#define RATE_LIMIT_HOLD_MOST_MS 600000

//  One that said until when, for that long, but for a day at most.
#define RATE_LIMIT_DAY_S 86400

typedef enum {
    RATE_LIMIT_NONE,    //  Ask
    RATE_LIMIT_BUDGET,  //  The budget is spent
    RATE_LIMIT_BROKEN   //  The provider is left alone
} rate_limit_reason_t;

//  Part of the owner's structure.
typedef struct {
    uint64_t per_second;     //  Requests; 0 = no limit
    uint64_t per_day;        //  Requests in a day of UTC; 0 = no limit
    double tokens;           //  Left of this second's
    int64_t tokens_ms;       //  When they were counted
    int64_t day;             //  Days since 1970
    uint64_t spent;          //  Of the day's
    unsigned failures;       //  In a row
    int64_t open_until_ms;   //  The breaker is: ask nothing before
    int64_t held_until_ms;   //  The provider said so: ask nothing before
    int64_t hold_ms;         //  For how long it was left alone the last time
                             //  that it did not say until when; 0 = never
    google_status_t status;  //  Why it is left alone
} rate_limit_t;

//  Make *self fresh, with these limits.
void
rate_limit_init (rate_limit_t *self, uint64_t per_second, uint64_t per_day);

//  Let these be the limits from now on.  What of the day's is spent stays so.
void
rate_limit_change (rate_limit_t *self, uint64_t per_second, uint64_t per_day);

//  Another provider, or the same by another key, has not failed yet.
void
rate_limit_forgive (rate_limit_t *self);

//  Return true if the provider is left alone now.
bool
rate_limit_is_shut (const rate_limit_t *self, int64_t clock_ms);

//  Return why no request may be made now, or RATE_LIMIT_NONE, which counts as
//  one made.
rate_limit_reason_t
rate_limit_take (rate_limit_t *self, instant_t now, int64_t clock_ms);

//  A request ended well (GOOGLE_NONE), or the provider failed, with this
//  status.  While it is held neither counts: the request was made before.
void
rate_limit_report (
    rate_limit_t *self, google_status_t status, int64_t clock_ms);

//  The provider said to leave it alone, for so long or, if after_s is 0, not
//  for how long; status as above.  Returns how long it is left alone from now
//  on, or 0 if that is no news: several requests may hear of it.
int64_t
rate_limit_hold (rate_limit_t *self, google_status_t status, int64_t after_s,
    int64_t clock_ms);

#endif
