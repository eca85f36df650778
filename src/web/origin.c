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


//  Names and schemes of origins are the same in any case

static bool
s_is_listed (span_t text, const char *list)
{
    span_t rest = span_of (list);
    for (span_t own = span_field (&rest); own.size; own = span_field (&rest))
        if (own.size == text.size &&
            strncasecmp (own.data, text.data, own.size) == 0)
            return true;
    return false;
}


bool
origin_is_listed (const char *origin, const char *list)
{
    return strcmp (list, "*") == 0 || s_is_listed (span_of (origin), list);
}


bool
origin_is_listed_host (const char *host, const char *list)
{
    span_t port = span_of (host);
    span_t name = span_until (&port, ':');
    uint64_t number;
    return (port.size == 0 || span_number (port, UINT16_MAX, &number)) &&
           s_is_listed (name, list);
}
