/*  =========================================================================
    daemon - the running process of one server

    Makes and frees the rooms, and pumps: every event of an io room goes,
    stamped, through the journal into the core, and every effect through the
    journal to its room.  At the end of a turn neighbours take what they can,
    then clients their replies, then the file its lines: so an update was
    handed to the links before its client has the reply.
    =========================================================================
*/

#ifndef IO_DAEMON_H
#define IO_DAEMON_H

#include "io/config.h"

typedef struct daemon_t daemon_t;

//  Open everything for the server at the index of config's servers; log_file
//  NULL = standard output.  Borrows config.  Blocks SIGTERM, SIGINT and SIGHUP
//  in this thread, to read them in the loop.  Returns NULL after one line on
//  standard error, with nothing left open, if something can't be had.
daemon_t *
daemon_new (const config_t *config, size_t server, const char *log_file);

//  Close everything and set *self_p to NULL.
void
daemon_destroy (daemon_t **self_p);

//  Serve until SIGTERM or SIGINT, then deliver what is pending, as long as
//  limits/drain_ms allows.  SIGHUP reopens the log.
void
daemon_run (daemon_t *self);

#endif
