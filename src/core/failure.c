/*  =========================================================================
    failure - what is said when there is no answer
    =========================================================================
*/

#include "core/failure.h"

#include <stdio.h>


size_t
failure_print (const char *status, const char *message, char *buffer)
{
    int size = snprintf (buffer, FAILURE_SIZE_MAX,
        "{\n"
        "   \"error_message\" : \"%s\",\n"
        "   \"html_attributions\" : [],\n"
        "   \"results\" : [],\n"
        "   \"status\" : \"%s\"\n"
        "}",
        message, status);
    return (size_t) size;
}


const char *
failure_status (span_t status)
{
    static const char *const words [] = {"INVALID_REQUEST", "NOT_FOUND",
        "OVER_DAILY_LIMIT", "OVER_QUERY_LIMIT", "REQUEST_DENIED",
        "ZERO_RESULTS"};
    for (size_t index = 0; index < sizeof (words) / sizeof (words [0]); index++)
        if (span_equal (status, span_of (words [index])))
            return words [index];
    return "UNKNOWN_ERROR";
}
