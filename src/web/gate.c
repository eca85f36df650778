/*  =========================================================================
    gate - which requests are let in
    =========================================================================
*/

#include "web/gate.h"

#include "base/key.h"
#include "base/quota.h"
#include "http/host.h"
#include "web/origin.h"

#include <assert.h>
#include <sodium/randombytes.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60000

struct gate_t {
    char *server;
    char *host;
    char *hosts;
    char *origins;
    char *proxies;
    quota_t *quota;
};


static char *
s_copy (const char *text)
{
    char *copy = strdup (text ? text : "");
    assert (copy);
    return copy;
}


gate_t *
gate_new (const gate_options_t *options)
{
    unsigned char key [KEY_SIZE];
    gate_t *self = calloc (1, sizeof (gate_t));
    assert (self);
    self->server = s_copy (options->server);
    self->host = s_copy (options->host);
    self->hosts = s_copy (options->hosts);
    self->origins = s_copy (options->origins);
    self->proxies = s_copy (options->proxies);
    randombytes_buf (key, sizeof (key));
    self->quota = quota_new (key, 0, options->per_minute);
    return self;
}


void
gate_destroy (gate_t **self_p)
{
    gate_t *self = *self_p;
    if (self) {
        quota_destroy (&self->quota);
        free (self->server);
        free (self->host);
        free (self->hosts);
        free (self->origins);
        free (self->proxies);
        free (self);
        *self_p = NULL;
    }
}


//  A request of HTTP/1.0 need not have a Host

static bool
s_is_own_host (const gate_t *self, const char *host)
{
    return !host || host_is_own (host, self->server) ||
           host_is_own (host, self->host) ||
           origin_is_listed_host (host, self->hosts);
}


static bool
s_is_own_origin (const gate_t *self, const char *origin, const char *host)
{
    return !origin || (host && origin_is_host (origin, host)) ||
           origin_is_listed (origin, self->origins);
}


bool
gate_refuses (const gate_t *self, const exchange_request_t *request,
    bool is_api, exchange_response_t *response)
{
    unsigned status = 0;
    const char *reason = NULL;
    if (!s_is_own_host (self, request->host)) {
        status = 421;
        reason = "the Host is not ours";
    }
    else if (!s_is_own_origin (self, request->origin, request->host)) {
        status = 403;
        reason = "the Origin is not ours";
    }
    if (status)
        (is_api ? exchange_refuse_api : exchange_refuse) (
            response, status, reason);
    return status != 0;
}


static bool
s_is_proxy (const gate_t *self, const address_t *address)
{
    span_t rest = span_of (self->proxies);
    address_t proxy;
    for (span_t text = span_field (&rest); text.size; text = span_field (&rest))
        if (address_read (&proxy, text) && address_equal (&proxy, address))
            return true;
    return false;
}


//  Cut the last of a list with commas off its end

static span_t
s_cut_last (span_t *list)
{
    size_t at = list->size;
    while (at && list->data [at - 1] != ',')
        at--;
    span_t last = {list->data + at, list->size - at};
    list->size = at ? at - 1 : 0;
    return span_field (&last);
}


address_t
gate_address (const gate_t *self, const exchange_request_t *request,
    const address_t *address)
{
    address_t from = *address;
    span_t list = span_of (request->forwarded ? request->forwarded : "");
    address_t before;
    while (list.size && s_is_proxy (self, &from) &&
           address_read (&before, s_cut_last (&list)))
        from = before;
    return from;
}


bool
gate_is_over (gate_t *self, const address_t *address, int64_t clock_ms,
    exchange_response_t *response)
{
    if (quota_take (self->quota, address, clock_ms))
        return false;
    exchange_refuse_api (response, 429, "too many requests in this minute");
    response->wait = (unsigned) ((MINUTE_MS - clock_ms % MINUTE_MS) / 1000 + 1);
    return true;
}


const char *
gate_allowed_origin (const gate_t *self, const exchange_request_t *request)
{
    if (!request->origin || !origin_is_listed (request->origin, self->origins))
        return NULL;
    return strcmp (self->origins, "*") == 0 ? "*" : request->origin;
}
