/*  =========================================================================
    columns - a line of a table of places, between tabs
    =========================================================================
*/

#include "places/columns.h"
#include "places/decimal.h"
#include "places/kind.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  So that prominence fits in its 32 bits
#define POPULATION_MAX (UINT32_MAX / 16 - 500)

//  What fits beside an id and a country in texts
#define REGION_SIZE_MAX 64

//  What the licence of GeoNames asks for
#define CREDIT                                                                 \
    "Places by <a href=\"https://www.geonames.org/\">GeoNames</a>, "           \
    "<a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>"

//  Columns of GeoNames' table, and of our own
enum { ID, NAME, LAT, LNG, CODE, COUNTRY, ADMIN1, POPULATION, COLUMNS };
enum { KIND = 4, VICINITY, DETAILS, OUR_COLUMNS };


void
columns_free (columns_t *self)
{
    free (self->credit);
    *self = (columns_t){0};
}


//  Cut the line into count fields; an empty one at its end is none

static bool
s_cut (span_t line, span_t *fields, size_t count)
{
    size_t found = 0;
    while (line.size && found < count)
        fields [found++] = span_until (&line, '\t');
    return found == count && line.size == 0;
}


static const char *
s_read_point (const span_t *fields, globe_point_t *at)
{
    int64_t lat, lng;
    if (!fields [NAME].size)
        return "no name";
    if (!decimal_read (fields [LAT], DEGREE_PLACES, 90LL * DEGREE, &lat))
        return "bad latitude";
    if (!decimal_read (fields [LNG], DEGREE_PLACES, 180LL * DEGREE, &lng))
        return "bad longitude";
    *at = (globe_point_t){(int32_t) lat, (int32_t) lng};
    return NULL;
}


static unsigned
s_weight (span_t code)
{
    if (span_equal (code, span_of ("PPLC")))
        return 16;
    if (span_equal (code, span_of ("PPLA")))
        return 8;
    if (span_equal (code, span_of ("PPLA2")))
        return 4;
    return span_equal (code, span_of ("PPLX")) ? 1 : 2;
}


//  The place's id, and its region and country.  A region that is known by a
//  number says nothing to a reader.

static const char *
s_write_texts (columns_t *self, const span_t *fields, place_t *place)
{
    span_t region = fields [ADMIN1];
    span_t country = fields [COUNTRY];
    if (region.size > REGION_SIZE_MAX || country.size > REGION_SIZE_MAX)
        return "bad region";
    if (!region.size || *region.data < 'A' || *region.data > 'Z')
        region.size = 0;
    uint64_t id;
    if (!span_number (fields [ID], UINT32_MAX, &id))
        return "bad id";
    int size = snprintf (self->texts, sizeof (self->texts), "gn-%" PRIu64, id);
    char *vicinity = self->texts + size + 1;
    snprintf (vicinity, sizeof (self->texts) - (size_t) size - 1, "%.*s%s%.*s",
        (int) region.size, region.size ? region.data : "",
        region.size ? ", " : "", (int) country.size, country.data);
    place->id = span_of (self->texts);
    place->vicinity = span_of (vicinity);
    return NULL;
}


static const char *
s_read_geonames (columns_t *self, span_t line, place_t *place)
{
    span_t fields [COLUMNS];
    uint64_t population;
    if (!s_cut (line, fields, COLUMNS))
        return "not eight columns of text";
    const char *wrong = s_write_texts (self, fields, place);
    if (!wrong)
        wrong = s_read_point (fields, &place->at);
    if (wrong)
        return wrong;
    if (!span_number (fields [POPULATION], POPULATION_MAX, &population))
        return "bad population";
    bool is_part = span_equal (fields [CODE], span_of ("PPLX"));
    place->types =
        span_of (is_part ? "neighborhood,political" : "locality,political");
    place->credit = span_of (CREDIT);
    place->prominence =
        (uint32_t) (population + 500) * s_weight (fields [CODE]);
    place->name = fields [NAME];
    return NULL;
}


static const char *
s_read_ours (const columns_t *self, span_t line, place_t *place)
{
    span_t fields [OUR_COLUMNS];
    uint64_t details;
    if (!s_cut (line, fields, OUR_COLUMNS))
        return "not seven columns of text";
    if (!fields [ID].size)
        return "no id";
    if (!fields [KIND].size)
        return "no kind";
    if (!span_number (fields [DETAILS], KIND_DETAILS_MAX, &details))
        return "bad details";
    const char *wrong = s_read_point (fields, &place->at);
    if (wrong)
        return wrong;
    kind_t kind = kind_of_tag (fields [KIND]);
    bool is_tag = memchr (fields [KIND].data, '=', fields [KIND].size);
    place->types = is_tag ? span_of (kind.types) : fields [KIND];
    place->credit = span_of (self->credit ? self->credit : "");
    place->prominence = kind_prominence (kind, (unsigned) details);
    place->id = fields [ID];
    place->vicinity = fields [VICINITY];
    place->name = fields [NAME];
    return NULL;
}


static void
s_read_remark (columns_t *self, span_t line)
{
    span_t word = span_until (&line, '\t');
    if (span_equal (word, span_of ("#credit"))) {
        free (self->credit);
        self->credit = strndup (line.size ? line.data : "", line.size);
        assert (self->credit);
    }
    else if (span_equal (word, span_of ("#id")))
        self->is_ours = true;
}


const char *
columns_read (columns_t *self, span_t line, place_t *place)
{
    *place = (place_t){0};
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    if (line.size && *line.data == '#') {
        s_read_remark (self, line);
        return NULL;
    }
    const char *wrong = self->is_ours ? s_read_ours (self, line, place)
                                      : s_read_geonames (self, line, place);
    return wrong;
}
