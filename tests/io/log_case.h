/*  =========================================================================
    log_case - a folder for a log, and what comes into it

    The stage of the tests of what writes a log.  A thread writes it, so what
    is waited for is that a file holds a text; ten seconds in vain fail the
    test.
    =========================================================================
*/

#ifndef TESTS_IO_LOG_CASE_H
#define TESTS_IO_LOG_CASE_H

#include "base/span.h"

#include <czmq.h>
#include <sys/resource.h>

#include <setjmp.h>
#include <cmocka.h>

typedef struct {
    char folder [32];
    char *file;       //  A name in the folder
    char *older;      //  The same and ".1"
    char *text;       //  Last contents read
    int said;         //  A pipe for standard error, while it is kept
    int said_before;  //  What standard error was
    void *own;        //  The test's own
} log_case_t;

//  Set up and tear down a case.
int
log_case_new (void **state);

int
log_case_free (void **state);

#define LOG_CASE(name)                                                         \
    cmocka_unit_test_setup_teardown (name, log_case_new, log_case_free)

//  Return what is in the file, good until the next call.
const char *
log_case_read (log_case_t *self, const char *file);

//  Return how often the text is in there.
size_t
log_case_count (const char *text, const char *what);

//  Keep what is said on standard error, until it is read.
void
log_case_listen (log_case_t *self);

//  Return that, good until the next call, and keep no more.
const char *
log_case_said (log_case_t *self);

//  Limit the size of files that are written; RLIM_INFINITY is none.
void
log_case_limit (uint64_t size);

//  Return true once a millisecond has passed, and false when ten seconds have
//  since *start_ms, which is 0 first.
bool
log_case_wait (int64_t *start_ms);

//  Wait until the condition holds.
#define AWAIT(condition)                                                       \
    do {                                                                       \
        int64_t start_ms = 0;                                                  \
        while (!(condition))                                                   \
            if (!log_case_wait (&start_ms))                                    \
                fail_msg ("in vain: %s", #condition);                          \
    } while (0)

//  Wait until the file holds just that, or that among other things.
#define AWAIT_TEXT(self, file, expected)                                       \
    AWAIT (streq (log_case_read (self, file), expected))

#define AWAIT_PART(self, file, expected)                                       \
    AWAIT (strstr (log_case_read (self, file), expected))

#endif
