/*  =========================================================================
    test_store - the table on disk

    What was told and is on the disk is known after a kill, whatever failed
    before; and who must not have the folder, does not get it.
    =========================================================================
*/

#include "io/store_case.h"

#include "loop/clock.h"

#include <fcntl.h>
#include <sys/stat.h>

//  Told of until calls have failed, so often at most
#define CLIENTS 700
#define ROUNDS_MAX 1000


static void
what_is_on_the_disk_is_known_after_a_kill (void **state)
{
    store_case_t *self = *state;
    store_case_tell (self, 0, 3000, 1);
    store_case_settle (self);
    store_case_tell (self, 1000, 1500, 2);
    store_case_settle (self);
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 1000, 1), 1000);
    assert_int_equal (store_case_count (self, 1000, 1500, 2), 500);
    assert_int_equal (store_case_count (self, 1500, 3000, 1), 1500);
    server_status_t status = server_status (self->server);
    assert_int_equal (status.clients_known, 3000);
    assert_int_equal (status.changes, 0);
}


//  The same file is gone on with, and what was read is not written again

static void
what_was_read_is_not_written_again (void **state)
{
    store_case_t *self = *state;
    store_case_tell (self, 0, 3000, 1);
    store_case_settle (self);
    store_case_restart (self);
    store_case_tell (self, 3000, 3001, 1);
    store_case_settle (self);
    store_counts_t counts = store_counts (self->store);
    assert_int_equal (counts.generation, 1);
    assert_true (counts.written > 0 && counts.written < 1000);
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 3001, 1), 3001);
}


//  Others may need all of a turn's time

static void
a_turn_that_comes_late_reads_all_the_same (void **state)
{
    store_case_t *self = *state;
    store_case_tell (self, 0, 3000, 1);
    store_case_settle (self);
    store_case_kill (self);
    self->stage->turn = NULL;
    assert_true (store_case_open (self));
    for (unsigned ms = 0; ms < 10000 && store_is_loading (self->store); ms++) {
        loop_case_spend (self->stage, 1);
        store_turn (self->store, clock_ms () - 1000);
    }
    assert_int_equal (store_case_count (self, 0, 3000, 1), 3000);
}


//  The next turn may be a tick later, and the sync may take the other half

static void
what_changed_is_handed_over_a_tick_before_half_of_sync_ms (void **state)
{
    store_case_t *self = *state;
    self->options.sync_ms = (int64_t) 4 * CORE_TICK_MS;
    store_case_restart (self);
    self->stage->turn = NULL;
    int64_t now_ms = clock_ms () + 1000;
    store_turn (self->store, now_ms);
    store_case_tell (self, 0, 1, 1);
    assert_int_equal (store_counts (self->store).behind, 1);
    for (unsigned ms = 0; ms < 10000 && store_counts (self->store).behind;
         ms++) {
        store_turn (self->store, now_ms + CORE_TICK_MS);
        loop_case_spend (self->stage, 1);
    }
    assert_int_equal (store_counts (self->store).behind, 0);
}


//  "Records that the table on disk may lack, at most"

static void
what_was_loaded_in_bulk_is_lacking_until_it_is_on_the_disk (void **state)
{
    store_case_t *self = *state;
    location_t location;
    store_case_settle (self);
    assert_true (
        location_parse (&location, span_of ("AT Ball +0.000000000 c0 +1+1 1")));
    table_load (server_table (self->server), &location, 0);
    assert_int_equal (store_counts (self->store).behind, 1);
    store_case_settle (self);
    assert_int_equal (store_counts (self->store).behind, 0);
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 1, 1), 1);
}


static void
a_client_that_moves_often_between_syncs_is_written_once (void **state)
{
    store_case_t *self = *state;
    store_case_settle (self);
    store_counts_t before = store_counts (self->store);
    for (unsigned time = 1; time <= 1000; time++)
        store_case_tell (self, 0, 1, time);
    store_case_settle (self);
    store_counts_t counts = store_counts (self->store);
    assert_true (counts.written - before.written < 1000);
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 1, 1000), 1);
}


//  Tell of clients, each time of others, three times at least and until so many
//  calls have failed.  Notes when each was last told of

static void
s_tell_until (store_case_t *self, unsigned errors, unsigned times [CLIENTS])
{
    static unsigned time;
    for (unsigned round = 0;
         round < 3 || store_counts (self->store).errors < errors; round++) {
        unsigned first = round % 3 * 100;
        assert_true (round < ROUNDS_MAX);
        store_case_tell (self, first, first + CLIENTS - 200, ++time);
        for (unsigned client = first; client < first + CLIENTS - 200; client++)
            times [client] = time;
        store_case_settle (self);
    }
}


//  Each call, the first times it is made and later, once and for a while

static void
whatever_fails_once_or_for_a_while_all_is_on_the_disk_after (void **state)
{
    static const struct {
        call_kind_t call;
        int error;
    } rows [] = {
        {CALL_OPENAT, EMFILE},
        {CALL_PWRITE, ENOSPC},
        {CALL_PWRITE, EIO},
        {CALL_FDATASYNC, EIO},
        {CALL_RENAMEAT, EROFS},
        {CALL_FSYNC, EIO},
    };
    store_case_t *self = *state;
    unsigned times [CLIENTS];
    self->options.spare_size = 1000;
    self->options.retry_ms = 5;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        for (unsigned turn = 0; turn < 8; turn++) {
            store_case_restart (self);
            unsigned count = turn % 2 ? 4 : 1;
            store_case_fail (
                rows [row].call, turn / 2, count, rows [row].error);
            s_tell_until (self, count, times);
            assert_int_equal (store_case_failed (), count);
            assert_int_equal (store_counts (self->store).errors, count);
            store_case_fail (CALLS, 0, 0, 0);
            store_case_restart (self);
            for (unsigned client = 0; client < CLIENTS; client++)
                assert_int_equal (
                    store_case_count (self, client, client + 1, times [client]),
                    1);
        }
}


static void
a_failure_and_its_end_are_noticed (void **state)
{
    store_case_t *self = *state;
    store_case_settle (self);
    store_case_fail (CALL_PWRITE, 0, 1, ENOSPC);
    store_case_tell (self, 0, 1, 1);
    store_case_settle (self);
    store_case_await (self,
        "table on disk: what is acknowledged now is not on it: write: No space "
        "left on device\n");
    store_case_await (self, "table on disk again: generation 2, ");
}


//  The present generation goes on, and has the room that is left

static void
no_generation_is_begun_that_there_is_no_room_for (void **state)
{
    store_case_t *self = *state;
    self->options.retry_ms = 500;
    self->options.spare_size = 1000;
    store_case_restart (self);
    store_case_fail (CALL_FSTATVFS, 0, 1000000, 0);
    for (unsigned time = 1; store_case_failed () < 3; time++) {
        store_case_tell (self, 0, 1000, time);
        store_case_settle (self);
    }
    assert_int_equal (store_counts (self->store).generation, 1);
    store_case_await (self, "table on disk: no new generation: open: No space");
    const char *log = log_case_read (self->log, self->log->file);
    assert_null (strstr (strstr (log, "no new gen") + 1, "no new gen"));
    store_case_restart (self);
    assert_int_equal (table_count (server_table (self->server)), 1000);
}


//  Replies go on, and a notice says that the promise is not kept

static void
a_disk_that_hangs_holds_nobody_up (void **state)
{
    store_case_t *self = *state;
    store_case_settle (self);
    store_case_hold (true);
    for (unsigned time = 1; time <= 100; time++) {
        store_case_tell (self, 0, 3000, time);
        loop_case_spend (self->stage, 1);
    }
    assert_int_equal (store_case_count (self, 0, 3000, 100), 3000);
    assert_int_equal (self->settled, 0);
    store_case_await (self, "the disk is slow");
    assert_int_equal (store_counts (self->store).behind, 3000);
    store_case_hold (false);
    store_case_settle (self);
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 3000, 100), 3000);
}


static void
a_file_that_can_not_be_read_is_replaced (void **state)
{
    store_case_t *self = *state;
    store_case_tell (self, 0, 8000, 1);
    store_case_settle (self);
    store_case_kill (self);
    store_case_fail (CALL_PREAD, 2, 1, EIO);
    assert_true (store_case_open (self));
    store_case_tell (self, 9000, 9001, 1);
    store_case_settle (self);
    assert_int_equal (store_case_failed (), 1);
    store_case_await (self, ": read: Input/output error");
    store_case_await (self, "the file is kept as Alford.table.bad");
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 9000, 9001, 1), 1);
}


static void
s_append (store_case_t *self, const char *text)
{
    char *name = zsys_sprintf ("%s/Alford.table", self->folder);
    FILE *file = fopen (name, "a");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
    zstr_free (&name);
}


static void
a_torn_end_is_left_out_and_written_over (void **state)
{
    store_case_t *self = *state;
    store_case_tell (self, 0, 10, 1);
    store_case_settle (self);
    for (unsigned round = 0; round < 2; round++) {
        store_case_kill (self);
        s_append (self, "R00000041 0123456789abcdef\nAT Alford +0");
        assert_true (store_case_open (self));
        store_case_settle (self);
        store_case_await (self, "its last 39 bytes were not written whole");
        store_case_tell (self, 10 * round, 10 * round + 20, 2 + round);
        store_case_settle (self);
    }
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 10, 2), 10);
    assert_int_equal (store_case_count (self, 10, 30, 3), 20);
}


static void
a_torn_end_that_can_not_be_cut_off_has_the_file_replaced (void **state)
{
    store_case_t *self = *state;
    store_case_tell (self, 0, 10, 1);
    store_case_settle (self);
    store_case_kill (self);
    s_append (self, "R00000041");
    store_case_fail (CALL_FTRUNCATE, 0, 1, EIO);
    assert_true (store_case_open (self));
    store_case_settle (self);
    store_case_await (self, ": ftruncate: Input/output error");
    store_case_await (self, "table on disk again: generation 2, ");
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 10, 1), 10);
}


//  The blocks behind it are read, the file is kept, and a whole one is written

static void
a_file_with_a_bad_block_is_kept_aside_and_replaced (void **state)
{
    store_case_t *self = *state;
    for (unsigned block = 0; block < 10; block++) {
        store_case_tell (self, 100 * block, 100 * block + 100, 1);
        store_case_settle (self);
    }
    store_case_kill (self);
    char *name = zsys_sprintf ("%s/Alford.table", self->folder);
    char *bad = zsys_sprintf ("%s.bad", name);
    FILE *file = fopen (name, "r+");
    assert_non_null (file);
    fseek (file, 0, SEEK_END);
    fseek (file, ftell (file) / 2 + 500, SEEK_SET);
    fputc (0, file);
    fclose (file);
    assert_true (store_case_open (self));
    store_case_settle (self);
    store_case_await (self,
        "of its bytes are damaged, and left out; the file is kept as "
        "Alford.table.bad");
    for (unsigned ms = 0; ms < 10000; ms++)
        if (store_counts (self->store).generation < 2)
            loop_case_spend (self->stage, 1);
    store_case_await (self, "table on disk: generation 2, ");
    size_t known = store_case_count (self, 0, 1000, 1);
    assert_int_equal (known, 900);
    assert_int_equal (zsys_file_exists (bad), 1);
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 1000, 1), known);
    zstr_free (&name);
    zstr_free (&bad);
}


static void
all_is_on_the_disk_when_it_is_finished (void **state)
{
    store_case_t *self = *state;
    self->options.sync_ms = 60000;
    store_case_restart (self);
    store_case_tell (self, 0, 3000, 1);
    store_finish (self->store, 60000);
    self->options.sync_ms = 10;
    store_case_restart (self);
    assert_int_equal (store_case_count (self, 0, 3000, 1), 3000);
}


static void
s_is_refused (store_case_t *self, const char *why)
{
    assert_false (store_case_open (self));
    assert_string_equal (self->why, why);
    server_destroy (&self->server);
}


static void
a_second_server_of_the_name_is_refused (void **state)
{
    store_case_t *self = *state;
    store_t *store = self->store;
    server_t *server = self->server;
    s_is_refused (self, "another Alford is running on it");
    self->store = store;
    self->server = server;
}


static void
the_table_of_another_is_refused (void **state)
{
    store_case_t *self = *state;
    store_case_settle (self);
    store_case_kill (self);
    self->options.herd = "other";
    s_is_refused (self, "Alford.table is the table of Alford in herd test");
    self->options.herd = "test";
    self->options.server = "Ball";
    char *from = zsys_sprintf ("%s/Alford.table", self->folder);
    char *to = zsys_sprintf ("%s/Ball.table", self->folder);
    assert_int_equal (rename (from, to), 0);
    s_is_refused (self, "Ball.table is the table of Alford in herd test");
    self->options.server = "Alford";
    zstr_free (&from);
    zstr_free (&to);
    assert_true (store_case_open (self));
}


static void
what_is_not_ours_alone_is_refused (void **state)
{
    store_case_t *self = *state;
    store_case_settle (self);
    store_case_kill (self);
    char *name = zsys_sprintf ("%s/Alford.table", self->folder);
    chmod (self->folder, 0750);
    s_is_refused (self, "it is open to others: its mode must be 700");
    chmod (self->folder, 0700);
    chmod (name, 0640);
    s_is_refused (self, "Alford.table is open to others: its mode must be 600");
    unlink (name);
    assert_int_equal (symlink ("Alford.lock", name), 0);
    s_is_refused (self, "Alford.table: Too many levels of symbolic links");
    unlink (name);
    assert_int_equal (mkfifo (name, 0600), 0);
    s_is_refused (self, "Alford.table is no regular file");
    unlink (name);
    zstr_free (&name);
    s_append (self, "ZHERD-TABLE/3 whatever\n");
    name = zsys_sprintf ("%s/Alford.table", self->folder);
    chmod (name, 0600);
    s_is_refused (self,
        "Alford.table is a table in the format of another version of zherd");
    unlink (name);
    zstr_free (&name);
    assert_true (store_case_open (self));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        STORE_CASE (what_is_on_the_disk_is_known_after_a_kill),
        STORE_CASE (what_was_read_is_not_written_again),
        STORE_CASE (a_turn_that_comes_late_reads_all_the_same),
        STORE_CASE (what_changed_is_handed_over_a_tick_before_half_of_sync_ms),
        STORE_CASE (what_was_loaded_in_bulk_is_lacking_until_it_is_on_the_disk),
        STORE_CASE (a_client_that_moves_often_between_syncs_is_written_once),
        STORE_CASE (
            whatever_fails_once_or_for_a_while_all_is_on_the_disk_after),
        STORE_CASE (a_failure_and_its_end_are_noticed),
        STORE_CASE (no_generation_is_begun_that_there_is_no_room_for),
        STORE_CASE (a_disk_that_hangs_holds_nobody_up),
        STORE_CASE (a_file_that_can_not_be_read_is_replaced),
        STORE_CASE (a_file_with_a_bad_block_is_kept_aside_and_replaced),
        STORE_CASE (a_torn_end_is_left_out_and_written_over),
        STORE_CASE (a_torn_end_that_can_not_be_cut_off_has_the_file_replaced),
        STORE_CASE (all_is_on_the_disk_when_it_is_finished),
        STORE_CASE (a_second_server_of_the_name_is_refused),
        STORE_CASE (the_table_of_another_is_refused),
        STORE_CASE (what_is_not_ours_alone_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
