/*  =========================================================================
    gazetteer - places, found by where they are

    The cells that the circle may touch are put in the order of the best that
    each can have: its most prominent place, or its nearest point.  So the
    search ends at the first cell, and in a cell at the first place, that is
    no better than the worst of those found.
    =========================================================================
*/

#include "places/gazetteer.h"

#include "base/buffer.h"
#include "places/filter.h"
#include "places/image.h"
#include "places/import.h"

#include <czmq.h>
#include <math.h>
#include <sys/mman.h>

//  Added to the radius, so that arithmetic never loses a place that is just
//  there; coordinates are good to a centimetre
#define SLACK_MM 1.0

struct gazetteer_t {
    image_t **images;
    size_t count;
    size_t size;
    size_t bad_lines;
};

//  A place that answers a query, and how far it is
typedef struct {
    const image_t *image;
    const image_entry_t *entry;
    double chord;  //  Squared
} hit_t;

//  A cell that may have some
typedef struct {
    const image_t *image;
    const filter_t *filter;  //  The image's
    const image_cell_t *cell;
    double near;   //  No place is nearer; a chord, squared
    uint32_t top;  //  No place is more prominent
} area_t;

//  A query being answered
typedef struct {
    const gazetteer_query_t *query;
    globe_vector_t vector;
    double chord_max;
    area_t *areas;
    size_t area_count;
    size_t area_max;
    hit_t *hits;  //  Best first
    size_t size;
    size_t size_max;
} search_t;


//  Import the file into memory, as images are searched where they lie

static image_t *
s_import (const char *file, size_t *bad_lines)
{
    import_count_t count = {0};
    image_t *image = NULL;
    int fd = memfd_create ("places", MFD_CLOEXEC);
    assert (fd >= 0);
    if (import_file (file, NULL, fd, false, &count) == 0) {
        *bad_lines += count.bad_lines;
        image = image_new (fd);
    }
    close (fd);
    return image;
}


static image_t *
s_open_image (const char *file, size_t *bad_lines)
{
    int fd = open (file, O_RDONLY | O_CLOEXEC);
    image_t *image = NULL;
    if (fd < 0)
        fprintf (stderr, "%s: %s\n", file, strerror (errno));
    else if (!image_is_one (fd))
        image = s_import (file, bad_lines);
    else if (!(image = image_new (fd)))
        fprintf (stderr, "%s: damaged, or made by another machine\n", file);
    if (fd >= 0)
        close (fd);
    return image;
}


gazetteer_t *
gazetteer_new (const char *const *files, size_t count)
{
    gazetteer_t *self = zmalloc (sizeof (gazetteer_t));
    self->images = zmalloc ((count + 1) * sizeof (image_t *));
    bool good = count > 0;
    while (good && self->count < count) {
        image_t *image = s_open_image (files [self->count], &self->bad_lines);
        good = image != NULL;
        if (good) {
            self->images [self->count++] = image;
            self->size += image_size (image);
        }
    }
    if (!good)
        gazetteer_destroy (&self);
    return self;
}


void
gazetteer_destroy (gazetteer_t **self_p)
{
    gazetteer_t *self = *self_p;
    if (self) {
        while (self->count)
            image_destroy (&self->images [--self->count]);
        free (self->images);
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


//  Shorter ids come first, which puts numbers in their order

static int
s_compare_ids (hit_t one, hit_t other)
{
    span_t id = image_place (one.image, one.entry).id;
    span_t other_id = image_place (other.image, other.entry).id;
    if (id.size != other_id.size)
        return id.size < other_id.size ? -1 : 1;
    return span_compare (id, other_id);
}


static bool
s_is_better (const search_t *self, hit_t one, hit_t other)
{
    if (!self->query->by_distance &&
        one.entry->prominence != other.entry->prominence)
        return one.entry->prominence > other.entry->prominence;
    if (one.chord != other.chord)
        return one.chord < other.chord;
    return s_compare_ids (one, other) < 0;
}


//  Keep the place if it is among the best so far: few are kept, so a sorted
//  array is as good as a heap

static void
s_offer (search_t *self, const area_t *area, const image_entry_t *entry)
{
    hit_t hit = {area->image, entry, globe_chord (self->vector, entry->vector)};
    if (hit.chord > self->chord_max)
        return;
    bool full = self->size == self->size_max;
    if (full && !s_is_better (self, hit, self->hits [self->size - 1]))
        return;
    if (!filter_passes (area->filter, entry))
        return;
    size_t at = full ? self->size - 1 : self->size++;
    for (; at && s_is_better (self, hit, self->hits [at - 1]); at--)
        self->hits [at] = self->hits [at - 1];
    self->hits [at] = hit;
}


//  The middle of the cell, and so how near its places may be

static double
s_near (const search_t *self, uint32_t key)
{
    int64_t row = key / IMAGE_COLUMNS;
    int64_t column = key % IMAGE_COLUMNS;
    globe_point_t middle = {
        (int32_t) (row * IMAGE_CELL + IMAGE_CELL / 2 - 90LL * DEGREE),
        (int32_t) (column * IMAGE_CELL + IMAGE_CELL / 2 - 180LL * DEGREE)};
    double way = sqrt (globe_chord (self->vector, globe_vector (middle)));
    way = fmax (0, way - IMAGE_CELL_RADIUS);
    return way * way;
}


//  Note the cells of a row from a longitude to another

static void
s_note_run (
    search_t *self, area_t area, uint32_t row, int64_t west, int64_t east)
{
    size_t count;
    uint32_t first = (uint32_t) (row * IMAGE_COLUMNS);
    const image_cell_t *cells =
        image_cells (area.image, first + image_column ((int32_t) west),
            first + image_column ((int32_t) east), &count);
    for (size_t index = 0; index < count; index++) {
        area.cell = &cells [index];
        area.near = s_near (self, cells [index].key);
        if (area.near > self->chord_max)
            continue;
        area.top = image_entries (area.image) [cells [index].first].prominence;
        self->areas = buffer_grow (self->areas, &self->area_max,
            self->area_count + 1, sizeof (area_t));
        self->areas [self->area_count++] = area;
    }
}


static void
s_note (search_t *self, area_t area, double angle)
{
    const int64_t half = 180LL * DEGREE;
    globe_point_t at = self->query->at;
    int64_t height = globe_height (angle);
    int64_t south = MAX (at.lat - height, -90LL * DEGREE);
    int64_t north = MIN (at.lat + height, 90LL * DEGREE);
    //  No cell may be noted twice, from the east and from the west
    int64_t reach = globe_reach (angle, at) + IMAGE_CELL;
    int64_t west = at.lng - reach;
    int64_t east = at.lng + reach;
    bool is_all = reach >= half;
    for (uint32_t row = image_row ((int32_t) south);
         row <= image_row ((int32_t) north); row++) {
        s_note_run (self, area, row, is_all ? -half : MAX (west, -half),
            is_all ? half : MIN (east, half));
        if (!is_all && west <= -half)
            s_note_run (self, area, row, west + 2 * half, half);
        if (!is_all && east >= half)
            s_note_run (self, area, row, -half, east - 2 * half);
    }
}


static int
s_compare_nears (const void *one_p, const void *other_p)
{
    const area_t *one = one_p;
    const area_t *other = other_p;
    return (one->near > other->near) - (one->near < other->near);
}


static int
s_compare_tops (const void *one_p, const void *other_p)
{
    const area_t *one = one_p;
    const area_t *other = other_p;
    if (one->top != other->top)
        return one->top > other->top ? -1 : 1;
    return s_compare_nears (one, other);
}


//  Return true if nothing of that prominence and nearness can be wanted

static bool
s_is_enough (const search_t *self, uint32_t prominence, double near)
{
    if (self->size < self->size_max)
        return false;
    hit_t worst = self->hits [self->size - 1];
    if (!self->query->by_distance && prominence != worst.entry->prominence)
        return prominence < worst.entry->prominence;
    return near > worst.chord;
}


static void
s_search (search_t *self)
{
    if (self->area_count)
        qsort (self->areas, self->area_count, sizeof (area_t),
            self->query->by_distance ? s_compare_nears : s_compare_tops);
    for (size_t index = 0; index < self->area_count; index++) {
        const area_t *area = &self->areas [index];
        const image_entry_t *entries = image_entries (area->image);
        if (s_is_enough (self, area->top, area->near))
            break;
        for (uint32_t at = area->cell [0].first; at < area->cell [1].first;
             at++) {
            if (!self->query->by_distance &&
                s_is_enough (self, entries [at].prominence, area->near))
                break;
            s_offer (self, area, &entries [at]);
        }
    }
}


size_t
gazetteer_find (const gazetteer_t *self, const gazetteer_query_t *query,
    place_t *places, size_t count)
{
    if (count == 0)
        return 0;
    double angle = globe_angle (query->radius_mm + SLACK_MM);
    search_t search = {
        .query = query,
        .vector = globe_vector (query->at),
        .chord_max = globe_angle_chord (angle),
        .hits = zmalloc (count * sizeof (hit_t)),
        .size_max = count,
    };
    filter_texts_t texts = {query->type, query->keyword, query->name};
    filter_t **filters = zmalloc (self->count * sizeof (filter_t *));
    for (size_t index = 0; index < self->count; index++) {
        const image_t *image = self->images [index];
        filters [index] = filter_new (image, texts);
        s_note (&search, (area_t){.image = image, .filter = filters [index]},
            angle);
    }
    s_search (&search);
    for (size_t index = 0; index < search.size; index++)
        places [index] =
            image_place (search.hits [index].image, search.hits [index].entry);
    for (size_t index = 0; index < self->count; index++)
        filter_destroy (&filters [index]);
    free (filters);
    free (search.areas);
    free (search.hits);
    return search.size;
}
