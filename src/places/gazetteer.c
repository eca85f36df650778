/*  =========================================================================
    gazetteer - every populated place, found by where it is

    The places are sorted into strips a tenth of a degree of latitude high,
    and by longitude in each strip.  A question looks at a run of each strip
    that the circle may touch.
    =========================================================================
*/

#include "places/gazetteer.h"
#include "core/span.h"
#include "places/decimal.h"
#include "places/table.h"

#include <assert.h>
#include <czmq.h>

#define STRIP_HEIGHT (DEGREE / 10)
#define STRIP_COUNT (180 * DEGREE / STRIP_HEIGHT + 1)

//  So that prominence fits in its 32 bits
#define POPULATION_MAX (UINT32_MAX / 16 - 500)

//  Added to the radius, so that arithmetic never loses a place that is just
//  there; coordinates are good to a centimetre
#define SLACK_MM 1.0

typedef struct {
    globe_vector_t vector;
    globe_point_t at;
    uint32_t id;
    uint32_t prominence;
    uint32_t text;  //  In texts: name, NUL, vicinity, NUL
    bool is_part;   //  A part of a city, no locality of its own
} entry_t;

struct gazetteer_t {
    char *texts;
    size_t texts_size;
    entry_t *entries;
    size_t size;
    size_t size_max;
    size_t bad_lines;
    uint32_t strips [STRIP_COUNT + 1];  //  Each strip's first entry
};

//  An entry that answers a query, and how far it is
typedef struct {
    const entry_t *entry;
    double chord;  //  Squared
} hit_t;

//  A query being answered
typedef struct {
    const gazetteer_t *gazetteer;
    const gazetteer_query_t *query;
    globe_vector_t vector;
    double chord_max;
    hit_t *hits;  //  Best first
    size_t size;
    size_t size_max;
} search_t;


static size_t
s_strip (int32_t lat)
{
    return (size_t) (lat + 90 * DEGREE) / STRIP_HEIGHT;
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


static uint32_t
s_add_text (gazetteer_t *self, span_t name, span_t region, span_t country)
{
    char *text = self->texts + self->texts_size;
    char *at = mempcpy (text, name.data, name.size);
    *at++ = '\0';
    //  A region known by a number says nothing to a reader
    if (region.size && *region.data >= 'A' && *region.data <= 'Z') {
        at = mempcpy (at, region.data, region.size);
        at = mempcpy (at, ", ", 2);
    }
    at = mempcpy (at, country.data, country.size);
    *at++ = '\0';
    self->texts_size += (size_t) (at - text);
    return (uint32_t) (text - self->texts);
}


//  Columns of the table
enum { ID, NAME, LAT, LNG, CODE, COUNTRY, ADMIN1, POPULATION, COLUMNS };


//  Add the place of a line.  Returns what is wrong with it, or NULL.

static const char *
s_add (gazetteer_t *self, const span_t *fields)
{
    uint64_t id, population;
    int64_t lat, lng;
    if (!span_number (fields [ID], UINT32_MAX, &id))
        return "bad id";
    if (!fields [NAME].size)
        return "no name";
    if (!decimal_read (fields [LAT], DEGREE_PLACES, 90LL * DEGREE, &lat))
        return "bad latitude";
    if (!decimal_read (fields [LNG], DEGREE_PLACES, 180LL * DEGREE, &lng))
        return "bad longitude";
    if (!span_number (fields [POPULATION], POPULATION_MAX, &population))
        return "bad population";

    if (self->size == self->size_max) {
        self->size_max = self->size_max * 2 + 1024;
        self->entries =
            realloc (self->entries, self->size_max * sizeof (entry_t));
        assert (self->entries);
    }
    globe_point_t at = {(int32_t) lat, (int32_t) lng};
    self->entries [self->size++] = (entry_t){
        .vector = globe_vector (at),
        .at = at,
        .id = (uint32_t) id,
        .prominence = (uint32_t) (population + 500) * s_weight (fields [CODE]),
        .text =
            s_add_text (self, fields [NAME], fields [ADMIN1], fields [COUNTRY]),
        .is_part = span_equal (fields [CODE], span_of ("PPLX")),
    };
    return NULL;
}


//  A line's texts never need more room than the line

static void
s_load (gazetteer_t *self, table_t *table)
{
    self->texts = zmalloc (table_size (table) + 1);
    span_t fields [COLUMNS];
    int rc;
    while ((rc = table_next (table, fields, COLUMNS)) >= 0) {
        const char *wrong =
            rc ? s_add (self, fields) : "not eight columns of text";
        if (wrong)
            table_complain (table, wrong);
    }
    self->bad_lines = table_bad_lines (table);
}


static int
s_compare_entries (const void *one_p, const void *other_p)
{
    const entry_t *one = one_p;
    const entry_t *other = other_p;
    size_t strip = s_strip (one->at.lat);
    size_t other_strip = s_strip (other->at.lat);
    if (strip != other_strip)
        return strip < other_strip ? -1 : 1;
    return (one->at.lng > other->at.lng) - (one->at.lng < other->at.lng);
}


static void
s_sort (gazetteer_t *self)
{
    qsort (self->entries, self->size, sizeof (entry_t), s_compare_entries);
    size_t index = 0;
    for (size_t strip = 0; strip <= STRIP_COUNT; strip++) {
        while (index < self->size &&
               s_strip (self->entries [index].at.lat) < strip)
            index++;
        self->strips [strip] = (uint32_t) index;
    }
}


gazetteer_t *
gazetteer_new (const char *file)
{
    table_t *table = table_new (file);
    if (!table)
        return NULL;
    gazetteer_t *self = zmalloc (sizeof (gazetteer_t));
    s_load (self, table);
    table_destroy (&table);
    if (self->bad_lines)
        fprintf (stderr, "%s: %zu bad lines left out\n", file, self->bad_lines);
    if (self->size) {
        self->texts = realloc (self->texts, self->texts_size);
        self->entries = realloc (self->entries, self->size * sizeof (entry_t));
        assert (self->texts && self->entries);
        s_sort (self);
    }
    else {
        fprintf (stderr, "%s: no places in it\n", file);
        gazetteer_destroy (&self);
    }
    return self;
}


void
gazetteer_destroy (gazetteer_t **self_p)
{
    gazetteer_t *self = *self_p;
    if (self) {
        free (self->texts);
        free (self->entries);
        free (self);
        *self_p = NULL;
    }
}


size_t
gazetteer_size (const gazetteer_t *self)
{
    return self->size;
}


size_t
gazetteer_bad_lines (const gazetteer_t *self)
{
    return self->bad_lines;
}


static hit_t
s_hit (const search_t *self, const entry_t *entry)
{
    return (hit_t){entry, globe_chord (self->vector, entry->vector)};
}


static bool
s_is_better (const search_t *self, hit_t one, hit_t other)
{
    if (!self->query->by_distance &&
        one.entry->prominence != other.entry->prominence)
        return one.entry->prominence > other.entry->prominence;
    if (one.chord != other.chord)
        return one.chord < other.chord;
    return one.entry->id < other.entry->id;
}


static gazetteer_place_t
s_place (const gazetteer_t *self, const entry_t *entry)
{
    const char *name = self->texts + entry->text;
    return (gazetteer_place_t){
        .id = entry->id,
        .name = name,
        .vicinity = name + strlen (name) + 1,
        .type = entry->is_part ? "neighborhood" : "locality",
        .at = entry->at,
    };
}


static bool
s_is_wanted (const search_t *self, const entry_t *entry)
{
    const gazetteer_query_t *query = self->query;
    gazetteer_place_t place = s_place (self->gazetteer, entry);
    if (query->type && !streq (query->type, place.type) &&
        !streq (query->type, "political"))
        return false;
    if (query->keyword && !strcasestr (place.name, query->keyword) &&
        !strcasestr (place.vicinity, query->keyword) &&
        !strcasestr (place.type, query->keyword))
        return false;
    return !query->name || strcasestr (place.name, query->name);
}


//  Keep the entry if it is among the best so far: few are kept, so a sorted
//  array is as good as a heap

static void
s_offer (search_t *self, const entry_t *entry)
{
    hit_t hit = s_hit (self, entry);
    if (hit.chord > self->chord_max)
        return;
    bool full = self->size == self->size_max;
    if (full && !s_is_better (self, hit, self->hits [self->size - 1]))
        return;
    if (!s_is_wanted (self, entry))
        return;
    size_t at = full ? self->size - 1 : self->size++;
    for (; at && s_is_better (self, hit, self->hits [at - 1]); at--)
        self->hits [at] = self->hits [at - 1];
    self->hits [at] = hit;
}


//  Offer what lies in the strip between two longitudes, both included

static void
s_offer_run (search_t *self, size_t strip, int64_t west, int64_t east)
{
    const entry_t *entries = self->gazetteer->entries;
    size_t low = self->gazetteer->strips [strip];
    size_t end = self->gazetteer->strips [strip + 1];
    for (size_t high = end; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (entries [middle].at.lng < west)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < end && entries [low].at.lng <= east; low++)
        s_offer (self, &entries [low]);
}


static void
s_search (search_t *self, double angle)
{
    const int64_t half = 180LL * DEGREE;
    globe_point_t at = self->query->at;
    int64_t height = globe_height (angle);
    int64_t south = MAX (at.lat - height, -90LL * DEGREE);
    int64_t north = MIN (at.lat + height, 90LL * DEGREE);
    int64_t reach = globe_reach (angle, at);
    int64_t west = at.lng - reach;
    int64_t east = at.lng + reach;
    if (reach >= half) {
        west = -half;
        east = half;
    }
    for (size_t strip = s_strip ((int32_t) south);
         strip <= s_strip ((int32_t) north); strip++) {
        s_offer_run (self, strip, west, east);
        if (west < -half)
            s_offer_run (self, strip, west + 2 * half, half);
        if (east > half)
            s_offer_run (self, strip, -half, east - 2 * half);
    }
}


size_t
gazetteer_find (const gazetteer_t *self, const gazetteer_query_t *query,
    gazetteer_place_t *places, size_t count)
{
    if (count == 0)
        return 0;
    double angle = globe_angle (query->radius_mm + SLACK_MM);
    search_t search = {
        .gazetteer = self,
        .query = query,
        .vector = globe_vector (query->at),
        .chord_max = globe_angle_chord (angle),
        .hits = zmalloc (count * sizeof (hit_t)),
        .size_max = count,
    };
    s_search (&search, angle);
    for (size_t index = 0; index < search.size; index++)
        places [index] = s_place (self, search.hits [index].entry);
    free (search.hits);
    return search.size;
}
