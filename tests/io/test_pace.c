/*  =========================================================================
    test_pace - how fast a generation is written

    Beside a good one it has time: others have the loop, a core and the disk.
    =========================================================================
*/

#include "io/store_case.h"

#include "loop/clock.h"
#include "store/chunks.h"

//  Of whom a table has many chunks
#define CLIENTS 20000

//  Longer than a test may take
#define LONG_MS 600000

static size_t s_generation;  //  On the disk
static size_t s_wanted;      //  Turns that were wanted at once


static void
s_turn (void *context)
{
    store_case_t *self = context;
    bool loading = store_is_loading (self->store);
    bool more = store_turn (self->store, clock_ms ());
    s_wanted += more && !loading;
    s_generation = store_counts (self->store).generation;
    journal_flush (self->journal);
}


static void
s_begin (store_case_t *self)
{
    store_case_tell (self, 0, CLIENTS, 1);
    store_case_settle (self);
    s_wanted = s_generation = 0;
}


//  Only what the thread has done makes a turn

static void
beside_a_good_generation_the_next_wants_no_turn_of_its_own (void **state)
{
    store_case_t *self = *state;
    poller_turn_fn *turn = self->stage->turn;
    s_begin (self);
    store_case_kill (self);
    char *name = zsys_sprintf ("%s/Alford.table", self->folder);
    FILE *file = fopen (name, "r+");
    assert_non_null (file);
    fseek (file, BLOCK_TEXT_SIZE_MAX / 2, SEEK_SET);
    fputc (0, file);
    fclose (file);
    zstr_free (&name);
    assert_true (store_case_open (self));
    self->stage->turn = s_turn;
    REACH (self->stage, &s_generation, 2);
    assert_int_equal (s_wanted, 0);
    self->stage->turn = turn;
    size_t known = store_case_count (self, 0, CLIENTS, 1);
    assert_true (known > 0 && known < CLIENTS);
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, CLIENTS, 1), known);
}


static void
without_a_good_generation_the_next_is_written_at_once (void **state)
{
    store_case_t *self = *state;
    poller_turn_fn *turn = self->stage->turn;
    s_begin (self);
    self->stage->turn = s_turn;
    store_case_fail (CALL_PWRITE, 0, 1, EIO);
    store_case_tell (self, CLIENTS, CLIENTS + 1, 1);
    REACH (self->stage, &s_generation, 2);
    assert_true (s_wanted > 0);
    self->stage->turn = turn;
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, CLIENTS + 1, 1), CLIENTS + 1);
}


static void
s_put (chunks_t *chunks, bool paced)
{
    chunk_t *chunk = chunks_room (chunks, false);
    assert_non_null (chunk);
    chunk->paced = paced;
    chunks_put (chunks);
}


//  Each rest would last longer than this test may

static void
nobody_rests_before_what_is_urgent (void **state)
{
    (void) state;
    chunks_t *chunks = chunks_new (3);
    s_put (chunks, true);
    s_put (chunks, true);
    chunks_rest (chunks, clock_ms ());
    s_put (chunks, false);
    chunks_rest (chunks, clock_ms () + LONG_MS);
    chunks_drop (chunks);
    chunks_rest (chunks, clock_ms () + LONG_MS);
    chunks_drop (chunks);
    chunks_drop (chunks);
    s_put (chunks, true);
    chunks_rest (chunks, clock_ms ());
    chunks_close (chunks);
    chunks_rest (chunks, clock_ms () + LONG_MS);
    chunks_destroy (&chunks);
}


//  A rest lasts, whatever else is put that is to be rested after

static void
who_rests_is_left_alone (void **state)
{
    (void) state;
    chunks_t *chunks = chunks_new (3);
    s_put (chunks, true);
    s_put (chunks, true);
    int64_t until_ms = clock_ms () + 20;
    chunks_rest (chunks, until_ms);
    assert_true (clock_ms () >= until_ms);
    chunks_destroy (&chunks);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        STORE_CASE (beside_a_good_generation_the_next_wants_no_turn_of_its_own),
        STORE_CASE (without_a_good_generation_the_next_is_written_at_once),
        cmocka_unit_test (nobody_rests_before_what_is_urgent),
        cmocka_unit_test (who_rests_is_left_alone),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
