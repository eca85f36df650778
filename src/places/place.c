/*  =========================================================================
    place - what is known of a place
    =========================================================================
*/

#include "places/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>


void
place_make_id (char *id, size_t size, span_t name, globe_point_t at)
{
    uint64_t mark = span_fnv (name, SPAN_FNV);
    snprintf (id, size, "at-%" PRId32 ".%" PRId32 "-%08x", at.lat, at.lng,
        (unsigned) (mark >> 32 ^ mark));
}


void
place_join (char *text, size_t size, const char *const *parts,
    const char *const *separators, size_t count)
{
    size_t used = 0;
    *text = '\0';
    for (size_t index = 0; index < count; index++) {
        const char *before = used ? separators [index] : "";
        size_t needed = parts [index] ? strlen (parts [index]) : 0;
        if (needed && used + strlen (before) + needed < size)
            used += (size_t) snprintf (
                text + used, size - used, "%s%s", before, parts [index]);
    }
}
