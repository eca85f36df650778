/*  =========================================================================
    daemon - the running process of one server

    Makes and frees the rooms, and has what moves them: the loop, the tick,
    the signals.
    =========================================================================
*/

#ifndef IO_DAEMON_H
#define IO_DAEMON_H

#include "config/config.h"
#include "io/abroad.h"

typedef struct daemon_t daemon_t;

//  Open everything for the server at the index of config's servers; log_file
//  NULL = standard output; abroad NULL = it joins no other regions, as only a
//  gateway does.  Takes over the config.  Blocks SIGTERM, SIGINT and
//  SIGHUP in this thread, to read them in the loop.  Returns NULL after one
//  line on standard error, with nothing left open, if something can't be had.
daemon_t *
daemon_new (config_t **config_p, size_t server, const char *log_file,
    const abroad_t *abroad);

//  Close everything and set *self_p to NULL.
void
daemon_destroy (daemon_t **self_p);

//  Serve until SIGTERM or SIGINT, then deliver what is pending, as long as
//  limits/drain_ms allows.  On SIGHUP reopen the log, and read the topology
//  file and the tokens again.
void
daemon_run (daemon_t *self);

#endif
