/*  =========================================================================
    test_near - questions about where clients are

    Against brute force, which knows places as vectors and looks at all: few
    clients in an ocean, many in a city, all over the Earth, around the poles
    and the date line, and in one place.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/shortage.h"
#include "unit/spans.h"

#include "table/near.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 800
#define QUESTIONS 1250  //  Of each crowd: 10,000 in all
#define PLENTY ((size_t) 1 << 30)
#define LOOKS 1000000
#define LINES 50
#define RADIUS 6371008.8

//  A client, and where it was said to be
typedef struct {
    bool there;
    double latitude;
    double longitude;
    double vector [3];
    double metres;  //  From the place that was asked for
    bool found;
} client_t;

//  Where a crowd is: a middle, and degrees around it
typedef struct {
    const char *name;
    size_t count;
    double latitude;
    double longitude;
    double north;
    double east;
} crowd_t;

static const crowd_t crowds [] = {
    {"an ocean", 3, 0, -160, 20, 60},
    {"the Earth", CLIENTS, 0, 0, 90, 180},
    {"a city", CLIENTS, 48.85, 2.35, 0.12, 0.2},
    {"a city on the date line", CLIENTS, -17.8, 180, 0.1, 0.1},
    {"the north pole", CLIENTS, 90, 0, 0.3, 180},
    {"the south pole", CLIENTS, -90, 0, 1e-4, 180},
    {"a room", CLIENTS, 34.068930, -118.445127, 2e-5, 2e-5},
    {"a place", CLIENTS, 0, 180, 0, 0},
};

typedef struct {
    table_t *table;
    chance_t chance;
    unsigned second;       //  Of the last stamp
    bool short_of_memory;  //  Some locations may be refused
    client_t clients [CLIENTS];
    near_found_t found [CLIENTS];
} model_t;

static model_t model;


static int
s_setup (void **state)
{
    memset (&model, 0, sizeof (model));
    model.table =
        table_new ((const unsigned char *) "0123456789abcdef", PLENTY);
    table_keep_near (model.table);
    *state = &model;
    return 0;
}


static int
s_teardown (void **state)
{
    (void) state;
    table_destroy (&model.table);
    return 0;
}


//  Return a number from -1 to 1

static double
s_share (model_t *self)
{
    return (double) chance_below (&self->chance, 2000001) / 1000000 - 1;
}


static void
s_set_vector (double latitude, double longitude, double *vector)
{
    double lat = latitude * M_PI / 180;
    double lon = longitude * M_PI / 180;
    vector [0] = cos (lat) * cos (lon);
    vector [1] = cos (lat) * sin (lon);
    vector [2] = sin (lat);
}


static double
s_metres (const double *one, const double *other)
{
    double near = 0;
    double far = 0;
    for (int axis = 0; axis < 3; axis++) {
        near += (one [axis] - other [axis]) * (one [axis] - other [axis]);
        far += (one [axis] + other [axis]) * (one [axis] + other [axis]);
    }
    return 2 * RADIUS * atan2 (sqrt (near), sqrt (far));
}


//  Return a place of the crowd, or near it

static sphere_place_t
s_choose (model_t *self, const crowd_t *crowd)
{
    double latitude = crowd->latitude + s_share (self) * crowd->north;
    double longitude = crowd->longitude + s_share (self) * crowd->east;
    if (latitude > 90)
        latitude = 180 - latitude;
    if (latitude < -90)
        latitude = -180 - latitude;
    if (longitude > 180)
        longitude -= 360;
    if (longitude < -180)
        longitude += 360;
    return (sphere_place_t){latitude, longitude};
}


//  Say where the client is, in any of the ways there are to say it

static void
s_say (model_t *self, size_t number, sphere_place_t place)
{
    char line [256];
    char words [64];
    int decimals = (int) chance_below (&self->chance, 4) * 3 + 4;
    client_t *client = &self->clients [number];
    snprintf (words, sizeof (words), "%+0*.*f%+.*f", decimals + 4, decimals,
        place.latitude, decimals, place.longitude);
    snprintf (line, sizeof (line), "AT Alford +0.000000001 c%zu%.*s %s %u",
        number, (int) (number % 40), "........................................",
        words, ++self->second + 1000000000);
    location_t location = spans_location (line);
    table_result_t result = table_put (self->table, &location, TABLE_DOOR);
    if (result == TABLE_FULL && self->short_of_memory)
        return;
    assert_int_equal (result, TABLE_STORED);
    client->there = true;
    char *end;
    client->latitude = strtod (words, &end);
    client->longitude = strtod (end, NULL);
    s_set_vector (client->latitude, client->longitude, client->vector);
}


static void
s_drop (model_t *self, size_t number)
{
    char id [64];
    snprintf (id, sizeof (id), "c%zu%.*s", number, (int) (number % 40),
        "........................................");
    table_drop (self->table, span_of (id));
    self->clients [number].there = false;
}


static client_t *
s_client (model_t *self, span_t line)
{
    location_t location;
    location_reread (&location, line);
    size_t number = strtoul (location.client.data + 1, NULL, 10);
    assert_true (number < CLIENTS && self->clients [number].there);
    return &self->clients [number];
}


//  What is lost of a distance, in metres: more near the place opposite

static double
s_lost (double metres)
{
    return metres > 2e7 ? 1 : 1e-3;
}


//  Measure how far all clients are.  Returns how many are near enough

static size_t
s_measure (model_t *self, sphere_place_t place, double metres)
{
    double vector [3];
    size_t count = 0;
    s_set_vector (place.latitude, place.longitude, vector);
    for (size_t number = 0; number < CLIENTS; number++) {
        client_t *client = &self->clients [number];
        client->found = false;
        if (client->there) {
            client->metres = s_metres (client->vector, vector);
            count += client->metres <= metres;
        }
    }
    return count;
}


static void
s_ask_near (model_t *self, sphere_place_t place, double metres, size_t limit)
{
    size_t looks = LOOKS;
    size_t count = s_measure (self, place, metres);
    size_t found =
        near_find (self->table, place, metres, self->found, limit, &looks);
    double last = 0;
    assert_true (looks > 0);
    assert_int_equal (found, count < limit ? count : limit);
    for (size_t at = 0; at < found; at++) {
        client_t *client = s_client (self, self->found [at].line);
        assert_false (client->found);
        client->found = true;
        assert_true (self->found [at].metres >= last);
        last = self->found [at].metres;
        assert_true (fabs (client->metres - last) < s_lost (last));
    }
    for (size_t number = 0; found == limit && number < CLIENTS; number++) {
        const client_t *client = &self->clients [number];
        if (client->there && !client->found)
            assert_true (client->metres > last - s_lost (last));
    }
}


static bool
s_is_in (const near_box_t *box, const client_t *client)
{
    for (int turn = -1; turn <= 1; turn++) {
        double east = box->east + (box->west > box->east ? 360 : 0);
        double longitude = client->longitude + turn * 360;
        if (longitude >= box->west && longitude <= east &&
            client->latitude >= box->south && client->latitude <= box->north)
            return true;
    }
    return false;
}


//  Walk over the box, so many looks at a time

static void
s_ask_box (model_t *self, const near_box_t *box, size_t looks)
{
    near_cursor_t cursor = {0};
    span_t lines [LINES];
    size_t left = 0, count = LINES;
    for (size_t number = 0; number < CLIENTS; number++)
        self->clients [number].found = false;
    while (left == 0 || count == LINES) {
        left = looks;
        count = near_in_box (self->table, box, &cursor, lines, LINES, &left);
        for (size_t at = 0; at < count; at++) {
            client_t *client = s_client (self, lines [at]);
            assert_false (client->found);
            client->found = true;
            assert_true (s_is_in (box, client));
        }
    }
    for (size_t number = 0; number < CLIENTS; number++) {
        const client_t *client = &self->clients [number];
        if (client->there && !client->found && s_is_in (box, client))
            fail_msg ("client %zu is not found", number);
    }
}


static near_box_t
s_choose_box (model_t *self, const crowd_t *crowd)
{
    sphere_place_t one = s_choose (self, crowd);
    sphere_place_t other = s_choose (self, crowd);
    bool south = one.latitude < other.latitude;
    return (near_box_t){.west = one.longitude,
        .east = other.longitude,
        .south = south ? one.latitude : other.latitude,
        .north = south ? other.latitude : one.latitude};
}


static void
s_ask (model_t *self, const crowd_t *crowd)
{
    const crowd_t *about =
        chance_below (&self->chance, 8) == 0
            ? &crowds [chance_below (&self->chance, COUNT (crowds))]
            : crowd;
    //  From a centimetre to all the way around
    double metres =
        0.01 * pow (10, (double) chance_below (&self->chance, 1000) / 100);
    size_t limit = 1 + chance_below (&self->chance, 30);
    if (chance_below (&self->chance, 100) == 0)
        limit = CLIENTS;
    s_ask_near (self, s_choose (self, about), metres, limit);
    if (chance_below (&self->chance, 4))
        return;
    near_box_t box = s_choose_box (self, about);
    s_ask_box (self, &box, 200 + chance_below (&self->chance, 20000));
}


static void
s_fill (model_t *self, const crowd_t *crowd)
{
    for (size_t number = 0; number < crowd->count; number++)
        s_say (self, number, s_choose (self, crowd));
}


static void
questions_are_answered_as_by_brute_force (void **state)
{
    model_t *self = *state;
    for (size_t row = 0; row < COUNT (crowds); row++) {
        (void) s_teardown (state);
        (void) s_setup (state);
        self->chance = chance_new (row + 1);
        s_fill (self, &crowds [row]);
        for (int question = 0; question < QUESTIONS; question++)
            s_ask (self, &crowds [row]);
    }
}


//  Clients move a little or far, change the length of their lines, go and come

static void
s_live (model_t *self, const crowd_t *crowd, size_t moves)
{
    while (moves--) {
        size_t number = chance_below (&self->chance, CLIENTS);
        const client_t *client = &self->clients [number];
        sphere_place_t place = {client->latitude, client->longitude};
        switch (chance_below (&self->chance, client->there ? 8 : 4)) {
        case 0:
            s_drop (self, number);
            break;
        case 1:
        case 2:
        case 3:
            s_say (self, number, s_choose (self, crowd));
            break;
        default:
            s_say (self, number, place);
        }
    }
}


static void
s_check_all (model_t *self)
{
    near_box_t world = {-180, -90, 180, 90};
    s_ask_near (self, (sphere_place_t){10, 20}, SPHERE_FARTHEST, CLIENTS);
    s_ask_box (self, &world, 500);
}


static void
a_long_life_leaves_nothing_wrong (void **state)
{
    model_t *self = *state;
    self->chance = chance_new (42);
    for (int crowd = 0; crowd < 60; crowd++) {
        size_t row = chance_below (&self->chance, COUNT (crowds));
        s_live (self, &crowds [row], 3000);
        s_check_all (self);
        s_ask (self, &crowds [row]);
    }
    for (size_t number = 0; number < CLIENTS; number++)
        s_drop (self, number);
    s_check_all (self);
    assert_int_equal (table_count (self->table), 0);
}


//  The table may not grow: cells can't be split, and all is found as before

static void
without_memory_for_cells_all_is_found (void **state)
{
    model_t *self = *state;
    self->chance = chance_new (7);
    s_fill (self, &crowds [1]);
    table_set_size_max (self->table, 0);
    self->short_of_memory = true;
    for (size_t number = 0; number < CLIENTS; number += 2)
        s_drop (self, number);
    for (size_t number = 1; number < CLIENTS; number += 2)
        s_say (self, number, s_choose (self, &crowds [6]));
    s_check_all (self);
    table_set_size_max (self->table, PLENTY);
    self->short_of_memory = false;
    s_live (self, &crowds [6], 3000);
    s_check_all (self);
}


static void
what_is_found_costs_few_looks (void **state)
{
    model_t *self = *state;
    self->chance = chance_new (3);
    for (size_t row = 1; row < COUNT (crowds); row++) {
        (void) s_teardown (state);
        (void) s_setup (state);
        self->chance = chance_new (row);
        s_fill (self, &crowds [row]);
        size_t looks = LOOKS;
        for (int question = 0; question < 100; question++)
            (void) near_find (self->table, s_choose (self, &crowds [row]),
                SPHERE_FARTHEST, self->found, 5, &looks);
        assert_row (LOOKS - looks < 15000, crowds [row].name);
    }
}


//  A cell has more than may be looked at, as there is no memory for quarters

static void
a_walk_that_cannot_go_on_says_so (void **state)
{
    model_t *self = *state;
    near_box_t world = {-180, -90, 180, 90};
    near_cursor_t cursor = {0};
    span_t lines [CLIENTS];
    size_t looks = 400;
    self->chance = chance_new (6);
    s_fill (self, &crowds [1]);
    table_set_size_max (self->table, 0);
    assert_int_equal (
        near_in_box (self->table, &world, &cursor, lines, CLIENTS, &looks), 0);
    assert_true (looks == 0 && cursor.square == 0 && cursor.order == 0);
    s_ask_box (self, &world, LOOKS);
}


static void
a_question_ends_when_its_looks_are_used_up (void **state)
{
    model_t *self = *state;
    near_box_t world = {-180, -90, 180, 90};
    near_cursor_t cursor = {0};
    span_t line;
    size_t looks = 40;
    self->chance = chance_new (5);
    s_fill (self, &crowds [1]);
    size_t found = near_find (self->table, (sphere_place_t){0, 0},
        SPHERE_FARTHEST, self->found, CLIENTS, &looks);
    assert_int_equal (looks, 0);
    assert_true (found > 0 && found < 40);
    world.south = world.north = 1.23456789;
    looks = 40;
    assert_int_equal (
        near_in_box (self->table, &world, &cursor, &line, 1, &looks), 0);
    assert_true (looks == 0 && cursor.square > 0);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test_setup_teardown (
            questions_are_answered_as_by_brute_force, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            a_long_life_leaves_nothing_wrong, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            without_memory_for_cells_all_is_found, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            what_is_found_costs_few_looks, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            a_walk_that_cannot_go_on_says_so, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown (
            a_question_ends_when_its_looks_are_used_up, s_setup, s_teardown),
    };
    return cmocka_run_group_tests_name ("near", tests, NULL, NULL);
}
