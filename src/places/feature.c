/*  =========================================================================
    feature - a GeoJSON Feature that is a place
    =========================================================================
*/

#include "places/feature.h"
#include "places/category.h"
#include "places/shape.h"
#include "places/tags.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OVERTURE_CREDIT                                                        \
    "Places by <a href=\"https://docs.overturemaps.org/attribution/\">"        \
    "Overture Maps Foundation</a>"


const char *
feature_text (const json_t *object, const char *key)
{
    const char *text = json_string_value (json_object_get (object, key));
    return text && *text ? text : NULL;
}


//  Overture has one object, or the first of many

static const json_t *
s_first (const json_t *object, const char *key)
{
    return json_array_get (json_object_get (object, key), 0);
}


//  Find the tag of the category, if it is a text and we know it

static bool
s_has_tag (const json_t *category, span_t *tag)
{
    const char *text = json_string_value (category);
    return text && category_tag (span_of (text), tag);
}


//  Overture moved its word for what a place is, and both are in use; what is
//  no word of ours may be a kind of one that is

static void
s_read_kind (feature_t *self, const json_t *about)
{
    const json_t *old = json_object_get (about, "categories");
    const json_t *new = json_object_get (about, "taxonomy");
    const json_t *kinds = json_object_get (new, "hierarchy");
    size_t count = json_array_size (kinds);
    span_t tag = span_of ("");
    bool found = s_has_tag (json_object_get (old, "primary"), &tag) ||
                 s_has_tag (json_object_get (new, "primary"), &tag);
    while (!found && count)
        found = s_has_tag (json_array_get (kinds, --count), &tag);
    if (!found)
        s_has_tag (json_object_get (about, "basic_category"), &tag);
    bool is_place = kind_of_tag (tag, &self->kind);
    assert (is_place);
}


static void
s_read_overture (feature_t *self, const json_t *about, place_t *place)
{
    const char *name =
        feature_text (json_object_get (about, "names"), "primary");
    const char *status = feature_text (about, "operating_status");
    if (!name)
        self->none = "no name";
    if (status && strcmp (status, "permanently_closed") == 0)
        self->none = "closed";
    if (self->none)
        return;
    const char *id = feature_text (about, "id");
    if (!id)
        id = feature_text (self->json, "id");
    place->name = span_of (name);
    if (id && strlen (id) < sizeof (self->id) - 9)
        snprintf (self->id, sizeof (self->id), "overture-%.54s", id);
    else
        place_make_id (self->id, sizeof (self->id), place->name, place->at);
    const json_t *address = s_first (about, "addresses");
    place_join (self->vicinity, sizeof (self->vicinity),
        (const char *[]){feature_text (address, "freeform"),
            feature_text (address, "locality")},
        (const char *[]){"", ", "}, 2);
    unsigned details = feature_text (address, "freeform") != NULL;
    details += s_first (about, "websites") != NULL;
    details += s_first (about, "phones") != NULL;
    double confidence =
        json_number_value (json_object_get (about, "confidence"));
    details += confidence >= 0.9 ? 2 : confidence >= 0.6;
    s_read_kind (self, about);
    place->types = span_of (self->kind.types);
    place->prominence = kind_prominence (self->kind.weight, details);
    place->credit = span_of (OVERTURE_CREDIT);
}


static bool
s_is_of_number (char byte)
{
    return isdigit ((unsigned char) byte) || byte == '-';
}


//  osmium 1.17 forgets the quotes around ids: "id":n100.  Outside of texts no
//  letter that begins one comes before a number in JSON.  Returns a copy with
//  the quotes, to be freed.

static char *
s_quote_ids (span_t record, size_t *size)
{
    char *copy = malloc (record.size * 2 + 1);
    bool in_text = false, in_id = false;
    assert (copy);
    *size = 0;
    for (size_t at = 0; at < record.size; at++) {
        char byte = record.data [at];
        bool opens = !in_text && byte && strchr ("nwra", byte) &&
                     at + 1 < record.size &&
                     s_is_of_number (record.data [at + 1]);
        bool closes = in_id && !s_is_of_number (byte);
        if (opens || closes) {
            in_id = opens;
            copy [(*size)++] = '"';
        }
        copy [(*size)++] = byte;
        if (in_text && byte == '\\' && at + 1 < record.size)
            copy [(*size)++] = record.data [++at];
        else if (byte == '"')
            in_text = !in_text;
    }
    return copy;
}


//  A number may be too large for an integer

static json_t *
s_parse (span_t record)
{
    json_error_t error;
    json_t *json =
        json_loadb (record.data, record.size, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        size_t size;
        char *copy = s_quote_ids (record, &size);
        json = json_loadb (copy, size,
            JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
        free (copy);
    }
    return json;
}


const char *
feature_read (feature_t *self, span_t record, place_t *place)
{
    *place = (place_t){0};
    *self = (feature_t){.json = s_parse (record)};
    if (!self->json)
        return "not JSON";
    const char *type = feature_text (self->json, "type");
    if (!type || strcmp (type, "Feature") != 0)
        return "not a Feature";
    const json_t *geometry = json_object_get (self->json, "geometry");
    shape_t shape = shape_middle (geometry, &place->at);
    if (shape == SHAPE_NONE)
        self->none = "no position";
    if (shape != SHAPE_GOOD)
        return shape == SHAPE_BAD ? "bad geometry" : NULL;
    const json_t *about = json_object_get (self->json, "properties");
    if (json_is_object (json_object_get (about, "names")))
        s_read_overture (self, about, place);
    else
        tags_read (self, about, place);
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
