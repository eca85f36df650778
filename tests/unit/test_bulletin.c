/*  =========================================================================
    test_bulletin - how the herd is, as an event and as an answer
    =========================================================================
*/

#include "unit/spans.h"
#include "web/bulletin.h"

#include <stdio.h>
#include <stdlib.h>


static char *
s_ask (void *context)
{
    int *asked = context;
    char *text = NULL;
    if (asprintf (&text, "{\"asked\":%d}", ++*asked) < 0)
        text = NULL;
    return text;
}


//  However many read it

static void
it_is_asked_for_once_a_second (void **state)
{
    int asked = 0;
    bulletin_t bulletin = {.ask = s_ask, .context = &asked};
    (void) state;
    for (int64_t clock_ms = 5; clock_ms < 1005; clock_ms += 100)
        assert_text (bulletin_event (&bulletin, clock_ms),
            "event: herd\ndata: {\"asked\":1}\n\n");
    assert_text (bulletin_event (&bulletin, 1005),
        "event: herd\ndata: {\"asked\":2}\n\n");
    bulletin_clear (&bulletin);
}


static void
an_answer_is_the_same_in_one_line (void **state)
{
    int asked = 0;
    bulletin_t bulletin = {.ask = s_ask, .context = &asked};
    exchange_response_t response = {.status = 0};
    (void) state;
    bulletin_show (&bulletin, 7, &response);
    assert_int_equal (response.status, 200);
    assert_string_equal (response.type, "application/json");
    assert_text (((span_t){response.text, response.size}), "{\"asked\":1}\n");
    free (response.text);
    bulletin_clear (&bulletin);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (it_is_asked_for_once_a_second),
        cmocka_unit_test (an_answer_is_the_same_in_one_line),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
