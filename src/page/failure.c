/*  =========================================================================
    failure - what is said when there is no answer
    =========================================================================
*/

#include "page/failure.h"

#include "page/layout.h"


char *
failure_print (const char *status, const char *message, size_t *size)
{
    layout_t out = {.style = LAYOUT_CLASSIC};
    layout_begin (&out);
    layout_text (&out, "error_message", span_of (message));
    layout_texts (&out, "html_attributions", NULL, 0);
    layout_texts (&out, "results", NULL, 0);
    layout_text (&out, "status", span_of (status));
    layout_end (&out);
    *size = out.size;
    return out.text;
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
