/*  =========================================================================
    store_case - a server whose table is on a disk that can fail

    The stage of the tests of the table on disk: a server without peers, a
    store in a folder of its own, a loop, a log.  A restart is a kill -9: what
    the thread was not yet told is lost.
    =========================================================================
*/

#ifndef TESTS_IO_STORE_CASE_H
#define TESTS_IO_STORE_CASE_H

#include "io/loop_case.h"
#include "io/log_case.h"

#include "store/store.h"

//  Calls of calls_t, in its order.
typedef enum {
    CALL_OPENAT,
    CALL_PREAD,
    CALL_PWRITE,
    CALL_FTRUNCATE,
    CALL_FDATASYNC,
    CALL_FSYNC,
    CALL_RENAMEAT,
    CALL_FSTATVFS,  //  That fails by saying that there is no room
    CALLS
} call_kind_t;

typedef struct {
    log_case_t *log;  //  Its folder has the log, "disk", and this test's files
    char *folder;     //  "disk" in there
    loop_case_t *stage;
    journal_t *journal;
    server_t *server;
    effects_t *effects;
    store_t *store;
    store_options_t options;
    char why [STORE_WHY_SIZE];
    size_t settled;  //  1 if all is on the disk, and it is good
} store_case_t;

//  Set up and tear down a case, with its store open.
int
store_case_new (void **state);

int
store_case_free (void **state);

#define STORE_CASE(name)                                                       \
    cmocka_unit_test_setup_teardown (name, store_case_new, store_case_free)

//  Open the store, which must not be open.  Returns whether it is.
bool
store_case_open (store_case_t *self);

//  End as a kill -9 would.
void
store_case_kill (store_case_t *self);

//  End and open again, and wait until all is loaded.
void
store_case_restart (store_case_t *self);

//  Let clients of these numbers, from first up to end, be heard at a time.
void
store_case_tell (
    store_case_t *self, unsigned first, unsigned end, unsigned time);

//  Wait until all is on the disk.
void
store_case_settle (store_case_t *self);

//  Return how many of these clients the server knows, as heard at that time.
size_t
store_case_count (
    store_case_t *self, unsigned first, unsigned end, unsigned time);

//  Let so many calls of a kind, after so many that are good, fail with the
//  error.  Only one kind fails at a time.
void
store_case_fail (call_kind_t call, unsigned after, unsigned count, int error);

//  Return how often a call has failed so.
unsigned
store_case_failed (void);

//  Hold all fdatasyncs, or let them go on.
void
store_case_hold (bool held);

//  Wait until the log has the text.
void
store_case_await (store_case_t *self, const char *text);

#endif
