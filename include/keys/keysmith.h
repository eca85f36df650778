/*  =========================================================================
    keysmith - makes and changes the keys of a herd

    A folder holds NAME.secret for each server, herd.pub with all public keys,
    and herd.key, which the whole herd shares.  A machine needs NAME.secret of
    its own servers alone, and both others.  What is there is never replaced
    unless that is asked for.  Each change is told in a line on standard output;
    what is wrong in one line on standard error, "zherd: FILE: KEY: reason".
    =========================================================================
*/

#ifndef KEYS_KEYSMITH_H
#define KEYS_KEYSMITH_H

#include <stdbool.h>
#include <stddef.h>

//  Make the folder, and in it what is missing for these servers, at most 64.  A
//  server that has a public key has its secret elsewhere, if not here.
bool
keysmith_make (
    const char *folder, const char *const *servers, size_t server_count);

//  Make the server a new pair.  Peers that have read the folder accept both its
//  keys, until keysmith_retire.
bool
keysmith_rotate (const char *folder, const char *server);

//  Take from the server all public keys but the one of its secret, which must
//  be there.
bool
keysmith_retire (const char *folder, const char *server);

#endif
