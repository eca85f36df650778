/*  =========================================================================
    page - a Nearby Search answer in one of Google's two layouts
    =========================================================================
*/

#include "unit/page.h"

#include <assert.h>
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


//  Write on, as printf does
#define ADD(self, ...)                                                         \
    ((self)->size += (size_t) snprintf (                                       \
         (self)->text + (self)->size, ROOM - (self)->size, __VA_ARGS__))


//  Begin what stands in brackets, as the value of the last key

static void
s_open (page_t *self, page_layout_t layout, int indent, char bracket)
{
    if (layout == PAGE_CURRENT)
        ADD (self, "\n%*s", indent, "");
    ADD (self, "%c", bracket);
}


static void
s_add_types (page_t *self, chance_t *chance, page_layout_t layout, int indent)
{
    const char *one = PICK (chance, s_texts);
    const char *two = PICK (chance, s_texts);
    s_open (self, layout, indent, '[');
    if (layout == PAGE_CLASSIC)
        ADD (self, " \"%s\", \"%s\" ]", one, two);
    else
        ADD (self, "\n%*s   \"%s\",\n%*s   \"%s\"\n%*s]", indent, "", one,
            indent, "", two, indent, "");
}


static void
s_add_result (page_t *self, chance_t *chance, page_layout_t layout)
{
    ADD (self, "\n      {\n         \"geometry\" : ");
    s_open (self, layout, 9, '{');
    ADD (self, "\n            \"location\" : ");
    s_open (self, layout, 12, '{');
    ADD (self, "\n               \"lat\" : %s,\n               \"lng\" : %s",
        PICK (chance, s_numbers), PICK (chance, s_numbers));
    ADD (self, "\n            }\n         },\n         \"name\" : \"%s\"",
        PICK (chance, s_texts));
    ADD (self, ",\n         \"results\" : ");
    s_add_types (self, chance, layout, 9);
    ADD (self, ",\n         \"status\" : \"NESTED\",\n         \"types\" : ");
    s_add_types (self, chance, layout, 9);
    ADD (self, ",\n         \"vicinity\" : \"%s\"\n      }",
        PICK (chance, s_texts));
}


void
page_init (page_t *self, chance_t *chance, page_layout_t layout, size_t count)
{
    *self = (page_t){.text = malloc (ROOM), .count = count};
    assert (self->text && count <= PAGE_RESULTS_MAX);
    ADD (self, "{\n   \"html_attributions\" : ");
    if (chance_below (chance, 2))
        s_add_types (self, chance, layout, 3);
    else
        ADD (self, "[]");
    ADD (self, ",\n   \"info\" : ");
    s_open (self, layout, 3, '{');
    ADD (self, " \"results\" : [ 1, 2, 3 ] },\n   \"other\" : %s,\n",
        PICK (chance, s_words));
    ADD (self, "   \"results\" : ");
    s_open (self, layout, 3, '[');
    self->opened = self->size;
    for (size_t at = 0; at < count; at++) {
        ADD (self, "%s", at ? "," : "");
        s_add_result (self, chance, layout);
        self->ends [at] = self->size;
    }
    ADD (self, "%s", count ? "\n   " : "");
    self->closing = self->size;
    ADD (
        self, "],\n   \"status\" : \"%s\"\n}\n", count ? "OK" : "ZERO_RESULTS");
    assert (self->size < ROOM);
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
