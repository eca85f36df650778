/*  =========================================================================
    around - which clients are near a place or another client, or in a box
    =========================================================================
*/

#include "web/around.h"

#include "base/decimal.h"
#include "web/collection.h"
#include "web/parameter.h"
#include "web/where.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  What may be looked at for nothing.  Some looks belong to each that is found
#define LOOKS 20000
#define LOOKS_EACH 4

//  Room for the address of a page
#define ADDRESS_SIZE 256

static const char bad_limit [] = "limit is 1 to 10000";


bool
around_is_asked (span_t query)
{
    return parameter_has (query, "near") || parameter_has (query, "bbox");
}


//  Return what is wrong with the query, or NULL and in how many metres to look

static const char *
s_read_metres (span_t query, double *metres)
{
    if (parameter_has (query, "bbox"))
        return "near and bbox are two questions";
    if (parameter_has (query, "cursor"))
        return "who is near comes on one page: limit says how many";
    return where_read_km (query, "20016", metres);
}


//  Print those found but for the one they are near to

static void
s_print_near (const near_found_t *found, size_t count, const char *near,
    collection_t *collection, size_t limit)
{
    char more [64];
    for (size_t at = 0; at < count && collection->count < limit; at++) {
        location_t location;
        location_reread (&location, found [at].line);
        if (span_equal (location.client, span_of (near)))
            continue;
        snprintf (more, sizeof (more), ",\"distance_metres\":%.2f",
            found [at].metres);
        collection_add (collection, found [at].line, more);
    }
}


static void
s_show_near (span_t query, instant_t now, const table_t *table,
    exchange_response_t *response)
{
    char near [PARAMETER_SIZE];
    double metres;
    sphere_place_t place;
    collection_t collection;
    size_t limit =
        parameter_count (query, "limit", COLLECTION_PRESET, COLLECTION_MAX);
    const char *wrong = limit ? s_read_metres (query, &metres) : bad_limit;
    if (!wrong && (!parameter_read (query, "near", "", near) || !*near))
        wrong = "near is latitude,longitude or an id";
    if (wrong)
        exchange_refuse_api (response, 400, wrong);
    if (wrong || !where_find_place (near, table, &place, response))
        return;
    bool is_pair = where_is_pair (near);
    size_t looks = LOOKS + limit * LOOKS_EACH;
    near_found_t *found = malloc ((limit + 1) * sizeof (near_found_t));
    assert (found);
    size_t count =
        near_find (table, place, metres, found, limit + !is_pair, &looks);
    if (looks == 0)
        exchange_refuse_api (response, 400,
            "too many clients are nearly as far: ask for fewer km");
    else {
        collection_begin (&collection);
        s_print_near (found, count, is_pair ? "" : near, &collection, limit);
        *response = (exchange_response_t){
            .status = 200, .type = "application/geo+json"};
        response->text =
            collection_end (&collection, now, NULL, &response->size);
    }
    free (found);
}


static bool
s_read_cursor (span_t query, near_cursor_t *cursor)
{
    char text [PARAMETER_SIZE];
    *cursor = (near_cursor_t){0};
    if (!parameter_has (query, "cursor"))
        return true;
    if (!parameter_read (query, "cursor", "", text))
        return false;
    span_t order = span_of (text);
    span_t square = span_until (&order, '-');
    return span_number (square, UINT64_MAX, &cursor->square) &&
           span_number (order, UINT64_MAX, &cursor->order);
}


//  Print who is in the box, as long as there is room on the page.  Returns true
//  if there may be more

static bool
s_print_box (const table_t *table, const near_box_t *box, near_cursor_t *cursor,
    collection_t *collection, size_t limit)
{
    size_t looks = LOOKS + limit * LOOKS_EACH;
    span_t *lines = malloc (limit * sizeof (span_t));
    assert (lines);
    size_t count = near_in_box (table, box, cursor, lines, limit, &looks);
    for (size_t at = 0; at < count; at++)
        collection_add (collection, lines [at], "");
    near_cursor_t next = *cursor;
    bool more =
        looks == 0 ||
        (count == limit &&
            (near_in_box (table, box, &next, lines, 1, &looks) || looks == 0));
    free (lines);
    return more;
}


static void
s_print_address (const int64_t *edges, size_t limit,
    const near_cursor_t *cursor, char *address)
{
    char texts [4][DECIMAL_SIZE];
    for (int edge = 0; edge < 4; edge++)
        decimal_write (texts [edge], edges [edge], WHERE_PLACES);
    snprintf (address, ADDRESS_SIZE,
        "/v1/clients?bbox=%s,%s,%s,%s&limit=%zu&cursor=%" PRIu64 "-%" PRIu64,
        texts [0], texts [1], texts [2], texts [3], limit, cursor->square,
        cursor->order);
}


//  A cell has more clients than a page may look at: for its quarters there was
//  no memory

static void
s_refuse_crowd (collection_t *collection, exchange_response_t *response)
{
    size_t size;
    free (collection_end (collection, (instant_t){0, 0}, NULL, &size));
    exchange_refuse_api (response, 503,
        "too many clients are in one place for the memory there is: "
        "ask again later, or for another box");
    response->wait = 1;
}


static void
s_show_box (span_t query, instant_t now, const table_t *table,
    exchange_response_t *response)
{
    int64_t edges [4];
    near_cursor_t cursor;
    collection_t collection;
    char address [ADDRESS_SIZE];
    const char *wrong = NULL;
    size_t limit =
        parameter_count (query, "limit", COLLECTION_PRESET, COLLECTION_MAX);
    if (!limit)
        wrong = bad_limit;
    else if (parameter_has (query, "km"))
        wrong = "km belongs to near";
    else if (!where_read_box (query, edges))
        wrong = where_bad_box;
    else if (!s_read_cursor (query, &cursor))
        wrong = "cursor is what a page's next link has";
    if (wrong) {
        exchange_refuse_api (response, 400, wrong);
        return;
    }
    near_box_t box = where_box (edges);
    near_cursor_t start = cursor;
    collection_begin (&collection);
    bool more = s_print_box (table, &box, &cursor, &collection, limit);
    if (more && collection.count == 0 && cursor.square == start.square &&
        cursor.order == start.order) {
        s_refuse_crowd (&collection, response);
        return;
    }
    s_print_address (edges, limit, &cursor, address);
    *response =
        (exchange_response_t){.status = 200, .type = "application/geo+json"};
    response->text = collection_end (
        &collection, now, more ? address : NULL, &response->size);
}


void
around_show (const exchange_request_t *request, instant_t now,
    const table_t *table, exchange_response_t *response)
{
    if (!near_is_kept (table))
        exchange_refuse_api (response, 501, where_no_near);
    else if (parameter_has (request->query, "near"))
        s_show_near (request->query, now, table, response);
    else
        s_show_box (request->query, now, table, response);
}
