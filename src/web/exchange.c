/*  =========================================================================
    exchange - a request over HTTP, and its response
    =========================================================================
*/

#include "web/exchange.h"

#include <assert.h>
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


bool
exchange_is_type (const exchange_request_t *self, const char *type)
{
    if (!self->content_type)
        return false;
    size_t size = strcspn (self->content_type, "; \t");
    return size == strlen (type) &&
           strncasecmp (self->content_type, type, size) == 0;
}
