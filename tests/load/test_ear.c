/*  =========================================================================
    test_ear - what one listener is told
    =========================================================================
*/

#include "load/ear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\n"
#define STAMP "\"stamp\":\"1479413884.392014450\""


//  Hear the text in slices of that size.  Returns what was heard, a letter
//  each: begins, event, the same with a stamp, refused

static const char *
s_hear (const char *text, size_t slice)
{
    static char heard [40];
    ear_t ear = {.began = false};
    size_t count = 0;
    span_t rest = span_of (text);
    ear_result_t result = EAR_NOTHING;
    while (rest.size && result != EAR_REFUSED) {
        span_t bytes = {rest.data, rest.size < slice ? rest.size : slice};
        rest.data += bytes.size;
        rest.size -= bytes.size;
        int64_t stamp_ns;
        while ((result = ear_next (&ear, &bytes, &stamp_ns)) != EAR_NOTHING) {
            assert_true (count < sizeof heard - 1);
            if (result == EAR_EVENT)
                assert_true (
                    !stamp_ns || stamp_ns == INT64_C (1479413884392014450));
            heard [count] = stamp_ns ? 's' : 'e';
            if (result == EAR_BEGINS)
                heard [count] = 'b';
            else if (result == EAR_REFUSED)
                heard [count] = 'r';
            count++;
            if (result == EAR_REFUSED)
                break;
        }
    }
    heard [count] = '\0';
    ear_clear (&ear);
    return heard;
}


static void
events_are_told_in_any_slices (void **state)
{
    static const struct {
        const char *text;
        const char *heard;
    } rows [] = {
        {HEAD, "b"},
        {HEAD "retry: 2000\n\nid: x\nevent: reset\ndata: {\"inside\":1}\n\n"
              ":\n\nid: x\nevent: enter\ndata: {\"id\":\"a\"," STAMP "}\n\n",
            "bes"},
        {HEAD "{\"id\":\"a\"," STAMP "}\n\n{\"id\":\"b\"," STAMP "}\n", "bss"},
        {HEAD "{\"id\":\"a\",\"stamp\":\"now\"}\n", "be"},
        {HEAD "{" STAMP, "b"},
        {"HTTP/1.1 503 Service Unavailable\r\n\r\n", "r"},
        {"{" STAMP "}\n", "r"},
    };
    (void) state;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        for (size_t slice = 1; slice < 200; slice++)
            assert_string_equal (
                s_hear (rows [row].text, slice), rows [row].heard);
}


static void
a_line_without_an_end_is_refused (void **state)
{
    static char text [20000];
    (void) state;
    memcpy (text, HEAD, sizeof HEAD - 1);
    memset (text + sizeof HEAD - 1, 'x', sizeof text - sizeof HEAD);
    assert_string_equal (s_hear (text, 1000), "br");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (events_are_told_in_any_slices),
        cmocka_unit_test (a_line_without_an_end_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
