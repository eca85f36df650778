/*  =========================================================================
    tags - a place that OpenStreetMap's tags tell of, whoever collected them
    =========================================================================
*/

#include "places/tags.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define OSM_CREDIT                                                             \
    "Places © <a href=\"https://www.openstreetmap.org/copyright\">"           \
    "OpenStreetMap contributors</a>, "                                         \
    "<a href=\"https://opendatacommons.org/licenses/odbl/1-0/\">ODbL 1.0</a>"
#define ATP_CREDIT                                                             \
    "Places by <a href=\"https://www.alltheplaces.xyz/\">All the Places</a>, " \
    "<a href=\"https://creativecommons.org/publicdomain/zero/1.0/\">CC0</a>"

#define TAG_SIZE_MAX 256

//  Below this every whole number has a real of its own
#define WHOLE_MOST 9007199254740992.0

//  So that a prefix fits before it
#define ID_SIZE_MAX 60

//  What a thing is says the first of these that tells of a place
static const char *const s_keys [] = {"amenity", "shop", "tourism", "leisure",
    "office", "healthcare", "historic", "craft", "railway", "aeroway",
    "public_transport", "natural", "man_made", "emergency", "club", "place"};

#define KEY_COUNT (sizeof (s_keys) / sizeof (s_keys [0]))

//  What things that have the first tag are more precisely, by the second
static const struct {
    const char *tag;
    const char *key;
    const char *value;
} s_finer [] = {{"amenity=place_of_worship", "religion", "christian"},
    {"amenity=place_of_worship", "religion", "hindu"},
    {"amenity=place_of_worship", "religion", "jewish"},
    {"amenity=place_of_worship", "religion", "muslim"},
    {"amenity=school", "school", "primary"},
    {"amenity=school", "school", "secondary"},
    {"railway=station", "station", "light_rail"},
    {"railway=station", "station", "subway"}};

#define FINER_COUNT (sizeof (s_finer) / sizeof (s_finer [0]))

//  What only OpenStreetMap's tools write
static const char *const s_marks [] = {
    "osm_id", "osm_way_id", "@type", "@version", "@changeset", "@timestamp"};

#define MARK_COUNT (sizeof (s_marks) / sizeof (s_marks [0]))

//  Who gave a Feature its id
typedef enum { OWN, OSM, ALL_THE_PLACES } source_t;


static bool
s_has (const json_t *tags, const char *one, const char *other)
{
    return feature_text (tags, one) || feature_text (tags, other);
}


//  An end that is known and still to come ends nothing yet

static bool
s_has_ended (const char *end)
{
    char today [sizeof ("2026-11-28")];
    time_t now = time (NULL);
    struct tm date;
    if (!end || strcmp (end, "no") == 0)
        return false;
    if (!gmtime_r (&now, &date) ||
        !strftime (today, sizeof (today), "%Y-%m-%d", &date))
        return true;
    for (size_t index = 0; index < 4; index++)
        if (!isdigit ((unsigned char) end [index]))
            return true;
    return strncmp (end, today, sizeof (today) - 1) <= 0;
}


//  Things that are no more keep their tags, under a key such as disused:shop,
//  which is none of ours, or with one more

static bool
s_is_gone (const json_t *tags)
{
    static const char *const marks [] = {"disused", "abandoned", "vacant",
        "closed", "demolished", "destroyed", "removed", "razed", "construction",
        "proposed", "planned"};
    for (size_t index = 0; index < sizeof (marks) / sizeof (*marks); index++) {
        const char *mark = feature_text (tags, marks [index]);
        if (mark && strcmp (mark, "yes") == 0)
            return true;
    }
    return s_has_ended (feature_text (tags, "end_date"));
}


static bool
s_is_one_of (const char *value, const char *const *values)
{
    for (; *values; values++)
        if (strcmp (value, *values) == 0)
            return true;
    return false;
}


//  Not every railway is a station, nor every place populated

static bool
s_is_place (const char *key, const char *value)
{
    static const char *const stations [] = {"station", "halt", "stop", NULL};
    static const char *const populated [] = {"city", "town", "village",
        "suburb", "neighbourhood", "quarter", "hamlet", NULL};
    if (strcmp (key, "railway") == 0)
        return s_is_one_of (value, stations);
    if (strcmp (key, "place") == 0)
        return s_is_one_of (value, populated);
    return true;
}


//  Write the tag; one too long to be known is none

static span_t
s_write_tag (char tag [TAG_SIZE_MAX], const char *key, const char *value)
{
    int size = snprintf (tag, TAG_SIZE_MAX, "%s=%s", key, value);
    if (size < 0 || size >= TAG_SIZE_MAX)
        *tag = '\0';
    return span_of (tag);
}


static bool
s_find_kind (const json_t *tags, const char *key, kind_t *kind)
{
    char tag [TAG_SIZE_MAX];
    char finer [TAG_SIZE_MAX];
    const char *value = feature_text (tags, key);
    if (!value || !s_is_place (key, value) ||
        !kind_of_tag (s_write_tag (tag, key, value), kind))
        return false;
    for (size_t index = 0; index < FINER_COUNT; index++) {
        key = s_finer [index].key;
        value = feature_text (tags, key);
        if (value && strcmp (tag, s_finer [index].tag) == 0 &&
            strcmp (value, s_finer [index].value) == 0)
            kind_of_tag (s_write_tag (finer, key, value), kind);
    }
    return true;
}


//  A castle is one, though nobody lives there any more

static bool
s_read_kind (const json_t *tags, bool is_gone, kind_t *kind)
{
    bool found = false;
    for (size_t index = 0; !found && index < KEY_COUNT; index++)
        if (!is_gone || strcmp (s_keys [index], "historic") == 0)
            found = s_find_kind (tags, s_keys [index], kind);
    return found;
}


//  Read a letter and a number, as osmium writes an object's id, or a word and a
//  number with a slash in between, as osmtogeojson does.  What osmium calls
//  a<number> is an area, made of way number / 2 if that is even and of relation
//  (number - 1) / 2 if it is odd.

static bool
s_read_object (feature_t *self, const char *type, span_t number)
{
    static const char *const types [] = {
        "n", "w", "r", "a", "N", "W", "R", "node", "way", "relation", NULL};
    bool is_negative = number.size && *number.data == '-';
    uint64_t id;
    span_t digits = {number.data + is_negative, number.size - is_negative};
    if (!s_is_one_of (type, types) || !span_number (digits, INT64_MAX, &id))
        return false;
    char letter = (char) tolower ((unsigned char) *type);
    if (letter == 'a') {
        letter = id % 2 ? 'r' : 'w';
        id /= 2;
    }
    snprintf (self->id, sizeof (self->id), "osm-%c%s%" PRIu64, letter,
        is_negative ? "-" : "", id);
    return true;
}


static bool
s_read_object_id (feature_t *self, const char *text)
{
    char type [sizeof ("relation")] = "";
    span_t rest = span_of (text ? text : "");
    span_t word = span_until (&rest, '/');
    if (!rest.size && word.size) {
        rest = (span_t){word.data + 1, word.size - 1};
        word.size = 1;
    }
    if (word.size < sizeof (type))
        memcpy (type, word.data, word.size);
    return s_read_object (self, type, rest);
}


//  Zero, too, is no number of anything

static bool
s_is_whole (double number)
{
    return number != 0 && fabs (number) < WHOLE_MOST &&
           trunc (number) == number;
}


//  Write a member that is a whole number, or a text, as a text.  Beside one too
//  large for an integer, all are reals

static bool
s_write_number (char text [ID_SIZE_MAX], const json_t *object, const char *key)
{
    const json_t *value = json_object_get (object, key);
    const char *word = feature_text (object, key);
    int size = -1;
    if (json_is_integer (value))
        size = snprintf (text, ID_SIZE_MAX, "%" JSON_INTEGER_FORMAT,
            json_integer_value (value));
    else if (s_is_whole (json_real_value (value)))
        size = snprintf (text, ID_SIZE_MAX, "%.0f", json_real_value (value));
    else if (word)
        size = snprintf (text, ID_SIZE_MAX, "%s", word);
    return size > 0 && size < ID_SIZE_MAX;
}


static bool
s_read_object_of (
    feature_t *self, const json_t *tags, const char *type, const char *number)
{
    char text [ID_SIZE_MAX];
    const char *word = feature_text (tags, type);
    return word && s_write_number (text, tags, number) &&
           s_read_object (self, word, span_of (text));
}


//  Read who gave the Feature its id, and write the place's

static source_t
s_read_id (feature_t *self, const json_t *tags, const place_t *place)
{
    char text [ID_SIZE_MAX];
    bool has_id = s_write_number (text, self->json, "id");
    bool has_spider = feature_text (tags, "@spider");
    if (!has_spider &&
        (s_read_object_id (self, feature_text (self->json, "id")) ||
            s_read_object_id (self, feature_text (tags, "@id")) ||
            s_read_object_of (self, tags, "@type", "@id") ||
            s_read_object_of (self, tags, "osm_type", "osm_id")))
        return OSM;
    if (has_id)
        snprintf (self->id, sizeof (self->id), "%s%s", has_spider ? "atp-" : "",
            text);
    else
        place_make_id (self->id, sizeof (self->id), place->name, place->at);
    if (has_spider)
        return ALL_THE_PLACES;
    for (size_t index = 0; index < MARK_COUNT; index++)
        if (json_object_get (tags, s_marks [index]))
            return OSM;
    return OWN;
}


//  Street and number, and town; an address in one line has the town in it

static void
s_read_vicinity (feature_t *self, const json_t *tags)
{
    const char *line = feature_text (tags, "addr:street_address");
    const char *street = line ? line : feature_text (tags, "addr:street");
    const char *number =
        street && !line ? feature_text (tags, "addr:housenumber") : NULL;
    const char *town = feature_text (tags, "addr:city");
    if (!street && (street = feature_text (tags, "addr:full")))
        town = NULL;
    place_join (self->vicinity, sizeof (self->vicinity),
        (const char *[]){street, number, town}, (const char *[]){"", " ", ", "},
        3);
}


void
tags_read (feature_t *self, const json_t *tags, place_t *place)
{
    static const char *const credits [] = {
        [OWN] = "", [OSM] = OSM_CREDIT, [ALL_THE_PLACES] = ATP_CREDIT};
    const char *name = feature_text (tags, "name");
    bool is_gone = s_is_gone (tags);
    if (!name && feature_text (tags, "@spider"))
        name = feature_text (tags, "brand");
    if (!name)
        self->none = "no name";
    else if (!s_read_kind (tags, is_gone, &self->kind))
        self->none = is_gone ? "closed" : "no tag that tells of a place";
    if (self->none)
        return;
    place->name = span_of (name);
    place->credit = span_of (credits [s_read_id (self, tags, place)]);
    s_read_vicinity (self, tags);
    unsigned details = s_has (tags, "addr:street", "addr:street_address") ||
                       s_has (tags, "addr:full", "addr:full");
    details += s_has (tags, "opening_hours", "opening_hours");
    details += s_has (tags, "website", "contact:website");
    details += s_has (tags, "phone", "contact:phone");
    details += s_has (tags, "wikidata", "wikipedia") ? 2 : 0;
    place->types = span_of (self->kind.types);
    place->prominence = kind_prominence (self->kind.weight, details);
}
