/*  =========================================================================
    test_restore - what our own disk brings back

    Ball's table is kept as a store would keep it, Ball starts anew and gets it
    back, and costs its peers what changed meanwhile.
    =========================================================================
*/

#include "unit/ball.h"
#include "unit/crowd.h"

#include "table/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 5000
#define RECORDS_SIZE 1048576

//  A table on disk
typedef struct {
    char *records;
    size_t size;
    char mark [FLOOD_MARK_SIZE_MAX];
    size_t mark_size;
} disk_t;


static void
s_save (relay_t *self, unsigned server, disk_t *disk)
{
    copy_t copy;
    uint64_t records = 0;
    copy_init (&copy, self->members [server].table);
    disk->records = malloc (RECORDS_SIZE);
    assert_non_null (disk->records);
    disk->size = copy_write (&copy, RECORDS_SIZE, disk->records, &records);
    assert_false (copy_has_next (&copy));
    disk->mark_size = flood_mark (self->members [server].flood, disk->mark);
}


static void
s_restore (relay_t *self, unsigned server, disk_t *disk)
{
    relay_restore (
        self, server, EVENT_DISK_RECORDS, (span_t){disk->records, disk->size});
    relay_restore (
        self, server, EVENT_DISK_MARK, (span_t){disk->mark, disk->mark_size});
    relay_restore (self, server, EVENT_DISK_END, (span_t){NULL, 0});
    free (disk->records);
}


//  Three know as many clients

static void
s_begin (relay_t *self)
{
    relay_settle (self);
    relay_put_many (self, ALFORD, CLIENTS, 100);
    relay_run (self, 3000);
    assert_true (relay_agrees (self));
}


//  Records that came to a server from both others

static size_t
s_came (const relay_t *self, unsigned server)
{
    size_t count = 0;
    for (unsigned other = 0; other < self->count; other++)
        count += self->wires [other][server].records +
                 self->wires [other][server].puts;
    return count;
}


//  Whether it is met before its disk is read, or after

static void
what_changed_meanwhile_comes_and_no_more (void **state)
{
    relay_t *self = *state;
    s_begin (self);
    for (int early = 0; early < 2; early++) {
        disk_t disk;
        s_save (self, BALL, &disk);
        relay_put_many (self, HOLIDAY, 300, 200 + early);
        relay_run (self, 1000);
        self->restoring = true;
        relay_restart (self, BALL, RELAY_KEY);
        relay_forget (self);
        if (early)
            relay_run (self, 300);
        s_restore (self, BALL, &disk);
        relay_run (self, 3000);
        assert_true (relay_agrees (self));
        assert_false (relay_is_loading (self, BALL));
        assert_in_range (s_came (self, BALL), 300, 310);
        assert_true (self->wires [BALL][ALFORD].records <= 300);
        assert_int_equal (relay_notes (self, BALL, "loading"), 0);
        assert_int_equal (relay_notes (self, BALL, "5000 records read"), 1);
    }
}


//  The same work, but for moving what grew

static void
what_is_to_come_is_made_room_for (void **state)
{
    relay_t *self = *state;
    size_t hashes [2];
    s_begin (self);
    for (int told = 0; told < 2; told++) {
        disk_t disk;
        s_save (self, BALL, &disk);
        self->restoring = true;
        relay_restart (self, BALL, RELAY_KEY);
        crowd_hashes ();
        if (told)
            relay_restore (self, BALL, EVENT_DISK_BEGIN,
                (span_t){disk.mark, disk.mark_size});
        s_restore (self, BALL, &disk);
        hashes [told] = crowd_hashes ();
        relay_run (self, 3000);
        assert_true (relay_agrees (self));
    }
    assert_in_range (hashes [1], 2 * CLIENTS, 2 * CLIENTS + 100);
    assert_true (hashes [0] > (size_t) 3 * CLIENTS);
}


//  Its stream is another, of which nothing is known

static void
the_position_of_a_process_that_is_gone_does_not_count (void **state)
{
    relay_t *self = *state;
    disk_t disk;
    s_begin (self);
    s_save (self, BALL, &disk);
    relay_restart (self, ALFORD, RELAY_KEY);
    relay_put (self, ALFORD, "AT Alford +0.000000000 young +1+1 1");
    relay_run (self, 3000);
    self->restoring = true;
    relay_restart (self, BALL, RELAY_KEY);
    s_restore (self, BALL, &disk);
    relay_run (self, 6000);
    assert_true (relay_agrees (self));
    assert_int_equal (relay_count (self, BALL), CLIENTS + 1);
}


//  A peer of few changes would be asked for all of them: what it streamed while
//  we were away is not had before it came

static void
who_is_met_late_is_not_said_to_be_had (void **state)
{
    relay_t *self = *state;
    disk_t disk;
    relay_settle (self);
    relay_put_many (self, ALFORD, 3, 100);
    relay_run (self, 3000);
    s_save (self, BALL, &disk);
    relay_put_many (self, ALFORD, 5, 200);
    self->restoring = true;
    relay_restart (self, BALL, RELAY_KEY);
    relay_cut (self, ALFORD, BALL);
    s_restore (self, BALL, &disk);
    relay_run (self, 5000);
    assert_false (relay_is_loading (self, BALL));
    relay_mend (self, ALFORD, BALL);
    const message_t *said = &self->wires [BALL][ALFORD].state;
    for (int pass = 0; pass < 1000 && !relay_agrees (self); pass++) {
        relay_pass (self);
        self->clock_ms += 10;
        assert_false (relay_count (self, BALL) < 5 &&
                      said->flags & MESSAGE_SETTLED &&
                      said->got == table_lsn (self->members [ALFORD].table));
    }
    assert_true (relay_agrees (self));
}


static void
peers_wait_while_a_disk_is_read (void **state)
{
    relay_t *self = *state;
    disk_t disk;
    s_begin (self);
    s_save (self, BALL, &disk);
    relay_cut (self, ALFORD, HOLIDAY);
    relay_cut (self, BALL, HOLIDAY);
    relay_restart (self, ALFORD, RELAY_KEY);
    self->restoring = true;
    relay_restart (self, BALL, RELAY_KEY);
    relay_forget (self);
    relay_restore (self, BALL, EVENT_DISK_RECORDS,
        (span_t){disk.records, (size_t) 40 * CLIENTS});
    relay_run (self, 5000);
    assert_true (relay_is_loading (self, ALFORD));
    assert_true (relay_is_loading (self, BALL));
    assert_int_equal (s_came (self, ALFORD), 0);
    s_restore (self, BALL, &disk);
    relay_run (self, 5000);
    assert_false (relay_is_loading (self, ALFORD));
    assert_false (relay_is_loading (self, BALL));
    assert_int_equal (relay_count (self, ALFORD), CLIENTS);
    assert_int_equal (relay_notes (self, ALFORD, "loading 5000 clients"), 1);
}


//  Each disk has what others' don't

static void
all_that_start_from_disks_agree (void **state)
{
    relay_t *self = *state;
    disk_t disks [RELAY_SERVERS] = {{.size = 0}};
    s_begin (self);
    for (unsigned server = 0; server < self->count; server++) {
        char line [80];
        relay_lose (self, server, (server + 1) % 3, true);
        relay_lose (self, server, (server + 2) % 3, true);
        snprintf (line, sizeof line, "AT Ball +0.000000000 own%u +1+1 %u",
            server, 500 + server);
        relay_put (self, server, line);
        s_save (self, server, &disks [server]);
    }
    self->restoring = true;
    for (unsigned server = 0; server < self->count; server++) {
        relay_lose (self, server, (server + 1) % 3, false);
        relay_lose (self, server, (server + 2) % 3, false);
        relay_restart (self, server, RELAY_KEY);
    }
    relay_forget (self);
    for (unsigned server = 0; server < self->count; server++)
        s_restore (self, server, &disks [server]);
    relay_run (self, 4000);
    assert_true (relay_agrees (self));
    for (unsigned server = 0; server < self->count; server++) {
        assert_false (relay_is_loading (self, server));
        assert_int_equal (relay_count (self, server), CLIENTS + 3);
        assert_true (s_came (self, server) < 20);
    }
}


//  Give Alford, alone, a disk with a record of each of these times

static void
s_alone (relay_t *self, int64_t one, int64_t other, const char *mark)
{
    char text [160];
    self->ttl_seconds = 1600;
    self->restoring = true;
    relay_cut (self, ALFORD, BALL);
    relay_restart (self, ALFORD, RELAY_KEY);
    relay_cut (self, ALFORD, BALL);
    int size = snprintf (text, sizeof text,
        "AT Alford +0.000000000 one +1+1 %d\n"
        "AT Alford +0.000000000 other +1+1 %d\n",
        (int) one, (int) other);
    relay_restore (
        self, ALFORD, EVENT_DISK_RECORDS, (span_t){text, (size_t) size});
    relay_restore (self, ALFORD, EVENT_DISK_MARK, span_of (mark));
    relay_restore (self, ALFORD, EVENT_DISK_END, (span_t){NULL, 0});
}


//  "A wrong clock at boot must not empty the table"

static void
a_clock_before_the_newest_record_lets_nobody_expire (void **state)
{
    relay_t *self = *state;
    self->clock_ms += 3000000;
    int64_t now = self->clock_ms / 1000;
    s_alone (self, now - 2000, now + 10000, "FLOOR 0\n");
    relay_run (self, 10000);
    assert_int_equal (relay_count (self, ALFORD), 2);
    assert_int_equal (relay_notes (self, ALFORD, "no client expires"), 1);
    assert_false (flood_is_clock_sound (self->members [ALFORD].flood));
    self->skew_seconds [ALFORD] = 10001;
    relay_run (self, 1000);
    assert_int_equal (relay_notes (self, ALFORD, "clock is right again"), 1);
    assert_true (flood_is_clock_sound (self->members [ALFORD].flood));
    assert_int_equal (relay_count (self, ALFORD), 1);
}


static void
a_clock_far_from_the_herds_lets_nobody_expire (void **state)
{
    relay_t *self = *state;
    disk_t disk;
    self->clock_ms += 3000000;
    self->ttl_seconds = 1600;
    for (unsigned server = 0; server < self->count; server++)
        relay_restart (self, server, RELAY_KEY);
    s_begin (self);
    char line [80];
    snprintf (line, sizeof line, "AT Alford +0.000000000 now +1+1 %d",
        (int) (self->clock_ms / 1000));
    relay_put (self, ALFORD, line);
    relay_run (self, 1000);
    s_save (self, BALL, &disk);
    self->restoring = true;
    self->skew_seconds [BALL] = 100000;
    relay_restart (self, BALL, RELAY_KEY);
    s_restore (self, BALL, &disk);
    relay_run (self, 10000);
    assert_int_equal (relay_count (self, BALL), 1);
    assert_false (flood_is_clock_sound (self->members [BALL].flood));
    self->skew_seconds [BALL] = 0;
    relay_run (self, 10000);
    assert_true (flood_is_clock_sound (self->members [BALL].flood));
    assert_int_equal (relay_count (self, BALL), 1);
}


//  What had expired does not come back, whatever the clock says

static void
a_floor_on_the_disk_holds (void **state)
{
    relay_t *self = *state;
    self->clock_ms += 3000000;
    int64_t now = self->clock_ms / 1000;
    char mark [40];
    snprintf (mark, sizeof mark, "FLOOR %d\n", (int) now - 1500);
    s_alone (self, now - 1600, now + 10000, mark);
    relay_run (self, 1000);
    assert_int_equal (relay_count (self, ALFORD), 1);
    assert_int_equal (
        flood_floor (self->members [ALFORD].flood), (int) now - 1500);
}


static void
what_a_mark_says_and_we_do_not_know_is_passed_over (void **state)
{
    relay_t *self = *state;
    self->clock_ms += 3000000;
    int64_t now = self->clock_ms / 1000;
    s_alone (self, now - 10, now,
        "\nFLOOR\nFLOOR -1\nFLOOR 99999999999999999999\nMOON 7\nPEER Ball\n"
        "PEER Ball AAAAAAAAAAB 1 x\nPEER Nobody AAAAAAAAAAB 1 1\n"
        "PEER Ball AAAAAAAAAAB 18446744073709551615 18446744073709551615\n");
    relay_mend (self, ALFORD, BALL);
    relay_run (self, 5000);
    assert_true (relay_agrees (self));
    assert_int_equal (relay_count (self, BALL), 2);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        TRIANGLE (what_changed_meanwhile_comes_and_no_more),
        TRIANGLE (what_is_to_come_is_made_room_for),
        TRIANGLE (the_position_of_a_process_that_is_gone_does_not_count),
        TRIANGLE (peers_wait_while_a_disk_is_read),
        TRIANGLE (all_that_start_from_disks_agree),
        PAIR (who_is_met_late_is_not_said_to_be_had),
        PAIR (a_clock_before_the_newest_record_lets_nobody_expire),
        TRIANGLE (a_clock_far_from_the_herds_lets_nobody_expire),
        PAIR (a_floor_on_the_disk_holds),
        PAIR (what_a_mark_says_and_we_do_not_know_is_passed_over),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
