/*  =========================================================================
    clue - one line of an audit

    What one server says of its table below a prefix, the first hexadecimal
    digits of hashes, for the other to compare:

        NODE  prefix sums      the 16 sums below the prefix
        LEAF  prefix checks    all records that I have there
        WANT  prefix checks    send me these

    "-" is no digits.  Codes, which are sums or checks, have 48 bits, and travel
    as 8 letters of base/base64num, run together.

    Section 4.7 of docs/protocol.md.
    =========================================================================
*/

#ifndef AUDIT_CLUE_H
#define AUDIT_CLUE_H

#include "base/base64num.h"
#include "wire/message.h"

//  Hexadecimal digits of a hash.  A LEAF or a WANT has some at least: nothing
//  shorter is about a part of a table that may be gone through.
#define CLUE_LEVEL_MAX 16
#define CLUE_LEAF_LEVEL 4

//  Codes in a NODE, and at most in a line.  Where there are more records a NODE
//  is said instead of a LEAF.
#define CLUE_SUMS 16
#define CLUE_CODES_MAX 1024

//  The longest line with so many codes: a prefix, a blank, the codes and LF.
#define CLUE_SIZE_MAX(codes)                                                   \
    (CLUE_LEVEL_MAX + 1 + (codes) *BASE64NUM_SIZE_48 + 1)

typedef struct {
    message_kind_t kind;  //  Of the message it is a line of
    unsigned level;       //  Digits of the prefix
    uint64_t prefix;      //  Their value
    size_t count;         //  Codes
    uint64_t codes [CLUE_CODES_MAX];
} clue_t;

//  Clues that wait, in order.  All zeros is an empty queue.
typedef struct {
    uint64_t *words;
    size_t first;
    size_t end;
    size_t room;
} clues_t;

//  Return the code of a sum or check: its upper bits, which tell as much.
uint64_t
clue_code (uint64_t sum);

//  Read a line, without its LF, of a message of this kind.  Returns false,
//  leaving *self with anything, if no such message has such a line.
bool
clue_parse (clue_t *self, message_kind_t kind, span_t line);

//  Write the line, with its LF, of CLUE_SIZE_MAX bytes at most.  Returns its
//  size.
size_t
clue_print (const clue_t *self, char *buffer);

//  Set *self to the NODE of a prefix with the CLUE_SUMS sums below it.
void
clue_make_node (
    clue_t *self, unsigned level, uint64_t prefix, const uint64_t *sums);

//  Sort the codes, and leave each in once.
void
clue_sort (clue_t *self);

//  Return true if the code is one of those sorted, and remember that.
bool
clue_meet (clue_t *self, uint64_t code);

//  Leave only those codes in that clue_meet was not asked for.
void
clue_keep_unmet (clue_t *self);

//  Copy the clue to the end of the queue.  Returns false, and all is as it was,
//  if it would be of more than so many words of 8 bytes then, or there is no
//  memory.
bool
clues_put (clues_t *self, const clue_t *clue, size_t words_max);

//  Return the kind of the first clue, or MESSAGE_BAD if there is none.
message_kind_t
clues_kind (const clues_t *self);

//  Take the first clue, which there must be, out of the queue.
void
clues_take (clues_t *self, clue_t *clue);

//  Return the words in the queue; a clue has two and one for each code.
size_t
clues_size (const clues_t *self);

//  Forget all clues, and free what they took.
void
clues_clear (clues_t *self);

#endif
