/*  =========================================================================
    gate - which requests are let in
    =========================================================================
*/

#include "web/gate.h"

#include "base/key.h"
#include "base/quota.h"
#include "http/host.h"
#include "reports/form.h"
#include "web/origin.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MINUTE_MS 60000

//  A user and a password, in bytes
#define CREDENTIALS_SIZE_MAX 256

struct gate_t {
    char *server;
    char *host;
    char *hosts;
    char *origins;
    char *proxies;
    char *images;           //  The tiles' origin
    quota_t *quota;         //  Of addresses
    quota_t *tokens_quota;  //  Of tokens
    char *tokens_file;      //  NULL = there are none
    tokens_t *tokens;       //
};


static char *
s_copy (const char *text)
{
    char *copy = strdup (text ? text : "");
    assert (copy);
    return copy;
}


//  Copy what stands before the path of a URL

static char *
s_copy_origin (const char *url)
{
    char *copy = s_copy (url);
    char *host = strstr (copy, "://");
    if (host)
        host [3 + strcspn (host + 3, "/")] = '\0';
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
    self->images = s_copy_origin (options->tiles);
    randombytes_buf (key, sizeof (key));
    self->quota = quota_new (key, 0, options->per_minute);
    self->tokens_quota = quota_new (key, 1, options->per_minute);
    if (options->tokens) {
        self->tokens_file = s_copy (options->tokens);
        if (!gate_reload (self))
            gate_destroy (&self);
    }
    return self;
}


void
gate_destroy (gate_t **self_p)
{
    gate_t *self = *self_p;
    if (self) {
        quota_destroy (&self->quota);
        quota_destroy (&self->tokens_quota);
        tokens_destroy (&self->tokens);
        free (self->tokens_file);
        free (self->server);
        free (self->host);
        free (self->hosts);
        free (self->origins);
        free (self->proxies);
        free (self->images);
        free (self);
        *self_p = NULL;
    }
}


bool
gate_reload (gate_t *self)
{
    if (!self->tokens_file)
        return true;
    tokens_t *tokens = tokens_new (self->tokens_file);
    if (!tokens)
        return false;
    tokens_destroy (&self->tokens);
    self->tokens = tokens;
    return true;
}


//  Cut the scheme off the front of what Authorization says

static bool
s_cut_scheme (span_t *rest, const char *scheme)
{
    size_t size = strlen (scheme);
    if (rest->size <= size || strncasecmp (rest->data, scheme, size) != 0 ||
        rest->data [size] != ' ')
        return false;
    *rest = (span_t){rest->data + size + 1, rest->size - size - 1};
    return true;
}


//  Find the token in a user and password, in base64

static int
s_find_basic (const gate_t *self, span_t text)
{
    char said [CREDENTIALS_SIZE_MAX];
    size_t size = 0;
    if (sodium_base642bin ((unsigned char *) said, sizeof (said), text.data,
            text.size, NULL, &size, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return -1;
    span_t password = {said, size};
    span_t user = span_until (&password, ':');
    int found = user.size ? tokens_find (self->tokens, user, password) : -1;
    sodium_memzero (said, sizeof (said));
    return found;
}


//  Find the token in the query

static int
s_find_query (const gate_t *self, span_t query)
{
    span_t name;
    span_t value;
    while (form_next (&query, &name, &value))
        if (span_equal (name, span_of ("token")))
            return tokens_find (self->tokens, (span_t){NULL, 0}, value);
    return -1;
}


const token_t *
gate_token (const gate_t *self, const exchange_request_t *request)
{
    int found = -1;
    span_t said =
        span_of (request->authorization ? request->authorization : "");
    if (!self->tokens)
        return NULL;
    if (s_cut_scheme (&said, "Bearer"))
        found = tokens_find (self->tokens, (span_t){NULL, 0}, said);
    else if (s_cut_scheme (&said, "Basic"))
        found = s_find_basic (self, said);
    else if (said.size == 0)
        found = s_find_query (self, request->query);
    return found >= 0 ? tokens_at (self->tokens, (size_t) found) : NULL;
}


bool
gate_stops (const gate_t *self, const exchange_request_t *request,
    gate_right_t right, bool is_api, exchange_response_t *response)
{
    if (!self->tokens || right == GATE_NOTHING)
        return false;
    const token_t *token = gate_token (self, request);
    if (token && token->writes == (right == GATE_SAY))
        return false;
    (is_api ? exchange_refuse_api : exchange_refuse) (response,
        token ? 403 : 401,
        token ? "the token has no right to that" : "there is no good token");
    if (!token)
        response->challenge = is_api ? "Bearer" : "Basic realm=\"zherd\"";
    return true;
}


bool
gate_permits (const gate_t *self, const token_t *token, span_t client)
{
    return !self->tokens || (token && tokens_permits (token, client));
}


//  A request of HTTP/1.0 need not have a Host

static bool
s_is_own_host (const gate_t *self, const char *host)
{
    return !host || host_is_own (host, self->server, self->host) ||
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


//  A token counts as an address, by its place in the file

static bool
s_take_token (gate_t *self, const exchange_request_t *request, int64_t clock_ms)
{
    const token_t *token = gate_token (self, request);
    if (!token)
        return true;
    address_t place =
        address_of_v4 ((uint32_t) (token - tokens_at (self->tokens, 0)));
    return quota_take (self->tokens_quota, &place, clock_ms);
}


bool
gate_is_over (gate_t *self, const exchange_request_t *request,
    const address_t *address, int64_t clock_ms, exchange_response_t *response)
{
    if (quota_take (self->quota, address, clock_ms) &&
        s_take_token (self, request, clock_ms))
        return false;
    exchange_refuse_api (response, 429, "too many requests in this minute");
    response->wait = (unsigned) ((MINUTE_MS - clock_ms % MINUTE_MS) / 1000 + 1);
    return true;
}


const char *
gate_images (const gate_t *self)
{
    return self->images;
}


const char *
gate_allowed_origin (const gate_t *self, const exchange_request_t *request)
{
    if (!request->origin || !origin_is_listed (request->origin, self->origins))
        return NULL;
    return strcmp (self->origins, "*") == 0 ? "*" : request->origin;
}
