/*  =========================================================================
    api - how one kind of Places provider is asked, and answers
    =========================================================================
*/

#include "providers/api.h"

#include "table/location.h"

#include <assert.h>

#define DEGREES_DECIMALS 9

#define DIALECTS 3

static const api_t *const s_dialects [DIALECTS] = {
    &api_nearby, &api_google, &api_overpass};


const api_t *
api_find (const char *name)
{
    for (size_t index = 0; index < DIALECTS; index++)
        if (streq (s_dialects [index]->name, name))
            return s_dialects [index];
    return NULL;
}


//  Write degrees without "+", which a URL would turn into a blank, and as JSON
//  has numbers

static void
s_write_degrees (char *to, span_t degrees)
{
    const char *sign = *degrees.data == '-' ? "-" : "";
    span_t decimals = {degrees.data + 1, degrees.size - 1};
    span_t whole = span_until (&decimals, '.');
    while (whole.size > 1 && *whole.data == '0') {
        whole.data++;
        whole.size--;
    }
    if (decimals.size > DEGREES_DECIMALS)
        decimals.size = DEGREES_DECIMALS;
    int size = snprintf (to, API_TEXT_SIZE, "%s%.*s%s%.*s", sign,
        (int) whole.size, whole.data, decimals.size ? "." : "",
        (int) decimals.size, decimals.data);
    assert (size < API_TEXT_SIZE);
}


void
api_write_question (api_question_t *question, span_t place, uint32_t radius_mm)
{
    span_t latitude;
    span_t longitude;
    bool valid = place_parse (place, &latitude, &longitude);
    assert (valid);
    s_write_degrees (question->latitude, latitude);
    s_write_degrees (question->longitude, longitude);
    int size =
        snprintf (question->radius, API_TEXT_SIZE, "%u", radius_mm / 1000);
    if (radius_mm % 1000)
        snprintf (question->radius + size, API_TEXT_SIZE - (size_t) size,
            ".%03u", radius_mm % 1000);
}
