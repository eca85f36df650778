/*  =========================================================================
    restraint - when not to ask the Places provider

    A budget for a second and for a day ("don't overdo it"), and a breaker: a
    provider that failed several times in a row is left alone for a while, then
    asked once to see.
    =========================================================================
*/

#ifndef IO_RESTRAINT_H
#define IO_RESTRAINT_H

#include "core/location.h"

//  So many failures in a row open the breaker,
#define RESTRAINT_FAILURES 5

//  for so long.
#define RESTRAINT_OPEN_MS 10000

typedef enum {
    RESTRAINT_NONE,    //  Ask
    RESTRAINT_BUDGET,  //  The budget is spent
    RESTRAINT_BROKEN   //  The provider is left alone
} restraint_reason_t;

//  Part of the owner's structure.
typedef struct {
    uint64_t per_second;    //  Requests; 0 = no limit
    uint64_t per_day;       //  Requests in a day of UTC; 0 = no limit
    double tokens;          //  Left of this second's
    int64_t tokens_ms;      //  When they were counted
    int64_t day;            //  Days since 1970
    uint64_t spent;         //  Of the day's
    unsigned failures;      //  In a row
    int64_t open_until_ms;  //  Ask nothing before
} restraint_t;

//  Make *self fresh, with these limits.
void
restraint_init (restraint_t *self, uint64_t per_second, uint64_t per_day);

//  Return why no request may be made now, or RESTRAINT_NONE, which counts as
//  one made.
restraint_reason_t
restraint_take (restraint_t *self, instant_t now, int64_t clock_ms);

//  A request ended well, or the provider failed.
void
restraint_report (restraint_t *self, bool good, int64_t clock_ms);

//  Leave the provider alone for so long at least: it said no, and will again.
void
restraint_shut (restraint_t *self, int64_t for_ms, int64_t clock_ms);

#endif
