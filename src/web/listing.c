/*  =========================================================================
    listing - all clients of the table, a page at a time
    =========================================================================
*/

#include "web/listing.h"

#include "base/buffer.h"
#include "web/collection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

//  Parts are as the digest's leaves: those that a walk finds without going
//  through the whole table.  In a table of few clients nearly all are empty,
//  and it is itself the only part
#define LEVEL 4
#define PARTS 65536
#define FEW 4096

//  A client of a part
typedef struct {
    uint64_t hash;
    span_t line;
} entry_t;

//  A page on its way out
typedef struct {
    collection_t collection;
    size_t limit;
    bool more;         //  There are clients that found no room
    entry_t *entries;  //  Of the part at hand
    size_t entries_room;
} page_t;


bool
listing_begin (listing_t *self, const table_t *table, const char *cursor)
{
    *self = (listing_t){.table = table};
    return !*cursor || span_number (span_of (cursor), UINT64_MAX, &self->from);
}


static int
s_compare (const void *one, const void *other)
{
    const entry_t *a = one;
    const entry_t *b = other;
    return (a->hash > b->hash) - (a->hash < b->hash);
}


//  Gather those clients of a part that no page had, in order.  Returns how many
//  there are

static size_t
s_gather (const listing_t *self, page_t *page, unsigned level, uint64_t prefix)
{
    table_walk_t walk = {.level = level, .prefix = prefix};
    size_t count = 0;
    while (table_step (self->table, &walk)) {
        if (walk.line.size == 0 || walk.hash < self->from)
            continue;
        page->entries = buffer_grow (
            page->entries, &page->entries_room, count + 1, sizeof (entry_t));
        page->entries [count++] = (entry_t){walk.hash, walk.line};
    }
    if (count)
        qsort (page->entries, count, sizeof (entry_t), s_compare);
    return count;
}


//  Add the clients of the part that no page had.  If there is no room for all,
//  say where the next page is to go on

static void
s_add_part (listing_t *self, page_t *page, unsigned level, uint64_t prefix)
{
    size_t count = s_gather (self, page, level, prefix);
    for (size_t at = 0; at < count; at++) {
        if (page->collection.count == page->limit) {
            self->from = page->entries [at].hash;
            page->more = true;
            return;
        }
        collection_add (&page->collection, page->entries [at].line, "");
    }
}


static void
s_add_all (listing_t *self, page_t *page)
{
    if (table_count (self->table) <= FEW) {
        s_add_part (self, page, 0, 0);
        return;
    }
    uint64_t part = self->from / (UINT64_MAX / PARTS + 1);
    while (part < PARTS && !page->more)
        s_add_part (self, page, LEVEL, part++);
}


char *
listing_print (listing_t *self, size_t limit, instant_t now, size_t *size)
{
    char next [64];
    page_t page = {.limit = limit};
    collection_begin (&page.collection);
    s_add_all (self, &page);
    snprintf (next, sizeof (next), "/v1/clients?limit=%zu&cursor=%" PRIu64,
        limit, self->from);
    free (page.entries);
    return collection_end (
        &page.collection, now, page.more ? next : NULL, size);
}
