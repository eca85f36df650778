/*  =========================================================================
    nearby - the request of Google's legacy Nearby Search
    =========================================================================
*/

#include "io/nearby.h"

#include <assert.h>
#include <curl/curl.h>
#include <czmq.h>
#include <sodium/utils.h>

#define DEGREES_DECIMALS 9
#define DEGREES_SIZE_MAX 16


//  Write degrees without "+", which a URL would turn into a blank

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
    int size = snprintf (to, DEGREES_SIZE_MAX, "%s%.*s%s%.*s", sign,
        (int) whole.size, whole.data, decimals.size ? "." : "",
        (int) decimals.size, decimals.data);
    assert (size < DEGREES_SIZE_MAX);
}


void
nearby_query (char *query, span_t place, uint32_t radius_mm)
{
    span_t latitude;
    span_t longitude;
    char north [DEGREES_SIZE_MAX];
    char east [DEGREES_SIZE_MAX];
    bool valid = place_parse (place, &latitude, &longitude);
    assert (valid);
    s_write_degrees (north, latitude);
    s_write_degrees (east, longitude);
    int size = snprintf (query, NEARBY_QUERY_SIZE_MAX,
        "location=%s,%s&radius=%u", north, east, radius_mm / 1000);
    if (radius_mm % 1000)
        snprintf (query + size, NEARBY_QUERY_SIZE_MAX - (size_t) size, ".%03u",
            radius_mm % 1000);
}


char *
nearby_url (const char *url, const char *query, const char *key)
{
    char *escaped = key ? curl_easy_escape (NULL, key, 0) : NULL;
    assert (escaped || !key);
    size_t size = strlen (url) + strlen (query) + sizeof ("?&key=") +
                  (escaped ? strlen (escaped) : 0);
    char *whole = malloc (size);
    assert (whole);
    snprintf (whole, size, "%s?%s%s%s", url, query, escaped ? "&key=" : "",
        escaped ? escaped : "");
    if (escaped)
        sodium_memzero (escaped, strlen (escaped));
    curl_free (escaped);
    return whole;
}


void
nearby_free (char **url_p)
{
    if (*url_p)
        sodium_memzero (*url_p, strlen (*url_p));
    free (*url_p);
    *url_p = NULL;
}
