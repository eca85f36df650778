/*  =========================================================================
    test_mailbox - a bounded queue of letters between two threads
    =========================================================================
*/

#include "gateway/mailbox.h"

#include "loop/clock.h"
#include "loop/thread.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define LETTERS 20000


static letter_t *
s_letter (const char *text)
{
    return letter_new (LETTER_MESSAGE, 7, "a.b", NULL, span_of (text));
}


static void
a_letter_is_a_copy (void **state)
{
    (void) state;
    char subject [] = "herd.east", text [] = "a\0b";
    letter_t *letter =
        letter_new (LETTER_MESSAGE, 3, subject, "reply", (span_t){text, 3});
    memset (subject, 'x', sizeof subject - 1);
    memset (text, 'x', sizeof text);
    assert_string_equal (letter->subject, "herd.east");
    assert_string_equal (letter->reply, "reply");
    assert_int_equal (letter->text.size, 3);
    assert_memory_equal (letter->text.data, "a\0b", 4);
    assert_int_equal (letter->connection, 3);
    letter_destroy (&letter);
    assert_null (letter);
    letter = letter_new (LETTER_LOST, 0, "", NULL, (span_t){NULL, 0});
    assert_null (letter->reply);
    assert_string_equal (letter->text.data, "");
    letter_destroy (&letter);
}


static void *
s_put_many (void *context)
{
    for (int number = 0; number < LETTERS; number++) {
        char text [16];
        snprintf (text, sizeof text, "%d", number);
        letter_t *letter = s_letter (text);
        mailbox_put (context, &letter);
    }
    return NULL;
}


//  The one who puts is faster, and has to wait

static void
letters_come_in_order_and_few_are_there_at_once (void **state)
{
    (void) state;
    pthread_t thread;
    mailbox_t *mailbox = mailbox_new (1000);
    assert_int_equal (thread_start (&thread, s_put_many, mailbox), 0);
    for (int number = 0; number < LETTERS; number++) {
        letter_t *letter = mailbox_await (mailbox, clock_ms () + 60000);
        assert_non_null (letter);
        uint64_t found;
        assert_true (span_number (letter->text, LETTERS, &found));
        assert_int_equal (found, number);
        letter_destroy (&letter);
    }
    pthread_join (thread, NULL);
    assert_null (mailbox_take (mailbox));
    mailbox_destroy (&mailbox);
}


static void
a_mailbox_has_room_for_so_many_bytes (void **state)
{
    (void) state;
    unsigned count = 0;
    mailbox_t *mailbox = mailbox_new (10000);
    for (; mailbox_has_room (mailbox); count++) {
        letter_t *letter = s_letter ("text");
        mailbox_put (mailbox, &letter);
        assert_null (letter);
    }
    assert_in_range (count, 10, 200);
    letter_t *letter = mailbox_take (mailbox);
    letter_destroy (&letter);
    assert_true (mailbox_has_room (mailbox));
    mailbox_destroy (&mailbox);
}


//  Else the loop could wait for a thread that waits for the loop

static void
who_adds_does_not_wait_for_room (void **state)
{
    (void) state;
    mailbox_t *mailbox = mailbox_new (1);
    letter_t *letter;
    for (unsigned count = 0; count < 3; count++) {
        letter = s_letter ("text");
        mailbox_add (mailbox, &letter);
        assert_null (letter);
    }
    assert_false (mailbox_has_room (mailbox));
    for (unsigned count = 0; count < 3; count++) {
        letter = mailbox_take (mailbox);
        assert_non_null (letter);
        letter_destroy (&letter);
    }
    assert_true (mailbox_has_room (mailbox));
    mailbox_close (mailbox);
    letter = s_letter ("text");
    mailbox_add (mailbox, &letter);
    assert_null (mailbox_take (mailbox));
    mailbox_destroy (&mailbox);
}


static void *
s_put_one (void *context)
{
    letter_t *letter = s_letter ("late");
    mailbox_put (context, &letter);
    return NULL;
}


static void
who_waits_for_room_or_a_letter_does_not_when_it_is_closed (void **state)
{
    (void) state;
    pthread_t thread;
    mailbox_t *mailbox = mailbox_new (1);
    letter_t *letter = s_letter ("first");
    mailbox_put (mailbox, &letter);
    assert_int_equal (thread_start (&thread, s_put_one, mailbox), 0);
    mailbox_close (mailbox);
    pthread_join (thread, NULL);
    letter = mailbox_await (mailbox, INT64_MAX);
    assert_string_equal (letter->text.data, "first");
    letter_destroy (&letter);
    assert_null (mailbox_await (mailbox, INT64_MAX));
    mailbox_destroy (&mailbox);
}


static void
who_waits_is_woken_once (void **state)
{
    (void) state;
    mailbox_t *mailbox = mailbox_new (1);
    mailbox_wake (mailbox);
    assert_null (mailbox_await (mailbox, clock_ms () + 60000));
    assert_null (mailbox_await (mailbox, clock_ms () + 1));
    mailbox_destroy (&mailbox);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_letter_is_a_copy),
        cmocka_unit_test (letters_come_in_order_and_few_are_there_at_once),
        cmocka_unit_test (a_mailbox_has_room_for_so_many_bytes),
        cmocka_unit_test (who_adds_does_not_wait_for_room),
        cmocka_unit_test (
            who_waits_for_room_or_a_letter_does_not_when_it_is_closed),
        cmocka_unit_test (who_waits_is_woken_once),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
