/*  =========================================================================
    test_area - who is inside of an area
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "follow/area.h"

#include <stdio.h>
#include <string.h>

#define STEPS 30000
#define CLIENTS 500
#define AREAS 500
#define PLENTY ((size_t) 1 << 30)

//  Clients in a table, and where they are
typedef struct {
    table_t *table;
    sphere_place_t places [CLIENTS];
    unsigned found [CLIENTS];  //  How often
} model_t;


static double
s_draw (chance_t *chance, double least, double most)
{
    enum { PARTS = 1000000 };
    return least +
           (most - least) / PARTS * (double) chance_below (chance, PARTS + 1);
}


static void
s_check (const area_t *area, sphere_place_t place)
{
    sphere_from_t from = sphere_from (area->place);
    area_scope_t scope;
    if (place.latitude < -90 || place.latitude > 90 || place.longitude < -180 ||
        place.longitude > 180)
        return;
    area_prepare (&scope, area);
    assert_int_equal (area_covers (&scope, place),
        sphere_far (&from, place) <= sphere_far_of (area->metres));
}


//  Those at its edge to the north and south among them

static void
a_circle_covers_who_is_no_farther_than_its_radius (void **state)
{
    chance_t chance = chance_new (17);
    (void) state;
    for (size_t step = 0; step < STEPS; step++) {
        area_t area = {.kind = AREA_CIRCLE,
            .place = {s_draw (&chance, -90, 90), s_draw (&chance, -180, 180)},
            .metres = s_draw (&chance, 0, step % 2 ? 2e7 : 2e3)};
        double degrees = area.metres / SPHERE_FARTHEST * 180;
        sphere_place_t place = area.place;
        place.latitude += degrees;
        s_check (&area, place);
        place.latitude -= 2 * degrees;
        s_check (&area, place);
        place.latitude += s_draw (&chance, 0, 2) * degrees;
        place.longitude += s_draw (&chance, -1, 1) * degrees;
        s_check (&area, place);
    }
}


static void
s_put (model_t *self, size_t client, sphere_place_t place)
{
    char line [100];
    snprintf (line, sizeof line, "AT A +0.000000000 c%zu %+.6f%+.6f 1", client,
        place.latitude, place.longitude);
    location_t location = spans_location (line);
    table_put (self->table, &location, TABLE_DOOR);
    self->places [client] = sphere_read (location.place);
}


//  A third each around a pole, around the date line, and all around

static void
s_fill (model_t *self, chance_t *chance)
{
    memset (self, 0, sizeof *self);
    self->table =
        table_new ((const unsigned char *) "0123456789abcdef", PLENTY);
    table_keep_near (self->table);
    for (size_t client = 0; client < CLIENTS; client++) {
        double latitude = s_draw (chance, -90, client % 3 == 0 ? -89 : 90);
        double longitude = s_draw (chance, client % 3 == 1 ? 179 : -180, 180);
        s_put (self, client,
            (sphere_place_t){client % 3 == 1 ? latitude / 90 : latitude,
                client % 6 == 1 ? -longitude : longitude});
    }
}


static void
s_count (void *context, span_t client)
{
    model_t *self = context;
    uint64_t number = CLIENTS;
    assert_true (span_number (
        (span_t){client.data + 1, client.size - 1}, CLIENTS - 1, &number));
    self->found [number]++;
}


//  Find all inside, from looks on.  Returns how many turns it took

static size_t
s_find (model_t *self, const area_t *area, size_t looks)
{
    area_search_t search = {.looks = looks};
    area_scope_t scope;
    size_t turns = 0;
    area_prepare (&scope, area);
    memset (self->found, 0, sizeof self->found);
    for (; search.looks; turns++) {
        assert_true (search.looks <= AREA_LOOKS_MAX);
        area_find (area, self->table, &search, s_count, self);
        assert_true (turns < CLIENTS);
    }
    for (size_t client = 0; client < CLIENTS; client++)
        assert_int_equal (
            self->found [client], area_covers (&scope, self->places [client]));
    return turns;
}


//  Of circles around clients, so that poles and the date line are in them

static void
who_is_inside_is_found_once_wherever_the_circle_is (void **state)
{
    model_t self;
    chance_t chance = chance_new (18);
    (void) state;
    s_fill (&self, &chance);
    for (size_t at = 0; at < AREAS; at++) {
        area_t area = {.kind = AREA_CIRCLE,
            .place = self.places [chance_below (&chance, CLIENTS)],
            .metres = s_draw (&chance, 0, at % 2 ? SPHERE_FARTHEST : 2e5)};
        (void) s_find (&self, &area, AREA_LOOKS);
    }
    table_destroy (&self.table);
}


//  Which is so where there was no memory to split it

static void
a_cell_of_more_than_the_looks_of_a_turn_gets_more (void **state)
{
    enum { FEW = 40 };
    model_t self;
    chance_t chance = chance_new (19);
    area_t world = {.kind = AREA_BOX, .box = {-180, -90, 180, 90}};
    (void) state;
    s_fill (&self, &chance);
    table_set_size_max (self.table, 0);
    assert_in_range (s_find (&self, &world, FEW), 4, 20);
    table_destroy (&self.table);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_circle_covers_who_is_no_farther_than_its_radius),
        cmocka_unit_test (who_is_inside_is_found_once_wherever_the_circle_is),
        cmocka_unit_test (a_cell_of_more_than_the_looks_of_a_turn_gets_more),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
