/*  =========================================================================
    chunks - a bounded queue between the loop and the thread that has the disk

    One puts, the other takes, each at its own end.  A chunk's text stays where
    it is from one end to the other, with room before it for a block's head.
    =========================================================================
*/

#ifndef STORE_CHUNKS_H
#define STORE_CHUNKS_H

#include "store/block.h"

typedef enum {
    CHUNK_RECORDS,  //  Text is AT lines, so many records
    CHUNK_MARK,     //  Text is a mark
    CHUNK_HINT,     //  Text is the mark that is to come, if all is well
    CHUNK_BEGIN,    //  A generation of this number is begun
    CHUNK_INSTALL,  //  It takes the place of the one before
    CHUNK_END       //  All was read
} chunk_kind_t;

typedef struct {
    chunk_kind_t kind;
    bool next;        //  For the generation that was begun, not the present
    bool paced;       //  Its taker is to rest after it
    uint64_t number;  //  CHUNK_BEGIN
    uint64_t room;    //  CHUNK_BEGIN: bytes it will have
    size_t size;      //  Bytes of text
    char *text;       //  BLOCK_TEXT_SIZE_MAX bytes behind BLOCK_HEAD_SIZE
} chunk_t;

typedef struct chunks_t chunks_t;

//  Make a queue for so many chunks.  Never returns NULL.
chunks_t *
chunks_new (unsigned count);

//  Free the queue, which nobody uses any more, and set *self_p to NULL.
void
chunks_destroy (chunks_t **self_p);

//  Return a chunk to be filled, all zero but for its text; NULL if there is
//  none, or, if it is to be waited for, the queue was closed.
chunk_t *
chunks_room (chunks_t *self, bool wait);

//  Put the chunk that chunks_room returned into the queue.
void
chunks_put (chunks_t *self);

//  Return how many chunks can be put.
unsigned
chunks_free (chunks_t *self);

//  Return the first chunk in the queue; NULL if there is none, or, if one is to
//  be waited for, the queue is empty and was closed.
chunk_t *
chunks_first (chunks_t *self, bool wait);

//  Let the taker wait until clock_ms is that, or the queue was closed, or has a
//  chunk that is not paced.
void
chunks_rest (chunks_t *self, int64_t until_ms);

//  Take the first chunk out.
void
chunks_drop (chunks_t *self);

//  Nothing more is to be waited for.
void
chunks_close (chunks_t *self);

#endif
