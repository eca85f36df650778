/*  =========================================================================
    test_rejection - the reply to an invalid command
    =========================================================================
*/

#include "unit/spans.h"

#include "command/rejection.h"


static void
s_replies (span_t line, span_t reply)
{
    effects_t *effects = effects_new ();
    span_t text = rejection_print (line, effects);
    assert_span (text, reply);
    effects_destroy (&effects);
}


//  A question mark, a space, and a copy of the line, whatever is in it

static void
the_line_is_copied_behind_a_question_mark (void **state)
{
    (void) state;
    s_replies (SPAN ("HELLO you"), SPAN ("? HELLO you\n"));
    s_replies (SPAN (" \t? \xff\0."), SPAN ("?  \t? \xff\0.\n"));
    s_replies (SPAN (""), SPAN ("? \n"));
    s_replies ((span_t){NULL, 0}, SPAN ("? \n"));
}


static void
only_the_cr_of_the_line_end_is_left_out (void **state)
{
    (void) state;
    s_replies (SPAN ("HELLO\r"), SPAN ("? HELLO\n"));
    s_replies (SPAN ("HEL\rLO\r\r"), SPAN ("? HEL\rLO\r\n"));
    s_replies (SPAN ("\r"), SPAN ("? \n"));
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (the_line_is_copied_behind_a_question_mark),
        cmocka_unit_test (only_the_cr_of_the_line_end_is_left_out),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
