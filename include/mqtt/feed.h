/*  =========================================================================
    feed - what a server of a herd tells of all clients

    GET /v1/feed at the HTTP port of one of several servers: the newest location
    of each client, a line of JSON each.  A feed that is lost is opened again,
    and goes on where it was if the server is the same and has not restarted.  A
    reader that pauses gets fewer locations, and newer ones.
    =========================================================================
*/

#ifndef MQTT_FEED_H
#define MQTT_FEED_H

#include "mqtt/servers.h"

//  The longest line.
#define FEED_LINE_SIZE_MAX 16384

//  A server shows that it is there three times in so long.
#define FEED_SILENCE_MS 45000

typedef struct feed_t feed_t;

//  A client's location: its ID, a string, and its GeoJSON; good during the
//  call.
typedef void (feed_line_fn) (void *context, const char *id, span_t json);

typedef struct {
    servers_options_t herd;
    const char *token;   //  File of a line with a token that may read, read at
                         //  each connection; NULL = none; borrowed
    feed_line_fn *line;  //  Called with context
    void *context;       //
} feed_options_t;

//  Returns NULL, errno set, when the system has no descriptor for it.
feed_t *
feed_new (const feed_options_t *options);

//  Close the connection, free all and set *self_p to NULL.
void
feed_destroy (feed_t **self_p);

//  Return what is wrong with the file of the token, in words, or NULL.
const char *
feed_check (const char *token);

//  Connect, or give up, if it is time.  To be called some times a second.
void
feed_tick (feed_t *self);

//  Read from the server, as at first, or pause.
void
feed_read (feed_t *self, bool reads);

//  Close the connection.  The next one begins with all clients.
void
feed_restart (feed_t *self);

#endif
