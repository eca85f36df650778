/*  =========================================================================
    loop_case - a loop that runs until what a test waits for is there

    The stage of the tests of rooms that live in a loop.  What is waited for
    is a count that reaches a number; a minute in vain fails the test.
    =========================================================================
*/

#ifndef TESTS_IO_LOOP_CASE_H
#define TESTS_IO_LOOP_CASE_H

#include "base/address.h"
#include "loop/poller.h"

#include <setjmp.h>
#include <cmocka.h>

//  127.0.0.1
extern const address_t loop_case_home;

//  A loop.  turn and tick are the test's to set.
typedef struct {
    poller_t *poller;
    poller_turn_fn *turn;  //  At the end of every turn, if not NULL
    poller_turn_fn *tick;  //  Every 20 ms or so, if not NULL; a turn follows
    void *context;         //  For both
    size_t turns;          //  So far, none after a tick
    int claim;             //  A socket that keeps others off our ports
    uint16_t port;         //  Last one given out
    int64_t tick_ms;
    const size_t *count;  //  What is waited for
    size_t least;         //
    int64_t deadline_ms;
    bool late;
} loop_case_t;

//  Make a stage that gives out ports above the base, at which no other stage
//  has any: the same test may run twice at once.
loop_case_t *
loop_case_new (uint16_t port_base);

//  Free the stage and set *self_p to NULL.
void
loop_case_destroy (loop_case_t **self_p);

//  Return a port of this machine at which nobody listens.
uint16_t
loop_case_port (loop_case_t *self);

//  Run the loop until *count is least or more.
#define REACH(stage, count, least)                                             \
    loop_case_reach (stage, count, least, __FILE__, __LINE__)

void
loop_case_reach (loop_case_t *self, const size_t *count, size_t least,
    const char *file, int line);

//  Run the loop that long: for what is not to happen.
void
loop_case_spend (loop_case_t *self, int64_t ms);

//  Run the loop until nothing makes it turn any more: whoever never comes to
//  rest fails the test.
void
loop_case_rest (loop_case_t *self);

#endif
