/*  =========================================================================
    key - what all hashes of a herd depend on

    Servers of another herd, or without its secret, can neither speak to ours
    nor guess where a client stands in our tables.

    Section 4.3 of docs/protocol.md.
    =========================================================================
*/

#ifndef BASE_KEY_H
#define BASE_KEY_H

#include "base/span.h"

#define KEY_SIZE 16

//  Make the herd's key, of KEY_SIZE bytes, of its name and secret.
void
key_make (unsigned char *key, const char *herd, const char *secret);

//  Return the hash of the text under the key: SipHash-2-4, whose bytes are the
//  number from the lowest on, on every machine.
uint64_t
key_hash (const unsigned char *key, span_t text);

//  Return the number that stands for the herd's name in messages.
uint64_t
key_herd (const unsigned char *key, const char *herd);

#endif
