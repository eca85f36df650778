/*  =========================================================================
    page - a Nearby Search answer in one of Google's two layouts
    =========================================================================
*/

#include "unit/page.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 65536

static const char *const s_texts [] = {"University of California, Los Angeles",
    "[{\\\"results\\\" : [", "]}", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8d\x8b",
    "a \\u0026 b \\u003c/a\\u003e", "\\\\", "\\\\\\\"", "\\ud83c\\udf4b", "",
    "x\\n\\ny\\r\\n", "\\/\\b\\f\\t", "-1e5", "\x7f\xc2\x85", "results"};

static const char *const s_numbers [] = {"4", "4.1", "0", "-0", "-118.4451272",
    "139.5690724802915", "-72.67276199999999", "1e3", "2E-7", "1.5e+10"};

static const char *const s_words [] = {"true", "false", "null", "[]", "{}"};

#define PICK(chance, table)                                                    \
    (table) [chance_below (chance, sizeof (table) / sizeof ((table) [0]))]


static void __attribute__ ((format (printf, 2, 3)))
s_add (page_t *self, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    int size = vsnprintf (
        self->text + self->size, ROOM - self->size, format, arguments);
    va_end (arguments);
    assert (size >= 0 && self->size + (size_t) size < ROOM);
    self->size += (size_t) size;
}


//  Begin what stands in brackets, as the value of the last key

static void
s_open (page_t *self, page_layout_t layout, int indent, char bracket)
{
    if (layout == PAGE_CURRENT)
        s_add (self, "\n%*s", indent, "");
    s_add (self, "%c", bracket);
}


static void
s_add_types (page_t *self, chance_t *chance, page_layout_t layout, int indent)
{
    const char *one = PICK (chance, s_texts);
    const char *two = PICK (chance, s_texts);
    s_open (self, layout, indent, '[');
    if (layout == PAGE_CLASSIC)
        s_add (self, " \"%s\", \"%s\" ]", one, two);
    else
        s_add (self, "\n%*s   \"%s\",\n%*s   \"%s\"\n%*s]", indent, "", one,
            indent, "", two, indent, "");
}


static void
s_add_result (page_t *self, chance_t *chance, page_layout_t layout)
{
    s_add (self, "\n      {\n         \"geometry\" : ");
    s_open (self, layout, 9, '{');
    s_add (self, "\n            \"location\" : ");
    s_open (self, layout, 12, '{');
    s_add (self, "\n               \"lat\" : %s,\n               \"lng\" : %s",
        PICK (chance, s_numbers), PICK (chance, s_numbers));
    s_add (self, "\n            }\n         },\n         \"name\" : \"%s\"",
        PICK (chance, s_texts));
    s_add (self, ",\n         \"results\" : ");
    s_add_types (self, chance, layout, 9);
    s_add (self, ",\n         \"status\" : \"NESTED\",\n         \"types\" : ");
    s_add_types (self, chance, layout, 9);
    s_add (self, ",\n         \"vicinity\" : \"%s\"\n      }",
        PICK (chance, s_texts));
}


void
page_init (page_t *self, chance_t *chance, page_layout_t layout, size_t count)
{
    *self = (page_t){.text = malloc (ROOM), .count = count};
    assert (self->text && count <= PAGE_RESULTS_MAX);
    s_add (self, "{\n   \"html_attributions\" : ");
    if (chance_below (chance, 2))
        s_add_types (self, chance, layout, 3);
    else
        s_add (self, "[]");
    s_add (self, ",\n   \"info\" : ");
    s_open (self, layout, 3, '{');
    s_add (self, " \"results\" : [ 1, 2, 3 ] },\n   \"other\" : %s,\n",
        PICK (chance, s_words));
    s_add (self, "   \"results\" : ");
    s_open (self, layout, 3, '[');
    self->opened = self->size;
    for (size_t at = 0; at < count; at++) {
        s_add (self, "%s", at ? "," : "");
        s_add_result (self, chance, layout);
        self->ends [at] = self->size;
    }
    s_add (self, "%s", count ? "\n   " : "");
    self->closing = self->size;
    s_add (
        self, "],\n   \"status\" : \"%s\"\n}\n", count ? "OK" : "ZERO_RESULTS");
}


void
page_clear (page_t *self)
{
    free (self->text);
    self->text = NULL;
}


char *
page_cut (const page_t *self, size_t bound, size_t *size)
{
    size_t start = self->closing;
    size_t end = self->closing;
    if (bound < self->count) {
        start = bound ? self->ends [bound - 1] : self->opened;
        end = bound ? self->ends [self->count - 1] : self->closing;
    }
    *size = start + self->size - end - 1;
    char *text = malloc (*size);
    assert (text);
    memcpy (text, self->text, start);
    memcpy (text + start, self->text + end, self->size - end - 1);
    return text;
}
