/*  =========================================================================
    abroad - what joins a server to other regions, beside the mesh

    Made by the program that has it, and moved by the daemon: zherd has none,
    and does not need the libraries of one.
    =========================================================================
*/

#ifndef IO_ABROAD_H
#define IO_ABROAD_H

#include "config/config.h"
#include "core/server.h"
#include "log/journal.h"
#include "loop/poller.h"

//  Borrowed, but config, which is good during the call alone.
typedef struct {
    poller_t *poller;
    const config_t *config;
    const char *server;  //  Our name
    journal_t *journal;  //  For notices
    event_fn *take;      //  Of EVENT_REGION_*, with context
    void *context;
} abroad_options_t;

typedef struct {
    //  Open it.  Returns NULL, after one line on standard error, if something
    //  can't be had.  Or close it.
    void *(*open) (const abroad_options_t *options);
    void (*close) (void *self);

    //  Join this server, which is borrowed: called before its first event.
    void (*serve) (void *self, server_t *server);

    //  Do what is due: called at the end of every turn.  Returns true if
    //  another turn is wanted at once.
    bool (*turn) (void *self, int64_t now_ms);

    //  Return true if what the server knows is still to be told others, and can
    //  be.
    bool (*has_output) (const void *self);

    //  Return the counts.
    region_counts_t (*counts) (const void *self);
} abroad_t;

#endif
