/*  =========================================================================
    outbound - the response to a request, as it is sent
    =========================================================================
*/

#include "web/outbound.h"

#include <assert.h>
#include <stdio.h>

//  Of the page's, with an origin in it
#define POLICY_SIZE 512


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


//  What the page consists of comes from us, but for pictures of a map if the
//  topology says where they are; nobody frames it

static void
s_add_page (const gate_t *gate, struct MHD_Response *response)
{
    char policy [POLICY_SIZE];
    snprintf (policy, sizeof policy,
        "default-src 'self'; img-src 'self' %s; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
        gate_images (gate));
    s_add_header (response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    s_add_header (response, "Content-Security-Policy", policy);
    s_add_header (response, "X-Content-Type-Options", "nosniff");
    s_add_header (response, "Referrer-Policy", "no-referrer");
}


static void
s_add_headers (
    const inbound_t *inbound, const gate_t *gate, struct MHD_Response *response)
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
    if (answer->packed)
        s_add_header (response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    if (answer->file)
        s_add_page (gate, response);
    if (inbound->stream) {
        s_add_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        //  nginx is to send each event at once
        s_add_header (response, "X-Accel-Buffering", "no");
    }
    else if (inbound_is_api (inbound))
        s_add_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
}


static struct MHD_Response *
s_response (const inbound_t *inbound)
{
    const exchange_response_t *answer = &inbound->response;
    if (inbound->stream)
        return inbound->stream;
    if (answer->file)
        return MHD_create_response_from_buffer (
            answer->file_size, answer->file, MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_buffer (
        answer->size, answer->text, MHD_RESPMEM_MUST_FREE);
}


enum MHD_Result
outbound_send (inbound_t *inbound, const gate_t *gate, bool is_last)
{
    exchange_response_t *answer = &inbound->response;
    struct MHD_Response *response = s_response (inbound);
    assert (response);
    answer->text = NULL;
    s_add_headers (inbound, gate, response);
    s_add_cors (gate, inbound, response);
    if (is_last)
        s_add_header (response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result rc =
        MHD_queue_response (inbound->connection, answer->status, response);
    MHD_destroy_response (response);
    return rc;
}
