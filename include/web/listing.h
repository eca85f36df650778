/*  =========================================================================
    listing - all clients of the table, a page at a time

    A page is a FeatureCollection.  Clients stand in the order of their hashes,
    which is the same at all servers of a herd and after a restart: so a cursor
    is a hash, where the next page begins, and nothing has to be kept for it.  A
    client that is there all the time is on one page; one that comes or goes
    meanwhile may be.
    =========================================================================
*/

#ifndef WEB_LISTING_H
#define WEB_LISTING_H

#include "table/table.h"

//  Where the next page begins.
typedef struct {
    const table_t *table;  //  Borrowed
    uint64_t from;         //  The least hash that no page had
} listing_t;

//  Begin with what the cursor says, or with all if it is empty.  Returns false
//  if it is none.
bool
listing_begin (listing_t *self, const table_t *table, const char *cursor);

//  Return the next page of so many clients at most, for the caller to free, and
//  its size.
char *
listing_print (listing_t *self, size_t limit, instant_t now, size_t *size);

#endif
