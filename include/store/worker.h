/*  =========================================================================
    worker - the thread that has the disk

    It reads the present generation, if there is one, then writes: what it is
    told by chunks, in their order, and rests after those that are paced.  A
    disk that blocks keeps nobody waiting but the thread, which takes no
    signals.  A generation that a call failed for is closed, and what is for it
    is passed over.
    =========================================================================
*/

#ifndef STORE_WORKER_H
#define STORE_WORKER_H

#include "store/chunks.h"
#include "store/files.h"
#include "store/reader.h"

//  The two generations a failure can be of.
enum { WORKER_PRESENT, WORKER_NEXT, WORKER_FILES };

typedef struct {
    uint64_t count;    //  So far
    const char *call;  //  What failed last
    int error;         //  Its errno
} worker_failure_t;

typedef struct {
    uint64_t number;     //  Of the present generation; 0 = none is good
    uint64_t size;       //  Bytes of it
    uint64_t written;    //  Bytes of blocks written to all
    uint64_t marks;      //  CHUNK_MARKs for the present one that are done with
    uint64_t answered;   //  Number of the last CHUNK_INSTALL done with
    uint64_t torn_size;  //  Bytes left out at its end when it was read
    uint64_t damaged_size;  //  Bytes left out before that; 0 when replaced
    bool kept;              //  That it is damaged, and kept aside
    worker_failure_t failures [WORKER_FILES];
} worker_state_t;

typedef struct {
    files_t *folder;     //  Borrowed
    const char *herd;    //  For titles; copied
    const char *server;  //
    int fd;              //  Of the present generation, taken over; or -1
    reader_t *reader;    //  Of it, taken over; or NULL
} worker_options_t;

typedef struct worker_t worker_t;

//  Start the thread.  Returns NULL, errno set, with fd and reader still the
//  caller's, if it can't be had.
worker_t *
worker_new (const worker_options_t *options);

//  Let the thread do what it was told, wait so long at most for its end, and
//  set *self_p to NULL.  Returns false if that is not enough: then it is left
//  alone, with the folder's descriptors, until the process ends.
bool
worker_destroy (worker_t **self_p, int64_t patience_ms);

//  Return a descriptor, the worker's own, that can be read when the thread has
//  done something: it has a counter of an eventfd.
int
worker_fd (const worker_t *self);

//  Return what was read: a hint and chunks of records, then a mark, each if
//  there is any, and an end.
chunks_t *
worker_read (worker_t *self);

//  Return where what is to be done is put.
chunks_t *
worker_write (worker_t *self);

worker_state_t
worker_state (worker_t *self);

#endif
