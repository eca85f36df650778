/*  =========================================================================
    feature - a GeoJSON Feature that is a place
    =========================================================================
*/

#include "places/feature.h"
#include "places/kind.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define OSM_CREDIT                                                             \
    "Places © <a href=\"https://www.openstreetmap.org/copyright\">"           \
    "OpenStreetMap contributors</a>, "                                         \
    "<a href=\"https://opendatacommons.org/licenses/odbl/1-0/\">ODbL 1.0</a>"
#define OVERTURE_CREDIT                                                        \
    "Places by <a href=\"https://docs.overturemaps.org/attribution/\">"        \
    "Overture Maps Foundation</a>"

//  Brackets around a point of a multipolygon are four deep
#define DEPTH_MAX 8

//  The box around points so far
typedef struct {
    double west, south, east, north;
} box_t;


static bool
s_grow (box_t *self, const json_t *coordinates, int depth)
{
    const json_t *first = json_array_get (coordinates, 0);
    if (json_is_number (first)) {
        const json_t *second = json_array_get (coordinates, 1);
        double lng = json_number_value (first);
        double lat = json_number_value (second);
        self->west = fmin (self->west, lng);
        self->east = fmax (self->east, lng);
        self->south = fmin (self->south, lat);
        self->north = fmax (self->north, lat);
        return json_is_number (second);
    }
    bool good = first && depth < DEPTH_MAX;
    for (size_t index = 0; good && index < json_array_size (coordinates);
         index++)
        good = s_grow (self, json_array_get (coordinates, index), depth + 1);
    return good;
}


static bool
s_read_point (const json_t *geometry, globe_point_t *at)
{
    box_t box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    if (!s_grow (&box, json_object_get (geometry, "coordinates"), 0))
        return false;
    if (box.west < -180 || box.east > 180 || box.south < -90 || box.north > 90)
        return false;
    at->lat = (int32_t) lround ((box.south + box.north) / 2 * DEGREE);
    at->lng = (int32_t) lround ((box.west + box.east) / 2 * DEGREE);
    return true;
}


static const char *
s_text (const json_t *object, const char *key)
{
    const char *text = json_string_value (json_object_get (object, key));
    return text && *text ? text : NULL;
}


//  Write the texts that there are, with the separators before all but the
//  first.  What does not fit is left out whole.

static void
s_join (char *text, size_t size, const char *const *parts,
    const char *const *separators, size_t count)
{
    size_t used = 0;
    *text = '\0';
    for (size_t index = 0; index < count; index++) {
        const char *before = used ? separators [index] : "";
        size_t needed = parts [index] ? strlen (parts [index]) : 0;
        if (needed && used + strlen (before) + needed < size)
            used += (size_t) snprintf (
                text + used, size - used, "%s%s", before, parts [index]);
    }
}


//  A place without an id of its own has one by what it is called and where

static void
s_make_id (feature_t *self, const char *name, globe_point_t at)
{
    uint64_t mark = 0xcbf29ce484222325;
    for (; *name; name++)
        mark = (mark ^ (unsigned char) *name) * 0x100000001b3;
    snprintf (self->id, sizeof (self->id), "at-%" PRId32 ".%" PRId32 "-%08x",
        at.lat, at.lng, (unsigned) (mark >> 32 ^ mark));
}


//  What osmium calls a<number> is an area, made of way number / 2 if that is
//  even and of relation (number - 1) / 2 if it is odd.

static void
s_read_osm_id (feature_t *self, const json_t *tags, const place_t *place)
{
    const char *id = s_text (self->json, "id");
    const char *type = s_text (tags, "@type");
    const json_t *number = json_object_get (tags, "@id");
    uint64_t area;
    if (id && *id == 'a' && span_number (span_of (id + 1), INT64_MAX, &area))
        snprintf (self->id, sizeof (self->id), "osm-%c%" PRIu64,
            area % 2 ? 'r' : 'w', area / 2);
    else if (id && strlen (id) < sizeof (self->id) - 4)
        snprintf (self->id, sizeof (self->id), "osm-%.59s", id);
    else if (type && json_is_integer (number))
        snprintf (self->id, sizeof (self->id), "osm-%c%" JSON_INTEGER_FORMAT,
            *type, json_integer_value (number));
    else
        s_make_id (self, place->name.data, place->at);
}


static bool
s_has (const json_t *tags, const char *one, const char *other)
{
    return s_text (tags, one) || s_text (tags, other);
}


//  Return the tag's kind, or false if this is no place

static bool
s_read_tag (const json_t *tags, kind_t *kind)
{
    const char *key;
    for (size_t index = 0; (key = kind_key (index)); index++) {
        const char *value = s_text (tags, key);
        if (!value)
            continue;
        char tag [128];
        int size = snprintf (tag, sizeof (tag), "%s=%s", key, value);
        *kind = kind_of_tag (
            (span_t){tag, (size_t) size < sizeof (tag) ? (size_t) size : 0});
        return kind_is_place (key, value);
    }
    return false;
}


static void
s_read_osm (feature_t *self, const json_t *tags, place_t *place)
{
    kind_t kind;
    const char *name = s_text (tags, "name");
    if (!name || !s_read_tag (tags, &kind))
        return;
    place->name = span_of (name);
    s_read_osm_id (self, tags, place);
    s_join (self->vicinity, sizeof (self->vicinity),
        (const char *[]){s_text (tags, "addr:street"),
            s_text (tags, "addr:street") ? s_text (tags, "addr:housenumber")
                                         : NULL,
            s_text (tags, "addr:city")},
        (const char *[]){"", " ", ", "}, 3);
    unsigned details = s_has (tags, "addr:street", "addr:street");
    details += s_has (tags, "opening_hours", "opening_hours");
    details += s_has (tags, "website", "contact:website");
    details += s_has (tags, "phone", "contact:phone");
    details += s_has (tags, "wikidata", "wikipedia") ? 2 : 0;
    place->types = span_of (kind.types);
    place->prominence = kind_prominence (kind, details);
    place->credit = span_of (OSM_CREDIT);
}


//  Overture has one object, or the first of many

static const json_t *
s_first (const json_t *object, const char *key)
{
    return json_array_get (json_object_get (object, key), 0);
}


//  Overture moved its word for a place; both are in use

static const char *
s_category (const json_t *about)
{
    const char *category =
        s_text (json_object_get (about, "categories"), "primary");
    if (!category)
        category = s_text (json_object_get (about, "taxonomy"), "primary");
    return category ? category : s_text (about, "basic_category");
}


static void
s_read_overture (feature_t *self, const json_t *about, place_t *place)
{
    const char *name = s_text (json_object_get (about, "names"), "primary");
    const char *category = s_category (about);
    const char *status = s_text (about, "operating_status");
    if (!name || (status && strcmp (status, "permanently_closed") == 0))
        return;
    const char *id = s_text (about, "id");
    if (!id)
        id = s_text (self->json, "id");
    place->name = span_of (name);
    if (id && strlen (id) < sizeof (self->id) - 9)
        snprintf (self->id, sizeof (self->id), "overture-%.54s", id);
    else
        s_make_id (self, name, place->at);
    const json_t *address = s_first (about, "addresses");
    s_join (self->vicinity, sizeof (self->vicinity),
        (const char *[]){
            s_text (address, "freeform"), s_text (address, "locality")},
        (const char *[]){"", ", "}, 2);
    unsigned details = s_text (address, "freeform") != NULL;
    details += s_first (about, "websites") != NULL;
    details += s_first (about, "phones") != NULL;
    double confidence =
        json_number_value (json_object_get (about, "confidence"));
    details += confidence >= 0.9 ? 2 : confidence >= 0.6;
    kind_t kind = kind_of_category (span_of (category ? category : ""));
    place->types = span_of (kind.types);
    place->prominence = kind_prominence (kind, details);
    place->credit = span_of (OVERTURE_CREDIT);
}


const char *
feature_read (feature_t *self, span_t record, place_t *place)
{
    json_error_t error;
    *place = (place_t){0};
    self->json =
        json_loadb (record.data, record.size, JSON_REJECT_DUPLICATES, &error);
    if (!self->json)
        return "not JSON";
    const char *type = s_text (self->json, "type");
    if (!type || strcmp (type, "Feature") != 0)
        return "not a Feature";
    if (!s_read_point (json_object_get (self->json, "geometry"), &place->at))
        return "bad geometry";
    const json_t *about = json_object_get (self->json, "properties");
    if (json_is_object (json_object_get (about, "names")))
        s_read_overture (self, about, place);
    else
        s_read_osm (self, about, place);
    place->id = span_of (self->id);
    place->vicinity = span_of (self->vicinity);
    return NULL;
}


void
feature_free (feature_t *self)
{
    json_decref (self->json);
    *self = (feature_t){0};
}
