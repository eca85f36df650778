/*  =========================================================================
    test_digits - decimal digits, several at a time

    Against the C library's own printing, at all sizes and around all borders
    of eight.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "base/digits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>


//  At whatever byte the digits end, and whatever stands behind them

static void
digits_are_counted_up_to_the_first_other_byte (void **state)
{
    (void) state;
    for (size_t digits = 0; digits < 40; digits++)
        for (int other = 0; other < 256; other++) {
            char text [48];
            memset (text, '0' + (char) (digits % 10), sizeof (text));
            text [digits] = (char) other;
            bool digit = other >= '0' && other <= '9';
            span_t all = {text, sizeof (text)};
            assert_int_equal (
                digits_count (all), digit ? sizeof (text) : digits);
        }
}


static void
digits_are_counted_to_the_end (void **state)
{
    (void) state;
    static const char text [] = "12345678901234567890";
    for (size_t size = 0; size < sizeof (text) - 1; size++)
        assert_int_equal (digits_count ((span_t){text, size}), size);
}


static void
up_to_18_digits_make_a_number (void **state)
{
    (void) state;
    chance_t chance = chance_new (10);
    for (size_t count = 0; count <= 18; count++)
        for (int round = 0; round < 200; round++) {
            char text [24] = "";
            uint64_t number = 0;
            for (size_t at = 0; at < count; at++) {
                text [at] = (char) ('0' + chance_below (&chance, 10));
                number = number * 10 + (uint64_t) (text [at] - '0');
            }
            assert_true (digits_value (text, count) == number);
        }
}


//  Whatever stands behind them, and though that is the end

static void
the_first_digits_are_read_and_all_counted (void **state)
{
    (void) state;
    static const char text [] = "1234567890123456789012345";
    for (size_t size = 0; size < sizeof (text); size++)
        for (size_t max = 0; max <= 18; max++)
            for (size_t more = 0; more < 20; more++) {
                char all [64];
                uint64_t number;
                memcpy (all, text, size);
                memset (all + size, "/:-.\xff" [more % 5], more);
                size_t used = size < max ? size : max;
                assert_int_equal (
                    digits_read ((span_t){all, size + more}, max, &number),
                    size);
                assert_true (number == digits_value (text, used));
            }
}


static void
a_number_has_as_many_digits_as_it_takes (void **state)
{
    (void) state;
    for (uint64_t number = 1; number <= UINT64_MAX / 10; number *= 10) {
        char text [24];
        for (uint64_t near = number - 1; near <= number + 1; near++)
            assert_int_equal (digits_size (near),
                snprintf (text, sizeof (text), "%" PRIu64, near));
    }
    assert_int_equal (digits_size (UINT64_MAX), 20);
}


static void
a_number_is_written_in_just_so_many_digits (void **state)
{
    (void) state;
    static const struct {
        uint64_t number;
        size_t count;
        const char *text;
    } rows [] = {{0, 1, "0"}, {7, 1, "7"}, {7, 9, "000000007"},
        {392014450, 9, "392014450"}, {12345, 3, "345"}, {0, 0, ""},
        {UINT64_MAX, 20, "18446744073709551615"}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        char text [24];
        char *end = digits_print (text, rows [row].number, rows [row].count);
        assert_text (((span_t){text, (size_t) (end - text)}), rows [row].text);
    }
}


static void
all_numbers_are_written_as_printf_does (void **state)
{
    (void) state;
    chance_t chance = chance_new (11);
    for (int round = 0; round < 100000; round++) {
        char text [24];
        char expected [24];
        uint64_t number = (uint64_t) chance_below (&chance, 100000000) *
                              chance_below (&chance, 100000000) +
                          chance_below (&chance, 100000000);
        int size =
            snprintf (expected, sizeof (expected), "%020" PRIu64, number);
        size_t count = chance_below (&chance, 21);
        digits_print (text, number, count);
        assert_memory_equal (text, expected + size - count, count);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (digits_are_counted_up_to_the_first_other_byte),
        cmocka_unit_test (digits_are_counted_to_the_end),
        cmocka_unit_test (up_to_18_digits_make_a_number),
        cmocka_unit_test (the_first_digits_are_read_and_all_counted),
        cmocka_unit_test (a_number_has_as_many_digits_as_it_takes),
        cmocka_unit_test (a_number_is_written_in_just_so_many_digits),
        cmocka_unit_test (all_numbers_are_written_as_printf_does),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
