/*  =========================================================================
    status - what a server knows of itself, in words
    =========================================================================
*/

#ifndef ADMIN_STATUS_H
#define ADMIN_STATUS_H

#include "admin/admin.h"
#include "connections/connections.h"
#include "core/server.h"
#include "lookup/places.h"

#include <jansson.h>

typedef struct {
    const char *server;            //  Its name
    const char *herd;              //  The herd's name
    instant_t up_since;            //  When it started
    size_t clients_connected;      //  TCP connections
    connections_counts_t clients;  //  What they have waiting
    uint64_t log_lines_lost;       //  That could not be written
    places_counts_t places;        //  Lookups and what became of them
    unsigned peer_count;           //  Links
    bool stopping;                 //  It was told to end
} status_facts_t;

//  Return the text of the page, for the caller to free; *ready is whether the
//  server is ready for clients.
//
//  ADMIN_STATUS   JSON: the facts, process and version, all that metrics.h
//                 lists, and for each link its own
//  ADMIN_METRICS  metrics_text
//  ADMIN_READYZ   JSON: whether the server is "ready", the "reasons" why not,
//                 of "loading", "stopping" and "twin" (its peers know another
//                 process of its name), and, which is no reason, the peers
//                 whose "links_down" are
char *
status_text (admin_page_t page, const status_facts_t *facts,
    const server_t *server, bool *ready);

#endif
