/*  =========================================================================
    test_sessions - replies that leave in the order of their commands

    By example, told as stories; then at random against what any client must
    see: its replies, all of them, in the order of what it asked.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/story.h"

#include "command/sessions.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    sessions_t *sessions;
    effects_t *effects;
} case_t;

static case_t s_case;


static int
s_setup (void **state)
{
    s_case = (case_t){sessions_new (3), effects_new ()};
    *state = &s_case;
    return 0;
}


static int
s_teardown (void **state)
{
    case_t *self = *state;
    sessions_destroy (&self->sessions);
    effects_destroy (&self->effects);
    return self->sessions || self->effects;
}


static void
s_reply (case_t *self, uint64_t connection, const char *text)
{
    size_t size = strlen (text);
    char *room = effects_room (self->effects, size);
    spans_write (room, span_of (text));
    sessions_reply (
        self->sessions, connection, (span_t){room, size}, self->effects);
}


static void
s_wait (case_t *self, uint64_t connection, uint64_t request)
{
    sessions_wait (
        self->sessions, connection, request, SPAN ("AT"), 5, self->effects);
}


static void
s_answer (
    case_t *self, uint64_t connection, uint64_t request, const char *answer)
{
    sessions_answer (
        self->sessions, connection, request, span_of (answer), self->effects);
}


static void
a_reply_leaves_at_once_if_nothing_waits (void **state)
{
    case_t *self = *state;
    s_reply (self, 7, "one\n");
    s_reply (self, 8, "two\n");
    assert_int_equal (effects_at (self->effects, 0)->open_size, 4);
    assert_story (self->effects, "7> one\n8> two\n");
    assert_int_equal (sessions_waiting (self->sessions), 0);
}


//  Line, LF, answer, then exactly two LFs

static void
an_answer_stands_between_its_line_and_two_lfs (void **state)
{
    case_t *self = *state;
    s_wait (self, 7, 1);
    assert_story (self->effects, "");
    assert_int_equal (sessions_waiting (self->sessions), 1);
    s_answer (self, 7, 1, "{}");
    assert_int_equal (effects_at (self->effects, 0)->open_size, 3);
    assert_story (self->effects, "7> AT\n{}\n\n");
    assert_int_equal (sessions_waiting (self->sessions), 0);
}


static void
replies_wait_behind_what_waits (void **state)
{
    case_t *self = *state;
    s_wait (self, 7, 1);
    s_reply (self, 7, "two\n");
    assert_story (self->effects, "");
    assert_int_equal (sessions_waiting (self->sessions), 2);
    s_answer (self, 7, 1, "{}");
    assert_int_equal (effects_at (self->effects, 1)->open_size, 4);
    assert_story (self->effects, "7> AT\n{}\n\n7> two\n");
    s_reply (self, 7, "three\n");
    assert_story (self->effects, "7> three\n");
}


static void
answers_that_come_in_another_order_leave_in_order (void **state)
{
    case_t *self = *state;
    sessions_destroy (&self->sessions);
    self->sessions = sessions_new (10);
    s_wait (self, 7, 1);
    s_wait (self, 7, 2);
    s_reply (self, 7, "three\n");
    s_wait (self, 7, 4);
    s_answer (self, 7, 4, "four");
    s_answer (self, 7, 2, "two");
    assert_story (self->effects, "");
    s_answer (self, 7, 1, "one");
    assert_story (
        self->effects, "7> AT\none\n\n7> AT\ntwo\n\n7> three\n7> AT\nfour\n\n");
}


static void
clients_do_not_wait_for_each_other (void **state)
{
    case_t *self = *state;
    s_wait (self, 7, 1);
    s_wait (self, 8, 2);
    s_reply (self, 9, "nine\n");
    s_answer (self, 8, 2, "two");
    assert_story (self->effects, "9> nine\n8> AT\ntwo\n\n");
    s_answer (self, 7, 1, "one");
    assert_story (self->effects, "7> AT\none\n\n");
}


//  A bounded number, then the connection is no longer read

static void
a_client_with_all_it_may_have_waiting_is_held (void **state)
{
    case_t *self = *state;
    s_wait (self, 7, 1);
    s_wait (self, 7, 2);
    assert_story (self->effects, "");
    s_reply (self, 7, "three\n");
    assert_story (self->effects, "7 hold\n");
    s_wait (self, 7, 4);
    assert_story (self->effects, "");

    s_answer (self, 7, 1, "one");
    assert_story (self->effects, "7> AT\none\n\n");
    s_answer (self, 7, 2, "two");
    assert_story (self->effects, "7> AT\ntwo\n\n7> three\n7 release\n");
    s_wait (self, 7, 5);
    s_wait (self, 7, 6);
    assert_story (self->effects, "7 hold\n");
}


static void
one_waiting_reply_may_be_all (void **state)
{
    case_t *self = *state;
    sessions_destroy (&self->sessions);
    self->sessions = sessions_new (1);
    s_wait (self, 7, 1);
    assert_story (self->effects, "7 hold\n");
    s_answer (self, 7, 1, "one");
    assert_story (self->effects, "7> AT\none\n\n7 release\n");
}


//  After a half-close all pending replies are delivered first

static void
a_client_that_ends_is_closed_when_all_is_delivered (void **state)
{
    case_t *self = *state;
    sessions_end (self->sessions, 6, self->effects);
    assert_story (self->effects, "6 close\n");

    s_wait (self, 7, 1);
    s_wait (self, 7, 2);
    sessions_end (self->sessions, 7, self->effects);
    assert_story (self->effects, "");
    s_answer (self, 7, 1, "one");
    assert_story (self->effects, "7> AT\none\n\n");
    s_answer (self, 7, 2, "two");
    assert_story (self->effects, "7> AT\ntwo\n\n7 close\n");
}


//  So that it can be limited: lines, answers and what stands behind them

static void
what_waits_has_a_size (void **state)
{
    case_t *self = *state;
    assert_int_equal (sessions_size (self->sessions), 0);
    assert_int_equal (sessions_size_of (self->sessions, 7), 0);
    s_wait (self, 7, 1);
    s_wait (self, 7, 2);
    s_wait (self, 8, 3);
    assert_int_equal (sessions_size_of (self->sessions, 7), 6);
    s_reply (self, 7, "behind\n");
    assert_int_equal (sessions_size_of (self->sessions, 7), 13);
    s_answer (self, 7, 2, "{}");
    assert_int_equal (sessions_size_of (self->sessions, 7), 17);
    assert_int_equal (sessions_size_of (self->sessions, 8), 3);
    assert_int_equal (sessions_size_of (self->sessions, 9), 0);
    assert_int_equal (sessions_size (self->sessions), 20);
    s_answer (self, 7, 1, "{}");
    assert_int_equal (sessions_size_of (self->sessions, 7), 0);
    assert_int_equal (sessions_size (self->sessions), 3);
    s_wait (self, 7, 4);
    sessions_forget (self->sessions, 8);
    assert_int_equal (sessions_size (self->sessions), 3);
    sessions_answer_all (self->sessions, SPAN ("no"), self->effects);
    assert_int_equal (sessions_size (self->sessions), 0);
}


//  It counts as what waits does, and is gone with its client

static void
a_deferred_reply_keeps_its_question (void **state)
{
    case_t *self = *state;
    span_t question;
    const span_t asked = SPAN ("WHATSAT x 1 1");
    assert_false (sessions_question (self->sessions, 7, 1, &question));
    for (uint64_t connection = 7; connection <= 9; connection++)
        sessions_defer (
            self->sessions, connection, connection, asked, self->effects);
    assert_story (self->effects, "7 hold\n8 hold\n9 hold\n");
    assert_int_equal (sessions_size (self->sessions), 3 * asked.size);
    assert_true (sessions_question (self->sessions, 7, 7, &question));
    assert_true (span_equal (question, asked));

    sessions_know (self->sessions, 7, 7, SPAN ("AT"), 5, self->effects);
    assert_int_equal (sessions_size_of (self->sessions, 7), 3);
    s_answer (self, 7, 7, "{}");
    sessions_deny (
        self->sessions, 8, 8, SPAN ("? WHATSAT x 1 1\n"), self->effects);
    assert_story (self->effects,
        "7 release\n7> AT\n{}\n\n8> ? WHATSAT x 1 1\n8 release\n");
    sessions_forget (self->sessions, 9);
    assert_false (sessions_question (self->sessions, 9, 9, &question));
    assert_int_equal (sessions_size (self->sessions), 0);
}


//  In each client's order; who is held or has ended goes on as ever

static void
all_that_waits_may_be_answered_alike (void **state)
{
    case_t *self = *state;
    assert_int_equal (
        sessions_answer_all (self->sessions, SPAN ("no"), self->effects), 0);
    assert_story (self->effects, "");

    s_wait (self, 7, 1);
    s_reply (self, 7, "two\n");
    s_wait (self, 7, 3);
    assert_story (self->effects, "7 hold\n");
    s_answer (self, 7, 3, "three");
    assert_int_equal (
        sessions_answer_all (self->sessions, SPAN ("no"), self->effects), 1);
    assert_story (
        self->effects, "7> AT\nno\n\n7> two\n7> AT\nthree\n\n7 release\n");

    s_wait (self, 8, 4);
    s_wait (self, 8, 5);
    sessions_end (self->sessions, 8, self->effects);
    assert_int_equal (
        sessions_answer_all (self->sessions, SPAN ("no"), self->effects), 2);
    assert_story (self->effects, "8> AT\nno\n\n8> AT\nno\n\n8 close\n");
    assert_int_equal (sessions_waiting (self->sessions), 0);
}


static void
everybodys_requests_are_answered_alike (void **state)
{
    case_t *self = *state;
    enum { CROWD = 1000 };
    for (uint64_t connection = 0; connection < CROWD; connection++)
        s_wait (self, connection, connection + 1);
    assert_int_equal (
        sessions_answer_all (self->sessions, SPAN ("no"), self->effects),
        CROWD);
    assert_int_equal (effects_count (self->effects), CROWD);
    assert_int_equal (sessions_waiting (self->sessions), 0);
}


static void
of_a_client_that_is_gone_nothing_is_kept (void **state)
{
    case_t *self = *state;
    uint32_t bound = 77;
    s_wait (self, 7, 1);
    s_reply (self, 7, "two\n");
    s_wait (self, 8, 2);
    sessions_forget (self->sessions, 7);
    sessions_forget (self->sessions, 9);
    assert_int_equal (sessions_waiting (self->sessions), 1);
    assert_false (sessions_is_waiting (self->sessions, 7, 1, &bound));
    s_answer (self, 8, 2, "two");
    assert_story (self->effects, "8> AT\ntwo\n\n");
}


static void
a_request_is_known_by_client_and_number (void **state)
{
    case_t *self = *state;
    uint32_t bound = 77;
    assert_false (sessions_is_waiting (self->sessions, 7, 1, &bound));
    s_wait (self, 7, 1);
    assert_false (sessions_is_waiting (self->sessions, 7, 2, &bound));
    assert_false (sessions_is_waiting (self->sessions, 8, 1, &bound));
    assert_int_equal (bound, 77);
    assert_true (sessions_is_waiting (self->sessions, 7, 1, &bound));
    assert_int_equal (bound, 5);
    s_answer (self, 7, 1, "one");
    assert_false (sessions_is_waiting (self->sessions, 7, 1, &bound));
}


static void
what_waits_is_freed_at_the_end (void **state)
{
    case_t *self = *state;
    for (uint64_t connection = 0; connection < 20; connection++) {
        s_wait (self, connection, connection + 1);
        s_reply (self, connection, "behind\n");
    }
    assert_int_equal (sessions_waiting (self->sessions), 40);
}


#define CLIENTS 6

//  What a client asked, and what it has seen of the replies
typedef struct {
    unsigned asked;
    unsigned seen;
    bool held;
    uint64_t requests [4000];  //  By number of what was asked; 0 if answered
} asker_t;


//  Every reply is its client's next one

static void
s_see (case_t *self, asker_t *askers)
{
    for (size_t at = 0; at < effects_count (self->effects); at++) {
        effect_t effect = *effects_at (self->effects, at);
        asker_t *asker = &askers [effect.connection];
        char expected [32];
        switch (effect.kind) {
        case EFFECT_REPLY:
            assert_int_equal (asker->requests [asker->seen], 0);
            snprintf (expected, sizeof expected, "%u\n", asker->seen++);
            assert_memory_equal (effect.text.data, expected, strlen (expected));
            break;
        case EFFECT_HOLD:
            assert_false (asker->held);
            asker->held = true;
            break;
        default:
            assert_int_equal (effect.kind, EFFECT_RELEASE);
            assert_true (asker->held);
            asker->held = false;
        }
    }
    effects_clear (self->effects);
    for (size_t at = 0; at < CLIENTS; at++) {
        const asker_t *asker = &askers [at];
        assert_int_equal (asker->held, asker->asked - asker->seen >= 3);
        assert_true (
            asker->seen == asker->asked || asker->requests [asker->seen]);
    }
}


static void
every_client_sees_its_replies_in_order (void **state)
{
    case_t *self = *state;
    chance_t chance = chance_new (64);
    static asker_t askers [CLIENTS];
    uint64_t requests = 0;
    for (int round = 0; round < 20000; round++) {
        size_t connection = chance_below (&chance, CLIENTS);
        asker_t *asker = &askers [connection];
        size_t what = chance_below (&chance, 3);
        char text [32];
        snprintf (text, sizeof text, "%u\n", asker->asked);
        if (what == 0 && asker->asked < 3999 && !asker->held) {
            asker->asked++;
            s_reply (self, connection, text);
        }
        else if (what == 1 && asker->asked < 3999 && !asker->held) {
            asker->requests [asker->asked++] = ++requests;
            sessions_wait (self->sessions, connection, requests,
                (span_t){text, strlen (text) - 1}, 0, self->effects);
        }
        else if (asker->asked > asker->seen) {
            size_t back = chance_below (&chance, asker->asked - asker->seen);
            uint64_t *request = &asker->requests [asker->seen + back];
            uint64_t number = *request;
            *request = 0;
            if (number)
                s_answer (self, connection, number, "{}");
        }
        s_see (self, askers);
    }
    assert_true (requests > 2000);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_reply_leaves_at_once_if_nothing_waits),
        CASE (an_answer_stands_between_its_line_and_two_lfs),
        CASE (replies_wait_behind_what_waits),
        CASE (answers_that_come_in_another_order_leave_in_order),
        CASE (clients_do_not_wait_for_each_other),
        CASE (a_client_with_all_it_may_have_waiting_is_held),
        CASE (one_waiting_reply_may_be_all),
        CASE (a_client_that_ends_is_closed_when_all_is_delivered),
        CASE (what_waits_has_a_size),
        CASE (a_deferred_reply_keeps_its_question),
        CASE (all_that_waits_may_be_answered_alike),
        CASE (everybodys_requests_are_answered_alike),
        CASE (of_a_client_that_is_gone_nothing_is_kept),
        CASE (a_request_is_known_by_client_and_number),
        CASE (what_waits_is_freed_at_the_end),
        CASE (every_client_sees_its_replies_in_order),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
