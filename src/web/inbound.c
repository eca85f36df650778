/*  =========================================================================
    inbound - a request on its way in, until it is answered
    =========================================================================
*/

#include "web/inbound.h"

#include "base/buffer.h"
#include "loop/sockaddr.h"
#include "web/site.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  Longer ones are refused, in bytes
#define URI_SIZE_MAX 8192

//  Of an application's body
#define BODY_SIZE_MAX 65536

//  The least that is allocated for a body
#define ROOM_LEAST 2048


inbound_t *
inbound_new (
    uint64_t number, const char *uri, struct MHD_Connection *connection)
{
    inbound_t *self = calloc (1, sizeof (inbound_t));
    assert (self);
    self->number = number;
    self->connection = connection;
    self->uri = strdup (uri);
    assert (self->uri);
    self->request.query = span_of (self->uri);
    self->request.path = span_until (&self->request.query, '?');
    self->phones = PHONES_NONE;
    return self;
}


void
inbound_destroy (inbound_t **self_p)
{
    inbound_t *self = *self_p;
    if (self) {
        free (self->response.text);
        free (self->body);
        free (self->uri);
        free (self);
        *self_p = NULL;
    }
}


static const char *
s_header (const inbound_t *self, const char *name)
{
    return MHD_lookup_connection_value (
        self->connection, MHD_HEADER_KIND, name);
}


void
inbound_read_headers (inbound_t *self, const char *method)
{
    exchange_request_t *request = &self->request;
    self->began = true;
    request->method = method;
    request->host = s_header (self, MHD_HTTP_HEADER_HOST);
    request->origin = s_header (self, MHD_HTTP_HEADER_ORIGIN);
    request->forwarded = s_header (self, "X-Forwarded-For");
    request->authorization = s_header (self, MHD_HTTP_HEADER_AUTHORIZATION);
    request->content_type = s_header (self, MHD_HTTP_HEADER_CONTENT_TYPE);
    request->if_none_match = s_header (self, MHD_HTTP_HEADER_IF_NONE_MATCH);
    request->last_event_id = s_header (self, "Last-Event-ID");
    request->accept_encoding = s_header (self, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    request->user = s_header (self, "X-Limit-U");
    request->device = s_header (self, "X-Limit-D");
    self->phones = phones_find (request->path);
    v1_find (&self->v1, request->path);
    if (site_is_asked (request))
        self->v1.kind = V1_SITE;
}


address_t
inbound_address (const inbound_t *self, const gate_t *gate)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info (
        self->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    address_t address = {0};
    (void) sockaddr_read (info->client_addr, &address, NULL);
    return gate_address (gate, &self->request, &address);
}


bool
inbound_is_api (const inbound_t *self)
{
    return self->v1.kind != V1_NONE;
}


//  Return what it is to do

static gate_right_t
s_right (const inbound_t *self)
{
    if (self->v1.kind == V1_OPENAPI || self->v1.kind == V1_SITE ||
        (!inbound_is_api (self) && strcmp (self->request.method, "HEAD") == 0))
        return GATE_NOTHING;
    if (inbound_is_api (self) && strcmp (self->request.method, "PUT") != 0)
        return GATE_ASK;
    return GATE_SAY;
}


bool
inbound_is_stopped (inbound_t *self, const gate_t *gate)
{
    return gate_stops (gate, &self->request, s_right (self),
        inbound_is_api (self), &self->response);
}


void
inbound_refuse (inbound_t *self, unsigned status, const char *reason)
{
    (inbound_is_api (self) ? exchange_refuse_api : exchange_refuse) (
        &self->response, status, reason);
}


static size_t
s_body_max (const inbound_t *self)
{
    return inbound_is_api (self) ? BODY_SIZE_MAX
                                 : phones_body_max (self->phones);
}


static bool
s_is_announced_too_large (const inbound_t *self)
{
    uint64_t size;
    const char *length = s_header (self, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length && (!span_number (span_of (length), UINT64_MAX, &size) ||
                         size > s_body_max (self));
}


//  Return which methods there are, if this is none of them

static const char *
s_refuse_method (const inbound_t *self)
{
    const char *method = self->request.method;
    return inbound_is_api (self) ? v1_refuse_method (&self->v1, method)
                                 : phones_refuse_method (self->phones, method);
}


bool
inbound_is_refused (inbound_t *self)
{
    const char *allow = NULL;
    if (strlen (self->uri) > URI_SIZE_MAX)
        inbound_refuse (self, 414, "the URI is too long");
    else if (self->v1.kind == V1_UNKNOWN ||
             (!inbound_is_api (self) && self->phones == PHONES_NONE))
        inbound_refuse (self, 404, "there is no such path");
    else if ((allow = s_refuse_method (self))) {
        if (inbound_is_api (self) &&
            strcmp (self->request.method, "OPTIONS") == 0)
            self->response = (exchange_response_t){.status = 204};
        else
            inbound_refuse (self, 405, "there is no such method");
        self->response.allow = allow;
    }
    else if (s_is_announced_too_large (self))
        inbound_refuse (self, 413, "the body is too large");
    return self->response.status != 0;
}


bool
inbound_shows_page (inbound_t *self)
{
    if (self->v1.kind != V1_SITE)
        return false;
    site_show (&self->request, &self->response);
    return true;
}


void
inbound_gather (
    inbound_t *self, span_t piece, size_t *bodies_size, size_t bodies_max)
{
    size_t needed = self->body_size + piece.size;
    if (needed > s_body_max (self))
        self->too_large = true;
    else if (*bodies_size + needed > bodies_max)
        self->too_many = true;
    if (self->too_large || self->too_many)
        return;
    if (needed > self->body_room) {
        *bodies_size -= self->body_room;
        self->body = buffer_grow (self->body, &self->body_room,
            needed > ROOM_LEAST ? needed : ROOM_LEAST, 1);
        *bodies_size += self->body_room;
    }
    memcpy (self->body + self->body_size, piece.data, piece.size);
    self->body_size = needed;
    self->request.body = (span_t){self->body, self->body_size};
}
