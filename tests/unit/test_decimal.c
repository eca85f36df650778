/*  =========================================================================
    test_decimal - exact decimal fractions as whole numbers

    Tables of texts and numbers, good and bad.
    =========================================================================
*/

#include "base/decimal.h"

#include <czmq.h>

#include <setjmp.h>
#include <cmocka.h>


static void
s_reads (const char *text, int64_t number)
{
    int64_t got = -1;
    assert_true (decimal_read (span_of (text), 7, 900000000, &got));
    assert_int_equal (got, number);
}


static void
s_refuses (const char *text)
{
    int64_t got = 42;
    assert_false (decimal_read (span_of (text), 7, 900000000, &got));
    assert_int_equal (got, 42);
}


static void
fractions_are_read_exactly (void **state)
{
    (void) state;
    s_reads ("0", 0);
    s_reads ("-0", 0);
    s_reads ("34.068930", 340689300);
    s_reads ("+34.06893", 340689300);
    s_reads ("-34.06893", -340689300);
    s_reads ("0.1", 1000000);
    s_reads ("0.0000001", 1);
    s_reads ("00000000000000000000090", 900000000);
}


static void
digits_beyond_the_places_count_for_nothing (void **state)
{
    (void) state;
    s_reads ("0.00000019", 1);
    s_reads ("-0.00000019", -1);
    s_reads ("89.99999999999999999999999999999999", 899999999);
}


static void
more_than_max_is_refused (void **state)
{
    (void) state;
    s_reads ("90", 900000000);
    s_reads ("-90", -900000000);
    s_refuses ("90.0000001");
    s_refuses ("-90.0000001");
    s_refuses ("91");
    s_refuses ("18446744073709551616");
    s_refuses ("99999999999999999999999999999999999999999");
    int64_t number = 0;
    assert_true (decimal_read (span_of ("5"), 0, 5, &number));
    assert_false (decimal_read (span_of ("6"), 0, 5, &number));
    assert_int_equal (number, 5);
}


static void
anything_else_is_refused (void **state)
{
    static const char *const texts [] = {"", "+", "-", ".", ".5", "5.", "+.5",
        "--5", "+-5", " 5", "5 ", "5,0", "1.2.3", "1e1", "0x10", "nan", "inf",
        "infinity", "NAN(1)", "5m", "\xd9\xa5", "5\n"};
    (void) state;
    for (size_t index = 0; index < sizeof (texts) / sizeof (*texts); index++)
        s_refuses (texts [index]);
    int64_t number;
    assert_false (decimal_read ((span_t){"5\0", 2}, 7, 900000000, &number));
}


static void
numbers_are_written_without_needless_zeros (void **state)
{
    char text [DECIMAL_SIZE];
    (void) state;
    assert_string_equal (decimal_write (text, 0, 7), "0");
    assert_string_equal (decimal_write (text, 340689300, 7), "34.06893");
    assert_string_equal (decimal_write (text, -340000000, 7), "-34");
    assert_string_equal (decimal_write (text, -1, 7), "-0.0000001");
    assert_string_equal (decimal_write (text, 1200, 0), "1200");
    assert_string_equal (
        decimal_write (text, INT64_MIN, 18), "-9.223372036854775808");
}


static void
a_plain_number_has_no_sign_and_counts_to_its_end (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        int64_t number;
    } rows [] = {{"0", 0}, {"5.9999", 59}, {"50.0000", 500}, {"49.99", 499},
        {"50.01", -1}, {"50.0000000000000000000000001", -1}, {"50.1", -1},
        {"+5", -1}, {"-5", -1}, {"", -1}, {".", -1}, {".5", -1}, {"5.", -1},
        {"5.5.", -1}, {"5.5x", -1}, {"1e1", -1}};
    for (size_t row = 0; row < sizeof (rows) / sizeof (rows [0]); row++) {
        int64_t number = -1;
        assert_int_equal (
            decimal_read_plain (span_of (rows [row].text), 1, 500, &number),
            rows [row].number >= 0);
        assert_int_equal (number, rows [row].number);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (fractions_are_read_exactly),
        cmocka_unit_test (digits_beyond_the_places_count_for_nothing),
        cmocka_unit_test (more_than_max_is_refused),
        cmocka_unit_test (anything_else_is_refused),
        cmocka_unit_test (a_plain_number_has_no_sign_and_counts_to_its_end),
        cmocka_unit_test (numbers_are_written_without_needless_zeros),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
