/*  =========================================================================
    test_notices - which notices are logged, and which are left out

    Notices of several kinds at times of our choice.
    =========================================================================
*/

#include "log/notices.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stddef.h>
#include <cmocka.h>

#define MINUTE NOTICES_EVERY_MS

#define ONE NOTICE_LOADED
#define OTHER NOTICE_TWIN


static bool
s_take (notices_t *self, notice_t kind, const char *text, int64_t clock_ms)
{
    return notices_take (self, kind, span_of (text), clock_ms);
}


//  The one that is next is this, and the last of so many

static void
s_check_next (notices_t *self, int64_t clock_ms, const char *expected,
    uint64_t expected_count)
{
    notice_t notice = NOTICE_LOADED;
    span_t text = {"", 0};
    uint64_t count = notices_next (self, clock_ms, &notice, &text);
    assert_true (span_equal (text, span_of (expected)));
    assert_int_equal (count, expected_count);
    assert_int_equal (notice, ONE);
}


static void
s_use_up (notices_t *self, notice_t kind, int64_t clock_ms)
{
    for (int count = 0; count < NOTICES_AT_ONCE; count++)
        assert_true (s_take (self, kind, "first", clock_ms));
    assert_false (s_take (self, kind, "left out", clock_ms));
}


static void
of_one_kind_few_are_logged_at_once (void **state)
{
    (void) state;
    notices_t notices = {0};
    s_use_up (&notices, ONE, 1000);
    s_use_up (&notices, OTHER, 1000);
    s_check_next (&notices, 1000, "", 0);
}


//  Of a hundred thousand a second the log has one a minute, and nothing of them
//  is kept secret

static void
then_one_a_minute_tells_of_all_that_were_left_out (void **state)
{
    (void) state;
    notices_t notices = {0};
    s_use_up (&notices, ONE, 0);
    s_check_next (&notices, MINUTE - 1, "", 0);
    assert_false (s_take (&notices, ONE, "latest", MINUTE - 1));
    s_check_next (&notices, MINUTE, "latest", 2);
    s_check_next (&notices, MINUTE, "", 0);
    uint64_t told = 0;
    for (int64_t clock_ms = MINUTE; clock_ms < 11 * MINUTE; clock_ms++) {
        notice_t notice;
        span_t text;
        assert_false (s_take (&notices, ONE, "more", clock_ms));
        told += notices_next (&notices, clock_ms, &notice, &text);
    }
    assert_int_equal (told, 9 * MINUTE + 1);
    s_check_next (&notices, INT64_MAX, "more", MINUTE - 1);
}


//  What is left out comes before what is new, though both may be logged by now

static void
order_is_kept (void **state)
{
    (void) state;
    notices_t notices = {0};
    s_use_up (&notices, ONE, 0);
    assert_false (s_take (&notices, ONE, "new", 3 * MINUTE));
    s_check_next (&notices, 3 * MINUTE, "new", 2);
    assert_true (s_take (&notices, ONE, "newer", 3 * MINUTE));
}


static void
a_kind_that_was_quiet_has_all_its_few_again (void **state)
{
    (void) state;
    notices_t notices = {0};
    s_use_up (&notices, ONE, -1000000);
    s_check_next (&notices, 0, "left out", 1);
    s_use_up (&notices, ONE, NOTICES_AT_ONCE * MINUTE);
}


static void
a_long_text_is_kept_in_part (void **state)
{
    (void) state;
    notices_t notices = {0};
    char text [NOTICES_TEXT_SIZE_MAX + 100];
    memset (text, 'x', sizeof (text));
    s_use_up (&notices, ONE, 0);
    notices_take (&notices, ONE, (span_t){text, sizeof (text)}, 0);
    notice_t notice;
    span_t kept;
    assert_int_equal (notices_next (&notices, MINUTE, &notice, &kept), 2);
    assert_int_equal (kept.size, NOTICES_TEXT_SIZE_MAX);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (of_one_kind_few_are_logged_at_once),
        cmocka_unit_test (then_one_a_minute_tells_of_all_that_were_left_out),
        cmocka_unit_test (order_is_kept),
        cmocka_unit_test (a_kind_that_was_quiet_has_all_its_few_again),
        cmocka_unit_test (a_long_text_is_kept_in_part),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
