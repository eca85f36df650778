/*  =========================================================================
    tokens - who may use the HTTP port, and for what

    A file of tokens has a line for each, and comments that begin with "#":

        jane write HASH owntracks/jane/
        map read HASH

    Whoever has jane's token may say where clients are whose IDs begin with
    owntracks/jane/; without that at its end, where any is.  Whoever has map's
    may ask where all are.  A token is known by its hash, so the file tells
    nobody one; it must be our own all the same, and closed to others.
    =========================================================================
*/

#ifndef TOKENS_TOKENS_H
#define TOKENS_TOKENS_H

#include "base/span.h"

//  Tokens in a file, at most.
#define TOKENS_MAX 1000

//  The longest prefix, as the longest ID.
#define TOKENS_PREFIX_SIZE_MAX 1024

//  Bytes of a hash, and room for its text, with a NUL.
#define TOKENS_HASH_SIZE 32
#define TOKENS_HASH_TEXT_SIZE (2 * TOKENS_HASH_SIZE + 1)

typedef struct {
    char name [SPAN_NAME_SIZE_MAX + 1];
    bool writes;   //  It may say; else ask
    char *prefix;  //  Of the IDs that it may say something of
    unsigned char hash [TOKENS_HASH_SIZE];
} token_t;

typedef struct tokens_t tokens_t;

//  Read the file.  Returns NULL after one line on standard error, "zherd: FILE:
//  KEY: reason", if anything is wrong with it.
tokens_t *
tokens_new (const char *file);

//  Free all and set *self_p to NULL.
void
tokens_destroy (tokens_t **self_p);

//  Return how many there are, and the one at the index; good as long as self.
size_t
tokens_count (const tokens_t *self);
const token_t *
tokens_at (const tokens_t *self, size_t index);

//  Return the index of the token whose secret it is, and whose name, unless
//  that is empty; or -1.  It takes as long whichever it is.
int
tokens_find (const tokens_t *self, span_t name, span_t secret);

//  Return true if it may say something of that client.
bool
tokens_permits (const token_t *token, span_t client);

//  Write the hash of a secret.
void
tokens_hash (span_t secret, unsigned char hash [TOKENS_HASH_SIZE]);

#endif
