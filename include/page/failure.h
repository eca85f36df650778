/*  =========================================================================
    failure - what is said when there is no answer

    Google's own frame, with Google's status where it sent one, and words of
    ours: the provider's may name our address or account.
    =========================================================================
*/

#ifndef PAGE_FAILURE_H
#define PAGE_FAILURE_H

#include "page/google_status.h"

//  Why a WHATSAT has no answer.
typedef enum {
    FAILURE_SILENCE,   //  The provider did not answer
    FAILURE_NONSENSE,  //  or not with a page,
    FAILURE_REFUSAL,   //  or refused the request.
    FAILURE_ABSENCE,   //  There is none.
    FAILURE_BUDGET,    //  It was not asked: our budget is spent,
    FAILURE_SHARE,     //  or that of the client's address
    FAILURES
} failure_t;

//  Return what a client is told of that, a constant string.
const char *
failure_message (failure_t why);

//  Return, in Google's frame and classic layout, that there is no answer, as a
//  fresh string, its bytes in *size.
char *
failure_print (google_status_t status, const char *message, size_t *size);

//  Return the status of a page that tells of a failure: it may be any text, and
//  one of success is none.
google_status_t
failure_status (span_t word);

#endif
