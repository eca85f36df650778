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
    char *key =
        zsys_sprintf ("X-Goog-Api-Key: %s", access->key ? access->key : "");
    assert (request->url && request->post && key);
    request->headers =
        curl_slist_append (NULL, "Content-Type: application/json");
    request->headers = curl_slist_append (request->headers, key);
    request->headers = curl_slist_append (
        request->headers, access->full ? "X-Goog-FieldMask: " MASK_FULL
                                       : "X-Goog-FieldMask: " MASK_PRO);
    assert (request->headers);
    zstr_free (&key);
}


//  Set the key to the value, borrowed, if there is one

static void
s_set (json_t *to, const char *key, json_t *value)
{
    if (value && !json_is_null (value))
        json_object_set (to, key, value);
}


static const char *
s_text (json_t *object, const char *key)
{
    return json_string_value (json_object_get (object, key));
}


static json_t *
s_point (json_t *point)
{
    json_t *to = json_object ();
    s_set (to, "lat", json_object_get (point, "latitude"));
    s_set (to, "lng", json_object_get (point, "longitude"));
    return to;
}


static json_t *
s_geometry (json_t *place)
{
    json_t *to = json_object ();
    json_t *viewport = json_object_get (place, "viewport");
    json_object_set_new (
        to, "location", s_point (json_object_get (place, "location")));
    if (viewport)
        json_object_set_new (to, "viewport",
            json_pack ("{s:o, s:o}", "northeast",
                s_point (json_object_get (viewport, "high")), "southwest",
                s_point (json_object_get (viewport, "low"))));
    return to;
}


//  The legacy icon is a picture of the same name as the new one's mask

static void
s_set_icons (json_t *to, json_t *place)
{
    const char *mask = s_text (place, "iconMaskBaseUri");
    const char *name = mask ? strrchr (mask, '/') : NULL;
    const char *end = name ? strstr (name, "_pinlet") : NULL;
    if (end) {
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
    s_set (to, "icon_background_color",
        json_object_get (place, "iconBackgroundColor"));
    s_set (
        to, "icon_mask_base_uri", json_object_get (place, "iconMaskBaseUri"));
}


//  Return <a href="uri">name</a> with both escaped for HTML

static json_t *
s_anchor (const char *uri, const char *name)
{
    const char *const parts [] = {"<a href=\"", uri, "\">", name, "</a>"};
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream (&text, &size);
    assert (stream);
    for (size_t part = 0; part < 5; part++)
        for (const char *at = parts [part] ? parts [part] : ""; *at; at++) {
            const char *escaped = *at == '&'   ? "&amp;"
                                  : *at == '<' ? "&lt;"
                                  : *at == '>' ? "&gt;"
                                  : *at == '"' ? "&quot;"
                                               : NULL;
            if (escaped && part % 2)
                fputs (escaped, stream);
            else
                fputc (*at, stream);
        }
    fclose (stream);
    json_t *anchor = json_stringn (text, size);
    free (text);
    return anchor;
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
    json_array_foreach (json_object_get (photo, "authorAttributions"), index,
        author) json_array_append_new (authors,
        s_anchor (s_text (author, "uri"), s_text (author, "displayName")));
    const char *reference = strrchr (name, '/');
    json_t *legacy = json_object ();
    s_set (legacy, "height", json_object_get (photo, "heightPx"));
    json_object_set_new (legacy, "html_attributions", authors);
    json_object_set_new (legacy, "photo_reference",
        json_string (reference ? reference + 1 : name));
    s_set (legacy, "width", json_object_get (photo, "widthPx"));
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
    s_set (legacy, "compound_code", json_object_get (code, "compoundCode"));
    s_set (legacy, "global_code", json_object_get (code, "globalCode"));
    if (json_object_size (legacy))
        json_object_set (to, "plus_code", legacy);
    json_decref (legacy);
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
    json_t *hours = json_object_get (place, "currentOpeningHours");
    if (s_is_business_status (s_text (place, "businessStatus")))
        s_set (
            to, "business_status", json_object_get (place, "businessStatus"));
    json_object_set_new (to, "geometry", s_geometry (place));
    s_set_icons (to, place);
    s_set (to, "name",
        json_object_get (json_object_get (place, "displayName"), "text"));
    if (!hours)
        hours = json_object_get (place, "regularOpeningHours");
    if (json_is_boolean (json_object_get (hours, "openNow")))
        json_object_set_new (to, "opening_hours",
            json_pack (
                "{s:O}", "open_now", json_object_get (hours, "openNow")));
    s_set_photo (to, place);
    s_set (to, "place_id", json_object_get (place, "id"));
    s_set_plus_code (to, place);
    s_set_price_level (to, place);
    s_set (to, "rating", json_object_get (place, "rating"));
    s_set (to, "reference", json_object_get (place, "id"));
    json_object_set_new (to, "scope", json_string ("GOOGLE"));
    s_set (to, "types", json_object_get (place, "types"));
    s_set (
        to, "user_ratings_total", json_object_get (place, "userRatingCount"));
    json_t *vicinity = json_object_get (place, "shortFormattedAddress");
    s_set (to, "vicinity",
        vicinity ? vicinity : json_object_get (place, "formattedAddress"));
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
    json_array_foreach (places, index, place) json_array_foreach (
        json_object_get (place, "attributions"), nth, credit)
    {
        json_t *anchor = s_anchor (
            s_text (credit, "providerUri"), s_text (credit, "provider"));
        const char *text = json_string_value (anchor);
        if (text && !json_object_get (seen, text)) {
            json_object_set_new (seen, text, json_true ());
            json_array_append (list, anchor);
        }
        json_decref (anchor);
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
    json_array_foreach (places, index, place)
        json_array_append_new (results, s_place (place));
    const char *status = json_array_size (results) ? "OK" : "ZERO_RESULTS";
    return json_pack ("{s:o, s:o, s:s}", "html_attributions",
        s_attributions (places), "results", results, "status", status);
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
    if (status == 200 && json_is_object (body))
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
