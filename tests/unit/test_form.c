/*  =========================================================================
    test_form - the names and values of a query or a form
    =========================================================================
*/

#include "unit/spans.h"

#include "reports/form.h"

#include <string.h>


static void
pairs_stand_between_ampersands (void **state)
{
    static const struct {
        const char *text;
        const char *pairs;
    } rows [] = {
        {"", ""},
        {"&&&", ""},
        {"a=1", "a>1;"},
        {"a=1&b=2", "a>1;b>2;"},
        {"&a=1&&b=2&", "a>1;b>2;"},
        {"a", "a>;"},
        {"a=", "a>;"},
        {"=1", ">1;"},
        {"=", ">;"},
        {"a=b=c&d;e=f", "a>b=c;d;e>f;"},
        {"a%26b=%3D&c", "a%26b>%3D;c>;"},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        span_t rest = span_of (rows [index].text);
        span_t name;
        span_t value;
        char pairs [64] = "";
        char *to = pairs;
        while (form_next (&rest, &name, &value)) {
            to = spans_write (to, name);
            *to++ = '>';
            to = spans_write (to, value);
            *to++ = ';';
        }
        assert_text (
            ((span_t){pairs, (size_t) (to - pairs)}), rows [index].pairs);
    }
}


static void
escapes_are_bytes_and_a_plus_is_a_blank (void **state)
{
    static const struct {
        span_t text;
        span_t decoded;
        span_t of_path;
    } rows [] = {
        {BYTES ("a+b%20c"), BYTES ("a b c"), BYTES ("a+b c")},
        {BYTES ("%2B%2b%26%3D"), BYTES ("++&="), BYTES ("++&=")},
        {BYTES ("%00%ff%FF"), BYTES ("\0\xFF\xFF"), BYTES ("\0\xFF\xFF")},
        {BYTES ("%"), BYTES ("%"), BYTES ("%")},
        {BYTES ("%4"), BYTES ("%4"), BYTES ("%4")},
        {BYTES ("%41"), BYTES ("A"), BYTES ("A")},
        {BYTES ("%4g%g4%%41"), BYTES ("%4g%g4%A"), BYTES ("%4g%g4%A")},
        {BYTES ("%2541"), BYTES ("%41"), BYTES ("%41")},
        {BYTES (""), BYTES (""), BYTES ("")},
    };
    char buffer [32];
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        size_t size = form_decode (rows [index].text, buffer);
        assert_span (((span_t){buffer, size}), rows [index].decoded);
        size = form_decode_path (rows [index].text, buffer);
        assert_span (((span_t){buffer, size}), rows [index].of_path);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (pairs_stand_between_ampersands),
        cmocka_unit_test (escapes_are_bytes_and_a_plus_is_a_blank),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
