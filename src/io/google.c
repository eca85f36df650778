/*  =========================================================================
    google - the dialect of Google's Places API (New)

    https://developers.google.com/maps/documentation/places/web-service/
    nearby-search: POST places:searchNearby, with the fields that are wanted,
    and paid for, in a header.  What comes back is put into the words of the
    legacy API, field by field.
    =========================================================================
*/

#include "io/dialect.h"
#include "io/legacy.h"

#include <assert.h>
#include <sodium/utils.h>

#define RESULTS_MAX 20

#define MASK_PRO                                                               \
    "places.id,places.displayName,places.location,places.viewport,"            \
    "places.types,places.shortFormattedAddress,places.businessStatus,"         \
    "places.iconMaskBaseUri,places.iconBackgroundColor,places.photos,"         \
    "places.plusCode,places.attributions"
#define MASK_FULL                                                              \
    MASK_PRO ",places.rating,places.userRatingCount,places.priceLevel,"        \
             "places.currentOpeningHours.openNow"

static const struct {
    const char *level;
    int number;
} s_price_levels [] = {{"PRICE_LEVEL_FREE", 0}, {"PRICE_LEVEL_INEXPENSIVE", 1},
    {"PRICE_LEVEL_MODERATE", 2}, {"PRICE_LEVEL_EXPENSIVE", 3},
    {"PRICE_LEVEL_VERY_EXPENSIVE", 4}};

#define PRICE_LEVELS (sizeof (s_price_levels) / sizeof (*s_price_levels))


static void
s_ask (const dialect_access_t *access, const dialect_question_t *question,
    transport_request_t *request)
{
    request->url = strdup (access->url);
    request->post = zsys_sprintf (
        "{\"locationRestriction\":{\"circle\":{\"center\":"
        "{\"latitude\":%s,\"longitude\":%s},\"radius\":%s}},"
        "\"maxResultCount\":%d}",
        question->latitude, question->longitude, question->radius, RESULTS_MAX);
    assert (request->url && request->post);
    request->headers =
        curl_slist_append (NULL, "Content-Type: application/json");
    request->headers = curl_slist_append (
        request->headers, access->full ? "X-Goog-FieldMask: " MASK_FULL
                                       : "X-Goog-FieldMask: " MASK_PRO);
    if (access->key) {
        char *key = zsys_sprintf ("X-Goog-Api-Key: %s", access->key);
        assert (key);
        request->headers = curl_slist_append (request->headers, key);
        sodium_memzero (key, strlen (key));
        zstr_free (&key);
    }
    assert (request->headers);
}


//  Set the key to the text that the place has under another, if it has one

static void
s_set_text (json_t *to, const char *key, json_t *from, const char *name)
{
    json_t *value = json_object_get (from, name);
    if (json_is_string (value))
        json_object_set (to, key, value);
}


static void
s_set_number (json_t *to, const char *key, json_t *from, const char *name)
{
    json_t *value = json_object_get (from, name);
    if (json_is_number (value))
        json_object_set (to, key, value);
}


static const char *
s_text (json_t *object, const char *key)
{
    return json_string_value (json_object_get (object, key));
}


//  Set the key to a point, if it is one.  Protobuf's JSON may leave out a
//  number that is 0

static bool
s_set_point (json_t *to, const char *key, json_t *point)
{
    json_t *latitude = json_object_get (point, "latitude");
    json_t *longitude = json_object_get (point, "longitude");
    bool good = json_is_object (point) &&
                (!latitude || json_is_number (latitude)) &&
                (!longitude || json_is_number (longitude));
    json_t *legacy = good ? json_object () : NULL;
    if (good) {
        json_object_set_new (legacy, "lat",
            latitude ? json_incref (latitude) : json_integer (0));
        json_object_set_new (legacy, "lng",
            longitude ? json_incref (longitude) : json_integer (0));
        json_object_set_new (to, key, legacy);
    }
    return good;
}


static void
s_set_geometry (json_t *to, json_t *place)
{
    json_t *geometry = json_object ();
    json_t *viewport = json_object ();
    json_t *box = json_object_get (place, "viewport");
    s_set_point (geometry, "location", json_object_get (place, "location"));
    if (s_set_point (viewport, "northeast", json_object_get (box, "high")) &&
        s_set_point (viewport, "southwest", json_object_get (box, "low")))
        json_object_set (geometry, "viewport", viewport);
    if (json_object_size (geometry))
        json_object_set (to, "geometry", geometry);
    json_decref (viewport);
    json_decref (geometry);
}


//  The legacy icon is a picture of the same name as the new one's mask

static void
s_set_icons (json_t *to, json_t *place)
{
    const char *mask = s_text (place, "iconMaskBaseUri");
    const char *name = mask ? strrchr (mask, '/') : NULL;
    const char *end = name ? strstr (name, "_pinlet") : NULL;
    if (end && end > name + 1) {
        int size = (int) (end - name - 1);
        if (size == 7 && memcmp (name + 1, "generic", 7) == 0)
            json_object_set_new (to, "icon",
                json_string (
                    "https://maps.gstatic.com/mapfiles/place_api/icons/"
                    "v1/png_71/generic_business-71.png"));
        else
            json_object_set_new (to, "icon",
                json_sprintf ("https://maps.gstatic.com/mapfiles/place_api/"
                              "icons/v1/png_71/%.*s-71.png",
                    size, name + 1));
    }
    s_set_text (to, "icon_background_color", place, "iconBackgroundColor");
    s_set_text (to, "icon_mask_base_uri", place, "iconMaskBaseUri");
}


//  "places/ID/photos/NAME": legacy callers know it by its last word

static void
s_set_photo (json_t *to, json_t *place)
{
    json_t *photo = json_array_get (json_object_get (place, "photos"), 0);
    const char *name = s_text (photo, "name");
    if (!name)
        return;
    json_t *authors = json_array ();
    size_t index;
    json_t *author;
    json_array_foreach (
        json_object_get (photo, "authorAttributions"), index, author)
    {
        json_array_append_new (authors, legacy_anchor (s_text (author, "uri"),
                                            s_text (author, "displayName")));
    }
    const char *reference = strrchr (name, '/');
    json_t *legacy = json_object ();
    s_set_number (legacy, "height", photo, "heightPx");
    json_object_set_new (legacy, "html_attributions", authors);
    json_object_set_new (legacy, "photo_reference",
        json_string (reference ? reference + 1 : name));
    s_set_number (legacy, "width", photo, "widthPx");
    json_object_set_new (to, "photos", json_pack ("[o]", legacy));
}


static void
s_set_price_level (json_t *to, json_t *place)
{
    const char *level = s_text (place, "priceLevel");
    for (size_t index = 0; level && index < PRICE_LEVELS; index++)
        if (streq (level, s_price_levels [index].level))
            json_object_set_new (to, "price_level",
                json_integer (s_price_levels [index].number));
}


static void
s_set_plus_code (json_t *to, json_t *place)
{
    json_t *code = json_object_get (place, "plusCode");
    json_t *legacy = json_object ();
    s_set_text (legacy, "compound_code", code, "compoundCode");
    s_set_text (legacy, "global_code", code, "globalCode");
    if (json_object_size (legacy))
        json_object_set (to, "plus_code", legacy);
    json_decref (legacy);
}


static bool
s_set_hours (json_t *to, json_t *hours)
{
    json_t *open_now = json_object_get (hours, "openNow");
    if (json_is_boolean (open_now))
        json_object_set_new (
            to, "opening_hours", json_pack ("{s:O}", "open_now", open_now));
    return json_is_boolean (open_now);
}


static void
s_set_types (json_t *to, json_t *place)
{
    json_t *types = json_array ();
    size_t index;
    json_t *type;
    json_array_foreach (json_object_get (place, "types"), index,
        type) if (json_is_string (type)) json_array_append (types, type);
    if (json_array_size (types))
        json_object_set (to, "types", types);
    json_decref (types);
}


static bool
s_is_business_status (const char *status)
{
    return status && (streq (status, "OPERATIONAL") ||
                         streq (status, "CLOSED_TEMPORARILY") ||
                         streq (status, "CLOSED_PERMANENTLY"));
}


//  Keys come in the alphabetical order of the legacy API

static json_t *
s_place (json_t *place)
{
    json_t *to = json_object ();
    if (s_is_business_status (s_text (place, "businessStatus")))
        s_set_text (to, "business_status", place, "businessStatus");
    s_set_geometry (to, place);
    s_set_icons (to, place);
    s_set_text (to, "name", json_object_get (place, "displayName"), "text");
    if (!s_set_hours (to, json_object_get (place, "currentOpeningHours")))
        s_set_hours (to, json_object_get (place, "regularOpeningHours"));
    s_set_photo (to, place);
    s_set_text (to, "place_id", place, "id");
    s_set_plus_code (to, place);
    s_set_price_level (to, place);
    s_set_number (to, "rating", place, "rating");
    s_set_text (to, "reference", place, "id");
    json_object_set_new (to, "scope", json_string ("GOOGLE"));
    s_set_types (to, place);
    s_set_number (to, "user_ratings_total", place, "userRatingCount");
    s_set_text (to, "vicinity", place,
        s_text (place, "shortFormattedAddress") ? "shortFormattedAddress"
                                                : "formattedAddress");
    return to;
}


//  Credits of all places, each once

static json_t *
s_attributions (json_t *places)
{
    json_t *seen = json_object ();
    json_t *list = json_array ();
    size_t index;
    size_t nth;
    json_t *place;
    json_t *credit;
    json_array_foreach (places, index, place)
    {
        json_t *credits = json_object_get (place, "attributions");
        json_array_foreach (credits, nth, credit)
        {
            json_t *anchor = legacy_anchor (
                s_text (credit, "providerUri"), s_text (credit, "provider"));
            const char *text = json_string_value (anchor);
            if (text && !json_object_get (seen, text)) {
                json_object_set_new (seen, text, json_true ());
                json_array_append (list, anchor);
            }
            json_decref (anchor);
        }
    }
    json_decref (seen);
    return list;
}


static json_t *
s_answer (json_t *body)
{
    json_t *places = json_object_get (body, "places");
    json_t *results = json_array ();
    size_t index;
    json_t *place;
    json_array_foreach (places, index, place) if (json_is_object (place))
        json_array_append_new (results, s_place (place));
    const char *status = json_array_size (results) ? "OK" : "ZERO_RESULTS";
    return json_pack ("{s:o, s:o, s:s}", "html_attributions",
        s_attributions (places), "results", results, "status", status);
}


//  {} is an answer: there is nothing

static bool
s_is_answer (json_t *body)
{
    json_t *places = json_object_get (body, "places");
    return json_is_object (body) && !json_object_get (body, "error") &&
           (!places || json_is_array (places));
}


//  https://cloud.google.com/apis/design/errors: the legacy status that tells
//  the same

static const char *
s_failure (long status, json_t *body)
{
    json_t *error = json_object_get (body, "error");
    const char *word = s_text (error, "status");
    size_t index;
    json_t *detail;
    json_array_foreach (json_object_get (error, "details"), index, detail)
    {
        const char *reason = s_text (detail, "reason");
        if (reason && streq (reason, "API_KEY_INVALID"))
            return "REQUEST_DENIED";
    }
    if (status == 429 || (word && streq (word, "RESOURCE_EXHAUSTED")))
        return "OVER_QUERY_LIMIT";
    if (status == 401 || status == 403)
        return "REQUEST_DENIED";
    return status >= 400 && status < 500 ? "INVALID_REQUEST" : NULL;
}


static char *
s_translate (long status, span_t text, size_t *size)
{
    json_t *body =
        json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    json_t *answer = NULL;
    const char *failure = status == 200 ? NULL : s_failure (status, body);
    if (status == 200 && s_is_answer (body))
        answer = s_answer (body);
    else if (failure)
        answer = legacy_failure (failure);
    char *printed = answer ? legacy_print (answer, size) : NULL;
    json_decref (answer);
    json_decref (body);
    return printed;
}


const dialect_t dialect_google = {
    .name = "google-new", .ask = s_ask, .translate = s_translate};
