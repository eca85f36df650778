/*  =========================================================================
    osmand - the reports of OsmAnd, Traccar Client and GPSLogger
    =========================================================================
*/

#include "reports/osmand.h"

#include "reports/form.h"

#include <strings.h>

//  Bytes of a parameter as it is sent; longer ones are none of ours
#define NAME_SIZE_MAX 32
#define ID_SIZE_MAX ((size_t) 3 * LOCATION_CLIENT_SIZE_MAX)
#define VALUE_SIZE_MAX 256

enum { ID, LAT, LON, PLACE, TIME, VALID, PARAMETERS };

//  Values, still encoded; those that did not come have no data
typedef struct {
    span_t values [PARAMETERS];
} parameters_t;


static void
s_keep (parameters_t *self, span_t name, span_t value)
{
    static const struct {
        const char *name;
        int parameter;
    } known [] = {{"id", ID}, {"deviceid", ID}, {"lat", LAT}, {"lon", LON},
        {"location", PLACE}, {"timestamp", TIME}, {"valid", VALID}};
    char text [NAME_SIZE_MAX];
    if (name.size > NAME_SIZE_MAX)
        return;
    span_t decoded = {text, form_decode (name, text)};
    for (size_t index = 0; index < sizeof (known) / sizeof (*known); index++)
        if (span_equal (decoded, span_of (known [index].name)))
            self->values [known [index].parameter] = value;
}


static void
s_keep_all (parameters_t *self, span_t pairs)
{
    span_t name;
    span_t value;
    while (form_next (&pairs, &name, &value))
        s_keep (self, name, value);
}


//  Decode the value to the buffer, of VALUE_SIZE_MAX.  Nothing is as empty

static span_t
s_value (const parameters_t *self, int parameter, char *buffer)
{
    span_t value = self->values [parameter];
    if (value.size > VALUE_SIZE_MAX)
        value.size = 0;
    return (span_t){buffer, form_decode (value, buffer)};
}


static bool
s_is_valid (const parameters_t *self)
{
    char text [VALUE_SIZE_MAX];
    if (!self->values [VALID].data)
        return true;
    span_t valid = s_value (self, VALID, text);
    return span_equal (valid, span_of ("1")) ||
           (valid.size == 4 && strncasecmp (valid.data, "true", 4) == 0);
}


static bool
s_set_place (fix_t *fix, const parameters_t *self)
{
    char one [VALUE_SIZE_MAX];
    char two [VALUE_SIZE_MAX];
    span_t latitude = s_value (self, LAT, one);
    span_t longitude = s_value (self, LON, two);
    if (latitude.size || longitude.size)
        return fix_set_place (fix, latitude, longitude, true);
    longitude = s_value (self, PLACE, one);
    latitude = span_until (&longitude, ',');
    return fix_set_place (fix, latitude, longitude, false);
}


fix_outcome_t
osmand_read (fix_t *self, span_t query, span_t form)
{
    parameters_t parameters = {0};
    char id [ID_SIZE_MAX];
    char time [VALUE_SIZE_MAX];
    *self = (fix_t){.stamp = ""};
    s_keep_all (&parameters, query);
    s_keep_all (&parameters, form);
    span_t encoded = parameters.values [ID];
    if (encoded.size == 0)
        return FIX_BAD;
    if (encoded.size > ID_SIZE_MAX ||
        !fix_set_id (self, (span_t){id, form_decode (encoded, id)}) ||
        !s_is_valid (&parameters) || !s_set_place (self, &parameters))
        return FIX_NONE;
    fix_set_time (self, s_value (&parameters, TIME, time));
    return FIX_FOUND;
}


fix_outcome_t
osmand_read_json (fix_t *self, span_t body)
{
    *self = (fix_t){.stamp = ""};
    json_t *json = fix_json (body);
    json_t *id = json_object_get (json, "device_id");
    bool has_id = json_is_number (id) || json_string_length (id);
    json_t *location = json_object_get (json, "location");
    json_t *coords = json_object_get (location, "coords");
    fix_outcome_t outcome = has_id ? FIX_NONE : FIX_BAD;
    if (fix_set_id_json (self, id) &&
        fix_set_place_json (self, json_object_get (coords, "latitude"),
            json_object_get (coords, "longitude"))) {
        fix_set_time_json (self, json_object_get (location, "timestamp"));
        outcome = FIX_FOUND;
    }
    json_decref (json);
    return outcome;
}
