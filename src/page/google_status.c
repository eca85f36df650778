/*  =========================================================================
    google_status - Google's words for what became of a lookup
    =========================================================================
*/

#include "page/google_status.h"

#include <assert.h>

static const char *const s_words [GOOGLE_STATUSES] = {
    [GOOGLE_NONE] = "",
    [GOOGLE_OK] = "OK",
    [GOOGLE_ZERO_RESULTS] = "ZERO_RESULTS",
    [GOOGLE_INVALID_REQUEST] = "INVALID_REQUEST",
    [GOOGLE_NOT_FOUND] = "NOT_FOUND",
    [GOOGLE_OVER_DAILY_LIMIT] = "OVER_DAILY_LIMIT",
    [GOOGLE_OVER_QUERY_LIMIT] = "OVER_QUERY_LIMIT",
    [GOOGLE_REQUEST_DENIED] = "REQUEST_DENIED",
    [GOOGLE_UNKNOWN_ERROR] = "UNKNOWN_ERROR",
};


const char *
google_status_word (google_status_t status)
{
    assert (status < GOOGLE_STATUSES);
    return s_words [status];
}


google_status_t
google_status_of (span_t word)
{
    google_status_t status = GOOGLE_STATUSES;
    while (--status > GOOGLE_NONE)
        if (span_equal (word, span_of (s_words [status])))
            break;
    return status;
}
