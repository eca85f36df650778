/*  =========================================================================
    v1 - what applications may ask, and what they are answered

        PUT  /v1/clients/ID           say where a client is: IAMAT
        GET  /v1/clients/ID           its location, as a Feature of GeoJSON
        GET  /v1/clients/ID/places    what is around there: WHATSAT's JSON
        GET  /v1/clients              all, a page at a time; or as web/around
                                      has it
        GET  /v1/events               who moves, as it comes: web/streams
        GET  /v1/feed                 the same of all, as lines of JSON
        GET  /v1/herd                 how this server and its links are:
                                      web/bulletin
        GET  /openapi.json            all this, as OpenAPI has it

    What only reads the table is answered at once; the others become a client's
    line, and are answered by the reply to it.
    =========================================================================
*/

#ifndef WEB_V1_H
#define WEB_V1_H

#include "table/table.h"
#include "web/exchange.h"
#include "reports/fix.h"

typedef enum {
    V1_NONE,     //  No path of ours
    V1_UNKNOWN,  //  One below /v1/ that leads nowhere
    V1_CLIENT,   //
    V1_PLACES,   //
    V1_CLIENTS,  //
    V1_EVENTS,   //
    V1_FEED,     //
    V1_HERD,     //
    V1_OPENAPI,  //
    V1_SITE      //  web/site has it
} v1_kind_t;

typedef struct {
    v1_kind_t kind;
    size_t id_size;
    char id [LOCATION_CLIENT_SIZE_MAX + 1];  //  Decoded, if the path has one
} v1_t;

//  Read the path, encoded as it was sent.
void
v1_find (v1_t *self, span_t path);

//  Return the client that the path names, if it names one.
span_t
v1_client (const v1_t *self);

//  Return NULL if the method may be used there, or those that may, as Allow has
//  it.
const char *
v1_refuse_method (const v1_t *self, const char *method);

//  Return true if the response is a stream.
bool
v1_is_stream (const v1_t *self);

//  Return true if the request becomes a line.
bool
v1_is_said (const v1_t *self, const char *method);

//  Write its line, to a buffer of FIX_LINE_SIZE; a client of more than
//  client_size_max is none.  Returns the size, or 0 and why there is none.
size_t
v1_say (const v1_t *self, const exchange_request_t *request, instant_t now,
    size_t client_size_max, char *line, exchange_response_t *response);

//  Answer with the reply to the line.
void
v1_answer (const v1_t *self, span_t reply, const table_t *table,
    exchange_response_t *response);

//  Answer what becomes no line, but V1_HERD and V1_SITE, which others answer.
void
v1_show (const v1_t *self, const exchange_request_t *request, instant_t now,
    const table_t *table, exchange_response_t *response);

#endif
