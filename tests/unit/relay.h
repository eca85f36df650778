/*  =========================================================================
    relay - a few floods, wired by hand

    Two or three servers, links that lose things, a clock that runs in
    relay_run.
    =========================================================================
*/

#ifndef TESTS_UNIT_RELAY_H
#define TESTS_UNIT_RELAY_H

#include "flood/flood.h"
#include "unit/story.h"
#include "unit/transcript.h"
#include "unit/wires.h"

#define RELAY_HERD 0x1234
#define RELAY_KEY "0123456789abcdef"
#define RELAY_SERVERS 3
//  Servers by number; their names are Alford, Ball and Holiday
enum { ALFORD, BALL, HOLIDAY };

typedef struct {
    table_t *table;
    flood_t *flood;
    effects_t *effects;
    uint64_t incarnation;
    unsigned peers [RELAY_SERVERS];  //  Number of each peer's server
    unsigned peer_count;
} member_t;

typedef struct {
    int64_t clock_ms;
    int64_t step_ms;  //  Of the clock
    unsigned count;
    bool linked [RELAY_SERVERS][RELAY_SERVERS];
    member_t members [RELAY_SERVERS];
    wire_t wires [RELAY_SERVERS][RELAY_SERVERS];  //  From one to other
    uint64_t incarnations;                        //  Last one used
    size_t size_max;                              //  Of every new table
    int64_t ttl_seconds;                          //  Of every new flood
    int64_t clock_least_seconds;                  //
    bool no_audit;                                //
    bool restoring;                               //
    int64_t skew_seconds [RELAY_SERVERS];         //  Of wall clocks
    transcript_t *transcript;                     //  NULL = nobody writes it
    char *buffer;
} relay_t;

//  Set up a case: two linked servers, three in a row, or three in a triangle.
int
relay_pair (void **state);
int
relay_row (void **state);
int
relay_triangle (void **state);
int
relay_free (void **state);

#define PAIR(name)                                                             \
    cmocka_unit_test_setup_teardown (name, relay_pair, relay_free)
#define ROW(name) cmocka_unit_test_setup_teardown (name, relay_row, relay_free)
#define TRIANGLE(name)                                                         \
    cmocka_unit_test_setup_teardown (name, relay_triangle, relay_free)

//  End the server's process and start it with nothing but its name and a key.
//  Peers lose their connections to it, and make them again; but nobody is
//  told of it if it is replaced.
void
relay_restart (relay_t *self, unsigned server, const char *key);
void
relay_replace (relay_t *self, unsigned server, const char *key);

//  The server has the other as peer at the index, or is to part from it.
void
relay_add (relay_t *self, unsigned server, unsigned peer, unsigned other);
void
relay_remove (relay_t *self, unsigned server, unsigned other);
//  The server's disk has that: records, a mark, or no more.
void
relay_restore (relay_t *self, unsigned server, event_kind_t kind, span_t text);

//  Let links come up and loading end, and forget notes and counts of that.
void
relay_settle (relay_t *self);
//  Something happens to a server; other says whom it concerns, if anybody.
void
relay_step (relay_t *self, event_kind_t kind, unsigned server, unsigned other);

//  Return how many notes of the server have this text in them.
size_t
relay_notes (const relay_t *self, unsigned server, const char *text);
//  A client tells the server its location; the line is as the server answers.
void
relay_put (relay_t *self, unsigned server, const char *line);
//  The same for a number of clients from "c0" on.
void
relay_put_many (relay_t *self, unsigned server, int clients, int stamp);

//  Pass one message of each link, if there is one; return how many there were.
size_t
relay_pass (relay_t *self);
//  Let all servers say what they have to say now, or while so much time passes.
void
relay_turn (relay_t *self);
void
relay_run (relay_t *self, int64_t ms);

//  Lose all from one to other, or no more; nobody is told.
void
relay_lose (relay_t *self, unsigned from, unsigned to, bool lossy);
//  Break the connections of the two, or make them again; both are told.
void
relay_cut (relay_t *self, unsigned one, unsigned other);
void
relay_mend (relay_t *self, unsigned one, unsigned other);

//  Return what a server knows of its link to another.
flood_link_t
relay_link (const relay_t *self, unsigned server, unsigned other);

//  Return how many clients a server knows, and whether it is loading.
size_t
relay_count (const relay_t *self, unsigned server);
bool
relay_is_loading (const relay_t *self, unsigned server);
//  A message comes to a server.
void
relay_receive (relay_t *self, unsigned server, span_t text);
//  Return true if all servers have the same table.
bool
relay_agrees (const relay_t *self);
//  Write down what is said, for assert_said; or forget all notes and counts.
void
relay_listen (relay_t *self);
void
relay_forget (relay_t *self);

#endif
