/*  =========================================================================
    parameter - what a query says
    =========================================================================
*/

#include "web/parameter.h"

#include "reports/form.h"

#include <string.h>


bool
parameter_read (span_t query, const char *key, const char *preset, char *buffer)
{
    span_t name;
    span_t value;
    strncpy (buffer, preset, PARAMETER_SIZE - 1);
    while (form_next (&query, &name, &value))
        if (span_equal (name, span_of (key))) {
            if (value.size >= PARAMETER_SIZE)
                return false;
            size_t size = form_decode (value, buffer);
            buffer [size] = '\0';
            if (strlen (buffer) != size)
                return false;
        }
    return true;
}


uint64_t
parameter_count (span_t query, const char *key, uint64_t preset, uint64_t max)
{
    char text [PARAMETER_SIZE];
    uint64_t count = 0;
    if (!parameter_has (query, key))
        return preset;
    if (!parameter_read (query, key, "", text) ||
        !span_number (span_of (text), max, &count))
        return 0;
    return count;
}


bool
parameter_has (span_t query, const char *key)
{
    span_t name;
    span_t value;
    while (form_next (&query, &name, &value))
        if (span_equal (name, span_of (key)))
            return true;
    return false;
}
