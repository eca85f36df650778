/*  =========================================================================
    keys - by which servers know each other

    What one server needs of a folder of keys: its own pair, the public keys of
    the peers it has a link to, and the herd's key.  All are in Z85.
    =========================================================================
*/

#ifndef KEYS_KEYS_H
#define KEYS_KEYS_H

#include "config/config.h"

#include <stdbool.h>

//  Bytes of a key, of it in Z85, and of that as a string
#define KEYS_SIZE 32
#define KEYS_TEXT_SIZE 40
#define KEYS_STRING_SIZE (KEYS_TEXT_SIZE + 1)

//  Keys of a server at once.
#define KEYS_MAX 2

typedef struct keys_t keys_t;

typedef struct {
    const char *folder;        //
    const char *server;        //  Whose pair is ours
    const char *const *peers;  //  Names of those with a link to it
    unsigned peer_count;       //
} keys_options_t;

//  Read the folder.  Returns NULL after one line on standard error, "zherd:
//  FILE: KEY: reason", if anything in it is wrong, missing, or open to others.
//  That a peer has no key is no error.
keys_t *
keys_new (const keys_options_t *options);

//  Read the folder that the config names, for its server at the index, into
//  *self_p; that is NULL if it names none.  Returns false like keys_new.
bool
keys_read (keys_t **self_p, const config_t *config, size_t server);

//  Wipe and free the keys, and set *self_p to NULL.
void
keys_destroy (keys_t **self_p);

//  Return our own keys, and the herd's; good as long as self.
const char *
keys_public (const keys_t *self);
const char *
keys_secret (const keys_t *self);
const char *
keys_herd (const keys_t *self);

//  Return the public key to try for the peer at the attempt, counted from 0:
//  the newest, then its others in turn.  NULL if it has none.
const char *
keys_of (const keys_t *self, const char *peer, unsigned attempt);

//  Return the name of the peer whose key it is, or NULL; good as long as self.
const char *
keys_owner (const keys_t *self, const char *key);

//  Return true if the key is the peer's.
bool
keys_has (const keys_t *self, const char *peer, const char *key);

#endif
