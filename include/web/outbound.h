/*  =========================================================================
    outbound - the response to a request, as it is sent
    =========================================================================
*/

#ifndef WEB_OUTBOUND_H
#define WEB_OUTBOUND_H

#include "web/gate.h"
#include "web/inbound.h"

//  Send the response, whose text is taken over, and what the gate lets pages
//  know of it; as the last on its connection, or not.
enum MHD_Result
outbound_send (inbound_t *inbound, const gate_t *gate, bool is_last);

#endif
