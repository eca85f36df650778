/*  =========================================================================
    account - what the log is told of a request
    =========================================================================
*/

#include "web/account.h"

#include "base/digits.h"

#include <string.h>

//  Of each text, in bytes
#define METHOD_SIZE_MAX 32
#define PATH_SIZE_MAX 256
#define REASON_SIZE_MAX 128


static char *
s_put (char *to, span_t text, size_t size_max)
{
    return mempcpy (to, text.data, text.size < size_max ? text.size : size_max);
}


static char *
s_put_number (char *to, uint64_t number)
{
    return digits_print (to, number, digits_size (number));
}


size_t
account_request (const inbound_t *inbound, const address_t *from, char *buffer)
{
    char text [ADDRESS_TEXT_SIZE];
    const exchange_request_t *request = &inbound->request;
    char *to = s_put (buffer, span_of (request->method), METHOD_SIZE_MAX);
    *to++ = ' ';
    to = s_put (to, request->path, PATH_SIZE_MAX);
    to = s_put (to, span_of (" from "), ACCOUNT_SIZE);
    to = s_put (to, span_of (address_print (from, text)), sizeof (text));
    to = s_put (to, span_of (", "), ACCOUNT_SIZE);
    to = s_put_number (to, inbound->body_size);
    to = s_put (to, span_of (" bytes"), ACCOUNT_SIZE);
    return (size_t) (to - buffer);
}


size_t
account_response (const inbound_t *inbound, char *buffer)
{
    const exchange_response_t *response = &inbound->response;
    char *to = s_put_number (buffer, response->status);
    if (response->reason) {
        *to++ = ' ';
        to = s_put (to, span_of (response->reason), REASON_SIZE_MAX);
    }
    return (size_t) (to - buffer);
}
