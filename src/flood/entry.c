/*  =========================================================================
    entry - which locations of others are kept
    =========================================================================
*/

#include "flood/entry.h"

#include "flood/timing.h"


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
entry_take (
    flood_t *self, const location_t *location, const event_t *event, int from)
{
    return entry_put (self, location, timing_herd (self, event), from, false);
}
