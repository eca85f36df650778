/*  =========================================================================
    test_recent - the latest notices, for those who ask

    Notices go in; those that are there are compared.
    =========================================================================
*/

#include "log/recent.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define NOW ((instant_t){1479413884, 655887836})
#define KEY "key\"of\\places"


static int
s_new (void **state)
{
    *state = recent_new (KEY);
    return 0;
}


static int
s_destroy (void **state)
{
    recent_t *self = *state;
    recent_destroy (&self);
    assert_null (self);
    return 0;
}


static void
s_add (recent_t *self, const char *text)
{
    recent_add (self, NOW, NOTICE_TWIN, span_of (text), 3);
}


static void
the_newest_comes_first (void **state)
{
    recent_t *self = *state;
    assert_null (recent_at (self, 0));
    s_add (self, "one");
    s_add (self, "two\n\xFF");
    const recent_notice_t *newest = recent_at (self, 0);
    assert_string_equal (newest->text, "two\\n\\xff");
    assert_int_equal (newest->notice, NOTICE_TWIN);
    assert_int_equal (newest->count, 3);
    assert_int_equal (instant_compare (newest->time, NOW), 0);
    assert_string_equal (recent_at (self, 1)->text, "one");
    assert_null (recent_at (self, 2));
}


static void
the_oldest_make_room (void **state)
{
    recent_t *self = *state;
    char text [16];
    for (int number = 1; number <= 3 * RECENT_COUNT; number++) {
        snprintf (text, sizeof (text), "%d", number);
        s_add (self, text);
    }
    for (size_t index = 0; index < RECENT_COUNT; index++) {
        snprintf (
            text, sizeof (text), "%zu", (size_t) 3 * RECENT_COUNT - index);
        assert_string_equal (recent_at (self, index)->text, text);
    }
    assert_null (recent_at (self, RECENT_COUNT));
}


static void
a_long_text_is_cut_where_a_character_begins (void **state)
{
    recent_t *self = *state;
    char text [1024] = "";
    for (size_t at = 0; at + 3 < sizeof (text); at += 3)
        memcpy (text + at, "€", 4);
    s_add (self, text);
    const char *kept = recent_at (self, 0)->text;
    assert_int_equal (
        strlen (kept), RECENT_TEXT_SIZE_MAX - RECENT_TEXT_SIZE_MAX % 3);
    assert_memory_equal (kept, text, strlen (kept));
}


//  Nor does a part of one that the end of the text cuts

static void
no_text_holds_a_key (void **state)
{
    recent_t *self = *state;
    char text [1024];
    recent_hide (self, "other-key");
    recent_hide (self, NULL);
    s_add (self, "it said " KEY " and other-key");
    assert_string_equal (
        recent_at (self, 0)->text, "it said ************** and *********");
    for (size_t at = 0; at < sizeof (KEY); at++) {
        size_t before = RECENT_TEXT_SIZE_MAX - at;
        memset (text, 'x', before);
        memcpy (text + before, KEY, sizeof (KEY));
        s_add (self, text);
        assert_null (strpbrk (recent_at (self, 0)->text, "key\""));
    }
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (the_newest_comes_first),
        CASE (the_oldest_make_room),
        CASE (a_long_text_is_cut_where_a_character_begins),
        CASE (no_text_holds_a_key),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
