/*  =========================================================================
    test_server_change - limits that change while a server goes on
    =========================================================================
*/

#include "unit/talk.h"

#include <stdlib.h>
#include <string.h>

//  What server_configure is given but for what a case changes
#define OPTIONS .table_size_max = (size_t) 1 << 30, .waiting_max = 16


static void
a_full_table_may_get_room (void **state)
{
    talk_t *self = *state;
    server_configure (self->alford,
        &(server_options_t){.table_size_max = 1, .waiting_max = 16});
    talk_asks (self, KIWI,
        "7> ? " KIWI "\n* refused a new location: the table is full, 0 bytes, "
        "1 so far\n");
    server_configure (self->alford, &(server_options_t){OPTIONS});
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    //  Who is known may move in a table that is too large
    server_configure (self->alford,
        &(server_options_t){.table_size_max = 65536, .waiting_max = 16});
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
}


static void
longer_and_shorter_clients_may_be_let_in (void **state)
{
    talk_t *self = *state;
    server_configure (
        self->alford, &(server_options_t){OPTIONS, .client_size_max = 3});
    talk_asks (self, KIWI, "7> ? " KIWI "\n");
    server_configure (self->alford, &(server_options_t){OPTIONS});
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
}


//  It was one when it came

static void
a_question_that_waits_stays_one (void **state)
{
    talk_t *self = *state;
    talk_load (self, 5000);
    talk_line (self, 1, "WHATSAT kiwi.cs.ucla.edu 10 5");
    effects_clear (self->effects);
    server_configure (
        self->alford, &(server_options_t){OPTIONS, .client_size_max = 3,
                          .loading_wait_ms = 5000});
    talk_event (self, EVENT_GIVE_UP, 0, span_of (""));
    size_t size;
    char *told = story_tell (self->effects, &size);
    assert_non_null (strstr (told, "? WHATSAT kiwi.cs.ucla.edu 10 5\n"));
    free (told);
}


static void
newcomers_may_be_limited (void **state)
{
    talk_t *self = *state;
    server_configure (self->alford,
        &(server_options_t){OPTIONS, .new_clients_per_minute = 1});
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    talk_line (self, 7, "IAMAT other +1+1 1");
    size_t size;
    char *told = story_tell (self->effects, &size);
    assert_non_null (strstr (told, "7> ? IAMAT other"));
    free (told);
    effects_clear (self->effects);
    server_configure (self->alford, &(server_options_t){OPTIONS});
    talk_line (self, 7, "IAMAT other +1+1 1");
    told = story_tell (self->effects, &size);
    assert_non_null (strstr (told, "7> AT Alford"));
    free (told);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        TALK (a_full_table_may_get_room),
        TALK (longer_and_shorter_clients_may_be_let_in),
        TALK (a_question_that_waits_stays_one),
        TALK (newcomers_may_be_limited),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
