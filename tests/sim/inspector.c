/*  =========================================================================
    inspector - shows the ledger what a server holds after each event
    =========================================================================
*/

#include "sim/inspector.h"


static box_t *
s_box (const inspector_t *self, unsigned server)
{
    box_set_time (self->boxes [server], network_now_us (self->network));
    return self->boxes [server];
}


//  The ledger needs to know what is of the future to the server, and what may
//  expire

static void
s_show_clocks (const inspector_t *self, unsigned server)
{
    int64_t earliest = box_clock (s_box (self, server)).seconds;
    int64_t latest = earliest;
    for (unsigned peer = 0; peer < network_degree (self->network, server);
         peer++) {
        unsigned other = network_peer (self->network, server, peer);
        int64_t seconds = box_clock (s_box (self, other)).seconds;
        earliest = seconds < earliest ? seconds : earliest;
        latest = seconds > latest ? seconds : latest;
    }
    ledger_clocks (self->ledger, server, earliest, latest);
}


//  The server shows what it holds of the location's client

static void
s_show (const inspector_t *self, unsigned server, span_t line)
{
    location_t location;
    if (!location_parse (&location, line))
        return;
    ledger_heard (self->ledger, server, line);
    ledger_holds (self->ledger, server, location.client,
        box_find (s_box (self, server), location.client));
}


//  It also shows what has expired

static void
s_show_expired (const inspector_t *self, unsigned server)
{
    size_t client = 0;
    const char *line;
    if (self->ttl_seconds == 0)
        return;
    ledger_expired (self->ledger, server,
        server_status (box_server (self->boxes [server])).floor,
        self->ttl_seconds);
    while ((line = ledger_next_expired (self->ledger, server, &client)))
        s_show (self, server, span_of (line));
}


void
inspector_look (const inspector_t *self, unsigned server, span_t text)
{
    s_show_clocks (self, server);
    while (text.size)
        s_show (self, server, span_until (&text, '\n'));
    s_show_expired (self, server);
    server_status_t status = server_status (box_server (self->boxes [server]));
    ledger_ends (self->ledger, server, &status);
}
