/*  =========================================================================
    generation - the file of a table, as it is written

    What fails, fails for good: after an error nobody knows what is on the disk,
    so no call is tried again, and the generation is lost.
    =========================================================================
*/

#ifndef STORE_GENERATION_H
#define STORE_GENERATION_H

#include "store/block.h"
#include "store/calls.h"

//  Part of the owner's structure.
typedef struct {
    const calls_t *calls;  //  Borrowed
    int fd;                //  -1 = there is none
    uint64_t number;       //
    uint64_t offset;       //  Its size
    uint64_t synced;       //  Of that, bytes that are on the disk
    unsigned char key [BLOCK_KEY_SIZE];
} generation_t;

//  Begin a generation in the empty file, which is taken over.  Returns -1,
//  errno set, if its title can't be written.
int
generation_begin (generation_t *self, const calls_t *calls, int fd,
    const block_title_t *title);

//  Close it.
void
generation_close (generation_t *self);

//  Write a block, its text of so many bytes behind room for its head.  Returns
//  -1, errno set, if that fails.
int
generation_write (
    generation_t *self, block_kind_t kind, char *buffer, size_t size);

//  Have all that was written on the disk.  Returns -1, errno set, if that
//  fails.
int
generation_sync (generation_t *self);

#endif
