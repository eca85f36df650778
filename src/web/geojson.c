/*  =========================================================================
    geojson - a client's location as a Feature of GeoJSON (RFC 7946)
    =========================================================================
*/

#include "web/geojson.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

//  The last second of the year 9999
#define SECONDS_MAX INT64_C (253402300799)


bool
geojson_print_time (instant_t time, char *buffer)
{
    struct tm parts;
    time_t seconds = (time_t) time.seconds;
    buffer [0] = '\0';
    if (time.seconds < 0 || time.seconds > SECONDS_MAX ||
        !gmtime_r (&seconds, &parts))
        return false;
    size_t size =
        strftime (buffer, GEOJSON_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf (buffer + size, GEOJSON_TIME_SIZE - size, ".%03dZ",
        (int) (time.nanoseconds / 1000000));
    return true;
}


static char *
s_put (char *to, span_t text)
{
    return mempcpy (to, text.data, text.size);
}


//  Write a text as JSON.  What is no UTF-8 becomes U+FFFD

static char *
s_put_text (char *to, span_t text)
{
    while (text.size) {
        unsigned char byte = (unsigned char) text.data [0];
        size_t size = byte < 0x80 ? 1 : span_utf8 (text);
        if (byte == '"' || byte == '\\')
            *to++ = '\\';
        if (byte < 0x20 || byte == 0x7F)
            to += snprintf (to, 7, "\\u%04x", byte);
        else
            to = s_put (to,
                size ? (span_t){text.data, size} : span_of ("\xEF\xBF\xBD"));
        size += size == 0;
        text = (span_t){text.data + size, text.size - size};
    }
    return to;
}


//  Write degrees, which have a sign and perhaps zeros before them, as JSON

static char *
s_put_degrees (char *to, span_t degrees)
{
    const char *at = degrees.data;
    const char *end = at + degrees.size;
    if (*at++ == '-')
        *to++ = '-';
    while (at + 1 < end && at [0] == '0' && at [1] != '.')
        at++;
    return s_put (to, (span_t){at, (size_t) (end - at)});
}


static char *
s_put_properties (char *to, const location_t *location)
{
    char heard [GEOJSON_TIME_SIZE];
    span_t line = location->line;
    span_until (&line, ' ');
    span_until (&line, ' ');
    span_t difference = span_until (&line, ' ');
    bool known = geojson_print_time (location->heard, heard);
    to = s_put (to, span_of ("\"properties\":{\"server\":\""));
    to = s_put (to, location->server);
    to = s_put (to, span_of ("\",\"difference\":\""));
    to = s_put (to, difference);
    to = s_put (to, span_of ("\",\"stamp\":\""));
    to = s_put (to, location->stamp);
    to = s_put (to, span_of ("\",\"heard\":"));
    return to + snprintf (to, GEOJSON_TIME_SIZE + 4,
                    known ? "\"%s\"" : "null%s", heard);
}


size_t
geojson_print (const location_t *location, const char *more, char *buffer)
{
    span_t latitude = {"", 0};
    span_t longitude = {"", 0};
    place_parse (location->place, &latitude, &longitude);
    char *to = s_put (buffer, span_of ("{\"type\":\"Feature\",\"id\":\""));
    to = s_put_text (to, location->client);
    to = s_put (to, span_of ("\",\"geometry\":{\"type\":\"Point\","
                             "\"coordinates\":["));
    to = s_put_degrees (to, longitude);
    *to++ = ',';
    to = s_put_degrees (to, latitude);
    to = s_put (to, span_of ("]},"));
    to = s_put_properties (to, location);
    to = s_put (to, span_of (more));
    to = s_put (to, span_of ("}}"));
    return (size_t) (to - buffer);
}


size_t
geojson_print_line (const location_t *location, char *buffer)
{
    char *to = s_put (buffer, span_of (",\"line\":\""));
    to = s_put_text (to, location->line);
    to = s_put (to, span_of ("\""));
    *to = '\0';
    return (size_t) (to - buffer);
}


size_t
geojson_print_id (span_t client, char *buffer)
{
    char *to = s_put (buffer, span_of ("{\"id\":\""));
    to = s_put_text (to, client);
    to = s_put (to, span_of ("\"}"));
    return (size_t) (to - buffer);
}
