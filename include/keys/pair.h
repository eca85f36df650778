/*  =========================================================================
    pair - a server's own keys, public and secret: NAME.secret

    The file is a CURVE certificate as CZMQ's zcert writes and reads it.
    =========================================================================
*/

#ifndef KEYS_PAIR_H
#define KEYS_PAIR_H

#include "keys/folder.h"

typedef struct {
    char public [KEYS_STRING_SIZE];  //  Z85
    char secret [KEYS_STRING_SIZE];  //
} pair_t;

//  Make a new pair.
void
pair_make (pair_t *self);

//  Read the pair of a file, which must be ours alone.  Returns false after a
//  line on standard error.
bool
pair_read (pair_t *self, const char *path);

//  Write the pair, as folder_write does.
bool
pair_write (const pair_t *self, int folder, const char *path);

//  Wipe the pair.
void
pair_wipe (pair_t *self);

#endif
