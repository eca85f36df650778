/*  =========================================================================
    servers - a connection to one of several servers of a herd

    One TCP connection at a time.  If a server can't be reached, or is given up,
    the next that may be tried is tried; each has a wait of its own until it is
    tried again, and each state of it is logged once.  Never waits for anybody.
    =========================================================================
*/

#ifndef MQTT_SERVERS_H
#define MQTT_SERVERS_H

#include "base/endpoint.h"
#include "loop/poller.h"
#include "mqtt/diary.h"

//  Servers to choose from, at most.
#define SERVERS_MAX 64

//  A connection takes so long at most.
#define SERVERS_CONNECT_MS 10000

typedef struct servers_t servers_t;

typedef struct {
    poller_t *poller;        //  Borrowed
    diary_t *diary;          //
    const endpoint_t *list;  //  Copied
    size_t count;            //  1 to SERVERS_MAX
} servers_options_t;

//  All called with context: a server is connected; its connection is ready, as
//  servers_watch has it; it sent a line, without its end, which is good until
//  line returns or the connection is closed, whichever is first; it is closed,
//  and what it was told is lost.
typedef struct {
    void (*up) (void *context);
    void (*ready) (void *context, uint32_t events);
    void (*line) (void *context, span_t line);
    void (*down) (void *context);
    void *context;
    size_t line_size_max;  //  Who sends a longer one is given up
} servers_user_t;

//  Returns NULL, errno set, when the system has no descriptor for it.
servers_t *
servers_new (const servers_options_t *options, const servers_user_t *user);

//  Close the connection, free all and set *self_p to NULL.  Calls nobody.
void
servers_destroy (servers_t **self_p);

//  Connect, or give up, if it is time.  To be called several times a second.
void
servers_tick (servers_t *self);

//  Return the socket, or -1 if there is no connection now.
int
servers_socket (const servers_t *self);

//  Return the one that is connected, or is to be.
const endpoint_t *
servers_endpoint (const servers_t *self);

//  Watch the connection for these events: EPOLLIN at first.
void
servers_watch (servers_t *self, uint32_t events);

//  Read what the connection has now, up to a bound, and hand over its lines.
void
servers_read (servers_t *self);

//  Give up the connection, and log why, in two parts.
void
servers_fail (servers_t *self, const char *what, const char *detail);

//  Close the connection, which is to be made again as after a failure, and log
//  nothing.
void
servers_close (servers_t *self);

#endif
