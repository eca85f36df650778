/*  =========================================================================
    test_subject - a client's ID as one token of a NATS subject
    =========================================================================
*/

#include "unit/chance.h"

#include "region/subject.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define COUNT(array) (sizeof (array) / sizeof ((array) [0]))

//  Read the ID of a token that is none of a hash, as readers of a stream may,
//  to the buffer.  Returns its size

static size_t
s_read (span_t token, char *client)
{
    size_t size = 0;
    for (size_t at = 0; at < token.size; at++) {
        unsigned byte = (unsigned char) token.data [at];
        if (byte == '=') {
            char hex [3] = {token.data [at + 1], token.data [at + 2], 0};
            byte = (unsigned) strtoul (hex, NULL, 16);
            at += 2;
        }
        client [size++] = (char) (unsigned char) byte;
    }
    return size;
}


static void
an_id_is_written_so (void **state)
{
    (void) state;
    static const struct {
        const char *client, *token;
    } rows [] = {{"kiwi.cs.ucla.edu", "kiwi=2Ecs=2Eucla=2Eedu"}, {"*", "=2A"},
        {">", "=3E"}, {".", "=2E"}, {"=", "=3D"},
        {"owntracks/bob/phone", "owntracks=2Fbob=2Fphone"},
        {"\x01\x7f\xff", "=01=7F=FF"}, {"A-z_09", "A-z_09"}, {"%41", "=2541"}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        char token [SUBJECT_TOKEN_SIZE_MAX];
        size_t size = subject_print (span_of (rows [row].client), token);
        assert_int_equal (size, strlen (rows [row].token));
        assert_memory_equal (token, rows [row].token, size);
    }
}


//  Nothing that would end a token, or the line that it stands in

static bool
s_is_safe (const char *token, size_t size)
{
    for (size_t at = 0; at < size; at++)
        if (token [at] <= ' ' || token [at] > '~' || strchr (".*>", token [at]))
            return false;
    return size && size <= SUBJECT_TOKEN_SIZE_MAX;
}


static void
any_bytes_come_back_and_no_token_breaks_a_subject (void **state)
{
    (void) state;
    chance_t chance = chance_new (19);
    for (int round = 0; round < 3000; round++) {
        char client [SUBJECT_CLIENT_SIZE_MAX], token [SUBJECT_TOKEN_SIZE_MAX];
        char back [SUBJECT_CLIENT_SIZE_MAX];
        size_t size = 1 + chance_below (&chance, sizeof client);
        for (size_t at = 0; at < size; at++)
            client [at] = (char) (unsigned char) chance_below (&chance, 256);
        span_t id = {client, size};
        span_t written = {token, subject_print (id, token)};
        assert_true (s_is_safe (token, written.size));
        assert_true (subject_is_of (written, id));
        assert_int_equal (s_read (written, back), size);
        assert_memory_equal (back, client, size);
    }
}


static void
a_long_id_has_its_hash (void **state)
{
    (void) state;
    char client [1024], token [SUBJECT_TOKEN_SIZE_MAX];
    char other [SUBJECT_TOKEN_SIZE_MAX];
    memset (client, '.', sizeof client);
    span_t longest = {client, SUBJECT_CLIENT_SIZE_MAX};
    assert_int_equal (subject_print (longest, token), SUBJECT_TOKEN_SIZE_MAX);
    for (size_t size = SUBJECT_CLIENT_SIZE_MAX + 1; size <= sizeof client;
         size++) {
        span_t id = {client, size};
        span_t written = {token, subject_print (id, token)};
        assert_int_equal (written.size, 66);
        assert_memory_equal (token, "==", 2);
        assert_true (s_is_safe (token, written.size));
        assert_true (subject_is_of (written, id));
        assert_false (subject_is_of (written, (span_t){client, size - 1}));
    }
    //  BLAKE2b of 201 points
    size_t size = subject_print ((span_t){client, 201}, token);
    size_t again = subject_print ((span_t){client, 201}, other);
    assert_int_equal (size, again);
    assert_memory_equal (token, other, size);
}


static void
a_region_has_a_name_without_points (void **state)
{
    (void) state;
    assert_true (subject_is_region (span_of ("eu-west_1")));
    assert_true (
        subject_is_region (span_of ("12345678901234567890123456789012")));
    static const char *const bad [] = {"", "a.b", "-a", "a*", ">", "a b",
        "123456789012345678901234567890123", "\xc3\xa9", "$JS"};
    for (size_t row = 0; row < COUNT (bad); row++)
        assert_false (subject_is_region (span_of (bad [row])));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (an_id_is_written_so),
        cmocka_unit_test (any_bytes_come_back_and_no_token_breaks_a_subject),
        cmocka_unit_test (a_long_id_has_its_hash),
        cmocka_unit_test (a_region_has_a_name_without_points),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
