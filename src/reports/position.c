/*  =========================================================================
    position - the body of a PUT: where a client is
    =========================================================================
*/

#include "reports/position.h"

#include "page/json_token.h"

#include <string.h>

#define NO_JSON "the body is no JSON object of numbers and texts"

//  A value, as it is written; data is NULL if it was not there
typedef struct {
    span_t text;
    bool is_number;
} value_t;

enum { LATITUDE, LONGITUDE, STAMP, VALUES };

typedef struct {
    json_token_t token;
    value_t values [VALUES];
} body_t;


static bool
s_cut (body_t *self, char byte)
{
    json_token_skip_blanks (&self->token);
    if (!json_token_is_next (&self->token, byte))
        return false;
    self->token.at++;
    json_token_skip_blanks (&self->token);
    return true;
}


static bool
s_value (body_t *self, value_t *value)
{
    const char *start = self->token.at;
    *value = (value_t){{start, 0}, false};
    if (json_token_is_next (&self->token, '"'))
        return json_token_string (&self->token, &value->text);
    value->is_number =
        start < self->token.end && strchr ("-0123456789", *start);
    if (value->is_number ? !json_token_number (&self->token)
                         : !json_token_word (&self->token))
        return false;
    value->text.size = (size_t) (self->token.at - start);
    return true;
}


//  Read a key and its value.  None is there twice

static bool
s_member (body_t *self)
{
    static const char *const keys [VALUES] = {"latitude", "longitude", "stamp"};
    span_t key;
    value_t value;
    if (!json_token_is_next (&self->token, '"') ||
        !json_token_string (&self->token, &key) || !s_cut (self, ':') ||
        !s_value (self, &value))
        return false;
    for (size_t index = 0; index < VALUES; index++)
        if (span_equal (key, span_of (keys [index]))) {
            if (self->values [index].text.data)
                return false;
            self->values [index] = value;
        }
    return true;
}


static bool
s_object (body_t *self)
{
    if (!s_cut (self, '{'))
        return false;
    if (!s_cut (self, '}')) {
        do
            if (!s_member (self))
                return false;
        while (s_cut (self, ','));
        if (!s_cut (self, '}'))
            return false;
    }
    return self->token.at == self->token.end;
}


const char *
position_read (fix_t *self, span_t body)
{
    body_t read = {.token = {body.data, body.data + body.size}};
    const value_t *values = read.values;
    instant_t stamped;
    *self = (fix_t){.stamp = ""};
    if (!s_object (&read))
        return NO_JSON;
    if (!values [LATITUDE].is_number || !values [LONGITUDE].is_number)
        return "latitude and longitude must be numbers";
    if (!fix_set_place (
            self, values [LATITUDE].text, values [LONGITUDE].text, false))
        return "latitude is -90 to 90, longitude -180 to 180";
    span_t stamp = values [STAMP].text;
    if (!stamp.data)
        return NULL;
    if (!stamp_parse (stamp, &stamped))
        return "stamp must be POSIX time, digits with decimals or without";
    memcpy (self->stamp, stamp.data, stamp.size);
    self->stamp [stamp.size] = '\0';
    return NULL;
}
