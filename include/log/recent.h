/*  =========================================================================
    recent - the latest notices, for those who ask

    The last few notices of the log, in memory, except clients that come and go.
    No text of them holds the key.
    =========================================================================
*/

#ifndef LOG_RECENT_H
#define LOG_RECENT_H

#include "core/event.h"

//  How many notices are kept, and how many bytes of each text.
#define RECENT_COUNT 32
#define RECENT_TEXT_SIZE_MAX 512

typedef struct recent_t recent_t;

typedef struct {
    instant_t time;   //  When
    notice_t notice;  //  Which; core/notice has its name and level
    uint64_t count;   //  It is the last of so many of its kind; mostly 1
    char text [RECENT_TEXT_SIZE_MAX + 1];  //  As the log has it: UTF-8 without
                                           //  control bytes
} recent_notice_t;

//  Make an empty list.  The key is what no text may hold, or NULL.  Copies it.
//  Never returns NULL.
recent_t *
recent_new (const char *key);

//  Free it and set *self_p to NULL.
void
recent_destroy (recent_t **self_p);

//  Hide one more key from now on; NULL is none.
void
recent_hide (recent_t *self, const char *key);

//  Keep the notice, in the place of the oldest if there are RECENT_COUNT.
void
recent_add (recent_t *self, instant_t time, notice_t notice, span_t text,
    uint64_t count);

//  Return the newest for 0, the one before for 1 and so on, or NULL if there
//  are not so many.  Good until the next recent_add.
const recent_notice_t *
recent_at (const recent_t *self, size_t index);

#endif
