/*  =========================================================================
    audit - finding what two tables do not share, and mending it

    Two servers whose roots differ go down their digests together.  Each line
    that one sends, a clue of audit/clue, makes the other look at its own table
    and answer for what differs:

        NODE    for each child that differs its NODE, or where the digest ends
                its LEAF; or its NODE all the same if it has too many records
        LEAF    PUT what is here and not there, WANT what is there and not here
        WANT    PUT these records

    PUT is AT lines.  Neither keeps a session: what is lost, or changes
    meanwhile, is found by the next audit.  Nor does it keep answers: lines wait
    as they came until the peer can take the answer, which is then found
    in the table, so many records a call.  What waits is bounded, what is more
    is left to the next audit, and no call does more than a little.

    Section 4.7 of docs/protocol.md.
    =========================================================================
*/

#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "table/table.h"
#include "wire/message.h"

//  The peer's lines that may wait, in words of 8 bytes, which are about as
//  many as codes.
#define AUDIT_WAITING_MAX ((size_t) 1 << 19)

//  A call ends when it has looked at so many records, and is through with the
//  line it is at, or has looked at so many for that alone.
#define AUDIT_LOOKS_MAX 2048

typedef struct audit_t audit_t;

//  Make an audit between the table, which is borrowed, and one peer's.
//  Never returns NULL.
audit_t *
audit_new (table_t *table);

//  Free the audit and set *self_p to NULL.
void
audit_destroy (audit_t **self_p);

//  Begin at the root.
void
audit_begin (audit_t *self);

//  Forget all that waits.
void
audit_clear (audit_t *self);

//  Take the body of a NODE, LEAF or WANT.  Lines that make no sense are passed
//  over, and counted in the result.  Lines for which there is no room, and all
//  behind them, are passed over too.
size_t
audit_receive (audit_t *self, message_kind_t kind, span_t body);

//  Go on answering, and write the body of the next message to the buffer of
//  MESSAGE_BODY_SIZE_MAX bytes, and its kind to *kind.  Returns its size; or 0
//  if there is nothing to be said, or not yet.
size_t
audit_next (audit_t *self, message_kind_t *kind, char *buffer);

//  Return true if audit_next has something to do.
bool
audit_has_next (const audit_t *self);

//  Return true if something had to be left to the next audit since this one
//  began: its end does not tell that both have the same.
bool
audit_left_out (const audit_t *self);

#endif
