/*  =========================================================================
    failure - what is said when there is no answer

    Google's own frame, with Google's status where it sent one, and words of
    ours: the provider's may name our address or account.
    =========================================================================
*/

#ifndef PAGE_FAILURE_H
#define PAGE_FAILURE_H

#include "base/span.h"

//  Return, in Google's frame and classic layout, that there is no answer, as a
//  fresh string, its bytes in *size: status is a word of Google's.
char *
failure_print (const char *status, const char *message, size_t *size);

//  Return the constant word for a status of Google's failures, or
//  UNKNOWN_ERROR for any other text.
const char *
failure_status (span_t status);

#endif
