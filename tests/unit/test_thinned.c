/*  =========================================================================
    test_thinned - followers that are told of one client of so many
    =========================================================================
*/

#include "unit/spans.h"

#include "follow/follower.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLENTY ((size_t) 1 << 30)
#define CLIENTS 400
#define TOLD_MAX 50
#define LOOKS 5000
#define MANY (3 * (size_t) AREA_LOOKS)

static const unsigned char s_key [] = "0123456789abcdef";
static const area_t s_all = {.kind = AREA_ALL};
static const area_t s_box = {
    .kind = AREA_BOX, .box = {.west = -5, .south = -5, .east = 5, .north = 5}};

typedef struct {
    table_t *table;
    followers_t *crowd;
    follower_t *follower;
    size_t clients;       //  That were put
    size_t time;          //  Of the last ones
    size_t inside;        //  What the last reset said
    uint64_t thinned;     //
    size_t resets;        //
    bool told [CLIENTS];  //  Since then
    size_t told_count;
} stage_t;


static int
s_setup (void **state)
{
    stage_t *self = calloc (1, sizeof (stage_t));
    assert_non_null (self);
    self->table = table_new (s_key, PLENTY);
    table_keep_near (self->table);
    self->crowd = followers_new (self->table, SIZE_MAX);
    *state = self;
    return 0;
}


static int
s_teardown (void **state)
{
    stage_t *self = *state;
    if (self->follower)
        follower_destroy (&self->follower);
    followers_destroy (&self->crowd);
    table_destroy (&self->table);
    free (self);
    return 0;
}


static void
s_put (stage_t *self, size_t client, size_t time)
{
    char line [100];
    snprintf (
        line, sizeof line, "AT A +0.000000000 c%zu +1.0+1.0 %zu", client, time);
    location_t location = spans_location (line);
    table_put (self->table, &location, TABLE_DOOR);
}


//  Have so many clients, all of which move

static void
s_move (stage_t *self, size_t clients)
{
    self->clients = clients;
    self->time++;
    for (size_t client = 0; client < clients; client++)
        s_put (self, client, self->time);
}


static void
s_follow (stage_t *self, const area_t *area)
{
    bool full;
    self->follower = follower_new (self->crowd, area, TOLD_MAX, true, &full);
    assert_non_null (self->follower);
}


//  Read all there is.  Nobody may be told of who is not of the share

static void
s_read (stage_t *self)
{
    follower_event_t event;
    while (follower_has_next (self->follower)) {
        uint64_t client;
        size_t looks = LOOKS;
        if (!follower_next (self->follower, &event, &looks))
            continue;
        assert_int_not_equal (event.kind, FOLLOWER_CROWDED);
        if (event.kind == FOLLOWER_AFRESH) {
            self->inside = event.inside;
            assert_true (event.thinned >= self->thinned);
            self->thinned = event.thinned;
            self->resets++;
            self->told_count = 0;
            memset (self->told, 0, sizeof self->told);
            continue;
        }
        assert_true (
            span_number ((span_t){event.client.data + 1, event.client.size - 1},
                CLIENTS - 1, &client));
        self->told_count += !self->told [client];
        self->told [client] = true;
    }
}


//  Both kinds: with more clients than may be told of, a share of them is, and
//  when they move, the same ones

static void
s_check_share (stage_t *self, const area_t *area)
{
    bool told [CLIENTS];
    s_move (self, CLIENTS / 2);
    s_follow (self, area);
    s_read (self);
    assert_int_equal (self->resets, 1);
    assert_true (self->thinned >= CLIENTS / 2 / TOLD_MAX);
    assert_in_range (self->told_count, 1, 2 * TOLD_MAX);
    memcpy (told, self->told, sizeof told);
    s_move (self, CLIENTS / 2);
    s_read (self);
    assert_int_equal (self->resets, 1);
    assert_memory_equal (self->told, told, sizeof told);
    //  More clients come: a share of those who were told of
    uint64_t before = self->thinned;
    s_move (self, CLIENTS);
    s_read (self);
    assert_true (self->resets > 1);
    assert_true (self->thinned > before);
    assert_in_range (self->told_count, 1, 2 * TOLD_MAX);
    for (size_t client = 0; client < CLIENTS / 2; client++)
        assert_true (told [client] || !self->told [client]);
}


static void
an_area_with_too_many_is_told_of_a_share (void **state)
{
    stage_t *self = *state;
    s_check_share (self, &s_box);
    //  Others entered after the reset
    assert_in_range (self->inside, 1, self->told_count);
    assert_true (self->told_count <= TOLD_MAX);
}


static void
so_are_all (void **state)
{
    stage_t *self = *state;
    s_check_share (self, &s_all);
    assert_int_equal (self->inside, CLIENTS);
}


static void
where_few_are_all_are_told_of (void **state)
{
    static const area_t *const areas [] = {&s_box, &s_all};
    stage_t *self = *state;
    s_move (self, TOLD_MAX);
    for (int index = 0; index < 2; index++) {
        s_follow (self, areas [index]);
        self->thinned = 0;
        s_read (self);
        assert_int_equal (self->thinned, 1);
        assert_int_equal (self->inside, TOLD_MAX);
        assert_int_equal (self->told_count, TOLD_MAX);
        follower_destroy (&self->follower);
    }
}


//  Who expires is told of if its coming was

static void
who_is_not_of_the_share_is_not_told_gone_either (void **state)
{
    stage_t *self = *state;
    follower_event_t event;
    size_t gone = 0;
    s_move (self, CLIENTS);
    s_follow (self, &s_box);
    s_read (self);
    for (size_t client = 0; client < CLIENTS; client++) {
        char name [20];
        snprintf (name, sizeof name, "c%zu", client);
        table_drop (self->table, span_of (name));
    }
    while (follower_has_next (self->follower)) {
        size_t looks = LOOKS;
        if (follower_next (self->follower, &event, &looks)) {
            assert_int_equal (event.kind, FOLLOWER_GONE);
            gone++;
        }
    }
    assert_int_equal (gone, self->told_count);
}


//  Put a client of many inside, on a line to the north, or outside

static void
s_put_one (stage_t *self, size_t client, size_t time, bool inside)
{
    char line [100];
    snprintf (line, sizeof line, "AT A +0.000000000 c%zu %+.5f+1.0 %zu", client,
        (inside ? 0 : 50) + (double) client / MANY, time);
    location_t location = spans_location (line);
    table_put (self->table, &location, TABLE_DOOR);
}


//  Between two turns some clients leave, others come, others expire

static void
s_change_some (stage_t *self, bool *inside, size_t time, size_t turn)
{
    char name [20];
    for (size_t client = turn; client < MANY; client += 7) {
        inside [client] = client % 3 == 1;
        s_put_one (self, client, time + 2 + turn, inside [client]);
        if (client % 3 == 2) {
            snprintf (name, sizeof name, "c%zu", client);
            table_drop (self->table, span_of (name));
        }
    }
}


//  However many are inside of an area, others have their turns before all are
//  found; and what changes meanwhile is not lost

static void
who_is_inside_is_found_a_part_at_a_time (void **state)
{
    static bool inside [MANY];
    static bool known [MANY];
    static const area_t areas [] = {{.kind = AREA_BOX, .box = {-5, -5, 5, 5}},
        {.kind = AREA_CIRCLE, .place = {0, 1}, .metres = 300000}};
    stage_t *self = *state;
    for (size_t row = 0; row < COUNT (areas); row++) {
        follower_event_t event;
        size_t turns = 0;
        bool full;
        for (size_t client = 0; client < MANY; client++) {
            s_put_one (self, client, 100 * row + 1, true);
            inside [client] = true;
        }
        self->follower =
            follower_new (self->crowd, &areas [row], MANY, true, &full);
        assert_non_null (self->follower);
        for (bool begun = false; follower_has_next (self->follower);) {
            uint64_t client;
            size_t looks = LOOKS;
            if (!follower_next (self->follower, &event, &looks)) {
                if (!begun)
                    s_change_some (self, inside, 100 * row, turns++);
                continue;
            }
            begun = true;
            if (event.kind == FOLLOWER_AFRESH) {
                memset (known, 0, sizeof known);
                continue;
            }
            assert_true (span_number (
                (span_t){event.client.data + 1, event.client.size - 1},
                MANY - 1, &client));
            known [client] =
                event.kind == FOLLOWER_LOCATION || event.kind == FOLLOWER_ENTER;
        }
        assert_in_range (turns, 2, 7);
        assert_memory_equal (known, inside, sizeof known);
        follower_destroy (&self->follower);
    }
}


int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)
    const struct CMUnitTest tests [] = {
        CASE (an_area_with_too_many_is_told_of_a_share),
        CASE (so_are_all),
        CASE (where_few_are_all_are_told_of),
        CASE (who_is_not_of_the_share_is_not_told_gone_either),
        CASE (who_is_inside_is_found_a_part_at_a_time),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
