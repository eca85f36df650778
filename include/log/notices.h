/*  =========================================================================
    notices - which notices are logged, and which are left out

    Of one kind a few are logged at once, then one a minute, which tells how
    many like it there were: so what happens a hundred thousand times a second
    does not fill a disk, and is not kept secret.  A kind is known by its format
    of printf, which stands in one place of the source.
    =========================================================================
*/

#ifndef LOG_NOTICES_H
#define LOG_NOTICES_H

#include "base/span.h"

//  So many of a kind are logged at once, and one more after each such time.
#define NOTICES_AT_ONCE 5
#define NOTICES_EVERY_MS INT64_C (60000)

//  How many kinds there can be, and what is kept of a notice's text.
#define NOTICES_KINDS_MAX 64
#define NOTICES_TEXT_SIZE_MAX 512

typedef struct {
    const char *format;
    int64_t used_ms;    //  One more may be logged NOTICES_EVERY_MS later
    uint64_t left_out;  //  Notices since the last that was logged
    char text [NOTICES_TEXT_SIZE_MAX];  //  The latest of them
    size_t text_size;
} notice_t;

//  Part of the owner's structure; all zero is fresh.
typedef struct {
    notice_t kinds [NOTICES_KINDS_MAX];
    size_t count;
} notices_t;

//  Return true if the notice is to be logged now.  Else it is left out.
bool
notices_take (
    notices_t *self, const char *format, span_t text, int64_t clock_ms);

//  Return the latest notice of a kind of which some were left out, and one may
//  be logged by now: *count is how many there were.  The text is good until the
//  next call; it is empty if there is none.  To be called some times a second
//  until it is, and at the end with a clock of INT64_MAX.
span_t
notices_next (notices_t *self, int64_t clock_ms, uint64_t *count);

#endif
