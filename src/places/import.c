/*  =========================================================================
    import - reads a file of places into an image
    =========================================================================
*/

#include "places/import.h"
#include "places/builder.h"
#include "places/columns.h"
#include "places/feature.h"
#include "places/table.h"

#include <czmq.h>

//  Records between looks at the clock, and time between lines of progress
#define STEP 1024
#define PROGRESS_MS 200

//  An import under way
typedef struct {
    table_t *table;
    builder_t *builder;
    columns_t columns;
    size_t records;
    size_t passed_over;  //  Good, but no places
    bool progress;       //  To be shown
    int64_t shown_ms;
} import_t;


static void
s_show (import_t *self, const char *what)
{
    int percent = table_percent (self->table);
    fprintf (stderr, "\r%zu records, %zu places", self->records,
        builder_size (self->builder));
    if (percent >= 0)
        fprintf (stderr, ", %d %%", percent);
    fprintf (stderr, "%s\x1b[K", what);
}


static void
s_show_now_and_then (import_t *self)
{
    int64_t now_ms = zclock_mono ();
    if (now_ms - self->shown_ms >= PROGRESS_MS) {
        s_show (self, "");
        self->shown_ms = now_ms;
    }
}


//  Keep complaints and progress apart

static void
s_complain (import_t *self, const char *wrong)
{
    if (self->progress)
        fputs ("\r\x1b[K", stderr);
    table_complain (self->table, wrong);
}


//  Add the place, if there is one.  Returns what is wrong, or NULL.

static const char *
s_add (import_t *self, const place_t *place)
{
    if (!place->name.data) {
        self->passed_over++;
        return NULL;
    }
    return builder_add (self->builder, place) ? NULL : "too many places";
}


static const char *
s_take_feature (import_t *self, span_t record)
{
    feature_t feature = {0};
    place_t place;
    const char *wrong = feature_read (&feature, record, &place);
    if (!wrong)
        wrong = s_add (self, &place);
    feature_free (&feature);
    return wrong;
}


//  A line of a table may begin with a brace, but only where there is a table

static const char *
s_take_line (import_t *self, span_t record)
{
    place_t place;
    const char *wrong = columns_read (&self->columns, record, &place);
    if (!wrong) {
        table_keep_to_lines (self->table);
        wrong = s_add (self, &place);
    }
    return wrong;
}


static void
s_take_all (import_t *self)
{
    span_t record;
    table_kind_t kind;
    while ((kind = table_read (self->table, &record)) != TABLE_END) {
        const char *wrong = kind == TABLE_BAD    ? record.data
                            : kind == TABLE_JSON ? s_take_feature (self, record)
                                                 : s_take_line (self, record);
        if (wrong)
            s_complain (self, wrong);
        if (++self->records % STEP == 0 && self->progress)
            s_show_now_and_then (self);
    }
}


//  Write the image.  Returns what is wrong, or NULL.

static const char *
s_finish (import_t *self, import_count_t *count)
{
    if (table_wrong (self->table))
        return table_wrong (self->table);
    if (builder_size (self->builder) == 0)
        return "no places in it";
    if (self->progress)
        s_show (self, ", sorting");
    count->places = builder_end (self->builder);
    return count->places < 0 ? strerror (errno) : NULL;
}


int
import_file (const char *file, int fd, bool progress, import_count_t *count)
{
    import_t self = {.progress = progress, .table = table_new (file)};
    if (!self.table)
        return -1;
    self.builder = builder_new (fd);
    s_take_all (&self);
    const char *wrong = s_finish (&self, count);
    if (progress)
        fputs ("\r\x1b[K", stderr);
    count->bad_lines = table_bad_lines (self.table);
    if (count->bad_lines)
        fprintf (
            stderr, "%s: %zu bad lines left out\n", file, count->bad_lines);
    if (wrong)
        fprintf (stderr, "%s: %s\n", file, wrong);
    columns_free (&self.columns);
    builder_destroy (&self.builder);
    table_destroy (&self.table);
    return wrong ? -1 : 0;
}
