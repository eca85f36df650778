/*  =========================================================================
    audit - finding what two tables do not share, and mending it

    Two servers whose roots differ go down their digests together.  Each line
    that one sends makes the other look at its own table and answer for what
    differs, so neither keeps a session: what is lost, or changes meanwhile, is
    found by the next audit.  The bodies of messages, a line each:

        NODE  prefix sums      16 sums below the prefix: look at yours
        LEAF  prefix checks    all records that I have in this leaf
        WANT  prefix checks    send me these
        PUT   AT line          a record, outside the stream

    A prefix is the first hexadecimal digits of hashes, "-" for none; sums and
    checks are 48 bits as 8 letters of base64url (RFC 4648), run together.
    =========================================================================
*/

#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/atlas.h"
#include "core/message.h"

//  What may wait to be said of each kind of line; more is left to the next
//  audit.
#define AUDIT_WAITING_MAX 65536

typedef struct audit_t audit_t;

//  Make an audit between the atlas, which is borrowed, and one neighbour's.
//  Never returns NULL.
audit_t *
audit_new (atlas_t *atlas);

//  Free the audit and set *self_p to NULL.
void
audit_destroy (audit_t **self_p);

//  Begin at the root.
void
audit_begin (audit_t *self);

//  Forget all that waits to be said.
void
audit_clear (audit_t *self);

//  Take the body of a NODE, LEAF or WANT; depth is the smaller of both
//  digests'.  Lines that make no sense are passed over, and counted in the
//  result.
size_t
audit_receive (audit_t *self, message_kind_t kind, span_t body, unsigned depth);

//  Write the body of the next message to the buffer of MESSAGE_BODY_SIZE_MAX
//  bytes, and its kind to *kind.  Returns its size, 0 if there is nothing to be
//  said.
size_t
audit_next (audit_t *self, message_kind_t *kind, char *buffer);

//  Return true if audit_next may have something.
bool
audit_has_next (const audit_t *self);

#endif
