/*  =========================================================================
    phones - what a request of a phone's app is answered
    =========================================================================
*/

#include "web/phones.h"

#include "reports/osmand.h"
#include "reports/overland.h"
#include "reports/owntracks.h"

#include <string.h>

#define JSON "application/json"

//  Bytes of a query that says who it is
#define QUERY_SIZE_MAX 4096


phones_t
phones_find (span_t path)
{
    static const struct {
        const char *path;
        phones_t phones;
    } paths [] = {{"", PHONES_OSMAND}, {"/osmand", PHONES_OSMAND},
        {"/owntracks", PHONES_OWNTRACKS}, {"/pub", PHONES_OWNTRACKS},
        {"/overland", PHONES_OVERLAND}};
    if (path.size && path.data [path.size - 1] == '/')
        path.size--;
    for (size_t index = 0; index < sizeof (paths) / sizeof (*paths); index++)
        if (span_equal (path, span_of (paths [index].path)))
            return paths [index].phones;
    return PHONES_NONE;
}


size_t
phones_body_max (phones_t self)
{
    return self == PHONES_OVERLAND ? 2097152 : 65536;
}


const char *
phones_refuse_method (phones_t self, const char *method)
{
    if (strcmp (method, "POST") == 0 || strcmp (method, "HEAD") == 0 ||
        (self == PHONES_OSMAND && strcmp (method, "GET") == 0))
        return NULL;
    return self == PHONES_OSMAND ? "GET, HEAD, POST" : "HEAD, POST";
}


//  An app says what the body is.  One that does not has parameters, or nothing

static fix_outcome_t
s_read_osmand (const exchange_request_t *request, fix_t *fix)
{
    if (exchange_is_type (request, JSON))
        return osmand_read_json (fix, request->body);
    return osmand_read (fix, request->query, request->body);
}


//  Headers go before the query: a proxy may set them

static fix_outcome_t
s_read_owntracks (const exchange_request_t *request, fix_t *fix)
{
    char user_text [QUERY_SIZE_MAX];
    char device_text [QUERY_SIZE_MAX];
    span_t user = {NULL, 0};
    span_t device = {NULL, 0};
    if (request->query.size <= QUERY_SIZE_MAX)
        owntracks_read_query (
            request->query, &user, user_text, &device, device_text);
    if (request->user)
        user = span_of (request->user);
    if (request->device)
        device = span_of (request->device);
    return owntracks_read (fix, user, device, request->body);
}


fix_outcome_t
phones_read (phones_t self, const exchange_request_t *request, fix_fn *each,
    void *context)
{
    fix_t fix;
    if (strcmp (request->method, "HEAD") == 0)
        return FIX_NONE;
    if (self == PHONES_OVERLAND)
        return overland_read (request->body, each, context);
    fix_outcome_t outcome = self == PHONES_OSMAND
                                ? s_read_osmand (request, &fix)
                                : s_read_owntracks (request, &fix);
    if (outcome == FIX_FOUND)
        each (context, &fix);
    return outcome;
}


//  What lets the app forget its report

static void
s_accept (phones_t self, exchange_response_t *response)
{
    switch (self) {
    case PHONES_OWNTRACKS:
        exchange_say (response, 200, JSON, "[]");
        break;
    case PHONES_OVERLAND:
        exchange_say (response, 200, JSON, "{\"result\":\"ok\"}");
        break;
    default:
        *response = (exchange_response_t){.status = 200};
    }
}


void
phones_answer (phones_t self, fix_outcome_t outcome, bool refused,
    exchange_response_t *response)
{
    static const char *const needs [] = {
        "there is no id", "no JSON object", "no JSON object with locations"};
    if (outcome == FIX_BAD)
        exchange_refuse (response, 400, needs [self]);
    else if (outcome == FIX_TOO_MANY)
        exchange_refuse (response, 413, "more than 1000 locations");
    else if (refused)
        exchange_refuse (response, 503, "no room for another client");
    else
        s_accept (self, response);
}
