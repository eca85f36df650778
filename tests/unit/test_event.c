/*  =========================================================================
    test_event - the queue of effects

    Effects come out as they went in, whatever grew in between.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "core/event.h"

#include <stdio.h>
#include <string.h>


static void
s_reply (effects_t *effects, uint64_t connection, span_t text)
{
    memcpy (effects_room (effects, text.size), text.data, text.size);
    effects_add (effects, EFFECT_REPLY, connection, text.size)->open_size =
        text.size;
}


static void
effects_come_out_as_they_went_in (void **state)
{
    (void) state;
    effects_t *effects = effects_new ();
    assert_int_equal (effects_count (effects), 0);
    s_reply (effects, 7, SPAN ("a\0b\n"));
    effects_add (effects, EFFECT_CLOSE, 8, 0);
    memcpy (effects_room (effects, 4), "+1+1", 4);
    effect_t *fetch = effects_add (effects, EFFECT_FETCH, 9, 4);
    fetch->request = 10;
    fetch->radius_mm = 50000000;

    assert_int_equal (effects_count (effects), 3);
    effect_t effect = *effects_at (effects, 0);
    assert_int_equal (effect.kind, EFFECT_REPLY);
    assert_int_equal (effect.connection, 7);
    assert_int_equal (effect.open_size, 4);
    assert_span (effect.text, SPAN ("a\0b\n"));
    effect = *effects_at (effects, 1);
    assert_int_equal (effect.kind, EFFECT_CLOSE);
    assert_int_equal (effect.connection, 8);
    assert_int_equal (effect.text.size, 0);
    effect = *effects_at (effects, 2);
    assert_int_equal (effect.kind, EFFECT_FETCH);
    assert_int_equal (effect.request, 10);
    assert_int_equal (effect.radius_mm, 50000000);
    assert_text (effect.text, "+1+1");
    effects_destroy (&effects);
    assert_null (effects);
    effects_destroy (&effects);
}


static void
room_may_be_larger_than_what_is_written (void **state)
{
    (void) state;
    effects_t *effects = effects_new ();
    memcpy (effects_room (effects, 1000), "one", 3);
    effects_room (effects, 100000);
    effects_add (effects, EFFECT_REPLY, 0, 3);
    s_reply (effects, 1, SPAN ("two"));
    assert_text (effects_at (effects, 0)->text, "one");
    assert_text (effects_at (effects, 1)->text, "two");
    effects_destroy (&effects);
}


static void
clearing_forgets_all (void **state)
{
    (void) state;
    effects_t *effects = effects_new ();
    const char *start = effects_room (effects, 3);
    s_reply (effects, 1, SPAN ("old"));
    effects_clear (effects);
    assert_ptr_equal (effects_room (effects, 3), start);
    char *large = effects_room (effects, 3000000);
    memset (large, 'x', 3000000);
    effects_add (effects, EFFECT_REPLY, 0, 3000000);
    effects_clear (effects);
    assert_int_equal (effects_count (effects), 0);
    s_reply (effects, 1, SPAN ("new"));
    assert_int_equal (effects_count (effects), 1);
    assert_text (effects_at (effects, 0)->text, "new");
    effects_destroy (&effects);
}


static void
a_note_is_formatted (void **state)
{
    (void) state;
    effects_t *effects = effects_new ();
    effects_note (
        effects, NOTICE_LINK_UP, "link to %s up, %d times, 100 %%", "Ball", 3);
    effect_t effect = *effects_at (effects, 0);
    assert_int_equal (effect.kind, EFFECT_NOTE);
    assert_int_equal (effect.notice, NOTICE_LINK_UP);
    assert_true (effect.limited);
    assert_text (effect.text, "link to Ball up, 3 times, 100 %");
    effects_destroy (&effects);
}


//  "512 bytes at most"

static void
a_note_that_is_too_long_is_cut (void **state)
{
    (void) state;
    char text [2000];
    memset (text, 'x', sizeof text);
    effects_t *effects = effects_new ();
    for (int size = 508; size < 2000; size += size < 516 ? 1 : 500) {
        effects_clear (effects);
        effects_note (effects, NOTICE_LINK_UP, "%.*s", size, text);
        size_t cut = (size_t) (size < 511 ? size : 511);
        assert_span (effects_at (effects, 0)->text, ((span_t){text, cut}));
        s_reply (effects, 1, SPAN ("next"));
        assert_text (effects_at (effects, 1)->text, "next");
    }
    effects_destroy (&effects);
}


static void
text_may_move_while_the_queue_grows (void **state)
{
    (void) state;
    chance_t chance = chance_new (4222);
    effects_t *effects = effects_new ();
    static char text [9000];
    memset (text, 'y', sizeof text);
    for (int round = 0; round < 3; round++) {
        size_t sizes [500];
        for (size_t at = 0; at < COUNT (sizes); at++) {
            sizes [at] = chance_below (&chance, at % 50 ? 100 : sizeof text);
            text [0] = (char) (unsigned char) at;
            s_reply (effects, at, (span_t){text, sizes [at]});
        }
        for (size_t at = 0; at < COUNT (sizes); at++) {
            effect_t effect = *effects_at (effects, at);
            text [0] = (char) (unsigned char) at;
            assert_int_equal (effect.connection, at);
            assert_span (effect.text, ((span_t){text, sizes [at]}));
        }
        effects_clear (effects);
    }
    effects_destroy (&effects);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (effects_come_out_as_they_went_in),
        cmocka_unit_test (room_may_be_larger_than_what_is_written),
        cmocka_unit_test (clearing_forgets_all),
        cmocka_unit_test (a_note_is_formatted),
        cmocka_unit_test (a_note_that_is_too_long_is_cut),
        cmocka_unit_test (text_may_move_while_the_queue_grows),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
