/*  =========================================================================
    google_status - Google's words for what became of a lookup
    =========================================================================
*/

#ifndef PAGE_GOOGLE_STATUS_H
#define PAGE_GOOGLE_STATUS_H

#include "base/span.h"

//  The "status" of a page.  GOOGLE_NONE is no word of Google's, or none yet.
typedef enum {
    GOOGLE_NONE,
    GOOGLE_OK,
    GOOGLE_ZERO_RESULTS,
    GOOGLE_INVALID_REQUEST,
    GOOGLE_NOT_FOUND,
    GOOGLE_OVER_DAILY_LIMIT,
    GOOGLE_OVER_QUERY_LIMIT,
    GOOGLE_REQUEST_DENIED,
    GOOGLE_UNKNOWN_ERROR,
    GOOGLE_STATUSES
} google_status_t;

//  Return the word, a constant string: that of GOOGLE_NONE is empty.
const char *
google_status_word (google_status_t status);

//  Return the status that this is the word of, or GOOGLE_NONE.
google_status_t
google_status_of (span_t word);

#endif
