/*  =========================================================================
    reader - the blocks of a generation, one after the other

    What is no good block was not written whole, or was altered: it is passed
    over if a good one is behind it, else it ends the file.  A block proves by
    itself that it is of this file and place.  May wait for the disk.
    =========================================================================
*/

#ifndef STORE_READER_H
#define STORE_READER_H

#include "store/block.h"
#include "store/calls.h"

typedef struct reader_t reader_t;

typedef enum {
    READER_BLOCK,  //  There is a block
    READER_END,    //  All was read
    READER_BAD,    //  What follows has no good block
    READER_FAILED  //  The file can't be read, as errno says
} reader_result_t;

//  Read the file from its start, by these calls: borrows both.  Returns NULL,
//  and why in *why, if it is no table.
reader_t *
reader_new (const calls_t *calls, int fd, const char **why);

//  Free the reader and set *self_p to NULL.
void
reader_destroy (reader_t **self_p);

//  Return the title, and the key of the blocks.
const block_title_t *
reader_title (const reader_t *self);

const unsigned char *
reader_key (const reader_t *self);

//  Read the next block: its kind, and its text, good until the next call.
//  Anything but READER_BLOCK is said again and again.
reader_result_t
reader_next (reader_t *self, block_kind_t *kind, span_t *text);

//  Write the text of the last mark to the buffer of BLOCK_TEXT_SIZE_MAX bytes,
//  as long as nothing else was read.  Returns its size; 0 if no mark is near
//  the end, or it can't be read.
size_t
reader_last_mark (reader_t *self, char *buffer);

//  Return the bytes that were passed over before good blocks.
uint64_t
reader_skipped (const reader_t *self);

//  Return the offset behind the last good block, and the size of the file.
uint64_t
reader_offset (const reader_t *self);

uint64_t
reader_file_size (const reader_t *self);

#endif
