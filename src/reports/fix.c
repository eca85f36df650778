/*  =========================================================================
    fix - one report of a phone: who is where, since when
    =========================================================================
*/

#include "reports/fix.h"

#include "base/digits.h"
#include "reports/fix_time.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

//  A coordinate as text: half a place
#define COORDINATE_SIZE_MAX (LOCATION_PLACE_SIZE_MAX / 2)

//  Doubles hold whole numbers up to here
#define NUMBER_MAX 9e15

//  No coordinate has more digits before its point
#define WHOLE_MAX 3

//  Exponents beyond are out of the world, or nothing
#define EXPONENT_MAX 999


json_t *
fix_json (span_t body)
{
    return body.size ? json_loadb (body.data, body.size,
                           JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL)
                     : NULL;
}


static bool
s_is_special (char byte)
{
    return span_is_blank (byte) || byte == '\0' || byte == '%';
}


bool
fix_set_id (fix_t *self, span_t id)
{
    static const char digits [] = "0123456789ABCDEF";
    size_t size = 0;
    for (size_t at = 0; at < id.size; at++) {
        unsigned char byte = (unsigned char) id.data [at];
        bool special = s_is_special (id.data [at]);
        if (size + (special ? 3 : 1) > LOCATION_CLIENT_SIZE_MAX)
            return false;
        if (special) {
            self->id [size++] = '%';
            self->id [size++] = digits [byte >> 4];
            self->id [size++] = digits [byte & 15];
        }
        else
            self->id [size++] = (char) byte;
    }
    self->id [size] = '\0';
    return size > 0;
}


//  Write the number, its decimals if it has any.  Returns false if it is none
//  above 0, or more than a time or a device can be

static bool
s_print_json (const json_t *json, char *text, size_t size)
{
    double value = json_number_value (json);
    if (!(value > 0 && value < NUMBER_MAX))
        return false;
    bool is_whole = value == (double) (int64_t) value;
    snprintf (text, size, is_whole ? "%.0f" : "%.3f", value);
    return true;
}


bool
fix_set_id_json (fix_t *self, const json_t *id)
{
    char number [32];
    if (json_is_string (id))
        return fix_set_id (
            self, (span_t){json_string_value (id), json_string_length (id)});
    return s_print_json (id, number, sizeof (number)) &&
           fix_set_id (self, span_of (number));
}


//  A decimal number in pieces: 0.digits times ten to the power of point
typedef struct {
    bool negative;
    int point;
    size_t size;
    char digits [COORDINATE_SIZE_MAX];
} number_t;


static span_t
s_trim (span_t text)
{
    while (text.size && span_is_blank (text.data [0]))
        text = (span_t){text.data + 1, text.size - 1};
    while (text.size && span_is_blank (text.data [text.size - 1]))
        text.size--;
    return text;
}


//  Cut digits off the front of *rest, and keep them.  Returns how many; or -1
//  if there is no room

static int
s_digits (number_t *self, span_t *rest)
{
    int count = 0;
    while (rest->size && rest->data [0] >= '0' && rest->data [0] <= '9') {
        if (self->size == sizeof (self->digits))
            return -1;
        self->digits [self->size++] = rest->data [0];
        *rest = (span_t){rest->data + 1, rest->size - 1};
        count++;
    }
    return count;
}


static bool
s_cut (span_t *rest, char byte)
{
    if (rest->size == 0 || rest->data [0] != byte)
        return false;
    *rest = (span_t){rest->data + 1, rest->size - 1};
    return true;
}


//  Nothing, or E, perhaps a sign, and digits: all of the rest

static bool
s_exponent (number_t *self, span_t rest)
{
    uint64_t exponent;
    if (rest.size == 0)
        return true;
    if (!s_cut (&rest, 'E') && !s_cut (&rest, 'e'))
        return false;
    bool negative = s_cut (&rest, '-');
    if (!negative)
        s_cut (&rest, '+');
    if (!span_number (rest, EXPONENT_MAX, &exponent))
        return false;
    self->point += negative ? -(int) exponent : (int) exponent;
    return true;
}


//  Read a number; a comma is a point if there is no point

static bool
s_read (number_t *self, span_t text, bool comma)
{
    span_t rest = s_trim (text);
    *self = (number_t){.negative = s_cut (&rest, '-')};
    if (!self->negative)
        s_cut (&rest, '+');
    self->point = s_digits (self, &rest);
    if (self->point < 0)
        return false;
    if (s_cut (&rest, '.') || (comma && s_cut (&rest, ',')))
        if (s_digits (self, &rest) < 0)
            return false;
    return self->size > 0 && s_exponent (self, rest);
}


//  Write it without exponent.  Returns where it ends, or NULL if that is not in
//  the world

static char *
s_print (const number_t *self, char *to)
{
    const char *end = to + COORDINATE_SIZE_MAX;
    size_t at = 0;
    int point = self->point;
    while (at + 1 < self->size && self->digits [at] == '0' && point > 1) {
        at++;
        point--;
    }
    if (point > WHOLE_MAX)
        return NULL;
    *to++ = self->negative ? '-' : '+';
    if (point <= 0)
        *to++ = '0';
    for (int whole = 0; whole < point; whole++) {
        *to = '0';
        if (at < self->size)
            *to = self->digits [at++];
        to++;
    }
    if (at < self->size)
        *to++ = '.';
    for (; point < 0 && at < self->size && to < end; point++)
        *to++ = '0';
    while (at < self->size && to < end)
        *to++ = self->digits [at++];
    return to;
}


//  Take the place if there is such a place

static bool
s_take_place (fix_t *self, const char *place)
{
    span_t latitude;
    span_t longitude;
    if (!place_parse (span_of (place), &latitude, &longitude))
        return false;
    memcpy (self->place, place, strlen (place) + 1);
    return true;
}


bool
fix_set_place (fix_t *self, span_t latitude, span_t longitude, bool comma)
{
    char place [2 * COORDINATE_SIZE_MAX + 1];
    number_t numbers [2];
    if (!s_read (&numbers [0], latitude, comma) ||
        !s_read (&numbers [1], longitude, comma))
        return false;
    char *to = s_print (&numbers [0], place);
    if (to)
        to = s_print (&numbers [1], to);
    if (!to)
        return false;
    *to = '\0';
    return s_take_place (self, place);
}


bool
fix_set_place_json (
    fix_t *self, const json_t *latitude, const json_t *longitude)
{
    char place [64];
    double north = json_number_value (latitude);
    double east = json_number_value (longitude);
    if (!json_is_number (latitude) || !json_is_number (longitude) ||
        !(north >= -90 && north <= 90 && east >= -180 && east <= 180))
        return false;
    snprintf (place, sizeof (place), "%+.7f%+.7f", north, east);
    return s_take_place (self, place);
}


bool
fix_set_time (fix_t *self, span_t text)
{
    bool good = fix_time_print (s_trim (text), self->stamp);
    if (!good)
        self->stamp [0] = '\0';
    return good;
}


bool
fix_set_time_json (fix_t *self, const json_t *time)
{
    char text [32];
    self->stamp [0] = '\0';
    if (json_is_string (time))
        return fix_set_time (self,
            (span_t){json_string_value (time), json_string_length (time)});
    return s_print_json (time, text, sizeof (text)) &&
           fix_set_time (self, span_of (text));
}


static char *
s_put (char *to, span_t text)
{
    return mempcpy (to, text.data, text.size);
}


static char *
s_put_now (char *to, instant_t now)
{
    uint64_t seconds = now.seconds > 0 ? (uint64_t) now.seconds : 0;
    to = digits_print (to, seconds, digits_size (seconds));
    *to++ = '.';
    return digits_print (to, (uint64_t) now.nanoseconds, 9);
}


size_t
fix_print (const fix_t *self, span_t client, instant_t now, char *buffer)
{
    assert (client.size <= LOCATION_CLIENT_SIZE_MAX);
    char *to = s_put (buffer, span_of ("IAMAT "));
    to = s_put (to, client);
    *to++ = ' ';
    to = s_put (to, span_of (self->place));
    *to++ = ' ';
    to = *self->stamp ? s_put (to, span_of (self->stamp)) : s_put_now (to, now);
    return (size_t) (to - buffer);
}
