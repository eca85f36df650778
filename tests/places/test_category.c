/*  =========================================================================
    test_category - what Overture calls a place, as a tag of OpenStreetMap

    Words out of Overture's published lists: that of 2023 and the taxonomy that
    replaces it, and the types of Google's that they become.
    =========================================================================
*/

#include "places/category.h"
#include "places/kind.h"

#include <stdarg.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#define POINT "point_of_interest,establishment"


//  Return the types without the two that every place has

static const char *
s_types (const char *category)
{
    static kind_t kind;
    span_t tag = span_of ("");
    category_tag (span_of (category), &tag);
    assert_true (kind_of_tag (tag, &kind));
    size_t size = strlen (kind.types) - strlen (POINT);
    assert_string_equal (kind.types + size, POINT);
    kind.types [size ? size - 1 : 0] = '\0';
    return kind.types;
}


typedef struct {
    const char *category;
    const char *types;
} case_t;


static void
s_become (const case_t *cases, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        const char *types = s_types (cases [index].category);
        if (strcmp (types, cases [index].types) != 0)
            fail_msg ("%s: %s", cases [index].category, types);
    }
}

#define BECOME(cases) s_become (cases, sizeof (cases) / sizeof (*(cases)))


//  https://developers.google.com/maps/documentation/places/web-service/legacy/
//  supported_types#table1, each with what Overture calls it

static const char *const s_pairs [][2] = {{"accounting", "accountant"},
    {"airport", "major_airports"}, {"amusement_park", "amusement_park"},
    {"aquarium", "aquarium"}, {"art_gallery", "art_gallery"}, {"atm", "atms"},
    {"bakery", "patisserie_cake_shop"}, {"bank", "banks"},
    {"bar", "cocktail_bar"}, {"beauty_salon", "nail_salon"},
    {"bicycle_store", "bicycle_shop"}, {"book_store", "used_bookstore"},
    {"bowling_alley", "bowling_alley"}, {"bus_station", "bus_station"},
    {"cafe", "coffee_shop"}, {"campground", "campground"},
    {"car_dealer", "used_car_dealer"}, {"car_rental", "car_rental_agency"},
    {"car_repair", "automotive_repair"}, {"car_wash", "car_wash"},
    {"casino", "casino"}, {"cemetery", "cemeteries"},
    {"church", "church_cathedral"}, {"city_hall", "town_hall"},
    {"clothing_store", "womens_clothing_store"},
    {"convenience_store", "convenience_store"}, {"courthouse", "courthouse"},
    {"dentist", "orthodontist"}, {"department_store", "department_store"},
    {"doctor", "cardiologist"}, {"drugstore", "drugstore"},
    {"electrician", "electrician"}, {"electronics_store", "mobile_phone_store"},
    {"embassy", "embassy"}, {"fire_station", "fire_department"},
    {"florist", "florist"}, {"funeral_home", "funeral_services_and_cemeteries"},
    {"furniture_store", "furniture_store"}, {"gas_station", "gas_station"},
    {"gym", "yoga_studio"}, {"hair_care", "barber"},
    {"hardware_store", "hardware_store"}, {"hindu_temple", "hindu_temple"},
    {"home_goods_store", "home_decor"}, {"hospital", "childrens_hospital"},
    {"insurance_agency", "auto_insurance"}, {"jewelry_store", "jewelry_store"},
    {"laundry", "laundromat"}, {"lawyer", "divorce_and_family_law"},
    {"library", "library"},
    {"light_rail_station", "light_rail_and_subway_stations"},
    {"liquor_store", "beer_wine_and_spirits"},
    {"local_government_office", "local_and_state_government_offices"},
    {"locksmith", "key_and_locksmith"}, {"lodging", "bed_and_breakfast"},
    {"meal_delivery", "food_delivery_service"},
    {"meal_takeaway", "fast_food_restaurant"}, {"mosque", "mosque"},
    {"movie_rental", "video_and_video_game_rentals"},
    {"movie_theater", "cinema"}, {"moving_company", "movers"},
    {"museum", "modern_art_museum"}, {"night_club", "dance_club"},
    {"painter", "painting"}, {"park", "national_park"}, {"parking", "parking"},
    {"pet_store", "aquatic_pet_store"}, {"pharmacy", "pharmacy"},
    {"physiotherapist", "physical_therapy"}, {"plumber", "plumbing"},
    {"police", "police_department"}, {"post_office", "post_office"},
    {"primary_school", "elementary_school"},
    {"real_estate_agency", "real_estate_agent"},
    {"restaurant", "thai_restaurant"}, {"roofing_contractor", "roofing"},
    {"rv_park", "rv_park"}, {"school", "montessori_school"},
    {"secondary_school", "high_school"},
    {"shoe_store", "orthopedic_shoe_store"},
    {"shopping_mall", "shopping_center"}, {"spa", "day_spa"},
    {"stadium", "stadium_arena"}, {"storage", "self_storage_facility"},
    {"store", "toy_store"}, {"subway_station", "metro_station"},
    {"supermarket", "grocery_store"}, {"synagogue", "synagogue"},
    {"taxi_stand", "taxi_rank"},
    {"tourist_attraction", "landmark_and_historical_building"},
    {"train_station", "train_station"},
    {"transit_station", "public_transportation"},
    {"travel_agency", "travel_agents"}, {"university", "college_university"},
    {"veterinary_care", "veterinarian"}, {"zoo", "petting_zoo"}};

static void
each_type_of_table_1_has_its_categories (void **state)
{
    (void) state;
    for (size_t index = 0; index < sizeof (s_pairs) / sizeof (*s_pairs);
         index++)
        for (size_t which = 0; which < 2; which++) {
            const char *types = s_types (s_pairs [index][which]);
            bool found = false;
            for (span_t rest = span_of (types); rest.size && !found;)
                found = span_equal (
                    span_until (&rest, ','), span_of (s_pairs [index][0]));
            if (!found)
                fail_msg ("%s: %s", s_pairs [index][which], types);
        }
}


static void
the_longest_end_that_is_known_counts (void **state)
{
    static const case_t cases [] = {{"sushi_restaurant", "restaurant,food"},
        {"some_new_restaurant", "restaurant,food"}, {"bar", "bar"},
        {"salad_bar", "restaurant,food"}, {"juice_bar", "cafe,food"},
        {"animal_hospital", "veterinary_care"},
        {"water_park", "amusement_park"}, {"rv_park", "rv_park,lodging"},
        {"food_court", "restaurant,food"}, {"law_schools", "university"},
        {"seafood_market", "food,store"},
        {"candle_store", "home_goods_store,store"},
        {"pediatric_radiology", "doctor,health"},
        {"pediatric_dentistry", "dentist,health"},
        {"light_rail_and_subway_station",
            "subway_station,transit_station,light_rail_station"}};
    (void) state;
    BECOME (cases);
}


//  Not every bank has money, nor every park trees

static void
what_its_end_does_not_tell_is_nothing_of_that_kind (void **state)
{
    static const case_t cases [] = {{"food_banks", ""}, {"skate_park", ""},
        {"mobile_home_park", ""}, {"airport_lounge", ""}, {"oxygen_bar", ""},
        {"machine_shop", ""}, {"car_broker", ""}, {"face_painting", ""},
        {"information_technology", ""}, {"psychologist", "health"},
        {"traditional_chinese_medicine", "health"}};
    (void) state;
    BECOME (cases);
}


static void
of_other_categories_nothing_is_known (void **state)
{
    static const char *const categories [] = {"", "_", "s", "_s", "dog_walkers",
        "bridge", "barn", "crowbar", "restaurant_management", "ologist_x"};
    (void) state;
    for (size_t index = 0; index < sizeof (categories) / sizeof (*categories);
         index++) {
        span_t tag = span_of ("kept");
        if (category_tag (span_of (categories [index]), &tag))
            fail_msg ("%s", categories [index]);
        assert_string_equal (tag.data, "kept");
    }
}


//  Words of the taxonomy of 2025, which are in the singular

static void
the_new_taxonomy_is_known_too (void **state)
{
    static const case_t cases [] = {{"atm", "atm,finance"},
        {"bank", "bank,finance"}, {"police_station", "police"},
        {"accountant_or_bookkeeper", "accounting,finance"},
        {"attorney_or_law_firm", "lawyer"},
        {"baptist_place_of_worship", "church,place_of_worship"},
        {"roman_catholic_place_of_worship", "church,place_of_worship"},
        {"orthodox_jewish_place_of_worship", "synagogue,place_of_worship"},
        {"sunni_muslim_place_of_worship", "mosque,place_of_worship"},
        {"zen_buddhist_place_of_worship", "place_of_worship"},
        {"kindergarten", "school"}, {"taxi_stand", "taxi_stand"},
        {"pizzaria", "restaurant,food"}, {"lodging", "lodging"}};
    (void) state;
    BECOME (cases);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (each_type_of_table_1_has_its_categories),
        cmocka_unit_test (the_longest_end_that_is_known_counts),
        cmocka_unit_test (what_its_end_does_not_tell_is_nothing_of_that_kind),
        cmocka_unit_test (of_other_categories_nothing_is_known),
        cmocka_unit_test (the_new_taxonomy_is_known_too),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
