/*  =========================================================================
    test_base64num - numbers as few letters

    By example, by RFC 4648, and by writing and reading at random.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "base/base64num.h"

#include <sodium/utils.h>


static void
numbers_are_written_to_the_letter (void **state)
{
    (void) state;
    static const struct {
        uint64_t number;
        size_t size;
        const char *text;
    } rows [] = {{0, BASE64NUM_SIZE_64, "AAAAAAAAAAA"},
        {1, BASE64NUM_SIZE_64, "AAAAAAAAAAB"},
        {UINT64_MAX, BASE64NUM_SIZE_64, "P__________"},
        {0x0123456789abcdef, BASE64NUM_SIZE_64, "AEjRWeJq83v"},
        {0xfb, BASE64NUM_SIZE_64, "AAAAAAAAAD7"},
        {0, BASE64NUM_SIZE_48, "AAAAAAAA"},
        {0xffffffffffff, BASE64NUM_SIZE_48, "________"},
        {0xfbefbefbefbe, BASE64NUM_SIZE_48, "--------"},
        {0x00108310518b, BASE64NUM_SIZE_48, "ABCDEFGL"}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        char text [BASE64NUM_SIZE_64];
        uint64_t number = 7;
        char *end = base64num_print (text, rows [row].number, rows [row].size);
        assert_int_equal (end - text, rows [row].size);
        assert_span (
            ((span_t){text, rows [row].size}), span_of (rows [row].text));
        assert_true (base64num_parse (
            span_of (rows [row].text), rows [row].size, &number));
        assert_true (number == rows [row].number);
    }
}


//  Letters are the same, packing is not

static void
it_is_not_base64url (void **state)
{
    (void) state;
    static const unsigned char bytes [] = {
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    char text [BASE64NUM_SIZE_64 + 1];
    sodium_bin2base64 (text, sizeof (text), bytes, sizeof (bytes),
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    assert_string_equal (text, "ASNFZ4mrze8");
    *base64num_print (text, 0x0123456789abcdef, BASE64NUM_SIZE_64) = '\0';
    assert_string_equal (text, "AEjRWeJq83v");
}


static void
anything_else_is_no_number (void **state)
{
    (void) state;
    static const span_t rows [] = {BYTES (""), BYTES ("A"),
        BYTES ("AAAAAAAAAA"), BYTES ("AAAAAAAAAAAA"), BYTES ("AAAAAAAAAA="),
        BYTES ("AAAAAAAAAA+"), BYTES ("AAAAAAAAAA/"), BYTES (" AAAAAAAAAA"),
        BYTES ("AAAAAAAAAA "), BYTES ("AAAAA\0AAAAA"), BYTES ("AAAAAAAAAA\n"),
        BYTES ("\xff"
               "AAAAAAAAAA"),
        BYTES ("QAAAAAAAAAA"), BYTES ("___________")};
    for (size_t row = 0; row < COUNT (rows); row++) {
        uint64_t number = 7;
        assert_row (!base64num_parse (rows [row], BASE64NUM_SIZE_64, &number),
            rows [row].data);
        assert_int_equal (number, 7);
    }
    uint64_t number = 7;
    assert_false (
        base64num_parse ((span_t){NULL, 0}, BASE64NUM_SIZE_64, &number));
    assert_false (
        base64num_parse (SPAN ("AAAAAAAAAAA"), BASE64NUM_SIZE_48, &number));
    assert_false (
        base64num_parse (SPAN ("AAAAAAAA"), BASE64NUM_SIZE_64, &number));
    assert_int_equal (number, 7);
}


static void
every_number_is_read_as_it_was_written (void **state)
{
    (void) state;
    chance_t chance = chance_new (4648);
    for (int round = 0; round < 5000; round++) {
        char text [BASE64NUM_SIZE_64];
        uint64_t number = chance_next (&chance) >> chance_below (&chance, 64);
        uint64_t again = ~number;
        base64num_print (text, number, BASE64NUM_SIZE_64);
        assert_true (base64num_parse (
            (span_t){text, BASE64NUM_SIZE_64}, BASE64NUM_SIZE_64, &again));
        assert_true (again == number);
        number >>= 16;
        base64num_print (text, number, BASE64NUM_SIZE_48);
        assert_true (base64num_parse (
            (span_t){text, BASE64NUM_SIZE_48}, BASE64NUM_SIZE_48, &again));
        assert_true (again == number);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (numbers_are_written_to_the_letter),
        cmocka_unit_test (it_is_not_base64url),
        cmocka_unit_test (anything_else_is_no_number),
        cmocka_unit_test (every_number_is_read_as_it_was_written),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
