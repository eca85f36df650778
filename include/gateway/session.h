/*  =========================================================================
    session - the use of one stream

    When NATS can be reached, and the server has loaded what its region knows,
    the session looks whether the stream is there, or makes it; says that its
    region is there, and learns of others.  If the stream is new to us, or may
    have lost messages, it first reads what the own region published, and then
    publishes what the stream lacks or has older.  It looks every POLL_MS
    whether messages were lost.

    Whatever goes wrong ends the use of the stream for a second.  Then it goes
    on where it was: with the first record that was not acknowledged, and behind
    the last message of each region.
    =========================================================================
*/

#ifndef GATEWAY_SESSION_H
#define GATEWAY_SESSION_H

#include "gateway/sources.h"
#include "io/abroad.h"

typedef struct session_t session_t;

//  Make a session.  Returns NULL, after one line on standard error, as post_new
//  does.  Or end it, and set *self_p to NULL.
session_t *
session_new (const abroad_options_t *options);
void
session_destroy (session_t **self_p);

//  As abroad_t has them.
void
session_serve (session_t *self, server_t *server);
bool
session_turn (session_t *self, int64_t now_ms);
bool
session_has_output (const session_t *self);
region_counts_t
session_counts (const session_t *self);

#endif
