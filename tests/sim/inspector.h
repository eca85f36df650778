/*  =========================================================================
    inspector - shows the ledger what a server holds after each event
    =========================================================================
*/

#ifndef SIM_INSPECTOR_H
#define SIM_INSPECTOR_H

#include "sim/box.h"
#include "sim/ledger.h"
#include "sim/network.h"

//  All borrowed.
typedef struct {
    const network_t *network;
    box_t *const *boxes;
    ledger_t *ledger;
    int64_t ttl_seconds;
} inspector_t;

//  The server has taken an event, which may have changed what it holds of the
//  clients in the AT lines of the text.
void
inspector_look (const inspector_t *self, unsigned server, span_t text);

#endif
