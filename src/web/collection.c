/*  =========================================================================
    collection - clients on their way out, as a FeatureCollection of GeoJSON
    =========================================================================
*/

#include "web/collection.h"

#include "web/geojson.h"

#include <assert.h>


void
collection_begin (collection_t *self)
{
    *self = (collection_t){.count = 0};
    self->out = open_memstream (&self->text, &self->size);
    assert (self->out);
    fputs ("{\"type\":\"FeatureCollection\",\"features\":[", self->out);
}


void
collection_add (collection_t *self, span_t line, const char *more)
{
    char feature [GEOJSON_SIZE_MAX];
    location_t location;
    location_reread (&location, line);
    size_t size = geojson_print (&location, more, feature);
    fputs (self->count++ ? ",\n" : "\n", self->out);
    fwrite (feature, 1, size, self->out);
}


char *
collection_end (
    collection_t *self, instant_t now, const char *next, size_t *size)
{
    char stamp [GEOJSON_TIME_SIZE];
    geojson_print_time (now, stamp);
    fprintf (self->out, "],\"numberReturned\":%zu,\"timeStamp\":\"%s\"",
        self->count, stamp);
    if (next)
        fprintf (
            self->out, ",\"links\":[{\"rel\":\"next\",\"href\":\"%s\"}]", next);
    fputs ("}\n", self->out);
    fclose (self->out);
    assert (self->text);
    *size = self->size;
    return self->text;
}
