/*  =========================================================================
    test_pieces - a provider's JSON, read piece by piece

    What jansson reads whole is read so; what it refuses for one piece is that
    without the piece.
    =========================================================================
*/

#include "providers/pieces.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>


//  The text is read as this, or as nothing if that is NULL.  What is behind its
//  end is not read

static void
s_check (const char *text, const char *expected)
{
    span_t span = span_of (text);
    char *copy = malloc (span.size ? span.size : 1);
    assert_non_null (copy);
    for (size_t at = 0; at < span.size; at++)
        copy [at] = text [at];
    json_t *json = pieces_read ((span_t){copy, span.size}, "list");
    char *found = json ? json_dumps (json, JSON_COMPACT) : NULL;
    if (expected && found)
        assert_string_equal (found, expected);
    else if (expected || found)
        fail_msg ("%s is %s, not %s", text, found, expected);
    free (found);
    json_decref (json);
    free (copy);
}


static void
what_is_good_is_read_whole (void **state)
{
    static const char *const texts [] = {"{}", "{\"list\":[]}", "{\"list\":7}",
        "{\"list\":{\"list\":[1]}}", "{\"a\":1,\"list\":[1,{\"b\":[]},[[]]]}",
        "{\"list\":[\"]\",\"}\",\"\\\"\",\"\\\\\",\",\"],\"z\":[1,2]}",
        "{\"other\":[1,2,[3]],\"list\":[null,true,1.5,-2]}"};
    (void) state;
    for (size_t at = 0; at < sizeof (texts) / sizeof (*texts); at++)
        s_check (texts [at], texts [at]);
    s_check (" \n{ \"list\" : [ 1 ,\t2 ] , \"a\" : { } }\r\n ",
        "{\"list\":[1,2],\"a\":{}}");
    s_check ("{\"l\\u0069st\":[\"\\ud83c\",1]}", "{\"list\":[1]}");
}


static void
a_bad_element_is_left_out (void **state)
{
    static const char *const bad [] = {"\"\\ud83c\"", "{\"a\":[\"\\udf4b\"]}",
        "9223372036854775808", "[-9223372036854775809]", "{\"id\":1e999}",
        "\"\\u0000\"", "\"\xff\"", "\"\n\"", "{\"a\":1,\"a\":2}", "what", "01",
        "{\"a\":}", "1 2", "\"\\x\""};
    (void) state;
    for (size_t at = 0; at < sizeof (bad) / sizeof (*bad); at++) {
        char text [128];
        snprintf (text, sizeof (text), "{\"list\":[%s,1,%s,{},%s],\"a\":2}",
            bad [at], bad [at], bad [at]);
        s_check (text, "{\"list\":[1,{}],\"a\":2}");
        snprintf (text, sizeof (text), "{\"a\":%s,\"list\":[1]}", bad [at]);
        s_check (text, "{\"a\":null,\"list\":[1]}");
        snprintf (text, sizeof (text), "{\"list\":[%s]}", bad [at]);
        s_check (text, NULL);
    }
    s_check ("{\"\\ud83c\":1,\"list\":[1]}", "{\"list\":[1]}");
}


static void
what_is_no_object_is_nothing (void **state)
{
    static const char *const texts [] = {"", " ", "{", "}", "[]", "1", "\"a\"",
        "{\"list\"", "{\"list\":", "{\"list\":[", "{\"list\":[1",
        "{\"list\":[1,", "{\"list\":[1]", "{\"list\":[1,]}", "{\"list\":[,1]}",
        "{\"list\":[1}", "{\"list\":[1]]", "{\"list\":[1]}}", "{\"list\":[1]},",
        "{,}", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"list\":[\"a]}",
        "{\"list\":[{\"a\":[}]}", "{\"list\":[\"\\",
        "{\"list\":[],\"list\":[]}", "{\"a\":1,\"a\":1}", "<html></html>"};
    (void) state;
    for (size_t at = 0; at < sizeof (texts) / sizeof (*texts); at++)
        s_check (texts [at], NULL);
    assert_null (pieces_read ((span_t){NULL, 0}, "list"));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (what_is_good_is_read_whole),
        cmocka_unit_test (a_bad_element_is_left_out),
        cmocka_unit_test (what_is_no_object_is_nothing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
