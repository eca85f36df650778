/*  =========================================================================
    block - what the file of a table is made of

    A generation is one file: a title line, the same once more, should one be
    damaged, then blocks of text, each behind a head of BLOCK_HEAD_SIZE bytes.

        ZHERD-TABLE/2 zherd Alford 3 bEm0sxD6Wzk 5c1e09f7a2b4d863
        ZHERD-TABLE/2 zherd Alford 3 bEm0sxD6Wzk 5c1e09f7a2b4d863
        R0000005a 3f9a1c55e0b2d417
        AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479...

    The title has the format's version, the herd, the server, the generation's
    number, a random one and a checksum over all that.  A head has the block's
    kind, the size of its text and a checksum over kind, size, text and place in
    the file: SipHash-2-4 under a key that is the title's hash.  So no block of
    another generation, or of another place, is taken for one of this.
    =========================================================================
*/

#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include "base/span.h"

#define BLOCK_VERSION 2

//  Bytes of a title with its line end, of a head, and of a block's text.
#define BLOCK_TITLE_SIZE_MAX 256
#define BLOCK_HEAD_SIZE 27
#define BLOCK_TEXT_SIZE_MAX 65536

#define BLOCK_KEY_SIZE 16

typedef struct {
    char herd [SPAN_NAME_SIZE_MAX + 1];
    char server [SPAN_NAME_SIZE_MAX + 1];
    uint64_t number;  //  Of the generation, counted up from 1
    uint64_t salt;    //  Random
} block_title_t;

typedef enum {
    BLOCK_RECORDS = 'R',  //  AT lines, each with LF
    BLOCK_MARK = 'M'      //  What the core notes when a sync is made
} block_kind_t;

//  Write the title's line, with LF, to the buffer of BLOCK_TITLE_SIZE_MAX
//  bytes.  Returns its size.
size_t
block_print_title (const block_title_t *title, char *buffer);

//  Read a title's line, without its LF.  Returns NULL, or what it is instead.
const char *
block_parse_title (block_title_t *title, span_t line);

//  Make the key of the blocks behind the title, of its line with LF.
void
block_key (unsigned char key [BLOCK_KEY_SIZE], span_t line);

//  Write the head of the block whose text of so many bytes, 1 at least, stands
//  in the buffer behind room for it, and is to stand in the file so that its
//  head is at the offset.
void
block_seal (const unsigned char key [BLOCK_KEY_SIZE], uint64_t offset,
    block_kind_t kind, char *buffer, size_t size);

//  Read a head.  Returns false if it is none.
bool
block_parse_head (const char *head, block_kind_t *kind, size_t *size);

//  Return true if the block at the buffer, head and text of that size, is as
//  block_seal made it for the offset.
bool
block_is_good (const unsigned char key [BLOCK_KEY_SIZE], uint64_t offset,
    const char *buffer, size_t size);

#endif
