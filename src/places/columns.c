/*  =========================================================================
    columns - a line of a table of places, between tabs
    =========================================================================
*/

#include "places/columns.h"
#include "base/decimal.h"
#include "places/geonames.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  What fits beside an id and a country in texts
#define REGION_SIZE_MAX 64

//  What the licence of GeoNames asks for
#define CREDIT                                                                 \
    "Places by <a href=\"https://www.geonames.org/\">GeoNames</a>, "           \
    "<a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>"

//  Tables without a head: which of their columns are those that we know
static const columns_t s_short = {.count = 8,
    .is_geonames = true,
    .columns = {[COLUMN_ID] = 1,
        [COLUMN_NAME] = 2,
        [COLUMN_LATITUDE] = 3,
        [COLUMN_LONGITUDE] = 4,
        [COLUMN_CODE] = 5,
        [COLUMN_COUNTRY] = 6,
        [COLUMN_ADMIN1] = 7,
        [COLUMN_POPULATION] = 8}};
static const columns_t s_long = {.count = 19,
    .is_geonames = true,
    .columns = {[COLUMN_ID] = 1,
        [COLUMN_NAME] = 2,
        [COLUMN_LATITUDE] = 5,
        [COLUMN_LONGITUDE] = 6,
        [COLUMN_CLASS] = 7,
        [COLUMN_CODE] = 8,
        [COLUMN_COUNTRY] = 9,
        [COLUMN_ADMIN1] = 11,
        [COLUMN_POPULATION] = 15}};

//  Names of columns, without regard to capitals; "_" is a blank
static const struct {
    const char *name;
    column_t column;
} s_names [] = {{"id", COLUMN_ID}, {"geonameid", COLUMN_ID},
    {"name", COLUMN_NAME}, {"latitude", COLUMN_LATITUDE},
    {"lat", COLUMN_LATITUDE}, {"longitude", COLUMN_LONGITUDE},
    {"lng", COLUMN_LONGITUDE}, {"lon", COLUMN_LONGITUDE},
    {"long", COLUMN_LONGITUDE}, {"kind", COLUMN_KIND}, {"types", COLUMN_KIND},
    {"vicinity", COLUMN_VICINITY}, {"address", COLUMN_VICINITY},
    {"details", COLUMN_DETAILS}, {"feature class", COLUMN_CLASS},
    {"feature code", COLUMN_CODE}, {"country", COLUMN_COUNTRY},
    {"country code", COLUMN_COUNTRY}, {"admin1", COLUMN_ADMIN1},
    {"admin1 code", COLUMN_ADMIN1}, {"population", COLUMN_POPULATION}};

#define NAME_COUNT (sizeof (s_names) / sizeof (s_names [0]))


void
columns_free (columns_t *self)
{
    free (self->credit);
    *self = (columns_t){0};
}


static bool
s_is_name (span_t text, const char *name)
{
    if (text.size != strlen (name))
        return false;
    for (size_t index = 0; index < text.size; index++) {
        char byte = text.data [index];
        bool is_blank = byte == '_' && name [index] == ' ';
        if (!is_blank && tolower ((unsigned char) byte) != name [index])
            return false;
    }
    return true;
}


//  Cut the next field off the front of *rest; there is one more than tabs

static bool
s_next_field (span_t *rest, span_t *field)
{
    if (!rest->data)
        return false;
    bool is_last = !memchr (rest->data, '\t', rest->size);
    *field = span_until (rest, '\t');
    if (is_last)
        *rest = (span_t){0};
    return true;
}


//  Cut the line into the fields that we know, of count columns; those that it
//  has not are empty

static bool
s_cut (span_t line, const columns_t *head, span_t *fields)
{
    size_t count = 0;
    span_t field;
    for (size_t index = 0; index < COLUMN_COUNT; index++)
        fields [index] = span_of ("");
    while (s_next_field (&line, &field)) {
        count++;
        for (size_t index = 0; index < COLUMN_COUNT; index++)
            if (head->columns [index] == count)
                fields [index] = field;
    }
    return count == head->count;
}


//  Read the names of columns.  Returns how many of the three are there that a
//  table must have.

static int
s_read_names (columns_t *head, span_t line)
{
    span_t name;
    *head = (columns_t){0};
    while (s_next_field (&line, &name)) {
        head->count++;
        name = span_trim (name);
        for (size_t index = 0; index < NAME_COUNT; index++) {
            size_t *column = &head->columns [s_names [index].column];
            if (!*column && s_is_name (name, s_names [index].name))
                *column = head->count;
        }
        if (s_is_name (name, "geonameid"))
            head->is_geonames = true;
    }
    return (head->columns [COLUMN_NAME] > 0) +
           (head->columns [COLUMN_LATITUDE] > 0) +
           (head->columns [COLUMN_LONGITUDE] > 0);
}


static const char *
s_read_point (const span_t *fields, globe_point_t *at)
{
    int64_t lat, lng;
    span_t lat_text = fields [COLUMN_LATITUDE];
    span_t lng_text = fields [COLUMN_LONGITUDE];
    if (!fields [COLUMN_NAME].size)
        return "no name";
    if (!decimal_read (lat_text, DEGREE_PLACES, 90LL * DEGREE, &lat))
        return "bad latitude";
    if (!decimal_read (lng_text, DEGREE_PLACES, 180LL * DEGREE, &lng))
        return "bad longitude";
    *at = (globe_point_t){(int32_t) lat, (int32_t) lng};
    return NULL;
}


//  The place's id, and its region and country.  A region that is known by a
//  number says nothing to a reader.

static const char *
s_write_texts (columns_t *self, const span_t *fields, place_t *place)
{
    span_t region = fields [COLUMN_ADMIN1];
    span_t country = fields [COLUMN_COUNTRY];
    if (region.size > REGION_SIZE_MAX || country.size > REGION_SIZE_MAX)
        return "bad region";
    if (!region.size || *region.data < 'A' || *region.data > 'Z')
        region.size = 0;
    uint64_t id;
    if (!span_number (fields [COLUMN_ID], UINT32_MAX, &id))
        return "bad id";
    int size = snprintf (self->texts, sizeof (self->texts), "gn-%" PRIu64, id);
    char *vicinity = self->texts + size + 1;
    snprintf (vicinity, sizeof (self->texts) - (size_t) size - 1, "%.*s%s%.*s",
        (int) region.size, region.size ? region.data : "",
        region.size && country.size ? ", " : "", (int) country.size,
        country.data);
    place->id = span_of (self->texts);
    place->vicinity = span_of (vicinity);
    return NULL;
}


//  A number of people; none is as good as 0, and too many to count are many

static bool
s_read_population (span_t text, uint64_t *population)
{
    *population = 0;
    if (!text.size || span_number (text, UINT64_MAX, population))
        return true;
    *population = UINT64_MAX;
    for (size_t index = 0; index < text.size; index++)
        if (!isdigit ((unsigned char) text.data [index]))
            return false;
    return true;
}


static const char *
s_read_geonames (columns_t *self, const span_t *fields, place_t *place)
{
    geonames_t about = {
        .feature_class = fields [COLUMN_CLASS], .code = fields [COLUMN_CODE]};
    const char *wrong = s_write_texts (self, fields, place);
    if (wrong)
        return wrong;
    if (!s_read_population (fields [COLUMN_POPULATION], &about.population))
        return "bad population";
    place->credit = span_of (CREDIT);
    if (!geonames_find (&about, &self->kind, &place->prominence))
        self->none = "closed";
    place->types = span_of (self->kind.types);
    return NULL;
}


static const char *
s_read_ours (columns_t *self, const span_t *fields, place_t *place)
{
    uint64_t details = 0;
    span_t kind = fields [COLUMN_KIND];
    span_t points = fields [COLUMN_DETAILS];
    if (self->columns [COLUMN_ID] && !fields [COLUMN_ID].size)
        return "no id";
    if (self->columns [COLUMN_KIND] && !kind.size)
        return "no kind";
    if (points.size && !span_number (points, KIND_DETAILS_MAX, &details))
        return "bad details";
    if (!kind_of_tag (kind, &self->kind))
        self->none = "closed";
    bool is_list = kind.size && !memchr (kind.data, '=', kind.size);
    place->types = is_list ? kind : span_of (self->kind.types);
    place->credit = span_of (self->credit ? self->credit : "");
    place->prominence = kind_prominence (self->kind.weight, (unsigned) details);
    place->id = fields [COLUMN_ID];
    if (!place->id.size) {
        place_make_id (
            self->texts, sizeof (self->texts), fields [COLUMN_NAME], place->at);
        place->id = span_of (self->texts);
    }
    place->vicinity = fields [COLUMN_VICINITY];
    return NULL;
}


//  Read a line that is neither head nor remark

static const char *
s_read_place (columns_t *self, span_t line, place_t *place)
{
    span_t fields [COLUMN_COUNT];
    bool is_geonames = !self->count || self->is_geonames;
    if (self->count && !s_cut (line, self, fields))
        return "not as many columns as the head names";
    if (!self->count && !s_cut (line, &s_short, fields) &&
        !s_cut (line, &s_long, fields))
        return "not eight columns of text, nor nineteen, nor is there a head";
    const char *wrong = s_read_point (fields, &place->at);
    if (!wrong)
        wrong = is_geonames ? s_read_geonames (self, fields, place)
                            : s_read_ours (self, fields, place);
    if (!wrong && !self->none)
        place->name = fields [COLUMN_NAME];
    return wrong;
}


//  Take the line for a head, if it is one.  Returns what is wrong with it, or
//  NULL; instead is what is wrong with it if it is none.

static const char *
s_read_head (columns_t *self, span_t line, const char *instead)
{
    columns_t head;
    int found = s_read_names (&head, line);
    bool has_id = head.columns [COLUMN_ID] == 1;
    if (found == 3) {
        self->count = head.count;
        memcpy (self->columns, head.columns, sizeof (self->columns));
        self->is_geonames = head.is_geonames;
        return NULL;
    }
    return found == 2 || (found && has_id)
               ? "a head must name the columns name, latitude and longitude"
               : instead;
}


static bool
s_is_credit (columns_t *self, span_t line)
{
    if (!span_equal (span_until (&line, '\t'), span_of ("#credit")))
        return false;
    free (self->credit);
    self->credit = strndup (line.size ? line.data : "", line.size);
    assert (self->credit);
    return true;
}


const char *
columns_read (columns_t *self, span_t line, place_t *place)
{
    *place = (place_t){0};
    self->none = NULL;
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    if (!line.size || *line.data != '#') {
        const char *wrong = s_read_place (self, line, place);
        return wrong ? s_read_head (self, line, wrong) : NULL;
    }
    if (s_is_credit (self, line))
        return NULL;
    return s_read_head (self, (span_t){line.data + 1, line.size - 1}, NULL);
}
