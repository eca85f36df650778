/*  =========================================================================
    overpass - the api of OpenStreetMap's Overpass API

    https://wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL: POST of a
    query for named things around a point.  Its elements have tags, which are
    put into the words of the legacy API; what OpenStreetMap does not know
    (ratings, photos) is left out.
    =========================================================================
*/

#include "providers/api.h"

#include "providers/legacy.h"
#include "providers/pieces.h"

#include <assert.h>

//  Asked for, since they come in the order of their ids; and passed on, those
//  first of which most is known
#define ELEMENTS_MAX 400
#define RESULTS_MAX 20

//  "osm-w" and a number with its sign, and a NUL
#define ID_SIZE 32

#define CREDIT                                                                 \
    "&copy; <a href=\"https://www.openstreetmap.org/copyright\">"              \
    "OpenStreetMap</a> contributors"

//  A tag's legacy type; a value of "" is any other value of the key
static const struct {
    const char *key;
    const char *value;
    const char *type;
} s_types [] = {{"amenity", "restaurant", "restaurant"},
    {"amenity", "fast_food", "restaurant"}, {"amenity", "cafe", "cafe"},
    {"amenity", "bar", "bar"}, {"amenity", "pub", "bar"},
    {"amenity", "bank", "bank"}, {"amenity", "atm", "atm"},
    {"amenity", "pharmacy", "pharmacy"}, {"amenity", "hospital", "hospital"},
    {"amenity", "clinic", "doctor"}, {"amenity", "doctors", "doctor"},
    {"amenity", "dentist", "dentist"}, {"amenity", "school", "school"},
    {"amenity", "university", "university"},
    {"amenity", "college", "university"}, {"amenity", "library", "library"},
    {"amenity", "fuel", "gas_station"}, {"amenity", "parking", "parking"},
    {"amenity", "police", "police"}, {"amenity", "post_office", "post_office"},
    {"amenity", "fire_station", "fire_station"},
    {"amenity", "place_of_worship", "place_of_worship"},
    {"amenity", "cinema", "movie_theater"},
    {"amenity", "nightclub", "night_club"},
    {"amenity", "townhall", "city_hall"},
    {"amenity", "courthouse", "courthouse"}, {"amenity", "embassy", "embassy"},
    {"amenity", "taxi", "taxi_stand"}, {"shop", "supermarket", "supermarket"},
    {"shop", "convenience", "convenience_store"}, {"shop", "bakery", "bakery"},
    {"shop", "clothes", "clothing_store"}, {"shop", "shoes", "shoe_store"},
    {"shop", "books", "book_store"}, {"shop", "hairdresser", "hair_care"},
    {"shop", "jewelry", "jewelry_store"}, {"shop", "florist", "florist"},
    {"shop", "furniture", "furniture_store"},
    {"shop", "electronics", "electronics_store"},
    {"shop", "hardware", "hardware_store"}, {"shop", "car", "car_dealer"},
    {"shop", "car_repair", "car_repair"}, {"shop", "laundry", "laundry"},
    {"shop", "mall", "shopping_mall"}, {"shop", "", "store"},
    {"tourism", "hotel", "lodging"}, {"tourism", "hostel", "lodging"},
    {"tourism", "guest_house", "lodging"}, {"tourism", "museum", "museum"},
    {"tourism", "gallery", "art_gallery"}, {"tourism", "zoo", "zoo"},
    {"tourism", "attraction", "tourist_attraction"},
    {"leisure", "park", "park"}, {"leisure", "stadium", "stadium"},
    {"leisure", "fitness_centre", "gym"}, {"healthcare", "", "health"},
    {"office", "lawyer", "lawyer"}, {"office", "insurance", "insurance_agency"},
    {"office", "estate_agent", "real_estate_agency"},
    {"office", "government", "local_government_office"}};

#define TYPES (sizeof (s_types) / sizeof (*s_types))

//  What shows that people care for a place
static const char *const s_signs [] = {
    "wikidata", "wikipedia", "website", "opening_hours", "phone"};

#define SIGNS (sizeof (s_signs) / sizeof (*s_signs))


static void
s_ask (const api_access_t *access, const api_question_t *question,
    transport_request_t *request)
{
    char *query = zsys_sprintf (
        "[out:json][timeout:%" PRId64 "];nwr(around:%s,%s,%s)[name]"
        "[~\"^(amenity|shop|tourism|leisure|office|healthcare)$\"~\".\"];"
        "out center %d;",
        (access->timeout_ms + 999) / 1000, question->radius, question->latitude,
        question->longitude, ELEMENTS_MAX);
    char *escaped = query ? curl_easy_escape (NULL, query, 0) : NULL;
    assert (escaped);
    request->url = strdup (access->url);
    request->post = zsys_sprintf ("data=%s", escaped);
    assert (request->url && request->post);
    curl_free (escaped);
    zstr_free (&query);
}


static const char *
s_text (json_t *object, const char *key)
{
    return json_string_value (json_object_get (object, key));
}


static size_t
s_signs_of (json_t *element)
{
    json_t *tags = json_object_get (element, "tags");
    size_t count = 0;
    for (size_t index = 0; index < SIGNS; index++)
        count += s_text (tags, s_signs [index]) != NULL;
    return count;
}


//  More signs first, then the provider's order

static int
s_compare (const void *one, const void *other)
{
    json_t *const *first = one;
    json_t *const *second = other;
    size_t first_signs = s_signs_of (*first);
    size_t second_signs = s_signs_of (*second);
    if (first_signs != second_signs)
        return first_signs > second_signs ? -1 : 1;
    json_int_t first_id = json_integer_value (json_object_get (*first, "id"));
    json_int_t second_id = json_integer_value (json_object_get (*second, "id"));
    return (first_id > second_id) - (first_id < second_id);
}


static json_t *
s_types_of (json_t *tags)
{
    json_t *types = json_array ();
    for (size_t index = 0; index < TYPES && json_array_size (types) == 0;
         index++) {
        const char *value = s_text (tags, s_types [index].key);
        if (value && (*s_types [index].value == 0 ||
                         streq (value, s_types [index].value)))
            json_array_append_new (types, json_string (s_types [index].type));
    }
    json_array_append_new (types, json_string ("point_of_interest"));
    json_array_append_new (types, json_string ("establishment"));
    return types;
}


//  "Street 12, Town", as much of it as is known

static json_t *
s_vicinity (json_t *tags)
{
    const char *street = s_text (tags, "addr:street");
    const char *number = s_text (tags, "addr:housenumber");
    const char *city = s_text (tags, "addr:city");
    if (!street && !city)
        return NULL;
    return json_sprintf ("%s%s%s%s%s", street ? street : "",
        street && number ? " " : "", street && number ? number : "",
        street && city ? ", " : "", city ? city : "");
}


static bool
s_is_kind (const char *kind)
{
    return streq (kind, "node") || streq (kind, "way") ||
           streq (kind, "relation");
}


static json_t *
s_location (json_t *element)
{
    json_t *center = json_object_get (element, "center");
    return center ? center : element;
}


//  It has what every result has

static bool
s_is_place (json_t *element)
{
    json_t *location = s_location (element);
    const char *kind = s_text (element, "type");
    const char *name = s_text (json_object_get (element, "tags"), "name");
    return json_is_number (json_object_get (location, "lat")) &&
           json_is_number (json_object_get (location, "lon")) && kind &&
           s_is_kind (kind) && name && *name &&
           json_is_integer (json_object_get (element, "id"));
}


static void
s_place (layout_t *out, json_t *element)
{
    json_t *tags = json_object_get (element, "tags");
    json_t *location = s_location (element);
    char id [ID_SIZE];
    snprintf (id, sizeof (id), "osm-%c%" JSON_INTEGER_FORMAT,
        *s_text (element, "type"),
        json_integer_value (json_object_get (element, "id")));
    json_t *types = s_types_of (tags);
    json_t *vicinity = s_vicinity (tags);
    layout_open (out, "geometry", '{');
    layout_open (out, "location", '{');
    legacy_number (out, "lat", json_object_get (location, "lat"));
    legacy_number (out, "lng", json_object_get (location, "lon"));
    layout_close (out, '}');
    layout_close (out, '}');
    legacy_text (out, "name", json_object_get (tags, "name"));
    layout_text (out, "place_id", span_of (id));
    layout_text (out, "reference", span_of (id));
    legacy_texts (out, "types", types);
    legacy_text (out, "vicinity", vicinity);
    json_decref (types);
    json_decref (vicinity);
}


//  Those places of which most is known

static json_t *
s_choose (json_t *elements)
{
    size_t count = json_array_size (elements);
    if (count > ELEMENTS_MAX)
        count = ELEMENTS_MAX;
    json_t **ranked = zmalloc ((count + 1) * sizeof (json_t *));
    for (size_t index = 0; index < count; index++)
        ranked [index] = json_array_get (elements, index);
    qsort (ranked, count, sizeof (json_t *), s_compare);
    json_t *chosen = json_array ();
    for (size_t index = 0;
         index < count && json_array_size (chosen) < RESULTS_MAX; index++)
        if (s_is_place (ranked [index]))
            json_array_append (chosen, ranked [index]);
    free (ranked);
    return chosen;
}


static char *
s_answer (json_t *elements, size_t *size)
{
    json_t *chosen = s_choose (elements);
    json_t *credits = json_array ();
    if (json_array_size (chosen))
        json_array_append_new (credits, json_string (CREDIT));
    char *answer = legacy_answer (credits, chosen, s_place, size);
    json_decref (credits);
    json_decref (chosen);
    return answer;
}


//  A remark tells that the query did not come to its end

static char *
s_translate (long status, span_t text, size_t *size)
{
    json_t *body = pieces_read (text, "elements");
    json_t *elements = json_object_get (body, "elements");
    char *answer = NULL;
    if (status == 200 && json_is_array (elements) &&
        !json_object_get (body, "remark"))
        answer = s_answer (elements, size);
    json_decref (body);
    return answer;
}


const api_t api_overpass = {
    .name = "overpass", .ask = s_ask, .translate = s_translate};
