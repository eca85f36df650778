/*  =========================================================================
    notices - which notices are logged, and which are left out

    Of one kind a few are logged at once, then one a minute, which tells how
    many like it there were: so what happens a hundred thousand times a second
    does not fill a disk, and is not kept secret.  A kind is what has one name.
    =========================================================================
*/

#ifndef LOG_NOTICES_H
#define LOG_NOTICES_H

#include "base/span.h"
#include "core/notice.h"

//  So many of a kind are logged at once, and one more after each such time.
#define NOTICES_AT_ONCE 5
#define NOTICES_EVERY_MS INT64_C (60000)

//  Bytes that are kept of a notice's text.
#define NOTICES_TEXT_SIZE_MAX 512

typedef struct {
    bool used;          //  One was logged: used_ms counts
    int64_t used_ms;    //  One more may be logged NOTICES_EVERY_MS later
    uint64_t left_out;  //  Notices since the last that was logged
    char text [NOTICES_TEXT_SIZE_MAX];  //  The latest of them
    size_t text_size;
} notices_kind_t;

//  Part of the owner's structure; all zero is fresh.
typedef struct {
    notices_kind_t kinds [NOTICES];
} notices_t;

//  Return true if the notice is to be logged now.  Else it is left out.
bool
notices_take (notices_t *self, notice_t notice, span_t text, int64_t clock_ms);

//  Find the latest notice of a kind of which some were left out, and one may be
//  logged by now.  Returns how many there were, or 0 if there is none; the text
//  is good until the next call.  To be called some times a second until then,
//  and at the end with a clock of INT64_MAX.
uint64_t
notices_next (
    notices_t *self, int64_t clock_ms, notice_t *notice, span_t *text);

#endif
