/*  =========================================================================
    settings - what the rooms of a server are told, as a topology file says

    At the start, and again each time that the file is read.
    =========================================================================
*/

#ifndef IO_SETTINGS_H
#define IO_SETTINGS_H

#include "config/config.h"
#include "connections/connections.h"
#include "core/server.h"
#include "log/journal.h"
#include "lookup/places.h"
#include "web/web.h"

//  Fill in all that a file says, for the server at the index, and leave the
//  rest alone.  Borrows the config.
void
settings_core (
    const config_t *config, size_t server, server_options_t *options);

void
settings_connections (
    const config_t *config, size_t server, connections_options_t *options);

void
settings_places (const config_t *config, places_options_t *options);

void
settings_web (const config_t *config, size_t server, web_options_t *options);

void
settings_journal (const config_t *config, journal_options_t *options);

#endif
