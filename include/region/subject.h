/*  =========================================================================
    subject - a client's ID as one token of a NATS subject

    A token may hold neither "." nor "*" nor ">" nor blanks, which an ID may.
    Letters, digits, "-" and "_" stand for themselves, every other byte is "="
    and two upper-case hexadecimal digits: "kiwi=2Ecs=2Eucla=2Eedu".  For an ID
    of more than SUBJECT_CLIENT_SIZE_MAX bytes stands its hash, as a line of
    NATS' protocol is limited: "==" and the 64 digits of its BLAKE2b of 32
    bytes.  So an ID has one token, and a token one ID.
    =========================================================================
*/

#ifndef REGION_SUBJECT_H
#define REGION_SUBJECT_H

#include "base/span.h"

//  The longest ID that is written out.
#define SUBJECT_CLIENT_SIZE_MAX 200

//  The longest token.
#define SUBJECT_TOKEN_SIZE_MAX ((size_t) 3 * SUBJECT_CLIENT_SIZE_MAX)

//  Write the token of the ID, which is not empty, to the buffer, which has
//  SUBJECT_TOKEN_SIZE_MAX bytes.  Returns its size.
size_t
subject_print (span_t client, char *buffer);

//  Return true if the token is that of the ID.
bool
subject_is_of (span_t token, span_t client);

//  Return true if a region can have the name: as span_is_name has it, without
//  "." and of at most SUBJECT_REGION_SIZE_MAX bytes.
#define SUBJECT_REGION_SIZE_MAX 32
bool
subject_is_region (span_t name);

#endif
