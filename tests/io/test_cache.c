/*  =========================================================================
    test_cache - answers that may be kept for a while

    The clock is the test's: what is kept, for how long, and who goes first
    when there is no more room.
    =========================================================================
*/

#include "lookup/cache.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define TTL_MS 1000

//  Room for ten of these, and no more: each has its key and an overhead
#define BODY_SIZE 1000
#define SIZE_MAX_OF_TEN 11000


static int
s_new (void **state)
{
    *state = cache_new (SIZE_MAX_OF_TEN, TTL_MS);
    return 0;
}


static int
s_free (void **state)
{
    cache_t *self = *state;
    cache_destroy (&self);
    assert_null (self);
    cache_destroy (&self);
    return 0;
}


static void
s_put (cache_t *self, unsigned number, int64_t clock_ms)
{
    char key [16];
    char body [BODY_SIZE];
    snprintf (key, sizeof (key), "%u", number);
    memset (body, (int) ('a' + number % 26), sizeof (body));
    cache_put (self, key, (span_t){body, sizeof (body)}, clock_ms);
    memset (key, 'x', sizeof (key));
    memset (body, 'x', sizeof (body));
}


static bool
s_has (cache_t *self, unsigned number, int64_t clock_ms)
{
    char key [16];
    span_t body;
    snprintf (key, sizeof (key), "%u", number);
    if (!cache_find (self, key, clock_ms, &body))
        return false;
    assert_int_equal (body.size, BODY_SIZE);
    for (size_t at = 0; at < body.size; at++)
        assert_int_equal (body.data [at], 'a' + number % 26);
    return true;
}


static void
what_was_put_is_found (void **state)
{
    span_t body;
    assert_false (s_has (*state, 1, 0));
    s_put (*state, 1, 0);
    s_put (*state, 2, 0);
    assert_true (s_has (*state, 1, 0));
    assert_true (s_has (*state, 2, 0));
    assert_false (s_has (*state, 3, 0));
    assert_false (cache_find (*state, "", 0, &body));
}


static void
a_body_may_be_empty (void **state)
{
    span_t body = span_of ("something");
    cache_put (*state, "key", (span_t){NULL, 0}, 0);
    assert_true (cache_find (*state, "key", 0, &body));
    assert_int_equal (body.size, 0);
}


static void
a_new_body_stands_for_the_old_one (void **state)
{
    span_t body;
    cache_put (*state, "key", span_of ("old"), 0);
    cache_put (*state, "key", span_of ("newer"), TTL_MS - 1);
    assert_true (cache_find (*state, "key", 2 * TTL_MS - 2, &body));
    assert_true (span_equal (body, span_of ("newer")));
    for (int count = 0; count < 1000; count++)
        cache_put (*state, "key", span_of ("again"), 0);
    s_put (*state, 1, 0);
    assert_true (cache_find (*state, "key", 0, &body));
}


//  To the millisecond; being asked for does not make it younger

static void
it_is_kept_for_its_time (void **state)
{
    s_put (*state, 1, 500);
    assert_true (s_has (*state, 1, 500 + TTL_MS / 2));
    assert_true (s_has (*state, 1, 500 + TTL_MS - 1));
    assert_false (s_has (*state, 1, 500 + TTL_MS));
    assert_false (s_has (*state, 1, 500 + TTL_MS));
    s_put (*state, 1, 500 + TTL_MS);
    assert_true (s_has (*state, 1, 500 + TTL_MS));
}


//  A body is good until something is put, whatever is asked for meanwhile

static void
a_body_stays_while_others_are_asked_for (void **state)
{
    span_t body;
    cache_put (*state, "key", span_of ("a body"), 0);
    assert_true (cache_find (*state, "key", TTL_MS - 1, &body));
    span_t later;
    assert_false (cache_find (*state, "key", TTL_MS, &later));
    assert_true (span_equal (body, span_of ("a body")));
}


static void
who_was_not_asked_for_goes_first (void **state)
{
    for (unsigned number = 0; number < 10; number++)
        s_put (*state, number, 0);
    for (unsigned number = 0; number < 10; number++)
        assert_true (s_has (*state, number, 0));
    assert_true (s_has (*state, 0, 0));
    s_put (*state, 10, 0);
    assert_true (s_has (*state, 0, 0));
    assert_false (s_has (*state, 1, 0));
    for (unsigned number = 2; number <= 10; number++)
        assert_true (s_has (*state, number, 0));
    for (unsigned number = 100; number < 1000; number++)
        s_put (*state, number, 0);
    assert_false (s_has (*state, 0, 0));
    for (unsigned number = 990; number < 1000; number++)
        assert_true (s_has (*state, number, 0));
}


//  It would push out all others for nothing

static void
what_is_too_large_pushes_nobody_out (void **state)
{
    static char body [SIZE_MAX_OF_TEN];
    span_t found;
    s_put (*state, 1, 0);
    cache_put (*state, "large", (span_t){body, sizeof (body)}, 0);
    assert_false (cache_find (*state, "large", 0, &found));
    assert_true (s_has (*state, 1, 0));
    cache_put (*state, "1", (span_t){body, sizeof (body)}, 0);
    assert_false (cache_find (*state, "1", 0, &found));
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (what_was_put_is_found),
        CASE (a_body_may_be_empty),
        CASE (a_new_body_stands_for_the_old_one),
        CASE (it_is_kept_for_its_time),
        CASE (a_body_stays_while_others_are_asked_for),
        CASE (who_was_not_asked_for_goes_first),
        CASE (what_is_too_large_pushes_nobody_out),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
