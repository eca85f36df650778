/*  =========================================================================
    overview - how this server and its herd are, for a page

    A server knows only its own links.  Of other servers it knows the names,
    from the topology, and not their state.
    =========================================================================
*/

#ifndef ADMIN_OVERVIEW_H
#define ADMIN_OVERVIEW_H

#include "admin/status.h"
#include "config/config.h"
#include "log/journal.h"

//  Notices that it has at most, newest first.
#define OVERVIEW_NOTICES 10

//  Return it as JSON in one line, for the caller to free, as docs/openapi.json
//  describes it.
char *
overview_text (const status_facts_t *facts, const server_t *server,
    const config_t *config, const journal_t *journal);

#endif
