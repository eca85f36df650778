/*  =========================================================================
    connections_case - a room of clients that answers, and the other ends

    The fixture of the tests of clients.  Each line is answered by "> " and the
    line, one that is too long by "? too long" and goodbye; who ends is closed.
    =========================================================================
*/

#ifndef TESTS_IO_CONNECTIONS_CASE_H
#define TESTS_IO_CONNECTIONS_CASE_H

#include "connections/connections.h"
#include "io/wire.h"

#define LINE_SIZE_MAX 1024
#define OUTPUT_SIZE_MAX 65536
#define WAITING_SIZE_MAX ((size_t) 67108864)

typedef struct {
    loop_case_t *stage;
    connections_t *clients;
    connections_options_t options;
    uint64_t last;             //  Number of the newest client
    size_t holds;              //  Lines until their client is held; 0 = never
    bool stops;                //  The room stops when it has a line
    size_t opened;             //  Events so far
    size_t lines;              //
    size_t closed;             //
    size_t refused;            //  There were too many clients
    size_t refused_addresses;  //  or too many of an address
    address_t address;         //  Of the last event
    size_t kept;               //  Bytes that the core is to keep for all,
    uint64_t keeper;           //  and for this client:
    size_t kept_own;           //  so many,
    size_t keeps;              //  this much more for each line
    size_t pauses;             //  As in connection_counts_t
    size_t waiting_most;       //  Most that waited for all
    size_t answered;           //  Bytes
    size_t story_size;
    char story [4096];  //  "line 1 abc, ended 1, ", if tells is set
    bool tells;
    char why [128];  //  Reason of the last one that was closed
} connections_case_t;

//  Set up and tear down a room.
int
connections_case_new (void **state);

int
connections_case_free (void **state);

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (                                          \
        name, connections_case_new, connections_case_free)

//  Serve anew, with options that were changed.
void
connections_case_serve (connections_case_t *self);

//  Connect, and wait until the room has it.
wire_t *
connections_case_connect (connections_case_t *self);

//  Wait until the room has closed the connection, and has none any more.
void
connections_case_part (connections_case_t *self, wire_t **wire_p);

#endif
