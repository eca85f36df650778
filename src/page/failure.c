/*  =========================================================================
    failure - what is said when there is no answer
    =========================================================================
*/

#include "page/failure.h"

#include "page/layout.h"

#include <assert.h>


const char *
failure_message (failure_t why)
{
    static const char *const messages [FAILURES] = {
        [FAILURE_SILENCE] = "The Places service did not answer.",
        [FAILURE_NONSENSE] = "The Places service gave no valid answer.",
        [FAILURE_REFUSAL] = "The Places service refused the request.",
        [FAILURE_ABSENCE] = "No Places service is configured.",
        [FAILURE_BUDGET] = "The budget of Places requests is spent.",
        [FAILURE_SHARE] =
            "Your address has had its Places requests of this minute.",
    };
    assert (why < FAILURES);
    return messages [why];
}


char *
failure_print (google_status_t status, const char *message, size_t *size)
{
    layout_t out = {.style = LAYOUT_CLASSIC};
    layout_begin (&out);
    layout_text (&out, "error_message", span_of (message));
    layout_texts (&out, "html_attributions", NULL, 0);
    layout_texts (&out, "results", NULL, 0);
    layout_text (&out, "status", span_of (google_status_word (status)));
    layout_end (&out);
    *size = out.size;
    return out.text;
}


google_status_t
failure_status (span_t word)
{
    google_status_t status = google_status_of (word);
    return status == GOOGLE_NONE || status == GOOGLE_OK ? GOOGLE_UNKNOWN_ERROR
                                                        : status;
}
