/*  =========================================================================
    test_follower - who is told where clients are

    A table changes in all ways there are.  Followers of areas read when they
    like to, and each keeps what it was told; whenever it lacks nothing, it
    knows just who is inside, and where.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "follow/drops.h"
#include "follow/follower.h"

#include <stdio.h>
#include <string.h>

#define PLENTY ((size_t) 1 << 30)
#define CLIENTS 40
#define STEPS 30000
#define TEXT_SIZE 100
#define INSIDE_MAX 1000
#define LOOKS 5000
#define LONG 1000  //  Bytes of a long name

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
    stage.crowd = followers_new (stage.table, SIZE_MAX);
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


static bool
s_next (follower_t *follower, follower_event_t *event)
{
    size_t looks = LOOKS;
    return follower_next (follower, event, &looks);
}


static void
s_read (reader_t *self, size_t events)
{
    follower_event_t event;
    while (events-- && follower_has_next (self->follower))
        if (s_next (self->follower, &event))
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


static follower_t *
s_new (stage_t *self, const area_t *area, size_t inside_max)
{
    bool full;
    follower_t *follower =
        follower_new (self->crowd, area, inside_max, false, &full);
    assert_false (full);
    return follower;
}


static void
s_follow (stage_t *self, reader_t *reader)
{
    reader->follower = s_new (self, &reader->area, INSIDE_MAX);
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
    assert_true (s_next (reader.follower, &event));
    assert_text (event.location.stamp, "100");
    assert_false (s_next (reader.follower, &event));
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
    assert_false (s_next (reader.follower, &event));
    s_put (self, 2, 1, 1);
    assert_true (s_next (reader.follower, &event));
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
    assert_null (s_new (self, &area, 3));
    assert_int_equal (followers_count (self->crowd), 0);
    reader.follower = s_new (self, &area, 4);
    assert_non_null (reader.follower);
    s_read (&reader, 10);
    s_check (self, &reader);
    s_put (self, 9, 1, 1);
    s_read (&reader, 1);
    assert_true (s_next (reader.follower, &event));
    assert_int_equal (event.kind, FOLLOWER_CROWDED);
    assert_int_equal (event.inside, 5);
    assert_false (follower_has_next (reader.follower));
    s_put (self, 8, 1, 1);
    s_drop (self, 8);
    assert_false (s_next (reader.follower, &event));
    follower_destroy (&reader.follower);
}


static const area_t s_box = {.kind = AREA_BOX, .box = {0, 0, 2, 9}};


//  Put a client of a long name somewhere, or drop it

static void
s_put_long (stage_t *self, int client, int latitude)
{
    static char line [LONG + TEXT_SIZE];
    snprintf (line, sizeof line, "AT A +0.000000000 %0*d %+d+1 1", LONG, client,
        latitude);
    location_t location = spans_location (line);
    if (latitude > 0)
        table_put (self->table, &location, TABLE_DOOR);
    else
        table_drop (self->table, location.client);
}


//  So many that it is not kept who they were

static void
who_reads_nothing_while_many_expire_begins_anew (void **state)
{
    enum { MANY = 2 * DROPS_PAGE_SIZE / LONG, OFF = 50, INSIDE = 5 };
    stage_t *self = *state;
    follower_event_t event;
    size_t told = 0;
    for (int client = 0; client < INSIDE; client++)
        s_put_long (self, client, 1);
    follower_t *follower = s_new (self, &s_box, INSIDE_MAX);
    assert_non_null (follower);
    while (s_next (follower, &event))
        told++;
    assert_int_equal (told, 1 + INSIDE);
    s_put_long (self, 1, 0);
    for (int client = INSIDE; client < MANY; client++) {
        s_put_long (self, client, OFF);
        s_put_long (self, client, 0);
    }
    s_put_long (self, 3, 0);
    assert_true (s_next (follower, &event));
    assert_int_equal (event.kind, FOLLOWER_AFRESH);
    assert_int_equal (event.inside, INSIDE - 2);
    for (told = 0; s_next (follower, &event); told++)
        assert_int_equal (event.kind, FOLLOWER_LOCATION);
    assert_int_equal (told, INSIDE - 2);
    s_put_long (self, 4, 0);
    assert_true (s_next (follower, &event));
    assert_int_equal (event.kind, FOLLOWER_GONE);
    assert_false (s_next (follower, &event));
    follower_destroy (&follower);
}


//  Of all followers together, and none keeps who is gone

static void
memory_for_who_is_inside_is_limited (void **state)
{
    enum { FOLLOWERS = 10, SIZE_MAX_HERE = 2000 };
    stage_t *self = *state;
    follower_t *followers [FOLLOWERS] = {NULL};
    follower_event_t event = {.kind = FOLLOWER_GONE};
    bool full = false;
    size_t count = 0;
    followers_destroy (&self->crowd);
    self->crowd = followers_new (self->table, SIZE_MAX_HERE);
    for (size_t client = 0; client < CLIENTS; client++)
        s_put (self, client, 1, 1);
    while (count < FOLLOWERS && (followers [count] = follower_new (self->crowd,
                                     &s_box, INSIDE_MAX, false, &full)))
        count++;
    assert_in_range (count, 1, FOLLOWERS - 1);
    assert_true (full);
    assert_in_range (followers_size (self->crowd), 1, SIZE_MAX_HERE);
    //  Who needs more than there is ends, and gives back what it had
    while (s_next (followers [0], &event))
        assert_int_not_equal (event.kind, FOLLOWER_CROWDED);
    for (int client = 0; event.kind != FOLLOWER_CROWDED; client++) {
        assert_true (client < INSIDE_MAX);
        s_put_long (self, client, 1);
        assert_true (s_next (followers [0], &event));
    }
    assert_in_range (followers_size (self->crowd), 0, SIZE_MAX_HERE);
    while (count)
        follower_destroy (&followers [--count]);
    assert_int_equal (followers_size (self->crowd), 0);
}


//  Nothing that it is not told of is looked at for free

static void
no_call_looks_at_more_than_it_is_given (void **state)
{
    enum { FAR = 20, GIVEN = 3 };
    stage_t *self = *state;
    follower_event_t event;
    follower_t *follower = s_new (self, &s_box, INSIDE_MAX);
    assert_true (s_next (follower, &event));
    assert_false (s_next (follower, &event));
    for (size_t pass = 0; pass < 2; pass++) {
        size_t calls = 0;
        for (size_t client = 0; client < FAR; client++)
            if (pass == 0)
                s_put (self, client, 50, 1);
            else
                s_drop (self, client);
        while (follower_has_next (follower)) {
            size_t looks = GIVEN;
            assert_false (follower_next (follower, &event, &looks));
            assert_true (looks == 0 || !follower_has_next (follower));
            calls++;
        }
        assert_in_range (calls, FAR / GIVEN, FAR / GIVEN + 2);
    }
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
        CASE (memory_for_who_is_inside_is_limited),
        CASE (no_call_looks_at_more_than_it_is_given),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
