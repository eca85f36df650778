/*  =========================================================================
    ball - messages made by hand, in Ball's name

    For cases in which Alford hears what no flood would say.  Alford hears
    nobody else, and what it says is lost.
    =========================================================================
*/

#ifndef TESTS_UNIT_BALL_H
#define TESTS_UNIT_BALL_H

#include "unit/relay.h"

//  Head of a message from Ball to Alford up to the word
#define BALL_SAYS "ZHERD/2 AAAAAAAABI0 Ball AAAAAAAAAC7 AAAAAAAAAAB 0 0 "

//  The start of an lsn of which the last digit is to follow
#define LSN "100000000000"

#define BALL_KIWI "AT Ball +0.000000000 kiwi +1+1 100"
#define BALL_PLUM "AT Ball +0.000000000 plum +1+1 100"

//  Set up a case.
int
ball_setup (void **state);

#define BALL_CASE(name)                                                        \
    cmocka_unit_test_setup_teardown (name, ball_setup, relay_free)

//  Alford hears this.
void
ball_says (relay_t *self, const char *text);

//  Ball has so many of Alford's changes, none of its own and no clients.
void
ball_says_state (relay_t *self, uint64_t got, const char *flags);

//  A process of Ball's that does not know Alford has so many changes.
void
ball_lives (relay_t *self, unsigned incarnation, uint64_t changes);

//  Ball has no changes, but one client, that root and that floor.
void
ball_says_root (relay_t *self, const char *root, unsigned floor);

//  Ball has changes up to the tail, none sent yet, and so many clients, or
//  1000; flags may be followed by other words.
void
ball_says_much (
    relay_t *self, unsigned tail, unsigned clients, const char *flags);
void
ball_says_rich (relay_t *self, unsigned tail, const char *flags);

//  Return how many of Ball's changes Alford's STATE says it has, so long after,
//  and whether it has the flag nak.
uint64_t
ball_is_told (relay_t *self, int64_t after_ms, bool *nak);

#endif
