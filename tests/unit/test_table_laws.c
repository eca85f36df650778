/*  =========================================================================
    test_table_laws - the newest location of every client, in any order

    Laws, at random: any order and repetition of the same locations leads to
    the same table, and the log and its cursors do what a plain list would.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/table_case.h"

#include <stdio.h>

#define CLIENTS 40
#define LINES 800

//  Near equals of a few clients

static void
s_make_lines (chance_t *chance, char lines [LINES][80])
{
    static const char *const differences [] = {
        "+0.000000000", "-60.000000001", "+1.000000000", "-999.000000000"};
    for (size_t at = 0; at < LINES; at++)
        snprintf (lines [at], 80, "AT %c %s c%zu +%zu+1 %zu%s",
            (char) ('A' + chance_below (chance, 3)),
            differences [chance_below (chance, COUNT (differences))],
            chance_below (chance, CLIENTS), chance_below (chance, 3),
            1000 + chance_below (chance, 4) * 500,
            chance_below (chance, 2) ? ".0" : "");
}


//  "putting the same locations into two tables, in any order and any number
//  of times, leaves the two equal, and their digests too"

static void
order_and_repetition_do_not_matter (void **state)
{
    chance_t chance = chance_new (2007);
    static char lines [LINES][80];
    static size_t order [LINES];
    s_make_lines (&chance, lines);
    for (size_t at = 0; at < LINES; at++)
        table_case_put (*state, lines [at], 0);

    for (int round = 0; round < 8; round++) {
        table_t *other = table_case_new (TABLE_CASE_PLENTY);
        for (int repeat = 0; repeat <= round % 3; repeat++) {
            chance_shuffle (&chance, order, LINES);
            for (size_t at = 0; at < LINES; at++)
                table_case_put (other, lines [order [at]],
                    (int) chance_below (&chance, TABLE_PEERS_MAX));
        }
        const digest_t *one = table_digest (*state);
        const digest_t *two = table_digest (other);
        for (uint64_t leaf = 0; leaf < 65536; leaf += 1 + leaf / 64)
            assert_true (
                digest_sum (one, 4, leaf) == digest_sum (two, 4, leaf));
        assert_true (digest_root (one) == digest_root (two));
        assert_int_equal (table_count (other), table_count (*state));
        for (size_t at = 0; at < LINES; at++) {
            location_t mine = spans_location (lines [at]);
            location_t theirs;
            assert_true (table_find (*state, mine.client, &mine));
            assert_true (table_find (other, mine.client, &theirs));
            assert_span (mine.line, theirs.line);
        }
        table_destroy (&other);
    }
}


//  It is behind the changes until somebody asks, but never for those who ask

static void
the_digest_is_the_same_whenever_it_is_asked_for (void **state)
{
    chance_t chance = chance_new (16384);
    table_t *asked = table_case_new (TABLE_CASE_PLENTY);
    for (int stamp = 0; stamp < 100000; stamp++) {
        char line [80];
        size_t client = chance_below (&chance, 30000);
        snprintf (line, sizeof (line), "AT A +0.000000000 c%zu +1+1 %d", client,
            stamp);
        location_t location = spans_location (line);
        if (chance_below (&chance, 10) == 0) {
            table_drop (*state, location.client);
            table_drop (asked, location.client);
        }
        else if (chance_below (&chance, 10) == 0) {
            table_load (*state, &location, 0);
            table_load (asked, &location, 0);
        }
        else {
            table_put (*state, &location, 0);
            table_put (asked, &location, 0);
        }
        table_digest (asked);
    }
    assert_true (digest_root (table_digest (asked)) ==
                 digest_root (table_digest (*state)));
    table_walk_t walk = {.level = 0};
    uint64_t sum = 0;
    while (table_step (*state, &walk))
        sum += walk.check;
    assert_true (digest_root (table_digest (asked)) == sum);
    table_destroy (&asked);
}


static void
a_difference_anywhere_shows_in_the_root (void **state)
{
    static const char *const others [] = {"AT A +0.000000000 k +1+1 100.0",
        "AT A +0.000000000 k +1+2 100", "AT B +0.000000000 k +1+1 100",
        "AT A +0.000000001 k +1+1 100", "AT A +0.000000000 K +1+1 100"};
    table_case_put (*state, "AT A +0.000000000 k +1+1 100", 0);
    uint64_t root = digest_root (table_digest (*state));
    for (size_t at = 0; at < COUNT (others); at++) {
        table_t *other = table_case_new (TABLE_CASE_PLENTY);
        table_case_put (other, others [at], 0);
        assert_true (digest_root (table_digest (other)) != root);
        table_destroy (&other);
    }
    table_t *other =
        table_new ((const unsigned char *) "0123456789abcdeF", 99999);
    table_case_put (other, "AT A +0.000000000 k +1+1 100", 0);
    assert_true (digest_root (table_digest (other)) != root);
    table_destroy (&other);
}


//  The model: the lsn of every client's record, and for a cursor the lsn up to
//  which it has seen all

#define CURSORS 5

typedef struct {
    table_t *table;
    uint64_t lsns [CLIENTS];
    uint64_t seen [CURSORS];
    table_cursor_t cursors [CURSORS];
    uint64_t first;
} log_t;


static uint64_t
s_next_lsn (const log_t *self, uint64_t after)
{
    uint64_t next = UINT64_MAX;
    for (size_t client = 0; client < CLIENTS; client++)
        if (self->lsns [client] > after && self->lsns [client] < next)
            next = self->lsns [client];
    return next;
}


static void
s_check_cursors (const log_t *self)
{
    for (size_t at = 0; at < CURSORS; at++) {
        uint64_t next = s_next_lsn (self, self->seen [at]);
        table_record_t record;
        bool some = table_peek (self->table, self->cursors [at], &record);
        assert_int_equal (some, next != UINT64_MAX);
        if (some)
            assert_int_equal (record.lsn, next);
    }
}


//  A client's next location, as a change or, of a new client, in bulk: then it
//  goes before all, cursors too

static void
s_tell (log_t *self, size_t client, int stamp, size_t decimals)
{
    char line [120];
    snprintf (line, sizeof line, "AT A +0.000000000 c%zu +1+1 %d.%0*d", client,
        stamp, (int) decimals + 1, 0);
    location_t location = spans_location (line);
    if (decimals % 3 || self->lsns [client]) {
        assert_int_equal (
            (decimals % 3 ? table_put : table_load) (self->table, &location, 1),
            TABLE_STORED);
        self->lsns [client] = table_lsn (self->table);
        return;
    }
    uint64_t last = table_lsn (self->table);
    assert_int_equal (table_load (self->table, &location, 1), TABLE_STORED);
    assert_int_equal (table_lsn (self->table), last);
    self->lsns [client] = --self->first;
    for (size_t at = 0; at < CURSORS; at++)
        if (self->seen [at] < self->first)
            self->seen [at] = self->first;
}


static void
s_drop (log_t *self, size_t client)
{
    char name [16];
    snprintf (name, sizeof name, "c%zu", client);
    table_drop (self->table, span_of (name));
    self->lsns [client] = 0;
}


static void
s_seek (log_t *self, chance_t *chance, size_t at)
{
    uint64_t last = table_lsn (self->table);
    self->seen [at] =
        self->first - 1 + chance_below (chance, last - self->first + 2);
    if (chance_below (chance, 8) == 0)
        self->seen [at] = 0;
    while (!table_seek (self->table, self->cursors [at], self->seen [at], 7))
        ;
}


//  "The records stand in the order of their lsn, each once"

static void
cursors_see_the_log_as_a_plain_list_would (void **state)
{
    chance_t chance = chance_new (793);
    log_t log = {.table = *state, .first = TABLE_LSN_BASE + 1};
    for (size_t at = 0; at < CURSORS; at++)
        log.cursors [at] = table_cursor (*state);
    for (int round = 0; round < 9000; round++) {
        size_t client = chance_below (&chance, CLIENTS);
        size_t at = chance_below (&chance, CURSORS);
        switch (chance_below (&chance, 6)) {
        case 0:
            s_tell (&log, client, 1 + round, chance_below (&chance, 30));
            break;
        case 1:
            s_seek (&log, &chance, at);
            break;
        case 2:
            if (chance_below (&chance, 3) == 0)
                s_drop (&log, client);
            break;
        default:
            if (s_next_lsn (&log, log.seen [at]) == UINT64_MAX)
                break;
            log.seen [at] = s_next_lsn (&log, log.seen [at]);
            table_advance (*state, log.cursors [at]);
        }
        s_check_cursors (&log);
    }
}


//  Whatever came and went, the digest is that of what is there

static void
what_was_dropped_leaves_no_trace (void **state)
{
    chance_t chance = chance_new (1701);
    table_t *other = table_case_new (TABLE_CASE_PLENTY);
    static char lines [LINES][80];
    s_make_lines (&chance, lines);
    for (size_t at = 0; at < LINES; at++) {
        table_case_put (*state, lines [at], 0);
        location_t location = spans_location (lines [at]);
        if (chance_below (&chance, 3) == 0)
            table_drop (*state, location.client);
    }
    table_walk_t walk = {.level = 0};
    while (table_step (*state, &walk)) {
        location_t location;
        location_reread (&location, walk.line);
        assert_int_equal (table_load (other, &location, 0), TABLE_STORED);
    }
    assert_int_equal (table_count (other), table_count (*state));
    assert_true (digest_root (table_digest (other)) ==
                 digest_root (table_digest (*state)));
    for (size_t at = 0; at < LINES; at++) {
        location_t location = spans_location (lines [at]);
        table_drop (*state, location.client);
    }
    assert_int_equal (table_count (*state), 0);
    assert_true (digest_root (table_digest (*state)) == 0);
    table_destroy (&other);
}


static table_result_t
s_put_in_two (table_t *self, const char *line)
{
    location_t location = spans_location (line);
    uint64_t hash = table_prefetch (self, location.client);
    assert_true (hash == table_hash (self, location.client));
    return table_put_hashed (self, &location, hash);
}


static void
to_put_in_two_steps_is_to_put_at_the_door (void **state)
{
    chance_t chance = chance_new (4711);
    table_t *other = table_case_new (TABLE_CASE_PLENTY);
    static char lines [LINES][80];
    s_make_lines (&chance, lines);
    unsigned results [TABLE_FULL + 1] = {0};
    for (size_t at = 0; at < LINES; at++) {
        table_result_t result = table_case_put (other, lines [at], TABLE_DOOR);
        assert_int_equal (s_put_in_two (*state, lines [at]), result);
        assert_true (table_lsn (*state) == table_lsn (other));
        results [result]++;
    }
    assert_true (results [TABLE_STORED] && results [TABLE_SAME] &&
                 results [TABLE_OLDER]);
    assert_true (digest_root (table_digest (*state)) ==
                 digest_root (table_digest (other)));
    table_cursor_t cursor = table_cursor (*state);
    for (table_record_t record; table_peek (*state, cursor, &record);
         table_advance (*state, cursor))
        assert_int_equal (record.known, 0);
    table_destroy (&other);
}


//  Of clients known, unknown and just being moved into a larger index

static void
to_prefetch_changes_nothing (void **state)
{
    chance_t chance = chance_new (31);
    for (size_t count = 0; count < 3000; count++) {
        char line [80];
        snprintf (line, sizeof line, "AT A +0.000000000 c%zu +1+1 5", count);
        location_t location = spans_location (line);
        uint64_t lsn = table_lsn (*state);
        uint64_t root = digest_root (table_digest (*state));
        size_t size = table_size (*state);
        table_prefetch (*state, location.client);
        assert_false (table_find (*state, location.client, NULL));
        char name [24];
        snprintf (name, sizeof name, "c%zu", chance_below (&chance, count + 1));
        bool known = table_find (*state, span_of (name), NULL);
        table_prefetch (*state, span_of (name));
        assert_true (table_find (*state, span_of (name), NULL) == known);
        assert_int_equal (table_count (*state), count);
        assert_true (table_lsn (*state) == lsn);
        assert_true (digest_root (table_digest (*state)) == root);
        assert_int_equal (table_size (*state), size);
        assert_int_equal (table_case_put (*state, line, 0), TABLE_STORED);
    }
}


#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (                                          \
        name, table_case_set_up, table_case_tear_down)

int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (order_and_repetition_do_not_matter),
        CASE (the_digest_is_the_same_whenever_it_is_asked_for),
        CASE (a_difference_anywhere_shows_in_the_root),
        CASE (cursors_see_the_log_as_a_plain_list_would),
        CASE (what_was_dropped_leaves_no_trace),
        CASE (to_put_in_two_steps_is_to_put_at_the_door),
        CASE (to_prefetch_changes_nothing),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
