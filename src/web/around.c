/*  =========================================================================
    around - which clients are near a place or another client, or in a box
    =========================================================================
*/

#include "web/around.h"

#include "base/decimal.h"
#include "table/near.h"
#include "web/collection.h"
#include "web/parameter.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  Degrees are read as whole numbers of 10^-12 degree, kilometres of
//  millimetres
#define PLACES 12
#define DEGREE INT64_C (1000000000000)
#define KM_PLACES 6
#define KM_MAX INT64_C (20016000000)
#define MM_PER_METRE 1000.0

//  What may be looked at for nothing.  Some looks belong to each that is found
#define LOOKS 20000
#define LOOKS_EACH 64

//  Room for the address of a page
#define ADDRESS_SIZE 256

static const char bad_limit [] = "limit is 1 to 10000";


bool
around_is_asked (span_t query)
{
    return parameter_has (query, "near") || parameter_has (query, "bbox");
}


//  Read degrees.  A plus that nobody encoded has become a blank

static bool
s_read_degrees (span_t text, int max, int64_t *degrees)
{
    if (text.size && text.data [0] == ' ')
        text = (span_t){text.data + 1, text.size - 1};
    return decimal_read (text, PLACES, max * DEGREE, degrees);
}


static double
s_degrees (int64_t degrees)
{
    return (double) degrees / (double) DEGREE;
}


//  Return true if it looks like two numbers

static bool
s_is_pair (const char *text)
{
    size_t latitude = strspn (text, " +-.0123456789");
    size_t longitude = text [latitude] == ','
                           ? strspn (text + latitude + 1, " +-.0123456789")
                           : 0;
    return latitude && longitude && !text [latitude + 1 + longitude];
}


//  Read where or who near is.  Returns false if that is nowhere; then there is
//  an answer

static bool
s_find_place (const char *near, const table_t *table, sphere_place_t *place,
    exchange_response_t *response)
{
    location_t location;
    int64_t latitude;
    int64_t longitude;
    if (!s_is_pair (near)) {
        bool known = table_find (table, span_of (near), &location);
        if (known)
            *place = sphere_read (location.place);
        else
            exchange_refuse_api (response, 404, "there is no such client");
        return known;
    }
    span_t rest = span_of (near);
    bool good = s_read_degrees (span_until (&rest, ','), 90, &latitude) &&
                s_read_degrees (rest, 180, &longitude);
    if (good)
        *place = (sphere_place_t){s_degrees (latitude), s_degrees (longitude)};
    else
        exchange_refuse_api (response, 400,
            "near is latitude,longitude within 90 and 180 degrees, or an id");
    return good;
}


//  Return what is wrong with the query, or NULL and in how many metres to look

static const char *
s_read_metres (span_t query, double *metres)
{
    char km [PARAMETER_SIZE];
    int64_t mm;
    if (parameter_has (query, "bbox"))
        return "near and bbox are two questions";
    if (parameter_has (query, "cursor"))
        return "who is near comes on one page: limit says how many";
    if (!parameter_read (query, "km", "20016", km) ||
        !decimal_read_plain (span_of (km), KM_PLACES, KM_MAX, &mm))
        return "km is 0 to 20016";
    *metres = (double) mm / MM_PER_METRE;
    return NULL;
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
    if (wrong || !s_find_place (near, table, &place, response))
        return;
    bool is_pair = s_is_pair (near);
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


//  Read the edges of a box: west, south, east, north

static bool
s_read_box (span_t query, int64_t *edges)
{
    char text [PARAMETER_SIZE];
    if (!parameter_read (query, "bbox", "", text))
        return false;
    span_t rest = span_of (text);
    for (int edge = 0; edge < 4; edge++) {
        span_t number = edge < 3 ? span_until (&rest, ',') : rest;
        if (!s_read_degrees (number, edge % 2 ? 90 : 180, &edges [edge]))
            return false;
    }
    return edges [1] <= edges [3];
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
    span_t line;
    size_t spare = LOOKS;
    while (spare) {
        size_t left = spare + LOOKS_EACH;
        near_cursor_t next = *cursor;
        if (!near_next (table, box, &next, &line, &left)) {
            *cursor = next;
            return left == 0;
        }
        if (collection->count == limit)
            return true;
        *cursor = next;
        collection_add (collection, line, "");
        spare = left < spare ? left : spare;
    }
    return true;
}


static void
s_print_address (const int64_t *edges, size_t limit,
    const near_cursor_t *cursor, char *address)
{
    char texts [4][DECIMAL_SIZE];
    for (int edge = 0; edge < 4; edge++)
        decimal_write (texts [edge], edges [edge], PLACES);
    snprintf (address, ADDRESS_SIZE,
        "/v1/clients?bbox=%s,%s,%s,%s&limit=%zu&cursor=%" PRIu64 "-%" PRIu64,
        texts [0], texts [1], texts [2], texts [3], limit, cursor->square,
        cursor->order);
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
    else if (!s_read_box (query, edges))
        wrong = "bbox is west,south,east,north in degrees";
    else if (!s_read_cursor (query, &cursor))
        wrong = "cursor is what a page's next link has";
    if (wrong) {
        exchange_refuse_api (response, 400, wrong);
        return;
    }
    near_box_t box = {s_degrees (edges [0]), s_degrees (edges [1]),
        s_degrees (edges [2]), s_degrees (edges [3])};
    collection_begin (&collection);
    bool more = s_print_box (table, &box, &cursor, &collection, limit);
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
        exchange_refuse_api (response, 501,
            "this server does not keep who is near: its topology says "
            "table/near = no");
    else if (parameter_has (request->query, "near"))
        s_show_near (request->query, now, table, response);
    else
        s_show_box (request->query, now, table, response);
}
