/*  =========================================================================
    v1 - what applications may ask, and what they are answered
    =========================================================================
*/

#include "web/v1.h"

#include "command/command.h"
#include "reports/form.h"
#include "web/around.h"
#include "web/collection.h"
#include "web/geojson.h"
#include "web/listing.h"
#include "web/openapi.h"
#include "web/parameter.h"
#include "reports/position.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS "/v1/clients"
#define GEOJSON "application/geo+json"

//  Bytes of a number in a query; longer ones are none
#define NUMBER_SIZE_MAX 64


//  Read an ID of the path.  It has no solidus that is not encoded

static v1_kind_t
s_find_client (v1_t *self, span_t rest)
{
    char id [3 * LOCATION_CLIENT_SIZE_MAX];
    span_t encoded = span_until (&rest, '/');
    bool has_more = rest.data != encoded.data + encoded.size;
    if (encoded.size == 0 || encoded.size > sizeof (id))
        return V1_UNKNOWN;
    self->id_size = form_decode_path (encoded, id);
    if (self->id_size > LOCATION_CLIENT_SIZE_MAX)
        return V1_UNKNOWN;
    memcpy (self->id, id, self->id_size);
    if (!has_more)
        return V1_CLIENT;
    return span_equal (rest, span_of ("places")) ? V1_PLACES : V1_UNKNOWN;
}


void
v1_find (v1_t *self, span_t path)
{
    size_t size = strlen (CLIENTS);
    *self = (v1_t){.kind = V1_NONE};
    if (span_equal (path, span_of ("/openapi.json")))
        self->kind = V1_OPENAPI;
    else if (span_equal (path, span_of (CLIENTS)))
        self->kind = V1_CLIENTS;
    else if (span_equal (path, span_of ("/v1/events")))
        self->kind = V1_EVENTS;
    else if (span_equal (path, span_of ("/v1/feed")))
        self->kind = V1_FEED;
    else if (span_equal (path, span_of ("/v1/herd")))
        self->kind = V1_HERD;
    else if (path.size > size && memcmp (path.data, CLIENTS "/", size + 1) == 0)
        self->kind = s_find_client (
            self, (span_t){path.data + size + 1, path.size - size - 1});
    else if (path.size >= 4 && memcmp (path.data, "/v1/", 4) == 0)
        self->kind = V1_UNKNOWN;
}


span_t
v1_client (const v1_t *self)
{
    return (span_t){self->id, self->id_size};
}


const char *
v1_refuse_method (const v1_t *self, const char *method)
{
    bool gets = strcmp (method, "GET") == 0;
    bool reads = gets || strcmp (method, "HEAD") == 0;
    if (v1_is_stream (self))
        return gets ? NULL : "GET, OPTIONS";
    if (self->kind == V1_CLIENT)
        return reads || strcmp (method, "PUT") == 0 ? NULL
                                                    : "GET, HEAD, OPTIONS, PUT";
    return reads ? NULL : "GET, HEAD, OPTIONS";
}


bool
v1_is_stream (const v1_t *self)
{
    return self->kind == V1_EVENTS || self->kind == V1_FEED;
}


bool
v1_is_said (const v1_t *self, const char *method)
{
    return self->kind == V1_PLACES ||
           (self->kind == V1_CLIENT && strcmp (method, "PUT") == 0);
}


//  Return true if it is a client that a command can name

static bool
s_is_client (const v1_t *self, size_t client_size_max)
{
    for (size_t at = 0; at < self->id_size; at++)
        if (span_is_blank (self->id [at]) || self->id [at] == '\0')
            return false;
    return self->id_size > 0 && self->id_size <= client_size_max;
}


static size_t
s_say_position (const v1_t *self, const exchange_request_t *request,
    instant_t now, char *line, exchange_response_t *response)
{
    fix_t fix;
    const char *wrong = position_read (&fix, request->body);
    if (wrong) {
        exchange_refuse_api (response, 400, wrong);
        return 0;
    }
    return fix_print (&fix, v1_client (self), now, line);
}


//  Digits with a fraction or without: whether they are in range the core knows

static bool
s_is_number (const char *text)
{
    size_t size = strlen (text);
    return size && size <= NUMBER_SIZE_MAX &&
           strspn (text, "0123456789.") == size;
}


static size_t
s_say_places (const v1_t *self, const exchange_request_t *request, char *line,
    exchange_response_t *response)
{
    char km [PARAMETER_SIZE];
    char limit [PARAMETER_SIZE];
    if (!parameter_read (request->query, "km", "10", km) || !s_is_number (km)) {
        exchange_refuse_api (response, 400, "km is 0 to 50");
        return 0;
    }
    if (!parameter_read (request->query, "limit", "20", limit) ||
        !s_is_number (limit)) {
        exchange_refuse_api (response, 400, "limit is 0 to 20");
        return 0;
    }
    return (size_t) snprintf (line, FIX_LINE_SIZE, "WHATSAT %.*s %s %s",
        (int) self->id_size, self->id, km, limit);
}


size_t
v1_say (const v1_t *self, const exchange_request_t *request, instant_t now,
    size_t client_size_max, char *line, exchange_response_t *response)
{
    command_t command;
    if (!s_is_client (self, client_size_max)) {
        exchange_refuse_api (response, 400,
            "an id has neither white space nor NULs, and is not too long");
        return 0;
    }
    size_t size = self->kind == V1_PLACES
                      ? s_say_places (self, request, line, response)
                      : s_say_position (self, request, now, line, response);
    if (size == 0)
        return 0;
    command_parse (&command, (span_t){line, size}, client_size_max);
    if (command.kind != COMMAND_BAD)
        return size;
    exchange_refuse_api (response, 400, "km is 0 to 50, limit 0 to 20");
    return 0;
}


//  All servers have the same line of a location, and so the same ETag

static void
s_set_etag (exchange_response_t *response, span_t line)
{
    exchange_print_etag (response->etag, line.data, line.size);
}


static void
s_respond_feature (
    const location_t *location, const char *more, exchange_response_t *response)
{
    *response = (exchange_response_t){.status = 200, .type = GEOJSON};
    response->text = malloc (GEOJSON_SIZE_MAX + strlen (more) + 1);
    assert (response->text);
    response->size = geojson_print (location, more, response->text);
    response->text [response->size++] = '\n';
    s_set_etag (response, location->line);
}


//  The reply is the AT line of what was said.  The newest has its ETag

static void
s_answer_position (
    span_t reply, const table_t *table, exchange_response_t *response)
{
    location_t said;
    location_t newest;
    span_t line = span_until (&reply, '\n');
    if (!location_parse (&said, line)) {
        exchange_refuse_api (response, 503, "no room for another client");
        response->wait = 60;
        return;
    }
    bool known = table_find (table, said.client, &newest);
    bool is_newest = known && span_equal (newest.line, line);
    s_respond_feature (
        &said, is_newest ? ",\"newest\":true" : ",\"newest\":false", response);
    if (known)
        s_set_etag (response, newest.line);
}


//  The JSON stands behind the AT line, and before an empty one

static void
s_answer_places (span_t reply, exchange_response_t *response)
{
    if (reply.size && reply.data [0] == '?') {
        exchange_refuse_api (response, 404, "there is no such client");
        return;
    }
    span_until (&reply, '\n');
    while (reply.size && reply.data [reply.size - 1] == '\n')
        reply.size--;
    *response =
        (exchange_response_t){.status = 200, .type = "application/json"};
    response->text = malloc (reply.size + 1);
    assert (response->text);
    memcpy (response->text, reply.data, reply.size);
    response->size = reply.size;
}


void
v1_answer (const v1_t *self, span_t reply, const table_t *table,
    exchange_response_t *response)
{
    if (self->kind == V1_PLACES)
        s_answer_places (reply, response);
    else
        s_answer_position (reply, table, response);
}


static void
s_show_client (const v1_t *self, const exchange_request_t *request,
    const table_t *table, exchange_response_t *response)
{
    location_t location;
    if (!table_find (table, v1_client (self), &location)) {
        exchange_refuse_api (response, 404, "there is no such client");
        return;
    }
    char more [GEOJSON_SIZE_MAX];
    geojson_print_line (&location, more);
    s_respond_feature (&location, more, response);
    if (exchange_is_known (request, response->etag)) {
        free (response->text);
        response->text = NULL;
        response->size = 0;
        response->status = 304;
    }
}


static void
s_show_clients (const exchange_request_t *request, instant_t now,
    const table_t *table, exchange_response_t *response)
{
    char cursor [PARAMETER_SIZE];
    listing_t listing;
    uint64_t count = parameter_count (
        request->query, "limit", COLLECTION_PRESET, COLLECTION_MAX);
    if (count == 0) {
        exchange_refuse_api (response, 400, "limit is 1 to 10000");
        return;
    }
    if (!parameter_read (request->query, "cursor", "", cursor) ||
        !listing_begin (&listing, table, cursor)) {
        exchange_refuse_api (
            response, 400, "cursor is what a page's next link has");
        return;
    }
    *response = (exchange_response_t){.status = 200, .type = GEOJSON};
    response->text =
        listing_print (&listing, (size_t) count, now, &response->size);
}


void
v1_show (const v1_t *self, const exchange_request_t *request, instant_t now,
    const table_t *table, exchange_response_t *response)
{
    if (self->kind == V1_CLIENT)
        s_show_client (self, request, table, response);
    else if (self->kind == V1_CLIENTS && around_is_asked (request->query))
        around_show (request, now, table, response);
    else if (self->kind == V1_CLIENTS)
        s_show_clients (request, now, table, response);
    else {
        exchange_say (response, 200, "application/json", "");
        free (response->text);
        response->text = openapi_copy (&response->size);
    }
}
