/*  =========================================================================
    test_poller - the loop: waits for descriptors, and for the next tick

    Eventfds that are ready from the start, and handlers that pull the ground
    away under themselves and each other.
    =========================================================================
*/

#include "io/loop_case.h"
#include "loop/clock.h"

#include <sys/eventfd.h>

#define PORT_BASE 16000

//  A descriptor and what was told about it
typedef struct bell_t {
    watcher_t watcher;
    loop_case_t *stage;
    struct bell_t *victim;  //  To be dropped by the handler, or NULL
    struct bell_t *friend;  //  To be added by the handler, or NULL
    size_t *ended;          //  Counts those that the handler freed, or NULL
    int spare;              //  To be the victim's new descriptor, if not 0
    size_t rings;
    size_t turns;  //  Turns that had ended at the first ring
    bool quiet;    //  The handler reads, so that it is not ready any more
} bell_t;


static void
s_ring (void *context, uint32_t events)
{
    bell_t *self = context;
    eventfd_t count;
    (void) events;
    if (self->rings++ == 0)
        self->turns = self->stage->turns;
    if (self->quiet)
        eventfd_read (self->watcher.fd, &count);
    if (self->victim)
        poller_drop (self->stage->poller, &self->victim->watcher);
    if (self->victim && self->spare)
        self->victim->watcher.fd = self->spare;
    bell_t *next = self->spare ? self->victim : self->friend;
    if (next) {
        int rc = poller_add (self->stage->poller, &next->watcher, EPOLLIN);
        assert (rc == 0);
        self->friend = self->victim = NULL;
    }
    if (self->ended) {
        ++*self->ended;
        close (self->watcher.fd);
        poller_drop (self->stage->poller, &self->watcher);
        free (self);
    }
}


//  Make a bell that is ready at once, and not watched

static bell_t *
s_bell (loop_case_t *stage)
{
    bell_t *self = zmalloc (sizeof (bell_t));
    self->stage = stage;
    self->watcher =
        (watcher_t){eventfd (1, EFD_NONBLOCK | EFD_CLOEXEC), s_ring, self};
    assert_true (self->watcher.fd >= 0);
    return self;
}


static bell_t *
s_add (loop_case_t *stage)
{
    bell_t *self = s_bell (stage);
    assert_int_equal (poller_add (stage->poller, &self->watcher, EPOLLIN), 0);
    return self;
}


static void
s_free (bell_t *self)
{
    poller_drop (self->stage->poller, &self->watcher);
    close (self->watcher.fd);
    free (self);
}


static int
s_new (void **state)
{
    *state = loop_case_new (PORT_BASE);
    return 0;
}


static int
s_destroy (void **state)
{
    loop_case_t *stage = *state;
    loop_case_destroy (&stage);
    return 0;
}


//  Level-triggered

static void
what_is_left_undone_is_told_again (void **state)
{
    bell_t *bell = s_add (*state);
    REACH (*state, &bell->rings, 5);
    bell->quiet = true;
    REACH (*state, &bell->rings, bell->rings + 1);
    size_t rings = bell->rings;
    loop_case_spend (*state, 20);
    assert_int_equal (bell->rings, rings);
    s_free (bell);
}


static void
one_may_drop_itself (void **state)
{
    bell_t *bell = s_add (*state);
    bell_t *other = s_add (*state);
    bell->victim = bell;
    REACH (*state, &other->rings, 10);
    assert_int_equal (bell->rings, 1);
    s_free (bell);
    s_free (other);
}


static void
one_may_end_and_free_itself (void **state)
{
    size_t ended = 0;
    bell_t *bell = s_add (*state);
    bell_t *other = s_add (*state);
    bell->ended = &ended;
    REACH (*state, &other->rings, 10);
    assert_int_equal (ended, 1);
    s_free (other);
}


//  Both are ready in one turn; whoever is told first drops the other

static void
one_may_drop_another_that_is_ready (void **state)
{
    bell_t *one = s_add (*state);
    bell_t *other = s_add (*state);
    one->victim = other;
    other->victim = one;
    loop_case_t *stage = *state;
    REACH (stage, &stage->turns, 5);
    assert_true (one->rings >= 1 || other->rings >= 1);
    assert_true (one->rings == 0 || other->rings == 0);
    s_free (one);
    s_free (other);
}


//  Both are ready in one turn; whoever is told first gives the other another
//  descriptor, which is not

static void
a_watcher_used_again_is_a_new_one (void **state)
{
    bell_t *one = s_add (*state);
    bell_t *other = s_add (*state);
    int ready [2] = {one->watcher.fd, other->watcher.fd};
    one->victim = other;
    other->victim = one;
    one->spare = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    other->spare = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop_case_t *stage = *state;
    REACH (stage, &stage->turns, 5);
    assert_true (one->rings >= 1 || other->rings >= 1);
    assert_true (one->rings == 0 || other->rings == 0);
    bell_t *first = one->rings ? one : other;
    close (ready [first == one ? 1 : 0]);
    close (first == one ? other->spare : one->spare);
    first->spare = 0;
    s_free (one);
    s_free (other);
}


static void
one_added_by_a_handler_has_the_next_turn (void **state)
{
    bell_t *bell = s_add (*state);
    bell_t *friend = s_bell (*state);
    bell->friend = friend;
    bell->quiet = true;
    REACH (*state, &friend->rings, 1);
    assert_int_equal (bell->rings, 1);
    assert_int_equal (friend->turns, bell->turns + 1);
    s_free (bell);
    s_free (friend);
}


static void
a_turn_ends_after_all_its_handlers (void **state)
{
    bell_t *bells [3];
    for (size_t index = 0; index < 3; index++) {
        bells [index] = s_add (*state);
        bells [index]->victim = bells [index];
    }
    loop_case_t *stage = *state;
    REACH (stage, &stage->turns, 1);
    for (size_t index = 0; index < 3; index++) {
        assert_int_equal (bells [index]->rings, 1);
        assert_int_equal (bells [index]->turns, 0);
        s_free (bells [index]);
    }
    assert_int_equal (stage->turns, 1);
}


static void
without_anything_ready_there_is_no_turn (void **state)
{
    loop_case_t *stage = *state;
    loop_case_spend (stage, 20);
    assert_int_equal (stage->turns, 0);
}


static void
s_hurry_thrice (void *context)
{
    loop_case_t *stage = context;
    if (stage->turns < 3)
        poller_hurry (stage->poller);
}


static void
who_hurries_has_turns_without_anything_ready (void **state)
{
    loop_case_t *stage = *state;
    stage->turn = s_hurry_thrice;
    stage->context = stage;
    poller_hurry (stage->poller);
    REACH (stage, &stage->turns, 3);
    loop_case_spend (stage, 20);
    assert_int_equal (stage->turns, 3);
}


//  Not before its time, nor again

static void
a_turn_that_is_due_comes_without_anything_ready (void **state)
{
    loop_case_t *stage = *state;
    int64_t due_ms = clock_ms () + 5;
    poller_turn_by (stage->poller, due_ms + 60000);
    poller_turn_by (stage->poller, due_ms);
    REACH (stage, &stage->turns, 1);
    assert_true (clock_ms () >= due_ms);
    loop_case_spend (stage, 20);
    assert_int_equal (stage->turns, 1);
}


static void
a_tick_comes_however_much_is_ready (void **state)
{
    loop_case_t *stage = *state;
    bell_t *bell = s_add (stage);
    loop_case_spend (stage, 5);
    assert_true (stage->turns > 0);
    s_free (bell);
}


static void
a_closed_descriptor_may_be_dropped (void **state)
{
    bell_t *bell = s_add (*state);
    bell_t *other = s_add (*state);
    close (bell->watcher.fd);
    poller_drop (((loop_case_t *) *state)->poller, &bell->watcher);
    REACH (*state, &other->rings, 3);
    assert_int_equal (bell->rings, 0);
    free (bell);
    s_free (other);
}


static void
changed_events_are_those_waited_for (void **state)
{
    loop_case_t *stage = *state;
    bell_t *bell = s_add (stage);
    bell_t *other = s_add (stage);
    poller_change (stage->poller, &bell->watcher, 0);
    REACH (stage, &other->rings, 3);
    assert_int_equal (bell->rings, 0);
    poller_change (stage->poller, &bell->watcher, EPOLLIN);
    REACH (stage, &bell->rings, 1);
    s_free (bell);
    s_free (other);
}


//  More than are taken in a turn: nobody starves

static void
a_crowd_is_told_to_the_last (void **state)
{
    enum { CROWD = 700 };
    bell_t *bells [CROWD];
    for (size_t index = 0; index < CROWD; index++)
        bells [index] = s_add (*state);
    loop_case_t *stage = *state;
    REACH (stage, &stage->turns, 5);
    for (size_t index = 0; index < CROWD; index++) {
        assert_true (bells [index]->rings > 0);
        s_free (bells [index]);
    }
}


static void
what_cannot_be_watched_is_refused (void **state)
{
    poller_t *poller = ((loop_case_t *) *state)->poller;
    bell_t *bell = s_add (*state);
    assert_int_equal (poller_add (poller, &bell->watcher, EPOLLIN), -1);
    assert_int_equal (errno, EEXIST);
    watcher_t closed = {.fd = -1, .ready = s_ring, .context = bell};
    assert_int_equal (poller_add (poller, &closed, EPOLLIN), -1);
    assert_int_equal (errno, EBADF);
    s_free (bell);
}


static void
descriptors_outlive_the_watch (void **state)
{
    loop_case_t *stage = *state;
    bell_t *bell = s_add (stage);
    poller_destroy (&stage->poller);
    assert_null (stage->poller);
    poller_destroy (&stage->poller);
    assert_int_equal (bell->rings, 0);
    assert_int_equal (eventfd_write (bell->watcher.fd, 1), 0);
    close (bell->watcher.fd);
    free (bell);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (what_is_left_undone_is_told_again),
        CASE (one_may_drop_itself),
        CASE (one_may_end_and_free_itself),
        CASE (one_may_drop_another_that_is_ready),
        CASE (a_watcher_used_again_is_a_new_one),
        CASE (one_added_by_a_handler_has_the_next_turn),
        CASE (a_turn_ends_after_all_its_handlers),
        CASE (without_anything_ready_there_is_no_turn),
        CASE (who_hurries_has_turns_without_anything_ready),
        CASE (a_turn_that_is_due_comes_without_anything_ready),
        CASE (a_tick_comes_however_much_is_ready),
        CASE (a_closed_descriptor_may_be_dropped),
        CASE (changed_events_are_those_waited_for),
        CASE (a_crowd_is_told_to_the_last),
        CASE (what_cannot_be_watched_is_refused),
        CASE (descriptors_outlive_the_watch),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
