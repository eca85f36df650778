/*  =========================================================================
    page - a Nearby Search answer, as Google lays it out
    =========================================================================
*/

#include "places/page.h"
#include "places/decimal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  An array that takes as many bytes on one line gets a line an element
#define INLINE_SIZE_LIMIT 74

//  Half the side of a point's viewport: 0.00134898 degree, as Google has it
#define VIEWPORT_PLACES 8
#define VIEWPORT_HALF 134898

//  A plus code with its NUL
#define CODE_SIZE 12

//  Most pages grow to this or twice that
#define ROOM_FIRST 8192

//  What the licence of the data asks for
static const char *const s_credit =
    "Places by <a href=\"https://www.geonames.org/\">GeoNames</a>, "
    "<a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>";

//  JSON on its way out
typedef struct {
    char *text;
    size_t size;
    size_t room;
    int depth;   //  Of brackets
    bool first;  //  Nothing yet in this bracket
} writer_t;


static void
s_put (writer_t *self, const char *data, size_t size)
{
    if (self->size + size > self->room) {
        self->room = 2 * (self->size + size) + ROOM_FIRST;
        self->text = realloc (self->text, self->room);
        assert (self->text);
    }
    memcpy (self->text + self->size, data, size);
    self->size += size;
}


static void
s_puts (writer_t *self, const char *text)
{
    s_put (self, text, strlen (text));
}


//  Return how many bytes at text are one UTF-8 character, or 0: no overlong
//  forms, no surrogates, nothing beyond U+10FFFF.

static size_t
s_character_size (const char *text)
{
    const unsigned char *at = (const unsigned char *) text;
    size_t size = *at < 0x80 ? 1 : *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : 3;
    if (*at >= 0xf0)
        size = *at < 0xf5 ? 4 : 0;
    //  The second byte is held closer after these
    unsigned char low = *at == 0xe0 ? 0xa0 : *at == 0xf0 ? 0x90 : 0x80;
    unsigned char high = *at == 0xed ? 0x9f : *at == 0xf4 ? 0x8f : 0xbf;
    for (size_t index = 1; index < size; index++) {
        if (at [index] < low || at [index] > high)
            return 0;
        low = 0x80;
        high = 0xbf;
    }
    return size;
}


//  Write the character at text, or what stands for it in JSON.  Google escapes
//  what HTML would take for its own.

static void
s_put_character (writer_t *self, const char *text, size_t size)
{
    static const char named [] = "\"\\\b\f\n\r\t";
    static const char names [] = "\"\\bfnrt";
    static const char hex [] = "0123456789abcdef";
    const char *name = strchr (named, *text);
    if (size == 0)
        s_puts (self, "\xef\xbf\xbd");
    else if (name)
        s_put (self, (char []){'\\', names [name - named]}, 2);
    else if ((unsigned char) *text < ' ' || strchr ("<>&'", *text)) {
        s_puts (self, "\\u00");
        s_put (self, (char []){hex [*text >> 4], hex [*text & 15]}, 2);
    }
    else
        s_put (self, text, size);
}


static void
s_quote (writer_t *self, const char *text)
{
    s_puts (self, "\"");
    while (*text) {
        size_t size = s_character_size (text);
        s_put_character (self, text, size);
        text += size ? size : 1;
    }
    s_puts (self, "\"");
}


static void
s_line (writer_t *self)
{
    s_puts (self, self->first ? "\n" : ",\n");
    for (int level = 0; level < self->depth; level++)
        s_puts (self, "   ");
    self->first = false;
}


//  Begin a member of an object, or without key an element of an array

static void
s_begin (writer_t *self, const char *key)
{
    s_line (self);
    if (key) {
        s_puts (self, "\"");
        s_puts (self, key);
        s_puts (self, "\" : ");
    }
}


static void
s_open (writer_t *self, const char *bracket)
{
    s_puts (self, bracket);
    self->depth++;
    self->first = true;
}


static void
s_close (writer_t *self, const char *bracket)
{
    self->depth--;
    if (!self->first) {
        self->first = true;
        s_line (self);
    }
    self->first = false;
    s_puts (self, bracket);
}


static void
s_object (writer_t *self, const char *key)
{
    s_begin (self, key);
    s_open (self, "{");
}


static void
s_text (writer_t *self, const char *key, const char *text)
{
    s_begin (self, key);
    s_quote (self, text);
}


//  Try it on one line; if that is too long, take it back

static void
s_texts (
    writer_t *self, const char *key, const char *const *texts, size_t count)
{
    s_begin (self, key);
    size_t start = self->size;
    s_puts (self, count ? "[ " : "[");
    for (size_t index = 0; index < count; index++) {
        s_puts (self, index ? ", " : "");
        s_quote (self, texts [index]);
    }
    s_puts (self, count ? " ]" : "]");
    if (self->size - start < INLINE_SIZE_LIMIT)
        return;
    self->size = start;
    s_open (self, "[");
    for (size_t index = 0; index < count; index++)
        s_text (self, NULL, texts [index]);
    s_close (self, "]");
}


static void
s_point (
    writer_t *self, const char *key, int64_t lat, int64_t lng, unsigned places)
{
    char text [DECIMAL_SIZE];
    s_object (self, key);
    s_begin (self, "lat");
    s_puts (self, decimal_write (text, lat, places));
    s_begin (self, "lng");
    s_puts (self, decimal_write (text, lng, places));
    s_close (self, "}");
}


//  A corner of the viewport: it stops at a pole and goes on behind the date
//  line

static void
s_corner (writer_t *self, const char *key, globe_point_t at, int64_t away)
{
    const int64_t degree = 10LL * DEGREE;
    int64_t lat = at.lat * 10LL + away;
    int64_t lng = at.lng * 10LL + away;
    if (lat > 90 * degree)
        lat = 90 * degree;
    if (lat < -90 * degree)
        lat = -90 * degree;
    if (lng > 180 * degree)
        lng -= 360 * degree;
    if (lng < -180 * degree)
        lng += 360 * degree;
    s_point (self, key, lat, lng, VIEWPORT_PLACES);
}


//  The Open Location Code of ten digits: five of latitude and five of
//  longitude by turns, to base 20, in eight thousandths of a degree

static void
s_plus_code (char code [CODE_SIZE], globe_point_t at)
{
    static const char digits [] = "23456789CFGHJMPQRVWX";
    int64_t unit = DEGREE / 8000;
    int64_t lat = (at.lat + 90LL * DEGREE) / unit;
    int64_t lng = (at.lng + 180LL * DEGREE) / unit % (360LL * 8000);
    if (lat == 180LL * 8000)
        lat--;
    char pairs [10];
    for (size_t index = 10; index; index -= 2) {
        pairs [index - 1] = digits [lng % 20];
        pairs [index - 2] = digits [lat % 20];
        lng /= 20;
        lat /= 20;
    }
    snprintf (code, CODE_SIZE, "%.8s+%.2s", pairs, pairs + 8);
}


static void
s_place (writer_t *self, const gazetteer_place_t *place)
{
    char id [16];
    char code [CODE_SIZE];
    snprintf (id, sizeof (id), "gn-%" PRIu32, place->id);
    s_plus_code (code, place->at);

    s_object (self, NULL);
    s_object (self, "geometry");
    s_point (self, "location", place->at.lat, place->at.lng, DEGREE_PLACES);
    s_object (self, "viewport");
    s_corner (self, "northeast", place->at, VIEWPORT_HALF);
    s_corner (self, "southwest", place->at, -VIEWPORT_HALF);
    s_close (self, "}");
    s_close (self, "}");
    s_text (self, "name", place->name);
    s_text (self, "place_id", id);
    s_object (self, "plus_code");
    s_text (self, "global_code", code);
    s_close (self, "}");
    s_text (self, "reference", id);
    s_texts (self, "types", (const char *[]){place->type, "political"}, 2);
    s_text (self, "vicinity", place->vicinity);
    s_close (self, "}");
}


static char *
s_page (const char *message, const gazetteer_place_t *places, size_t count,
    const char *status, size_t *size)
{
    writer_t self = {0};
    s_open (&self, "{");
    if (message)
        s_text (&self, "error_message", message);
    s_texts (&self, "html_attributions", &s_credit, count ? 1 : 0);
    s_begin (&self, "results");
    s_open (&self, "[");
    for (size_t index = 0; index < count; index++)
        s_place (&self, &places [index]);
    s_close (&self, "]");
    s_text (&self, "status", status);
    s_close (&self, "}");
    *size = self.size + 1;
    s_put (&self, "\n", 2);
    return self.text;
}


char *
page_places (const gazetteer_place_t *places, size_t count, size_t *size)
{
    return s_page (NULL, places, count, count ? "OK" : "ZERO_RESULTS", size);
}


char *
page_error (const char *status, const char *message, size_t *size)
{
    return s_page (message, NULL, 0, status, size);
}
