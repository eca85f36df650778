/*  =========================================================================
    import - reads a file of places into an image
    =========================================================================
*/

#include "places/import.h"
#include "places/builder.h"
#include "places/columns.h"
#include "places/feature.h"
#include "places/records.h"

#include <assert.h>
#include <czmq.h>

//  Records between looks at the clock, and time between lines of progress
#define STEP 1024
#define PROGRESS_MS 200

//  An import under way
typedef struct {
    records_t *file;
    builder_t *builder;
    columns_t columns;
    const char *credit;  //  Of all places, or NULL for that of each
    import_count_t *count;
    size_t records;
    bool is_table;      //  A line of one was good
    const char *wrong;  //  What keeps us from going on, or NULL
    bool progress;      //  To be shown
    int64_t shown_ms;
} import_t;


static void
s_show_progress (import_t *self, const char *what)
{
    int percent = records_percent (self->file);
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
        s_show_progress (self, "");
        self->shown_ms = now_ms;
    }
}


//  Keep complaints and progress apart

static void
s_complain (import_t *self, const char *wrong)
{
    if (self->progress)
        fputs ("\r\x1b[K", stderr);
    records_complain (self->file, wrong);
}


static void
s_pass_over (import_t *self, const char *why)
{
    size_t index = 0;
    while (self->count->reasons [index].why &&
           !streq (self->count->reasons [index].why, why))
        index++;
    assert (index < IMPORT_REASONS);
    self->count->passed_over++;
    self->count->reasons [index].count++;
    self->count->reasons [index].why = why;
}


//  Add the place, unless there is a reason why it is none

static void
s_add_place (import_t *self, place_t *place, const char *none)
{
    if (self->credit)
        place->credit = span_of (self->credit);
    if (none)
        s_pass_over (self, none);
    else if (place->name.data && !builder_add (self->builder, place))
        self->wrong = strerror (errno);
}


//  Each of the two returns what is wrong with the record, or NULL

static const char *
s_take_feature (import_t *self, span_t record)
{
    feature_t feature = {0};
    place_t place;
    const char *wrong = feature_read (&feature, record, &place);
    if (!wrong)
        s_add_place (self, &place, feature.none);
    feature_free (&feature);
    return wrong;
}


//  A line of a table may begin with a brace, but only where there is a table.
//  Where there is none, as far as we know, it may be broken GeoJSON

static const char *
s_take_line (import_t *self, span_t record)
{
    place_t place;
    const char *wrong = columns_read (&self->columns, record, &place);
    if (!wrong)
        s_add_place (self, &place, self->columns.none);
    if (!wrong && (self->columns.count || place.name.data)) {
        self->is_table = true;
        records_keep_to_lines (self->file);
    }
    if (wrong && !self->is_table && !memchr (record.data, '\t', record.size))
        wrong = "neither GeoJSON nor columns between tabs";
    return wrong;
}


static void
s_take_all (import_t *self)
{
    span_t record;
    records_kind_t kind;
    while (!self->wrong &&
           (kind = records_read (self->file, &record)) != RECORDS_END) {
        const char *wrong = kind == RECORDS_BAD ? record.data
                            : kind == RECORDS_JSON
                                ? s_take_feature (self, record)
                                : s_take_line (self, record);
        if (wrong)
            s_complain (self, wrong);
        if (++self->records % STEP == 0 && self->progress)
            s_show_now_and_then (self);
    }
}


void
import_tell (const import_count_t *count, const char *name, FILE *out)
{
    if (!count->passed_over)
        return;
    fprintf (out, "%s: %zu passed over:", name, count->passed_over);
    for (size_t index = 0; count->reasons [index].why; index++)
        fprintf (out, "%s %s (%zu)", index ? "," : "",
            count->reasons [index].why, count->reasons [index].count);
    fputc ('\n', out);
}


//  What was there instead is said already, if anything was

static const char *
s_no_places (const import_t *self)
{
    if (!self->records)
        return "no places in it, nor anything else";
    return records_bad_lines (self->file) == self->records
               ? "no places in it: \"zherd-places -h\" tells what it can be"
               : "no places in it";
}


//  Write the image.  Returns what is wrong, or NULL.

static const char *
s_finish (import_t *self)
{
    if (!self->wrong)
        self->wrong = records_wrong (self->file);
    if (self->wrong)
        return self->wrong;
    size_t size = builder_size (self->builder);
    if (size == 0)
        return s_no_places (self);
    if (self->progress)
        s_show_progress (self, ", sorting");
    self->count->places = builder_end (self->builder);
    if (self->count->places < 0)
        return strerror (errno);
    self->count->twice = size - (size_t) self->count->places;
    return NULL;
}


int
import_file (const char *file, const char *credit, int fd, bool progress,
    import_count_t *count)
{
    *count = (import_count_t){0};
    import_t self = {.progress = progress,
        .file = records_new (file),
        .credit = credit,
        .count = count};
    if (!self.file)
        return -1;
    self.builder = builder_new (fd);
    s_take_all (&self);
    const char *wrong = s_finish (&self);
    if (progress)
        fputs ("\r\x1b[K", stderr);
    count->bad_lines = records_bad_lines (self.file);
    if (count->bad_lines)
        fprintf (
            stderr, "%s: %zu bad lines left out\n", file, count->bad_lines);
    if (wrong && !self.wrong && count->places == 0)
        import_tell (count, file, stderr);
    if (wrong)
        fprintf (stderr, "%s: %s\n", file, wrong);
    columns_free (&self.columns);
    builder_destroy (&self.builder);
    records_destroy (&self.file);
    return wrong ? -1 : 0;
}
