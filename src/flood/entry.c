/*  =========================================================================
    entry - which locations of others are kept
    =========================================================================
*/

#include "flood/entry.h"

#include "flood/timing.h"

#define YEAR_SECONDS 31536000


entry_t
entry_put (flood_t *self, const location_t *location, instant_t now, int from,
    bool bulk)
{
    if (location->heard.seconds > now.seconds + TIMING_FUTURE_SECONDS)
        return ENTRY_FUTURE;
    return (entry_t) (bulk ? table_load (self->table, location, from)
                           : table_put (self->table, location, from));
}


entry_t
entry_take (flood_t *self, const location_t *location, const event_t *event,
    int from, int64_t *age_ns)
{
    instant_t now = timing_herd (self, event);
    *age_ns = entry_age_ns (location, now);
    return entry_put (self, location, now, from, false);
}


int64_t
entry_age_ns (const location_t *location, instant_t now)
{
    const int64_t year_ns = (int64_t) YEAR_SECONDS * 1000000000;
    instant_t heard = location->heard;
    if (heard.seconds < now.seconds - YEAR_SECONDS)
        return year_ns;
    if (heard.seconds > now.seconds + YEAR_SECONDS)
        return -year_ns;
    return (now.seconds - heard.seconds) * 1000000000 + now.nanoseconds -
           heard.nanoseconds;
}
