/*  =========================================================================
    pump - a few floods, wired by hand

    Two or three servers, links that lose things, a clock that runs in pump_run.
    =========================================================================
*/

#ifndef TESTS_UNIT_PUMP_H
#define TESTS_UNIT_PUMP_H

#include "flood/flood.h"
#include "unit/story.h"
#include "unit/transcript.h"
#include "unit/wires.h"

#define PUMP_HERD 0x1234
#define PUMP_KEY "0123456789abcdef"
#define PUMP_SERVERS 3
//  Servers by number; their names are Alford, Ball and Holiday
enum { ALFORD, BALL, HOLIDAY };

typedef struct {
    atlas_t *atlas;
    flood_t *flood;
    effects_t *effects;
    uint64_t incarnation;
    unsigned peers [PUMP_SERVERS];  //  Number of each peer's server
    unsigned peer_count;
} member_t;

typedef struct {
    int64_t clock_ms;
    int64_t step_ms;  //  Of the clock
    unsigned count;
    bool linked [PUMP_SERVERS][PUMP_SERVERS];
    member_t members [PUMP_SERVERS];
    wire_t wires [PUMP_SERVERS][PUMP_SERVERS];  //  From one to other
    uint64_t incarnations;                      //  Last one used
    size_t size_max;                            //  Of every new atlas
    int64_t ttl_seconds;                        //  Of every new flood
    int64_t clock_least_seconds;                //
    bool no_audit;                              //
    int64_t skew_seconds [PUMP_SERVERS];        //  Of wall clocks
    transcript_t *transcript;                   //  NULL = nobody writes it
    char *buffer;
} pump_t;

//  Set up a case: two linked servers, three in a row, or three in a triangle.
int
pump_pair (void **state);
int
pump_row (void **state);
int
pump_triangle (void **state);
int
pump_free (void **state);

#define PAIR(name) cmocka_unit_test_setup_teardown (name, pump_pair, pump_free)
#define ROW(name) cmocka_unit_test_setup_teardown (name, pump_row, pump_free)
#define TRIANGLE(name)                                                         \
    cmocka_unit_test_setup_teardown (name, pump_triangle, pump_free)

//  End the server's process and start it with nothing but its name and a key.
//  Neighbours lose their connections to it, and make them again; but nobody is
//  told of it if it is replaced.
void
pump_restart (pump_t *self, unsigned server, const char *key);
void
pump_replace (pump_t *self, unsigned server, const char *key);

//  Let links come up and loading end, and forget notes and counts of that.
void
pump_settle (pump_t *self);

//  Something happens to a server; other says whom it concerns, if anybody.
void
pump_step (pump_t *self, event_kind_t kind, unsigned server, unsigned other);

//  Return how many notes of the server have this text in them.
size_t
pump_notes (const pump_t *self, unsigned server, const char *text);

//  A client tells the server its location; the line is as the server answers.
void
pump_put (pump_t *self, unsigned server, const char *line);
//  The same for a number of clients from "c0" on.
void
pump_put_many (pump_t *self, unsigned server, int clients, int stamp);

//  Pass one message of each link, if there is one; return how many there were.
size_t
pump_pass (pump_t *self);

//  Let all servers say what they have to say now, or while so much time passes.
void
pump_turn (pump_t *self);
void
pump_run (pump_t *self, int64_t ms);

//  Lose all from one to other, or no more; nobody is told.
void
pump_lose (pump_t *self, unsigned from, unsigned to, bool lossy);
//  Break the connections of the two, or make them again; both are told.
void
pump_cut (pump_t *self, unsigned one, unsigned other);
void
pump_mend (pump_t *self, unsigned one, unsigned other);

//  Return what a server knows of its link to another.
flood_link_t
pump_link (const pump_t *self, unsigned server, unsigned other);

//  Return how many clients a server knows, and whether it is loading.
size_t
pump_count (const pump_t *self, unsigned server);
bool
pump_is_loading (const pump_t *self, unsigned server);

//  A message comes to a server.
void
pump_receive (pump_t *self, unsigned server, span_t text);
//  Return true if all servers have the same table.
bool
pump_agrees (const pump_t *self);

//  From now on write down what is said, for assert_said.
void
pump_listen (pump_t *self);

//  Forget all notes and counts.
void
pump_forget (pump_t *self);

#endif
