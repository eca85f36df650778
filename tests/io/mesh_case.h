/*  =========================================================================
    mesh_case - rooms that speak ZeroMQ to each other

    The fixture of the tests of mesh: up to three rooms in one loop, and what
    each was told.
    =========================================================================
*/

#ifndef TESTS_IO_MESH_CASE_H
#define TESTS_IO_MESH_CASE_H

#include "io/loop_case.h"
#include "loop/clock.h"
#include "mesh/mesh.h"

#define MESSAGE_MAX 100000

//  A room, and its events so far.
typedef struct {
    loop_case_t *stage;
    zap_t *zap;
    mesh_t *mesh;
    uint16_t port;     //  To be bound
    const char *host;  //  Where; 127.0.0.1 at first
    int reconnect_ms;
    size_t named;        //  Times that its peer's name was told of
    char name [256];     //  What was told last
    const keys_t *keys;  //  NULL = links are plain
    const char *peer;    //  Whose name the peer has, then
    size_t ups;
    size_t downs;
    size_t strange;    //  Callers refused or cut
    size_t crowded;    //
    size_t endless;    //
    size_t held;       //  Times that silent ones were held back,
    size_t freed;      //  and no more
    size_t others;     //  Refused for reasons of keys, by the events of
    event_kind_t why;  //  this kind that was told last
    char said [128];   //  Its text, or why there is no connection
    size_t unmet;      //  Times that was told
    address_t caller;  //  Address of the last one
    size_t turns;
    size_t messages;
    const char *speaker;  //  Of the last one
    size_t bytes;         //  In messages
    size_t left;          //  Messages to be sent in turns, as they are taken
    span_t text;          //  What these are
    char story [1024];    //  Messages, escaped, each in brackets
    size_t story_size;
} mesh_room_t;

typedef struct {
    loop_case_t *stage;
    zap_t *zap;  //  Of all rooms
    mesh_room_t one;
    mesh_room_t other;
    mesh_room_t third;
} mesh_case_t;

//  Set up and tear down a case; no room is open yet.
int
mesh_case_new (void **state);

int
mesh_case_free (void **state);

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, mesh_case_new, mesh_case_free)

//  Return the endpoint; IPv6 addresses stand in brackets.
endpoint_t
mesh_case_at (const char *host, uint16_t port);

//  Open a room with one peer, there.
void
mesh_case_open_to (mesh_room_t *room, const endpoint_t *peer);

//  Open a room with one peer, at that port of 127.0.0.1.
void
mesh_case_open (mesh_room_t *room, uint16_t peer_port);

//  Open one and other, peers of each other, and wait until both are up.
void
mesh_case_pair (mesh_case_t *self);

//  Return what has come over our connection to the port; 0 if there is none.
uint64_t
mesh_case_answers (uint16_t port);

//  Return true if who calls at the port is held back while it says nothing; and
//  if this system can do that.
bool
mesh_case_holds_back (uint16_t port);

bool
mesh_case_can_hold_back (void);

#endif
