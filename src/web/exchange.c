/*  =========================================================================
    exchange - a request over HTTP, and its response
    =========================================================================
*/

#include "web/exchange.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>


void
exchange_say (exchange_response_t *self, unsigned status, const char *type,
    const char *text)
{
    *self = (exchange_response_t){.status = status, .type = type};
    self->text = strdup (text);
    assert (self->text);
    self->size = strlen (text);
}


void
exchange_refuse (exchange_response_t *self, unsigned status, const char *reason)
{
    size_t size = strlen (reason);
    *self = (exchange_response_t){
        .status = status, .type = "text/plain", .reason = reason};
    self->text = malloc (size + 2);
    assert (self->text);
    memcpy (self->text, reason, size);
    memcpy (self->text + size, "\n", 2);
    self->size = size + 1;
}


static const char *
s_title (unsigned status)
{
    static const struct {
        unsigned status;
        const char *title;
    } titles [] = {{400, "Bad Request"}, {401, "Unauthorized"},
        {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
        {413, "Content Too Large"}, {414, "URI Too Long"},
        {421, "Misdirected Request"}, {429, "Too Many Requests"},
        {501, "Not Implemented"}, {503, "Service Unavailable"}};
    for (size_t index = 0; index < sizeof (titles) / sizeof (*titles); index++)
        if (titles [index].status == status)
            return titles [index].title;
    return "Error";
}


//  Reasons are ours, and need no escapes

void
exchange_refuse_api (
    exchange_response_t *self, unsigned status, const char *reason)
{
    *self = (exchange_response_t){
        .status = status, .type = "application/problem+json", .reason = reason};
    int size = asprintf (&self->text,
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,"
        "\"detail\":\"%s\"}\n",
        s_title (status), status, reason);
    assert (size > 0);
    self->size = (size_t) size;
}


bool
exchange_is_type (const exchange_request_t *self, const char *type)
{
    if (!self->content_type)
        return false;
    size_t size = strcspn (self->content_type, "; \t");
    return size == strlen (type) &&
           strncasecmp (self->content_type, type, size) == 0;
}
