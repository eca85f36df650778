/*  =========================================================================
    overland - the batches of Overland
    =========================================================================
*/

#include "reports/overland.h"


static bool
s_read (fix_t *self, const json_t *feature)
{
    const json_t *place =
        json_object_get (json_object_get (feature, "geometry"), "coordinates");
    const json_t *properties = json_object_get (feature, "properties");
    *self = (fix_t){.stamp = ""};
    if (!fix_set_id_json (self, json_object_get (properties, "device_id")) &&
        !fix_set_id_json (self, json_object_get (properties, "unique_id")))
        return false;
    fix_set_time_json (self, json_object_get (properties, "timestamp"));
    return fix_set_place_json (
        self, json_array_get (place, 1), json_array_get (place, 0));
}


static fix_outcome_t
s_read_all (
    const json_t *current, const json_t *features, fix_fn *each, void *context)
{
    fix_t fix;
    fix_outcome_t outcome = FIX_NONE;
    size_t count = json_array_size (features);
    if (count > OVERLAND_FEATURES_MAX)
        return FIX_TOO_MANY;
    for (size_t index = 0; index <= count; index++)
        if (s_read (
                &fix, index ? json_array_get (features, index - 1) : current)) {
            each (context, &fix);
            outcome = FIX_FOUND;
        }
    return outcome;
}


fix_outcome_t
overland_read (span_t body, fix_fn *each, void *context)
{
    json_t *json = fix_json (body);
    const json_t *features = json_object_get (json, "locations");
    fix_outcome_t outcome = FIX_BAD;
    if (json_is_array (features))
        outcome = s_read_all (
            json_object_get (json, "current"), features, each, context);
    json_decref (json);
    return outcome;
}
