/*  =========================================================================
    monitor - what becomes of a ZeroMQ socket's connections
    =========================================================================
*/

#ifndef MESH_MONITOR_H
#define MESH_MONITOR_H

#include "loop/poller.h"

//  What is told; a mask of these is ZeroMQ's.
typedef struct {
    int kind;   //  ZMQ_EVENT_*, one alone
    int value;  //  Of a connection its descriptor, owned by libzmq; of a failed
                //  handshake ZMQ_PROTOCOL_ERROR_*, or an answer of ZAP
} monitor_event_t;

//  Part of the owner's structure, its watcher's ready and context filled in:
//  that is called when something was told.
typedef struct {
    watcher_t watcher;
    poller_t *poller;  //  Borrowed
    zsock_t *socket;   //  That is monitored; borrowed
    zsock_t *pair;     //  Where libzmq tells it
} monitor_t;

//  Monitor the socket for the events, a mask, before it is bound or connected.
void
monitor_open (monitor_t *self, poller_t *poller, zsock_t *socket, int events);

//  Stop, before the socket is closed.  Nothing happens if it was not opened.
void
monitor_close (monitor_t *self);

//  Take what was told next.  Returns false if there is nothing now: call it
//  until it does, as what is not taken stays in memory, without a limit.
bool
monitor_next (monitor_t *self, monitor_event_t *event)
    __attribute__ ((warn_unused_result));

#endif
