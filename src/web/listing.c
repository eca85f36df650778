/*  =========================================================================
    listing - all clients of the table, a page at a time
    =========================================================================
*/

#include "web/listing.h"

#include "web/geojson.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  Parts are as the digest's leaves: those that a walk finds without going
//  through the whole table
#define LEVEL 4
#define PARTS 65536

//  A page on its way out
typedef struct {
    FILE *out;
    size_t count;
    size_t limit;
    bool more;  //  There are clients that found no room
} page_t;


bool
listing_begin (listing_t *self, const table_t *table, const char *cursor)
{
    span_t passed = span_of (cursor);
    span_t part = span_until (&passed, '-');
    *self = (listing_t){.table = table};
    return !*cursor || (span_number (part, PARTS - 1, &self->part) &&
                           span_number (passed, UINT32_MAX, &self->passed));
}


static void
s_add (page_t *page, span_t line)
{
    char feature [GEOJSON_SIZE_MAX];
    location_t location;
    location_reread (&location, line);
    size_t size = geojson_print (&location, "", feature);
    fputs (page->count++ ? ",\n" : "\n", page->out);
    fwrite (feature, 1, size, page->out);
}


//  Add the clients of the part that no page had.  If there is no room for all,
//  say where the next page is to go on

static void
s_add_part (listing_t *self, page_t *page)
{
    table_walk_t walk = {.level = LEVEL, .prefix = self->part};
    uint64_t seen = 0;
    while (table_step (self->table, &walk)) {
        if (walk.line.size == 0 || seen++ < self->passed)
            continue;
        if (page->count == page->limit) {
            self->passed = seen - 1;
            page->more = true;
            return;
        }
        s_add (page, walk.line);
    }
    self->passed = 0;
    self->part++;
}


char *
listing_print (listing_t *self, size_t limit, instant_t now, size_t *size)
{
    char *text = NULL;
    char stamp [GEOJSON_TIME_SIZE];
    page_t page = {.out = open_memstream (&text, size), .limit = limit};
    assert (page.out);
    fputs ("{\"type\":\"FeatureCollection\",\"features\":[", page.out);
    while (self->part < PARTS && !page.more)
        s_add_part (self, &page);
    geojson_print_time (now, stamp);
    fprintf (page.out, "],\"numberReturned\":%zu,\"timeStamp\":\"%s\"",
        page.count, stamp);
    if (page.more)
        fprintf (page.out,
            ",\"links\":[{\"rel\":\"next\",\"href\":\"/v1/clients?limit=%zu"
            "&cursor=%" PRIu64 "-%" PRIu64 "\"}]",
            limit, self->part, self->passed);
    fputs ("}\n", page.out);
    fclose (page.out);
    assert (text);
    return text;
}
