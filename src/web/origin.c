/*  =========================================================================
    origin - whose page it was that sent a request
    =========================================================================
*/

#include "web/origin.h"

#include "base/span.h"

#include <string.h>
#include <strings.h>


bool
origin_is_host (const char *origin, const char *host)
{
    static const char *const schemes [] = {"http://", "https://"};
    for (size_t index = 0; index < 2; index++) {
        size_t size = strlen (schemes [index]);
        if (strncmp (origin, schemes [index], size) == 0)
            return strcasecmp (origin + size, host) == 0;
    }
    return false;
}


bool
origin_is_listed (const char *text, const char *list)
{
    span_t rest = span_of (list);
    span_t port = span_of (text);
    span_t name = span_until (&port, ':');
    uint64_t number;
    if (port.size && !span_number (port, UINT16_MAX, &number))
        return false;
    for (span_t own = span_field (&rest); own.size; own = span_field (&rest))
        if (own.size == name.size &&
            strncasecmp (own.data, name.data, own.size) == 0)
            return true;
    return false;
}
