/*  =========================================================================
    spans - text for the tests of the core, and what became of it
    =========================================================================
*/

#include "unit/spans.h"

#include <string.h>


void
spans_check (span_t span, span_t other, const char *file, int line)
{
    if (span_equal (span, other))
        return;
    size_t at = 0;
    while (
        at < span.size && at < other.size && span.data [at] == other.data [at])
        at++;
    print_error ("# %zu bytes: %.*s\n# %zu bytes: %.*s\n# differ at %zu\n",
        span.size, (int) span.size, span.size ? span.data : "", other.size,
        (int) other.size, other.size ? other.data : "", at);
    _fail (file, line);
}


char *
spans_write (char *at, span_t span)
{
    for (size_t index = 0; index < span.size; index++)
        *at++ = span.data [index];
    return at;
}


location_t
spans_location (const char *line)
{
    location_t location;
    if (!location_parse (&location, span_of (line)))
        fail_msg ("no AT line: %s", line);
    return location;
}


void
spans_alter (span_t span)
{
    char *bytes;
    memcpy (&bytes, &span.data, sizeof (bytes));
    bytes [1] ^= 1;
}
