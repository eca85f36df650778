/*  =========================================================================
    failure - what is said when there is no answer

    Google's own frame, with Google's status where it sent one, and words of
    ours: the provider's may name our address or account.
    =========================================================================
*/

#ifndef CORE_FAILURE_H
#define CORE_FAILURE_H

#include "core/span.h"

//  Room for failure_print.
#define FAILURE_SIZE_MAX 512

//  Write, in Google's frame and classic layout, that there is no answer:
//  status is a word of Google's, message a sentence without quotes.  Returns
//  the size written, at most FAILURE_SIZE_MAX.
size_t
failure_print (const char *status, const char *message, char *buffer);

//  Return the constant word for a status of Google's failures, or
//  UNKNOWN_ERROR for any other text.
const char *
failure_status (span_t status);

#endif
