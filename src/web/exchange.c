/*  =========================================================================
    exchange - a request over HTTP, and its response
    =========================================================================
*/

#include "web/exchange.h"

#include <assert.h>
#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

//  Bytes of an ETag's hash
#define HASH_SIZE 16

_Static_assert(2 * HASH_SIZE + 3 <= EXCHANGE_ETAG_SIZE, "quotes and a NUL");


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


void
exchange_print_etag (char *etag, const char *data, size_t size)
{
    unsigned char hash [HASH_SIZE];
    crypto_generichash (
        hash, sizeof (hash), (const unsigned char *) data, size, NULL, 0);
    etag [0] = '"';
    sodium_bin2hex (etag + 1, 2 * HASH_SIZE + 1, hash, HASH_SIZE);
    etag [1 + 2 * HASH_SIZE] = '"';
    etag [2 + 2 * HASH_SIZE] = '\0';
}


bool
exchange_is_known (const exchange_request_t *self, const char *etag)
{
    const char *list = self->if_none_match;
    if (!list)
        return false;
    return strcmp (list, "*") == 0 || strstr (list, etag) != NULL;
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
