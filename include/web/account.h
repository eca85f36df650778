/*  =========================================================================
    account - what the log is told of a request

    Of what it asks only the path: the query may hold a token.
    =========================================================================
*/

#ifndef WEB_ACCOUNT_H
#define WEB_ACCOUNT_H

#include "base/address.h"
#include "web/inbound.h"

//  Room for a text, which has no NUL.
#define ACCOUNT_SIZE 512

//  Write what came, and whom it is from.  Returns the size written.
size_t
account_request (const inbound_t *inbound, const address_t *from, char *buffer);

//  Write what is answered.  Returns the size written.
size_t
account_response (const inbound_t *inbound, char *buffer);

#endif
