/*  =========================================================================
    kind - what a place is, in Google's words
    =========================================================================
*/

#include "places/kind.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  What every place ends with that is no area
#define POINT "point_of_interest,establishment"

#define TAG_SIZE_MAX 128

//  Most values that count
#define VALUES_MAX 8

static const kind_row_t s_other = {"", 2, POINT};

//  Sorted by tag, as bytes are
static const kind_row_t s_kinds [] = {
    {"aeroway=aerodrome", 8, "airport," POINT},
    {"aeroway=terminal", 8, "airport," POINT},
    {"amenity=arts_centre", 6, "art_gallery," POINT},
    {"amenity=atm", 1, "atm,finance," POINT},
    {"amenity=bank", 4, "bank,finance," POINT},
    {"amenity=bar", 7, "bar," POINT},
    {"amenity=biergarten", 6, "bar,food," POINT},
    {"amenity=bureau_de_change", 3, "finance," POINT},
    {"amenity=bus_station", 6, "bus_station,transit_station," POINT},
    {"amenity=cafe", 8, "cafe,food," POINT},
    {"amenity=car_rental", 3, "car_rental," POINT},
    {"amenity=car_wash", 2, "car_wash," POINT},
    {"amenity=casino", 6, "casino," POINT},
    {"amenity=charging_station", 2, POINT},
    {"amenity=cinema", 6, "movie_theater," POINT},
    {"amenity=clinic", 4, "health," POINT},
    {"amenity=college", 6, "university," POINT},
    {"amenity=courthouse", 4, "courthouse," POINT},
    {"amenity=crematorium", 2, "funeral_home," POINT},
    {"amenity=dentist", 3, "dentist,health," POINT},
    {"amenity=doctors", 3, "doctor,health," POINT},
    {"amenity=driving_school", 2, POINT},
    {"amenity=embassy", 4, "embassy," POINT},
    {"amenity=fast_food", 5, "meal_takeaway,restaurant,food," POINT},
    {"amenity=ferry_terminal", 6, "transit_station," POINT},
    {"amenity=fire_station", 4, "fire_station," POINT},
    {"amenity=food_court", 5, "restaurant,food," POINT},
    {"amenity=fuel", 4, "gas_station," POINT},
    {"amenity=funeral_hall", 2, "funeral_home," POINT},
    {"amenity=grave_yard", 2, "cemetery," POINT},
    {"amenity=hospital", 8, "hospital,health," POINT},
    {"amenity=ice_cream", 5, "food,store," POINT},
    {"amenity=internet_cafe", 3, POINT},
    {"amenity=kindergarten", 3, "school," POINT},
    {"amenity=language_school", 3, "school," POINT},
    {"amenity=library", 6, "library," POINT},
    {"amenity=love_hotel", 3, "lodging," POINT},
    {"amenity=marketplace", 6, "store," POINT},
    {"amenity=monastery", 4, "place_of_worship," POINT},
    {"amenity=money_transfer", 2, "finance," POINT},
    {"amenity=music_school", 3, "school," POINT},
    {"amenity=nightclub", 6, "night_club," POINT},
    {"amenity=parking", 1, "parking," POINT},
    {"amenity=parking_entrance", 1, "parking," POINT},
    {"amenity=payment_centre", 1, "finance," POINT},
    {"amenity=pharmacy", 4, "pharmacy,store,health," POINT},
    {"amenity=place_of_worship", 4, "place_of_worship," POINT},
    {"amenity=police", 4, "police," POINT},
    {"amenity=post_office", 4, "post_office," POINT},
    {"amenity=pub", 6, "bar,food," POINT},
    {"amenity=restaurant", 8, "restaurant,food," POINT},
    {"amenity=school", 4, "school," POINT},
    {"amenity=social_facility", 2, POINT},
    {"amenity=swimming_pool", 3, POINT},
    {"amenity=taxi", 2, "taxi_stand," POINT},
    {"amenity=theatre", 8, POINT},
    {"amenity=townhall", 6, "city_hall,local_government_office," POINT},
    {"amenity=university", 8, "university," POINT},
    {"amenity=vending_machine", 1, POINT},
    {"amenity=veterinary", 3, "veterinary_care," POINT},
    {"club=*", 3, POINT},
    {"craft=*", 3, POINT},
    {"craft=carpenter", 3, "general_contractor," POINT},
    {"craft=confectionery", 4, "bakery,food,store," POINT},
    {"craft=electrician", 3, "electrician," POINT},
    {"craft=electronics_repair", 3, "electronics_store,store," POINT},
    {"craft=locksmith", 3, "locksmith," POINT},
    {"craft=painter", 3, "painter," POINT},
    {"craft=plumber", 3, "plumber," POINT},
    {"craft=roofer", 3, "roofing_contractor," POINT},
    {"craft=window_construction", 3, "general_contractor," POINT},
    {"delivery=only", 5, "meal_delivery,restaurant,food," POINT},
    {"emergency=ambulance_station", 3, "health," POINT},
    {"healthcare=*", 3, "health," POINT},
    {"healthcare=clinic", 4, "health," POINT},
    {"healthcare=dentist", 3, "dentist,health," POINT},
    {"healthcare=doctor", 3, "doctor,health," POINT},
    {"healthcare=hospital", 8, "hospital,health," POINT},
    {"healthcare=pharmacy", 4, "pharmacy,store,health," POINT},
    {"healthcare=physiotherapist", 3, "physiotherapist,health," POINT},
    {"historic=castle", 8, "tourist_attraction," POINT},
    {"historic=fort", 8, "tourist_attraction," POINT},
    {"historic=memorial", 3, POINT},
    {"historic=monument", 5, "tourist_attraction," POINT},
    {"historic=museum", 8, "museum," POINT},
    {"historic=ruins", 4, "tourist_attraction," POINT},
    {"leisure=amusement_arcade", 4, POINT},
    {"leisure=bowling_alley", 5, "bowling_alley," POINT},
    {"leisure=fitness_centre", 4, "gym,health," POINT},
    {"leisure=garden", 5, "park," POINT},
    {"leisure=golf_course", 5, POINT},
    {"leisure=marina", 5, POINT},
    {"leisure=nature_reserve", 6, "park," POINT},
    {"leisure=park", 6, "park," POINT},
    {"leisure=pitch", 2, POINT},
    {"leisure=playground", 2, POINT},
    {"leisure=sauna", 4, "spa," POINT},
    {"leisure=sports_centre", 5, "gym," POINT},
    {"leisure=stadium", 8, "stadium," POINT},
    {"leisure=swimming_pool", 3, POINT},
    {"leisure=water_park", 6, "amusement_park," POINT},
    {"man_made=lighthouse", 5, "tourist_attraction," POINT},
    {"natural=*", 3, "natural_feature," POINT},
    {"office=accountant", 3, "accounting,finance," POINT},
    {"office=diplomatic", 4, "embassy," POINT},
    {"office=estate_agent", 3, "real_estate_agency," POINT},
    {"office=financial", 3, "finance," POINT},
    {"office=government", 4, "local_government_office," POINT},
    {"office=insurance", 3, "insurance_agency," POINT},
    {"office=lawyer", 3, "lawyer," POINT},
    {"office=moving_company", 3, "moving_company," POINT},
    {"office=travel_agent", 3, "travel_agency," POINT},
    {"place=city", 8, "locality,political"},
    {"place=hamlet", 1, "locality,political"},
    {"place=neighbourhood", 1, "neighborhood,political"},
    {"place=quarter", 1, "neighborhood,political"},
    {"place=suburb", 2, "neighborhood,political"},
    {"place=town", 6, "locality,political"},
    {"place=village", 4, "locality,political"},
    {"public_transport=*", 1, "transit_station," POINT},
    {"public_transport=platform", 1, "bus_station,transit_station," POINT},
    {"public_transport=station", 6, "transit_station," POINT},
    {"railway=halt", 3, "train_station,transit_station," POINT},
    {"railway=station", 6, "train_station,transit_station," POINT},
    {"railway=stop", 2, "train_station,transit_station," POINT},
    {"railway=subway_entrance", 3, "subway_station,transit_station," POINT},
    {"religion=christian", 4, "church,place_of_worship," POINT},
    {"religion=hindu", 4, "hindu_temple,place_of_worship," POINT},
    {"religion=jewish", 4, "synagogue,place_of_worship," POINT},
    {"religion=muslim", 4, "mosque,place_of_worship," POINT},
    {"school=primary", 4, "primary_school,school," POINT},
    {"school=secondary", 4, "secondary_school,school," POINT},
    {"shop=*", 3, "store," POINT},
    {"shop=alcohol", 4, "liquor_store,store," POINT},
    {"shop=art", 4, "art_gallery,store," POINT},
    {"shop=bag", 4, "clothing_store,store," POINT},
    {"shop=bakery", 7, "bakery,food,store," POINT},
    {"shop=bathroom_furnishing", 3, "home_goods_store,store," POINT},
    {"shop=beauty", 4, "beauty_salon," POINT},
    {"shop=bed", 3, "furniture_store,home_goods_store,store," POINT},
    {"shop=beverages", 4, "liquor_store,food,store," POINT},
    {"shop=bicycle", 4, "bicycle_store,store," POINT},
    {"shop=books", 6, "book_store,store," POINT},
    {"shop=butcher", 4, "food,store," POINT},
    {"shop=car", 4, "car_dealer,store," POINT},
    {"shop=car_parts", 3, "store," POINT},
    {"shop=car_repair", 3, "car_repair," POINT},
    {"shop=chemist", 4, "drugstore,store," POINT},
    {"shop=clothes", 4, "clothing_store,store," POINT},
    {"shop=computer", 4, "electronics_store,store," POINT},
    {"shop=confectionery", 4, "food,store," POINT},
    {"shop=convenience", 4, "convenience_store,food,store," POINT},
    {"shop=copyshop", 3, "store," POINT},
    {"shop=deli", 4, "food,store," POINT},
    {"shop=department_store", 6, "department_store,store," POINT},
    {"shop=doityourself", 4, "hardware_store,home_goods_store,store," POINT},
    {"shop=dry_cleaning", 3, "laundry," POINT},
    {"shop=electrical", 3, "electronics_store,store," POINT},
    {"shop=electronics", 4, "electronics_store,store," POINT},
    {"shop=estate_agent", 3, "real_estate_agency," POINT},
    {"shop=florist", 4, "florist,store," POINT},
    {"shop=food", 4, "food,store," POINT},
    {"shop=funeral_directors", 2, "funeral_home," POINT},
    {"shop=furniture", 4, "furniture_store,home_goods_store,store," POINT},
    {"shop=garden_centre", 4, "store," POINT},
    {"shop=gas", 3, "store," POINT},
    {"shop=greengrocer", 4, "food,store," POINT},
    {"shop=grocery", 4, "supermarket,food,store," POINT},
    {"shop=hairdresser", 4, "hair_care," POINT},
    {"shop=hardware", 4, "hardware_store,store," POINT},
    {"shop=hifi", 4, "electronics_store,store," POINT},
    {"shop=houseware", 4, "home_goods_store,store," POINT},
    {"shop=jewelry", 4, "jewelry_store,store," POINT},
    {"shop=kiosk", 3, "convenience_store,store," POINT},
    {"shop=laundry", 3, "laundry," POINT},
    {"shop=locksmith", 3, "locksmith,store," POINT},
    {"shop=mall", 8, "shopping_mall," POINT},
    {"shop=massage", 4, "spa," POINT},
    {"shop=mobile_phone", 4, "electronics_store,store," POINT},
    {"shop=motorcycle", 4, "store," POINT},
    {"shop=optician", 4, "store,health," POINT},
    {"shop=paint", 3, "hardware_store,store," POINT},
    {"shop=pastry", 5, "bakery,food,store," POINT},
    {"shop=pet", 4, "pet_store,store," POINT},
    {"shop=seafood", 4, "food,store," POINT},
    {"shop=shoes", 4, "shoe_store,clothing_store,store," POINT},
    {"shop=sports", 4, "store," POINT},
    {"shop=storage_rental", 3, "storage," POINT},
    {"shop=supermarket", 6, "supermarket,food,store," POINT},
    {"shop=tattoo", 3, POINT},
    {"shop=travel_agency", 4, "travel_agency," POINT},
    {"shop=tyres", 3, "car_repair,store," POINT},
    {"shop=video", 4, "movie_rental,store," POINT},
    {"shop=wine", 4, "liquor_store,store," POINT},
    {"station=light_rail", 6, "light_rail_station,transit_station," POINT},
    {"station=subway", 6, "subway_station,transit_station," POINT},
    {"tourism=*", 3, POINT},
    {"tourism=apartment", 4, "lodging," POINT},
    {"tourism=aquarium", 8, "aquarium," POINT},
    {"tourism=artwork", 2, POINT},
    {"tourism=attraction", 8, "tourist_attraction," POINT},
    {"tourism=camp_site", 5, "campground,lodging," POINT},
    {"tourism=caravan_site", 4, "rv_park,lodging," POINT},
    {"tourism=chalet", 4, "lodging," POINT},
    {"tourism=gallery", 6, "art_gallery," POINT},
    {"tourism=guest_house", 5, "lodging," POINT},
    {"tourism=hostel", 5, "lodging," POINT},
    {"tourism=hotel", 6, "lodging," POINT},
    {"tourism=information", 2, POINT},
    {"tourism=motel", 5, "lodging," POINT},
    {"tourism=museum", 8, "museum," POINT},
    {"tourism=theme_park", 8, "amusement_park," POINT},
    {"tourism=viewpoint", 4, "tourist_attraction," POINT},
    {"tourism=zoo", 8, "zoo," POINT},
};

#define KIND_COUNT (sizeof (s_kinds) / sizeof (s_kinds [0]))

//  Values that say that there is nothing, nothing yet or nothing any more
static const char *const s_gone [] = {"no", "none", "vacant", "empty", "unused",
    "disused", "abandoned", "closed", "former", "demolished", "destroyed",
    "removed", "razed", "construction", "proposed", "planned", NULL};


static int
s_compare (const void *tag_p, const void *row_p)
{
    const span_t *tag = tag_p;
    const kind_row_t *row = row_p;
    return span_compare (*tag, span_of (row->tag));
}


static const kind_row_t *
s_find_tag (span_t tag)
{
    return bsearch (&tag, s_kinds, KIND_COUNT, sizeof (kind_row_t), s_compare);
}


//  Return what is known of the key and the value, or of the key

static const kind_row_t *
s_find_value (span_t key, span_t value)
{
    char tag [TAG_SIZE_MAX];
    const kind_row_t *row = NULL;
    if (key.size + value.size + sizeof ("=*") > sizeof (tag))
        return &s_other;
    snprintf (tag, sizeof (tag), "%.*s=%.*s", (int) key.size, key.data,
        (int) value.size, value.data);
    row = s_find_tag (span_of (tag));
    if (!row) {
        snprintf (tag, sizeof (tag), "%.*s=*", (int) key.size, key.data);
        row = s_find_tag (span_of (tag));
    }
    return row ? row : &s_other;
}


static bool
s_is_one_of (span_t value, const char *const *values)
{
    for (; *values; values++)
        if (span_equal (value, span_of (*values)))
            return true;
    return false;
}


//  Cut the next of the values that semicolons separate off the front of *rest

static span_t
s_next_value (span_t *rest)
{
    return span_trim (span_until (rest, ';'));
}


//  Types that say least come last

static bool
s_is_general (span_t type)
{
    static const char *const general [] = {
        "political", "point_of_interest", "establishment", NULL};
    return s_is_one_of (type, general);
}


//  Append the type, unless it is there or there is no room for it

static void
s_append (kind_t *self, span_t type, size_t room)
{
    span_t rest = span_of (self->types);
    size_t size = rest.size;
    while (rest.size)
        if (span_equal (span_until (&rest, ','), type))
            return;
    if (size + type.size + 2 <= room)
        snprintf (self->types + size, KIND_TYPES_SIZE - size, "%s%.*s",
            size ? "," : "", (int) type.size, type.data);
}


static void
s_append_all (kind_t *self, const kind_row_t *row, bool general)
{
    size_t room = KIND_TYPES_SIZE - (general ? 0 : sizeof (POINT ",political"));
    span_t rest = span_of (row->types);
    while (rest.size) {
        span_t type = span_until (&rest, ',');
        if (s_is_general (type) == general)
            s_append (self, type, room);
    }
    if (self->weight < row->weight)
        self->weight = row->weight;
}


bool
kind_of_tag (span_t tag, kind_t *kind)
{
    const kind_row_t *rows [VALUES_MAX];
    size_t count = 0;
    span_t rest = tag;
    span_t key = span_until (&rest, '=');
    bool is_only = !memchr (tag.data, ';', tag.size);
    if (key.size == tag.size)
        rows [count++] = &s_other;
    else
        do {
            span_t value = s_next_value (&rest);
            if (value.size ? !s_is_one_of (value, s_gone) : is_only)
                rows [count++] = s_find_value (key, value);
        } while (rest.size && count < VALUES_MAX);
    if (!count)
        return false;
    *kind = (kind_t){0};
    for (size_t index = 0; index < 2 * count; index++)
        s_append_all (kind, rows [index % count], index >= count);
    return true;
}


uint32_t
kind_prominence (uint32_t weight, unsigned details)
{
    assert (details <= KIND_DETAILS_MAX);
    return (weight + details) * KIND_PROMINENCE;
}


const kind_row_t *
kind_table (size_t *size)
{
    *size = KIND_COUNT;
    return s_kinds;
}
