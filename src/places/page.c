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

//  As \u0027
#define ESCAPE_SIZE_MAX 6

//  What the licence of the data asks for
static const char *const s_credit =
    "Places by <a href=\"https://www.geonames.org/\">GeoNames</a>, "
    "<a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>";

//  JSON on its way out
typedef struct {
    FILE *out;
    int depth;   //  Of brackets
    bool first;  //  Nothing yet in this bracket
} writer_t;


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


//  Write the character at text, or what stands for it in JSON, and return
//  where that ends.  Google escapes what HTML would take for its own.

static char *
s_put_character (char *out, const char *text, size_t size)
{
    static const char named [] = "\"\\\b\f\n\r\t";
    static const char names [] = "\"\\bfnrt";
    static const char hex [] = "0123456789abcdef";
    if (size == 0)
        return mempcpy (out, "\xef\xbf\xbd", 3);
    const char *name = strchr (named, *text);
    if (name) {
        *out++ = '\\';
        *out++ = names [name - named];
        return out;
    }
    if ((unsigned char) *text < ' ' || strchr ("<>&'", *text)) {
        out = mempcpy (out, "\\u00", 4);
        *out++ = hex [*text >> 4 & 15];
        *out++ = hex [*text & 15];
        return out;
    }
    return mempcpy (out, text, size);
}


//  Return the text as a JSON string, to be freed

static char *
s_quote (const char *text)
{
    char *quoted = malloc (strlen (text) * ESCAPE_SIZE_MAX + 3);
    assert (quoted);
    char *out = quoted;
    *out++ = '"';
    while (*text) {
        size_t size = s_character_size (text);
        out = s_put_character (out, text, size);
        text += size ? size : 1;
    }
    *out++ = '"';
    *out = '\0';
    return quoted;
}


static void
s_line (writer_t *self)
{
    fputs (self->first ? "\n" : ",\n", self->out);
    for (int level = 0; level < self->depth; level++)
        fputs ("   ", self->out);
    self->first = false;
}


//  Begin a member of an object, or without key an element of an array

static void
s_begin (writer_t *self, const char *key)
{
    s_line (self);
    if (key) {
        fputc ('"', self->out);
        fputs (key, self->out);
        fputs ("\" : ", self->out);
    }
}


static void
s_open (writer_t *self, const char *key, char bracket)
{
    s_begin (self, key);
    fputc (bracket, self->out);
    self->depth++;
    self->first = true;
}


static void
s_close (writer_t *self, char bracket)
{
    self->depth--;
    if (!self->first) {
        self->first = true;
        s_line (self);
    }
    self->first = false;
    fputc (bracket, self->out);
}


static void
s_text (writer_t *self, const char *key, const char *text)
{
    char *quoted = s_quote (text);
    s_begin (self, key);
    fputs (quoted, self->out);
    free (quoted);
}


//  Return the array on one line, to be freed

static char *
s_inline (const char *const *texts, size_t count)
{
    char *line;
    size_t size;
    FILE *out = open_memstream (&line, &size);
    assert (out);
    fputs (count ? "[ " : "[", out);
    for (size_t index = 0; index < count; index++) {
        char *quoted = s_quote (texts [index]);
        fprintf (out, "%s%s", index ? ", " : "", quoted);
        free (quoted);
    }
    fputs (count ? " ]" : "]", out);
    fclose (out);
    return line;
}


static void
s_texts (
    writer_t *self, const char *key, const char *const *texts, size_t count)
{
    char *line = s_inline (texts, count);
    if (strlen (line) < INLINE_SIZE_LIMIT) {
        s_begin (self, key);
        fputs (line, self->out);
    }
    else {
        s_open (self, key, '[');
        for (size_t index = 0; index < count; index++)
            s_text (self, NULL, texts [index]);
        s_close (self, ']');
    }
    free (line);
}


static void
s_point (
    writer_t *self, const char *key, int64_t lat, int64_t lng, unsigned places)
{
    char text [DECIMAL_SIZE];
    s_open (self, key, '{');
    s_begin (self, "lat");
    fputs (decimal_write (text, lat, places), self->out);
    s_begin (self, "lng");
    fputs (decimal_write (text, lng, places), self->out);
    s_close (self, '}');
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

    s_open (self, NULL, '{');
    s_open (self, "geometry", '{');
    s_point (self, "location", place->at.lat, place->at.lng, DEGREE_PLACES);
    s_open (self, "viewport", '{');
    s_corner (self, "northeast", place->at, VIEWPORT_HALF);
    s_corner (self, "southwest", place->at, -VIEWPORT_HALF);
    s_close (self, '}');
    s_close (self, '}');
    s_text (self, "name", place->name);
    s_text (self, "place_id", id);
    s_open (self, "plus_code", '{');
    s_text (self, "global_code", code);
    s_close (self, '}');
    s_text (self, "reference", id);
    s_texts (self, "types", (const char *[]){place->type, "political"}, 2);
    s_text (self, "vicinity", place->vicinity);
    s_close (self, '}');
}


static char *
s_page (const char *message, const gazetteer_place_t *places, size_t count,
    const char *status, size_t *size)
{
    char *text;
    writer_t self = {.out = open_memstream (&text, size)};
    assert (self.out);
    fputc ('{', self.out);
    self.depth = 1;
    self.first = true;
    if (message)
        s_text (&self, "error_message", message);
    s_texts (&self, "html_attributions", &s_credit, count ? 1 : 0);
    s_open (&self, "results", '[');
    for (size_t index = 0; index < count; index++)
        s_place (&self, &places [index]);
    s_close (&self, ']');
    s_text (&self, "status", status);
    s_close (&self, '}');
    fputc ('\n', self.out);
    int rc = fclose (self.out);
    assert (rc == 0);
    return text;
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
