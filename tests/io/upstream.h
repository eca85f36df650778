/*  =========================================================================
    upstream - a Places provider in a test's hands

    An HTTP server that answers every request by the same bytes, right or
    wrong, on the stage's loop.
    =========================================================================
*/

#ifndef TESTS_IO_UPSTREAM_H
#define TESTS_IO_UPSTREAM_H

#include "io/wire.h"

typedef struct {
    loop_case_t *stage;
    watcher_t listener;
    uint16_t port;
    zlist_t *wires;       //  Connections, closed ones too
    const void *reply;    //  To every request; borrowed
    size_t reply_size;    //  0 = say nothing
    const char *first;    //  To the first requests instead; borrowed
    size_t firsts;        //  So many of them
    bool closes;          //  Close after a reply
    bool resets;          //  Reset the connection after a reply
    size_t connections;   //  Accepted so far
    size_t open;          //  Of these, not closed by the other side
    size_t open_most;     //  At once, ever
    size_t requests;      //  So far
    char request [2048];  //  The last one, with a NUL
} upstream_t;

//  Listen at a port of the stage.
upstream_t *
upstream_new (loop_case_t *stage);

//  Close everything, free it and set *self_p to NULL.
void
upstream_destroy (upstream_t **self_p);

//  Answer by these bytes, which are borrowed.
void
upstream_will_send (upstream_t *self, const void *bytes, size_t size);

//  Answer by the string, which is borrowed.
void
upstream_will_say (upstream_t *self, const char *text);

//  Answer so many requests by the string, which is borrowed, before the others.
void
upstream_will_say_first (upstream_t *self, const char *text, size_t count);

#endif
