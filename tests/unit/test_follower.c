/*  =========================================================================
    test_follower - who is told where clients are

    A table changes in all ways there are.  Followers of areas read when they
    like to, and each keeps what it was told; whenever it lacks nothing, it
    knows just who is inside, and where.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "follow/follower.h"

#include <stdio.h>
#include <string.h>

#define PLENTY ((size_t) 1 << 30)
#define CLIENTS 40
#define STEPS 30000
#define TEXT_SIZE 100
#define INSIDE_MAX 1000

static const unsigned char s_key [] = "0123456789abcdef";

//  A follower, and what it was told
typedef struct {
    follower_t *follower;
    area_t area;
    char known [CLIENTS][TEXT_SIZE];  //  Lines; empty = it is not inside
    copy_position_t position;         //  Of the last event
} reader_t;

typedef struct {
    table_t *table;
    followers_t *crowd;
    chance_t chance;
    char line [TEXT_SIZE];
} stage_t;


static int
s_setup (void **state)
{
    static stage_t stage;
    stage = (stage_t){.table = table_new (s_key, PLENTY)};
    table_keep_near (stage.table);
    stage.crowd = followers_new (stage.table);
    *state = &stage;
    return 0;
}


static int
s_teardown (void **state)
{
    stage_t *self = *state;
    if (followers_count (self->crowd) == 0)
        followers_destroy (&self->crowd);
    table_destroy (&self->table);
    return 0;
}


//  Say where a client is at a time, in whole degrees

static location_t
s_line (stage_t *self, size_t client, int latitude, size_t time)
{
    snprintf (self->line, sizeof self->line, "AT A +0.000000000 c%zu %+d+1 %zu",
        client, latitude, time);
    return spans_location (self->line);
}


static void
s_put (stage_t *self, size_t client, int latitude, size_t time)
{
    location_t location = s_line (self, client, latitude, time);
    table_put (self->table, &location, TABLE_DOOR);
}


static void
s_drop (stage_t *self, size_t client)
{
    location_t location = s_line (self, client, 0, 1);
    table_drop (self->table, location.client);
}


static size_t
s_client (span_t client)
{
    uint64_t number = CLIENTS;
    assert_true (client.size > 1 && client.data [0] == 'c');
    assert_true (span_number (
        (span_t){client.data + 1, client.size - 1}, CLIENTS - 1, &number));
    return (size_t) number;
}


//  Keep an event, which must be one that can follow what is known

static void
s_keep (reader_t *self, const follower_event_t *event)
{
    self->position = event->position;
    if (event->kind == FOLLOWER_AFRESH) {
        memset (self->known, 0, sizeof self->known);
        return;
    }
    char *known = self->known [s_client (event->client)];
    bool is_area = self->area.kind != AREA_ALL;
    switch (event->kind) {
    case FOLLOWER_LOCATION:
        break;
    case FOLLOWER_ENTER:
        assert_true (is_area && !*known);
        break;
    default:
        assert_true (is_area && *known);
        *known = '\0';
        return;
    }
    assert_true (area_has (&self->area, &event->location));
    span_t line = event->location.line;
    assert_in_range (line.size, 1, TEXT_SIZE - 1);
    snprintf (known, TEXT_SIZE, "%.*s", (int) line.size, line.data);
}


static void
s_read (reader_t *self, size_t events)
{
    follower_event_t event;
    while (events-- && follower_has_next (self->follower))
        if (follower_next (self->follower, &event))
            s_keep (self, &event);
}


static void
s_check (stage_t *self, const reader_t *reader)
{
    for (size_t client = 0; client < CLIENTS; client++) {
        location_t location = s_line (self, client, 0, 1);
        bool inside = table_find (self->table, location.client, &location) &&
                      area_has (&reader->area, &location);
        span_t known = span_of (reader->known [client]);
        if (inside)
            assert_span (known, location.line);
        else if (reader->area.kind != AREA_ALL)
            assert_int_equal (known.size, 0);
    }
}


static void
s_follow (stage_t *self, reader_t *reader)
{
    reader->follower = follower_new (self->crowd, &reader->area, INSIDE_MAX);
    assert_non_null (reader->follower);
}


static void
s_change (stage_t *self, size_t time)
{
    size_t client = chance_below (&self->chance, CLIENTS);
    int latitude = (int) chance_below (&self->chance, 9);
    location_t location = s_line (self, client, latitude, time);
    switch (chance_below (&self->chance, 6)) {
    case 0:
        table_drop (self->table, location.client);
        break;
    case 1:
        table_load (self->table, &location, 3);
        break;
    default:
        table_put (self->table, &location, TABLE_DOOR);
        break;
    }
}


static void
whoever_lacks_nothing_knows_who_is_inside (void **state)
{
    enum { READERS = 4 };
    stage_t *self = *state;
    reader_t readers [READERS] = {{.area = {.kind = AREA_ALL}},
        {.area = {.kind = AREA_CLIENT, .client = SPAN ("c7")}},
        {.area = {.kind = AREA_CIRCLE,
             .place = {.latitude = 3, .longitude = 1},
             .metres = 120000}},
        {.area = {.kind = AREA_BOX,
             .box = {.west = 0, .south = 4, .east = 2, .north = 7}}}};
    size_t whole [READERS] = {0};
    self->chance = chance_new (16);
    for (size_t index = 0; index < READERS; index++)
        s_follow (self, &readers [index]);
    for (size_t step = 0; step < STEPS; step++) {
        size_t index = chance_below (&self->chance, READERS);
        reader_t *reader = &readers [index];
        if (chance_below (&self->chance, 2))
            s_change (self, 1000 + step);
        else
            s_read (reader, chance_below (&self->chance, 20));
        if (chance_below (&self->chance, 500) == 0) {
            follower_destroy (&reader->follower);
            s_follow (self, reader);
            if (follower_resume (reader->follower, reader->position))
                assert_int_equal (reader->area.kind, AREA_ALL);
        }
        if (!follower_has_next (reader->follower)) {
            s_check (self, reader);
            whole [index]++;
        }
    }
    for (size_t index = 0; index < READERS; index++) {
        assert_true (whole [index] > 100);
        follower_destroy (&readers [index].follower);
    }
}


static void
who_is_slow_is_told_less_and_the_newest (void **state)
{
    stage_t *self = *state;
    reader_t reader = {.area = {.kind = AREA_ALL}};
    follower_event_t event;
    s_follow (self, &reader);
    for (size_t time = 1; time <= 100; time++)
        s_put (self, 3, 1, time);
    assert_true (follower_next (reader.follower, &event));
    assert_text (event.location.stamp, "100");
    assert_false (follower_next (reader.follower, &event));
    assert_false (follower_has_next (reader.follower));
    follower_destroy (&reader.follower);
}


static void
who_skips_is_told_what_is_new (void **state)
{
    stage_t *self = *state;
    reader_t reader = {.area = {.kind = AREA_ALL}};
    follower_event_t event;
    s_put (self, 1, 1, 1);
    s_follow (self, &reader);
    follower_skip (reader.follower);
    assert_false (follower_next (reader.follower, &event));
    s_put (self, 2, 1, 1);
    assert_true (follower_next (reader.follower, &event));
    assert_text (event.client, "c2");
    follower_destroy (&reader.follower);
}


//  Such as another process, or somebody's idea

static void
a_position_that_was_never_there_is_refused (void **state)
{
    stage_t *self = *state;
    reader_t reader = {.area = {.kind = AREA_ALL}};
    static const copy_position_t positions [] = {
        {TABLE_LSN_BASE + 1, TABLE_LSN_BASE + 2},
        {TABLE_LSN_BASE + 2, TABLE_LSN_BASE + 1},
        {TABLE_LSN_BASE - 1, TABLE_LSN_BASE},
        {TABLE_LSN_BASE, TABLE_LSN_BASE - 2},
        {0, 0},
        {UINT64_MAX, UINT64_MAX},
    };
    s_put (self, 1, 1, 1);
    s_follow (self, &reader);
    for (size_t row = 0; row < COUNT (positions); row++)
        assert_false (follower_resume (reader.follower, positions [row]));
    s_read (&reader, 10);
    s_check (self, &reader);
    assert_true (follower_resume (reader.follower, reader.position));
    follower_destroy (&reader.follower);
}


static void
more_than_inside_max_are_refused (void **state)
{
    stage_t *self = *state;
    area_t area = {.kind = AREA_BOX, .box = {0, 0, 2, 9}};
    reader_t reader = {.area = area};
    follower_event_t event = {.kind = FOLLOWER_GONE};
    for (size_t client = 0; client < 4; client++)
        s_put (self, client, 1, 1);
    assert_null (follower_new (self->crowd, &area, 3));
    assert_int_equal (followers_count (self->crowd), 0);
    reader.follower = follower_new (self->crowd, &area, 4);
    assert_non_null (reader.follower);
    s_read (&reader, 10);
    s_check (self, &reader);
    s_put (self, 9, 1, 1);
    s_read (&reader, 1);
    assert_true (follower_next (reader.follower, &event));
    assert_int_equal (event.kind, FOLLOWER_CROWDED);
    assert_int_equal (event.inside, 5);
    assert_false (follower_has_next (reader.follower));
    s_put (self, 8, 1, 1);
    s_drop (self, 8);
    assert_false (follower_next (reader.follower, &event));
    follower_destroy (&reader.follower);
}


//  More are gone than a follower keeps: it begins anew

static void
who_reads_nothing_while_many_expire_begins_anew (void **state)
{
    enum { LONG = 1000, MANY = 70 };
    stage_t *self = *state;
    static char line [LONG + TEXT_SIZE];
    area_t area = {.kind = AREA_BOX, .box = {0, 0, 2, 9}};
    follower_event_t event;
    follower_t *follower = NULL;
    for (size_t pass = 0; pass < 2; pass++) {
        for (int client = 0; client < MANY; client++) {
            snprintf (line, sizeof line, "AT A +0.000000000 %0*d +1+1 1", LONG,
                client);
            location_t location = spans_location (line);
            if (pass == 0)
                table_put (self->table, &location, TABLE_DOOR);
            else
                table_drop (self->table, location.client);
        }
        if (pass == 0)
            follower = follower_new (self->crowd, &area, INSIDE_MAX);
        assert_non_null (follower);
        assert_true (follower_next (follower, &event));
        assert_int_equal (event.kind, FOLLOWER_AFRESH);
        assert_int_equal (event.inside, pass == 0 ? MANY : 0);
        for (int client = 0; pass == 0 && client < MANY; client++)
            assert_true (follower_next (follower, &event));
    }
    assert_false (follower_next (follower, &event));
    follower_destroy (&follower);
}


int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, s_setup, s_teardown)
    const struct CMUnitTest tests [] = {
        CASE (whoever_lacks_nothing_knows_who_is_inside),
        CASE (who_is_slow_is_told_less_and_the_newest),
        CASE (who_skips_is_told_what_is_new),
        CASE (a_position_that_was_never_there_is_refused),
        CASE (more_than_inside_max_are_refused),
        CASE (who_reads_nothing_while_many_expire_begins_anew),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
