/*  =========================================================================
    test_key - what all hashes of a herd depend on

    Against vectors that others have published, so that no machine reads its
    hashes in another order of bytes.
    =========================================================================
*/

#include "base/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>


//  SipHash's own: the key is 00 to 0f, the text the bytes from 00 on.  The
//  bytes of the last hash are e5 45 be 49 61 ca 29 a1.

static void
a_hash_is_siphash_read_little_endian (void **state)
{
    (void) state;
    unsigned char key [KEY_SIZE];
    char text [15];
    for (unsigned char at = 0; at < KEY_SIZE; at++)
        key [at] = at;
    for (char at = 0; at < 15; at++)
        text [(size_t) at] = at;
    assert_true (key_hash (key, (span_t){text, 0}) == 0x726fdb47dd0e0e31);
    assert_true (key_hash (key, (span_t){text, 1}) == 0x74f839c593dc67fd);
    assert_true (key_hash (key, (span_t){text, 15}) == 0xa129ca6149be45e5);
}


//  As docs/protocol.md has it: BLAKE2b of 16 bytes, of "herd", a NUL, "secret"

static void
a_herd_s_key_is_of_its_name_and_secret (void **state)
{
    (void) state;
    static const unsigned char expected [KEY_SIZE] = {0x1a, 0x84, 0x05, 0xe5,
        0xa9, 0x86, 0xb0, 0x7b, 0x6d, 0xca, 0x42, 0x46, 0x9d, 0xd3, 0x59, 0x76};
    unsigned char key [KEY_SIZE];
    key_make (key, "herd", "secret");
    assert_memory_equal (key, expected, KEY_SIZE);
    assert_true (key_herd (key, "herd") == key_hash (key, span_of ("herd")));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_hash_is_siphash_read_little_endian),
        cmocka_unit_test (a_herd_s_key_is_of_its_name_and_secret),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
