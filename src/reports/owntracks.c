/*  =========================================================================
    owntracks - the reports of OwnTracks, over HTTP and MQTT
    =========================================================================
*/

#include "reports/owntracks.h"

#include "reports/form.h"

#include <string.h>

//  What a transition's topic has behind that of its device
#define EVENT "/event"

//  What the recorder takes for who does not say
#define USER "owntracks"
#define DEVICE "phone"


static span_t
s_text (const json_t *json)
{
    return (span_t){json_string_value (json), json_string_length (json)};
}


//  Set the ID to owntracks/ and these two, or one if the other is empty

static bool
s_join (fix_t *fix, span_t one, span_t two)
{
    static const char first [] = "owntracks/";
    char id [LOCATION_CLIENT_SIZE_MAX];
    size_t size = sizeof (first) - 1;
    if (size + one.size + 1 + two.size > sizeof (id))
        return false;
    char *to = mempcpy (id, first, size);
    to = mempcpy (to, one.data, one.size);
    if (two.size) {
        *to++ = '/';
        to = mempcpy (to, two.data, two.size);
    }
    return fix_set_id (fix, (span_t){id, (size_t) (to - id)});
}


static bool
s_set_topic (fix_t *fix, span_t topic)
{
    size_t end = strlen (EVENT);
    if (topic.size > end &&
        memcmp (topic.data + topic.size - end, EVENT, end) == 0)
        topic.size -= end;
    return fix_set_id (fix, topic);
}


//  The ID of a body for which nobody said it

static bool
s_set_own_id (fix_t *fix, const json_t *json)
{
    span_t topic = s_text (json_object_get (json, "topic"));
    if (topic.size)
        return s_set_topic (fix, topic);
    span_t tid = s_text (json_object_get (json, "tid"));
    return tid.size && s_join (fix, tid, (span_t){NULL, 0});
}


static bool
s_is_place (const json_t *json)
{
    span_t type = s_text (json_object_get (json, "_type"));
    return span_equal (type, span_of ("location")) ||
           span_equal (type, span_of ("transition"));
}


//  Read a body.  The ID is the one that is set, or else the body's own

static fix_outcome_t
s_read (fix_t *self, span_t body)
{
    json_t *json = fix_json (body);
    fix_outcome_t outcome = json_is_object (json) ? FIX_NONE : FIX_BAD;
    if (s_is_place (json) && (*self->id || s_set_own_id (self, json)) &&
        fix_set_place_json (self, json_object_get (json, "lat"),
            json_object_get (json, "lon")) &&
        fix_set_time_json (self, json_object_get (json, "tst")))
        outcome = FIX_FOUND;
    json_decref (json);
    return outcome;
}


fix_outcome_t
owntracks_read (fix_t *self, span_t user, span_t device, span_t body)
{
    *self = (fix_t){.stamp = ""};
    if (body.size == 0)
        return FIX_NONE;
    if ((user.size || device.size) &&
        !s_join (self, user.size ? user : span_of (USER),
            device.size ? device : span_of (DEVICE)))
        return FIX_NONE;
    return s_read (self, body);
}


fix_outcome_t
owntracks_read_published (fix_t *self, span_t topic, span_t body)
{
    *self = (fix_t){.stamp = ""};
    if (body.size == 0 || !s_set_topic (self, topic))
        return FIX_NONE;
    return s_read (self, body);
}


void
owntracks_read_query (span_t query, span_t *user, char *user_text,
    span_t *device, char *device_text)
{
    span_t name;
    span_t value;
    while (form_next (&query, &name, &value))
        if (span_equal (name, span_of ("u")))
            *user = (span_t){user_text, form_decode (value, user_text)};
        else if (span_equal (name, span_of ("d")))
            *device = (span_t){device_text, form_decode (value, device_text)};
}
