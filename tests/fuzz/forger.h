/*  =========================================================================
    forger - what a hostile process of the herd may say

    Makes messages and clients' lines of a fuzzer's bytes.  Bytes of 0 make what
    an honest peer says, so that few others reach far; each of them tells a
    lie somewhere: a number at a border, a word empty, too long or of bytes that
    none may have, a body of any shape.
    =========================================================================
*/

#ifndef FUZZ_FORGER_H
#define FUZZ_FORGER_H

#include "table/table.h"
#include "wire/message.h"

//  Clients whose name begins so are meant to share a leaf of the digest.
#define FORGER_CROWD 'x'

//  Room for one message, beyond what a server accepts.
#define FORGER_ROOM ((size_t) 2 * MESSAGE_SIZE_MAX)

typedef struct {
    const uint8_t *data;      //  The fuzzer's bytes that are left
    size_t size;              //
    const table_t *table;     //  Whose records lines are about; borrowed
    const digest_t *sums;     //  Its digest
    int64_t now_seconds;      //  About what lines are stamped
    unsigned crowd;           //  Clients of it so far
    size_t written;           //  Bytes of the text made now
    char text [FORGER_ROOM];  //  What was made last
} forger_t;

//  Return the next byte, 0 if none is left.
uint8_t
forger_byte (forger_t *self);

//  Return a line of a client, without LF, good until the next call.
span_t
forger_command (forger_t *self);

//  Change what the message says into what the bytes want, and write it with a
//  body.  Returns it, good until the next call.
span_t
forger_message (forger_t *self, message_t *message);

//  Return a text that is all bytes, good until the next call.
span_t
forger_raw (forger_t *self);

#endif
