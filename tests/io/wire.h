/*  =========================================================================
    wire - the other end of a TCP connection, in a test's hands

    Bytes to send leave as the socket takes them, bytes that come are kept;
    all on the stage's loop.
    =========================================================================
*/

#ifndef TESTS_IO_WIRE_H
#define TESTS_IO_WIRE_H

#include "io/loop_case.h"

typedef struct wire_t wire_t;

//  Called after something came, or the other side closed.
typedef void (wire_fn) (void *context, wire_t *wire);

struct wire_t {
    loop_case_t *stage;
    watcher_t watcher;
    wire_fn *heard;  //  Called with context, if not NULL
    void *context;
    char *in;  //  Received so far, with a NUL
    size_t in_size;
    size_t in_room;
    size_t lines;   //  Line ends in there
    size_t closed;  //  1 once the other side has closed, or reset
    int error;      //  errno that it ended with, or 0
    char *out;      //  Not sent yet
    size_t out_at;
    size_t out_size;
    bool ending;     //  To be half-closed when all is sent
    bool deaf;       //  Reads nothing
    size_t in_most;  //  Becomes deaf when it has received so much; 0 = never
};

//  Connect to the port of this machine.  Borrows the stage.
wire_t *
wire_connect (loop_case_t *stage, uint16_t port);

//  Have the accepted socket, which is taken over.  Borrows the stage.
wire_t *
wire_new (loop_case_t *stage, int fd);

//  Make a socket of a size of receive buffer (0 = the system's) that is not
//  connected yet.
wire_t *
wire_prepare (loop_case_t *stage, int buffer_size);

//  Connect one that was only prepared.
void
wire_dial (wire_t *self, uint16_t port);

//  Close the connection, free it and set *self_p to NULL.
void
wire_destroy (wire_t **self_p);

//  The same, with a reset instead of a regular end.
void
wire_reset (wire_t **self_p);

//  Send a copy of the bytes after those not sent yet.
void
wire_send (wire_t *self, const void *bytes, size_t size);

//  Send the string.
void
wire_say (wire_t *self, const char *text);

//  Half-close when all is sent.
void
wire_end (wire_t *self);

//  Read nothing more, or read again.
void
wire_deafen (wire_t *self, bool deaf);

//  Read until so many bytes in all were received, and no more.
void
wire_read_to (wire_t *self, size_t size);

#endif
