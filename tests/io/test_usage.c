/*  =========================================================================
    test_usage - what the process has of its machine

    What this test takes of it, and gives back.
    =========================================================================
*/

#include "admin/usage.h"
#include "loop/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define MANY 50
#define LARGE 67108864


static void
descriptors_are_counted (void **state)
{
    (void) state;
    int fds [MANY];
    usage_t before = usage_now ();
    for (int index = 0; index < MANY; index++)
        fds [index] = open ("/dev/null", O_RDONLY);
    assert_int_equal (usage_now ().open_fds, before.open_fds + MANY);
    for (int index = 0; index < MANY; index++)
        close (fds [index]);
    assert_int_equal (usage_now ().open_fds, before.open_fds);
    struct rlimit limit;
    assert_int_equal (getrlimit (RLIMIT_NOFILE, &limit), 0);
    assert_int_equal (before.max_fds, limit.rlim_cur);
}


static void
memory_is_that_which_is_in_use (void **state)
{
    (void) state;
    usage_t before = usage_now ();
    char *memory = malloc (LARGE);
    assert_non_null (memory);
    memset (memory, 1, LARGE);
    usage_t after = usage_now ();
    assert_true (after.resident_bytes >= before.resident_bytes + LARGE / 2);
    assert_true (after.virtual_bytes >= after.resident_bytes);
    assert_true (usage_resident_bytes () >= LARGE / 2);
    free (memory);
}


static void
time_of_the_processor_goes_on (void **state)
{
    (void) state;
    int64_t before_ms = usage_now ().cpu_ms;
    int64_t until_ms = clock_ms () + 10000;
    while (usage_now ().cpu_ms == before_ms)
        assert_true (clock_ms () < until_ms);
}


static void *
s_wait (void *lock)
{
    pthread_mutex_lock (lock);
    pthread_mutex_unlock (lock);
    return NULL;
}


static void
threads_are_counted (void **state)
{
    (void) state;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_t first;
    pthread_t second;
    pthread_mutex_lock (&lock);
    //  With the first one a sanitizer may begin one of its own
    assert_int_equal (pthread_create (&first, NULL, s_wait, &lock), 0);
    uint64_t before = usage_now ().threads;
    assert_int_equal (pthread_create (&second, NULL, s_wait, &lock), 0);
    assert_int_equal (usage_now ().threads, before + 1);
    pthread_mutex_unlock (&lock);
    pthread_join (first, NULL);
    pthread_join (second, NULL);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (descriptors_are_counted),
        cmocka_unit_test (memory_is_that_which_is_in_use),
        cmocka_unit_test (time_of_the_processor_goes_on),
        cmocka_unit_test (threads_are_counted),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
