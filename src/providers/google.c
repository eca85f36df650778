/*  =========================================================================
    google - the api of Google's Places API (New)

    https://developers.google.com/maps/documentation/places/web-service/
    nearby-search: POST places:searchNearby, with the fields that are wanted,
    and paid for, in a header.  What comes back is put into the words of the
    legacy API, field by field.
    =========================================================================
*/

#include "providers/api.h"

#include "page/failure.h"
#include "providers/legacy.h"
#include "providers/pieces.h"

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
    const char *number;
} s_price_levels [] = {{"PRICE_LEVEL_FREE", "0"},
    {"PRICE_LEVEL_INEXPENSIVE", "1"}, {"PRICE_LEVEL_MODERATE", "2"},
    {"PRICE_LEVEL_EXPENSIVE", "3"}, {"PRICE_LEVEL_VERY_EXPENSIVE", "4"}};

#define PRICE_LEVELS (sizeof (s_price_levels) / sizeof (*s_price_levels))


static void
s_ask (const api_access_t *access, const api_question_t *question,
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


static const char *
s_text (json_t *object, const char *key)
{
    return json_string_value (json_object_get (object, key));
}


static bool
s_is_point (json_t *point)
{
    json_t *latitude = json_object_get (point, "latitude");
    json_t *longitude = json_object_get (point, "longitude");
    return json_is_object (point) && (!latitude || json_is_number (latitude)) &&
           (!longitude || json_is_number (longitude));
}


//  Protobuf's JSON leaves out a number that is 0

static void
s_degrees (layout_t *out, const char *key, json_t *number)
{
    if (number)
        legacy_number (out, key, number);
    else
        layout_literal (out, key, "0");
}


static void
s_point (layout_t *out, const char *key, json_t *point)
{
    layout_open (out, key, '{');
    s_degrees (out, "lat", json_object_get (point, "latitude"));
    s_degrees (out, "lng", json_object_get (point, "longitude"));
    layout_close (out, '}');
}


static void
s_geometry (layout_t *out, json_t *place)
{
    json_t *location = json_object_get (place, "location");
    json_t *viewport = json_object_get (place, "viewport");
    json_t *high = json_object_get (viewport, "high");
    json_t *low = json_object_get (viewport, "low");
    bool bounded = s_is_point (high) && s_is_point (low);
    if (!bounded && !s_is_point (location))
        return;
    layout_open (out, "geometry", '{');
    if (s_is_point (location))
        s_point (out, "location", location);
    if (bounded) {
        layout_open (out, "viewport", '{');
        s_point (out, "northeast", high);
        s_point (out, "southwest", low);
        layout_close (out, '}');
    }
    layout_close (out, '}');
}


//  The legacy icon is a picture of the same name as the new one's mask

static void
s_icons (layout_t *out, json_t *place)
{
    json_t *mask = json_object_get (place, "iconMaskBaseUri");
    const char *path = json_string_value (mask);
    const char *name = path ? strrchr (path, '/') : NULL;
    const char *end = name ? strstr (name, "_pinlet") : NULL;
    if (end && end > name + 1) {
        span_t word = {name + 1, (size_t) (end - name - 1)};
        if (span_equal (word, span_of ("generic")))
            word = span_of ("generic_business");
        json_t *icon = json_sprintf ("https://maps.gstatic.com/mapfiles/"
                                     "place_api/icons/v1/png_71/%.*s-71.png",
            (int) word.size, word.data);
        legacy_text (out, "icon", icon);
        json_decref (icon);
    }
    legacy_text (out, "icon_background_color",
        json_object_get (place, "iconBackgroundColor"));
    legacy_text (out, "icon_mask_base_uri", mask);
}


//  Whoever made the photo

static json_t *
s_authors (json_t *photo)
{
    json_t *authors = json_array ();
    size_t index;
    json_t *author;
    json_array_foreach (
        json_object_get (photo, "authorAttributions"), index, author)
    {
        json_array_append_new (authors, legacy_anchor (s_text (author, "uri"),
                                            s_text (author, "displayName")));
    }
    return authors;
}


//  "places/ID/photos/NAME": legacy callers know it by its last word

static void
s_photo (layout_t *out, json_t *place)
{
    json_t *photo = json_array_get (json_object_get (place, "photos"), 0);
    const char *name = s_text (photo, "name");
    if (!name)
        return;
    const char *slash = strrchr (name, '/');
    json_t *authors = s_authors (photo);
    layout_open (out, "photos", '[');
    layout_open (out, NULL, '{');
    legacy_number (out, "height", json_object_get (photo, "heightPx"));
    legacy_texts (out, "html_attributions", authors);
    layout_text (out, "photo_reference", span_of (slash ? slash + 1 : name));
    legacy_number (out, "width", json_object_get (photo, "widthPx"));
    layout_close (out, '}');
    layout_close (out, ']');
    json_decref (authors);
}


static void
s_price_level (layout_t *out, json_t *place)
{
    const char *level = s_text (place, "priceLevel");
    for (size_t index = 0; level && index < PRICE_LEVELS; index++)
        if (streq (level, s_price_levels [index].level))
            layout_literal (out, "price_level", s_price_levels [index].number);
}


static void
s_plus_code (layout_t *out, json_t *place)
{
    json_t *code = json_object_get (place, "plusCode");
    if (!s_text (code, "compoundCode") && !s_text (code, "globalCode"))
        return;
    layout_open (out, "plus_code", '{');
    legacy_text (out, "compound_code", json_object_get (code, "compoundCode"));
    legacy_text (out, "global_code", json_object_get (code, "globalCode"));
    layout_close (out, '}');
}


//  Today's hours, which know of holidays, before those of any week

static void
s_hours (layout_t *out, json_t *place)
{
    json_t *open_now = json_object_get (
        json_object_get (place, "currentOpeningHours"), "openNow");
    if (!json_is_boolean (open_now))
        open_now = json_object_get (
            json_object_get (place, "regularOpeningHours"), "openNow");
    if (!json_is_boolean (open_now))
        return;
    layout_open (out, "opening_hours", '{');
    layout_literal (
        out, "open_now", json_is_true (open_now) ? "true" : "false");
    layout_close (out, '}');
}


//  Those that the legacy API has, too

static void
s_business_status (layout_t *out, json_t *place)
{
    static const char *const words [] = {
        "OPERATIONAL", "CLOSED_TEMPORARILY", "CLOSED_PERMANENTLY"};
    const char *status = s_text (place, "businessStatus");
    for (size_t index = 0; status && index < 3; index++)
        if (streq (status, words [index]))
            layout_text (out, "business_status", span_of (status));
}


//  Keys come in the alphabetical order of the legacy API

static void
s_place (layout_t *out, json_t *place)
{
    json_t *id = json_object_get (place, "id");
    json_t *vicinity = json_object_get (place, "shortFormattedAddress");
    if (!json_is_string (vicinity))
        vicinity = json_object_get (place, "formattedAddress");
    s_business_status (out, place);
    s_geometry (out, place);
    s_icons (out, place);
    legacy_text (out, "name",
        json_object_get (json_object_get (place, "displayName"), "text"));
    s_hours (out, place);
    s_photo (out, place);
    legacy_text (out, "place_id", id);
    s_plus_code (out, place);
    s_price_level (out, place);
    legacy_number (out, "rating", json_object_get (place, "rating"));
    legacy_text (out, "reference", id);
    layout_text (out, "scope", span_of ("GOOGLE"));
    legacy_texts (out, "types", json_object_get (place, "types"));
    legacy_number (
        out, "user_ratings_total", json_object_get (place, "userRatingCount"));
    legacy_text (out, "vicinity", vicinity);
}


//  Credits of all places, each once

static json_t *
s_credits (json_t *places)
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


static char *
s_answer (json_t *places, size_t *size)
{
    json_t *credits = s_credits (places);
    char *answer = legacy_answer (credits, places, s_place, size);
    json_decref (credits);
    return answer;
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

static google_status_t
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
            return GOOGLE_REQUEST_DENIED;
    }
    if (word && streq (word, "RESOURCE_EXHAUSTED"))
        return GOOGLE_OVER_QUERY_LIMIT;
    google_status_t refusal = legacy_refusal_http (status);
    if (refusal == GOOGLE_NONE && status >= 400 && status < 500)
        refusal = GOOGLE_INVALID_REQUEST;
    return refusal;
}


static char *
s_translate (long status, span_t text, size_t *size)
{
    json_t *body = pieces_read (text, "places");
    google_status_t failure =
        status == 200 ? GOOGLE_NONE : s_failure (status, body);
    char *answer = NULL;
    const char *message = s_text (json_object_get (body, "error"), "message");
    if (failure != GOOGLE_NONE)
        answer = failure_print (failure, message ? message : "", size);
    else if (status == 200 && s_is_answer (body))
        answer = s_answer (json_object_get (body, "places"), size);
    json_decref (body);
    return answer;
}


const api_t api_google = {
    .name = "google-new", .ask = s_ask, .translate = s_translate};
