/*  =========================================================================
    key - what all hashes of a herd depend on
    =========================================================================
*/

#include "base/key.h"

#include <endian.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_shorthash.h>
#include <string.h>


void
key_make (unsigned char *key, const char *herd, const char *secret)
{
    crypto_generichash_state state;
    crypto_generichash_init (&state, NULL, 0, KEY_SIZE);
    crypto_generichash_update (
        &state, (const unsigned char *) herd, strlen (herd) + 1);
    crypto_generichash_update (
        &state, (const unsigned char *) secret, strlen (secret));
    crypto_generichash_final (&state, key, KEY_SIZE);
}


uint64_t
key_hash (const unsigned char *key, span_t text)
{
    uint64_t bytes;
    crypto_shorthash_siphash24 ((unsigned char *) &bytes,
        (const unsigned char *) text.data, text.size, key);
    return le64toh (bytes);
}


uint64_t
key_herd (const unsigned char *key, const char *herd)
{
    return key_hash (key, span_of (herd));
}
