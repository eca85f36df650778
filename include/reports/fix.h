/*  =========================================================================
    fix - one report of a phone: who is where, since when

    What all apps' reports become: the words of an IAMAT.  An ID's white space,
    NULs and "%" are percent-encoded, so that different ones stay different.
    =========================================================================
*/

#ifndef REPORTS_FIX_H
#define REPORTS_FIX_H

#include "table/location.h"

#include <jansson.h>

//  Room for a line as fix_print writes it, with its NUL.
#define FIX_LINE_SIZE                                                          \
    (LOCATION_CLIENT_SIZE_MAX + LOCATION_PLACE_SIZE_MAX +                      \
        LOCATION_STAMP_SIZE_MAX + 16)

//  Strings; those that are not set are empty.
typedef struct {
    char id [LOCATION_CLIENT_SIZE_MAX + 1];
    char place [LOCATION_PLACE_SIZE_MAX + 1];  //  ISO 6709
    char stamp [LOCATION_STAMP_SIZE_MAX + 1];  //  Empty = when it came
} fix_t;

//  What a request of an app is.
typedef enum {
    FIX_BAD,       //  None that the app sends
    FIX_NONE,      //  Understood, and there is nothing to keep
    FIX_FOUND,     //  Whatever there is was found
    FIX_TOO_MANY,  //  More fixes than a request may have; none was taken
} fix_outcome_t;

//  Who takes fixes; good during the call.
typedef void (fix_fn) (void *context, const fix_t *fix);

//  Return what a body of JSON holds, or NULL.  All its numbers are reals: no
//  body is to be lost for a number that is larger than an integer.
json_t *
fix_json (span_t body);

//  Set the ID.  Returns false if it is empty, or too long once encoded.
bool
fix_set_id (fix_t *self, span_t id);

//  The same for a JSON text or whole number.
bool
fix_set_id_json (fix_t *self, const json_t *id);

//  Set the place, of degrees with a point or, if comma says so, a comma, and
//  perhaps an exponent.  Digits stay as they are, but for those of an exponent,
//  and beyond what a place can hold.  Returns false if there is no such place.
bool
fix_set_place (fix_t *self, span_t latitude, span_t longitude, bool comma);

//  Set the place of two JSON numbers, with seven decimals, which are 1 cm.
//  Returns false if one is no number, or there is no such place.
bool
fix_set_place_json (
    fix_t *self, const json_t *latitude, const json_t *longitude);

//  Set the time: seconds of POSIX time, or milliseconds if that many seconds
//  were beyond the year 5000, with decimals or without; or a date and time of
//  ISO 8601, UTC unless it says otherwise.  What is no time, or is not after
//  1970's first second, is taken for now: the stamp is empty, returns false.
bool
fix_set_time (fix_t *self, span_t text);

//  The same for a JSON text or number.
bool
fix_set_time_json (fix_t *self, const json_t *time);

//  Write the client's IAMAT, of that moment if the stamp is empty, to the
//  buffer of FIX_LINE_SIZE.  Returns the size written, without a NUL.
size_t
fix_print (const fix_t *self, span_t client, instant_t now, char *buffer);

#endif
