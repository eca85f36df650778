/*  =========================================================================
    crowd - clients that want one place in the table, and work counted
    =========================================================================
*/

#include "unit/crowd.h"

#include <string.h>

//  The linker is told --wrap=crypto_shorthash_siphash24: calls go to the first,
//  and the second is libsodium's
int
crowd_hash (unsigned char *hash, const unsigned char *text,
    unsigned long long size,
    const unsigned char *key) __asm__("__wrap_crypto_shorthash_siphash24");
int
crowd_library_hash (unsigned char *hash, const unsigned char *text,
    unsigned long long size,
    const unsigned char *key) __asm__("__real_crypto_shorthash_siphash24");

static size_t s_hashes;


//  Read as a little-endian number, the last bytes are the first bits

int
crowd_hash (unsigned char *hash, const unsigned char *text,
    unsigned long long size, const unsigned char *key)
{
    int result = crowd_library_hash (hash, text, size, key);
    s_hashes++;
    if (size >= strlen (CROWD) && memcmp (text, CROWD, strlen (CROWD)) == 0) {
        hash [7] = CROWD_LEAF >> 8;
        hash [6] = CROWD_LEAF & 0xff;
    }
    return result;
}


size_t
crowd_hashes (void)
{
    size_t hashes = s_hashes;
    s_hashes = 0;
    return hashes;
}
