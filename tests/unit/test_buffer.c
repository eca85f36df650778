/*  =========================================================================
    test_buffer - memory that grows, and bytes that wait, first in, first out

    At random, against a plain count: each byte is the low bits of its number,
    so that what waits tells which bytes it is.
    =========================================================================
*/

#include "base/buffer.h"

#include <stdlib.h>

#include <stdarg.h>

#include <setjmp.h>
#include <cmocka.h>

#define ROOM_LEAST 1000
#define SIZE_MAX_AT_ONCE 70000

//  Bytes put in and taken out so far
typedef struct {
    buffer_t buffer;
    size_t in;
    size_t out;
} case_t;

static case_t s_case;


static int
s_setup (void **state)
{
    s_case = (case_t){.in = 0};
    *state = &s_case;
    return 0;
}


static int
s_teardown (void **state)
{
    case_t *self = *state;
    buffer_clear (&self->buffer);
    return 0;
}


static void
s_check (case_t *self)
{
    span_t all = buffer_all (&self->buffer);
    assert_int_equal (all.size, self->in - self->out);
    for (size_t at = 0; at < all.size; at += 97)
        assert_int_equal (
            (unsigned char) all.data [at], (self->out + at) % 251);
    if (all.size == 0)
        assert_null (self->buffer.data);
    else
        assert_true (self->buffer.room <= 4 * all.size + ROOM_LEAST);
}


static void
s_add (case_t *self, size_t size)
{
    static char bytes [SIZE_MAX_AT_ONCE];
    for (size_t at = 0; at < size; at++)
        bytes [at] = (char) ((self->in + at) % 251);
    buffer_add (&self->buffer, (span_t){bytes, size});
    self->in += size;
    s_check (self);
}


static void
s_drop (case_t *self, size_t size)
{
    buffer_drop (&self->buffer, size);
    self->out += size;
    s_check (self);
}


static void
what_comes_first_leaves_first (void **state)
{
    case_t *self = *state;
    s_check (self);
    s_add (self, 10);
    s_drop (self, 3);
    s_add (self, 5000);
    s_drop (self, 5007);
    s_add (self, 1);
    s_add (self, 0);
    s_drop (self, 0);
    s_drop (self, 1);
}


//  Of any size, and a large one at once

static void
what_grows_is_moved_seldom (void **state)
{
    (void) state;
    uint32_t *numbers = NULL;
    size_t room = 0;
    unsigned moves = 0;
    for (uint32_t count = 0; count < 100000; count++) {
        size_t before = room;
        numbers = buffer_grow (numbers, &room, count + 1, sizeof (*numbers));
        moves += room != before;
        numbers [count] = count;
    }
    for (uint32_t count = 0; count < 100000; count++)
        assert_int_equal (numbers [count], count);
    assert_in_range (moves, 5, 20);
    assert_true (room >= 100000 && room <= 200000);
    numbers = buffer_grow (numbers, &room, 1000000, sizeof (*numbers));
    assert_int_equal (room, 1000000);
    assert_int_equal (numbers [99999], 99999);
    free (numbers);
}


//  Each byte is moved a bounded number of times, so this takes no time

static void
much_may_come_and_leave_in_small_pieces (void **state)
{
    case_t *self = *state;
    enum { PIECES = 20000 };
    for (size_t at = 0; at < PIECES; at++)
        buffer_add (&self->buffer, (span_t){"0123456789", 10});
    for (size_t at = 0; at < PIECES; at++) {
        assert_memory_equal (buffer_all (&self->buffer).data, "0123456789", 10);
        buffer_drop (&self->buffer, 10);
    }
    s_check (self);
}


static void
memory_is_what_waits_needs (void **state)
{
    case_t *self = *state;
    s_add (self, 65536);
    assert_int_equal (self->buffer.room, 65536);
    s_drop (self, 65535);
    assert_int_equal (self->buffer.room, ROOM_LEAST);
}


static void
whatever_comes_and_leaves_is_kept_in_order (void **state)
{
    case_t *self = *state;
    uint64_t chance = 3;
    for (int step = 0; step < 3000; step++) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        size_t number = (size_t) (chance >> 33);
        size_t waiting = self->in - self->out;
        //  Most are small
        size_t most = step % 10 ? 200 : SIZE_MAX_AT_ONCE;
        if (number % 2)
            s_add (self, number / 2 % most);
        else if (waiting)
            s_drop (self, number / 2 % (waiting + 1));
    }
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (what_comes_first_leaves_first),
        CASE (what_grows_is_moved_seldom),
        CASE (much_may_come_and_leave_in_small_pieces),
        CASE (memory_is_what_waits_needs),
        CASE (whatever_comes_and_leaves_is_kept_in_order),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
