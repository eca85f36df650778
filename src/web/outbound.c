/*  =========================================================================
    outbound - the response to a request, as it is sent
    =========================================================================
*/

#include "web/outbound.h"

#include <assert.h>
#include <stdio.h>


static void
s_add_header (
    struct MHD_Response *response, const char *name, const char *value)
{
    if (value && *value)
        MHD_add_response_header (response, name, value);
}


//  Say to a browser which pages may read the answer, and what they may ask

static void
s_add_cors (
    const gate_t *gate, const inbound_t *inbound, struct MHD_Response *response)
{
    const char *origin = gate_allowed_origin (gate, &inbound->request);
    if (!origin)
        return;
    s_add_header (
        response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    s_add_header (response, MHD_HTTP_HEADER_VARY, "Origin");
    s_add_header (
        response, "Access-Control-Expose-Headers", "ETag, Retry-After");
    if (inbound->response.status != 204)
        return;
    s_add_header (response, "Access-Control-Allow-Methods", "GET, PUT");
    s_add_header (response, "Access-Control-Allow-Headers",
        "Authorization, Content-Type, If-None-Match, Last-Event-ID");
    s_add_header (response, "Access-Control-Max-Age", "600");
}


static void
s_add_headers (const inbound_t *inbound, struct MHD_Response *response)
{
    char wait [16] = "";
    const exchange_response_t *answer = &inbound->response;
    if (answer->wait)
        snprintf (wait, sizeof (wait), "%u", answer->wait);
    s_add_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    s_add_header (response, MHD_HTTP_HEADER_ALLOW, answer->allow);
    s_add_header (
        response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, answer->challenge);
    s_add_header (response, MHD_HTTP_HEADER_RETRY_AFTER, wait);
    s_add_header (response, MHD_HTTP_HEADER_ETAG, answer->etag);
    if (inbound->stream) {
        s_add_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        //  nginx is to send each event at once
        s_add_header (response, "X-Accel-Buffering", "no");
    }
    else if (inbound_is_api (inbound))
        s_add_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
}


enum MHD_Result
outbound_send (inbound_t *inbound, const gate_t *gate, bool is_last)
{
    exchange_response_t *answer = &inbound->response;
    struct MHD_Response *response =
        inbound->stream ? inbound->stream
                        : MHD_create_response_from_buffer (answer->size,
                              answer->text, MHD_RESPMEM_MUST_FREE);
    assert (response);
    answer->text = NULL;
    s_add_headers (inbound, response);
    s_add_cors (gate, inbound, response);
    if (is_last)
        s_add_header (response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result rc =
        MHD_queue_response (inbound->connection, answer->status, response);
    MHD_destroy_response (response);
    return rc;
}
