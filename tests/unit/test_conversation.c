/*  =========================================================================
    test_conversation - how floods talk, from top to bottom

    docs/protocol.md by example: each case is a conversation of Alford and Ball,
    and holds every message of it.  unit/transcript.h says how to read them.
    =========================================================================
*/

#include "unit/relay.h"

#define KIWI "AT Alford +0.000000000 kiwi +1+1 100"
#define PLUM "AT Alford +0.000000000 plum +1+1 100"
#define FIG "AT Alford +0.000000000 fig +1+1 100"


//  They are linked, Alford heard three clients, and told Ball

static void
s_begin (relay_t *self)
{
    relay_settle (self);
    relay_put (self, ALFORD, KIWI);
    relay_put (self, ALFORD, PLUM);
    relay_put (self, ALFORD, FIG);
    relay_run (self, 1000);
    relay_listen (self);
}


//  Two servers start: sections 4.6 and 4.4

static void
two_servers_meet (void **state)
{
    relay_t *self = *state;
    relay_listen (self);
    relay_run (self, 300);
    assert_said (self->transcript,
        //  Alford knows nobody's process, and has heard nobody.  Ball hears it,
        //  and names its process: for Alford the link is up
        "Alford > Ball? STATE 0/+0 got=0 table=0:AAA loading,deaf\n"
        "Ball > Alford STATE 0/+0 got=+0 table=0:AAA loading,settled\n"
        //  For Ball, too.  Each tells how far around it no client is known;
        //  that is farther than the herd reaches, so nobody has to load
        "Alford > Ball STATE +0 got=+0 table=0:AAA loading,settled nobody=1\n"
        "Ball > Alford STATE +0 got=+0 table=0:AAA settled nobody=2\n"
        "Alford > Ball STATE +0 got=+0 table=0:AAA settled nobody=3\n");

    relay_put (self, ALFORD, KIWI);
    relay_run (self, 300);
    assert_said (self->transcript,
        //  A client's line is Alford's first change, and Ball has got it.  For
        //  Ball it is a change, too, but Alford has it: an empty batch says so
        "Alford > Ball BATCH +0..+1 got=+0: kiwi\n"
        "Ball > Alford BATCH +0..+1 got=+1\n");

    relay_run (self, 1000);
    assert_said (self->transcript,
        //  Heartbeats prove that both know the same
        "Ball > Alford STATE +1 got=+1 table=1:AOv settled\n"
        "Alford > Ball STATE +1 got=+1 table=1:AOv settled\n");
}


//  A server starts anew, and has nothing: section 4.6

static void
an_empty_server_loads (void **state)
{
    relay_t *self = *state;
    s_begin (self);
    relay_restart (self, BALL, RELAY_KEY);
    relay_run (self, 300);
    assert_said (self->transcript,
        //  Alford still speaks to the process before, as it heard no other
        "Alford > Ball? STATE +3 got=+3 table=3:Hvn settled\n"
        //  Alford knows more: it is Ball's source, to send its whole stream
        "Ball > Alford STATE 0/+0 got=0 table=0:AAA nak,loading source=Alford\n"
        "Alford > Ball BATCH 0..+3 got=+0: kiwi plum fig\n"
        //  Ball is told that this was all.  What is loaded is no change of its
        "Alford > Ball STATE +3 got=+0 table=3:Hvn settled\n"
        "Ball > Alford STATE +0 got=+3 table=3:Hvn settled\n");
}


//  A connection breaks, and changes go on: section 4.4

static void
a_link_that_comes_back_resumes (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_put (self, ALFORD, KIWI);
    relay_run (self, 1000);
    relay_listen (self);
    relay_cut (self, ALFORD, BALL);
    relay_put (self, ALFORD, PLUM);
    relay_put (self, ALFORD, FIG);
    relay_run (self, 50);
    assert_said (self->transcript, "");

    relay_mend (self, ALFORD, BALL);
    relay_run (self, 300);
    assert_said (self->transcript,
        //  Each says what it has got of the other
        "Alford > Ball STATE +1/+3 got=+1 table=3:Hvn settled\n"
        "Ball > Alford STATE +1 got=+1 table=1:AOv settled\n"
        //  What Ball got before is not sent again
        "Alford > Ball BATCH +1..+3 got=+1: plum fig\n"
        "Alford > Ball STATE +3 got=+1 table=3:Hvn settled\n"
        "Ball > Alford BATCH +1..+3 got=+3\n");
}


//  A message is lost, and no connection with it: section 4.4

static void
a_gap_is_sent_again (void **state)
{
    relay_t *self = *state;
    relay_settle (self);
    relay_listen (self);
    relay_lose (self, ALFORD, BALL, true);
    relay_put (self, ALFORD, KIWI);
    relay_run (self, 10);
    relay_lose (self, ALFORD, BALL, false);
    relay_put (self, ALFORD, PLUM);
    relay_run (self, 100);
    assert_said (self->transcript,
        "Alford x Ball BATCH +0..+1 got=+0: kiwi\n"
        //  This one begins behind +1, and Ball has the stream up to +0 only.
        //  It takes the record, passes over it in its own stream, since Alford
        //  has it, and complains
        "Alford > Ball BATCH +1..+2 got=+0: plum\n"
        "Ball > Alford STATE +0..+1 got=+0 table=1:MFf nak,settled\n"
        //  Alford goes back to there; then a heartbeat is due
        "Alford > Ball BATCH +0..+2 got=+1: kiwi plum\n"
        "Ball > Alford BATCH +1..+2 got=+2\n"
        "Alford > Ball STATE +2 got=+2 table=2:MUO settled\n");
}


//  Each lost a record behind its own back, which no stream brings: section 4.7

static void
tables_that_differ_are_audited (void **state)
{
    relay_t *self = *state;
    s_begin (self);
    table_drop (self->members [ALFORD].table, SPAN ("fig"));
    table_drop (self->members [BALL].table, SPAN ("plum"));
    relay_run (self, 1000);
    assert_said (self->transcript,
        //  Each has all of the other's stream, and the roots differ
        "Ball > Alford STATE +3 got=+3 table=2:LqH settled\n"
        //  Alford, the first by name, begins with its 16 sums below the root.
        //  Two of them differ, so Ball answers with the sums below these
        "Alford > Ball NODE -:16\n"
        "Ball > Alford NODE c:16 e:16\n"
        "Alford > Ball STATE +3 got=+3 table=2:MUO settled,auditing\n"
        "Alford > Ball NODE c7:16 e8:16\n"
        "Ball > Alford NODE c76:16 e81:16\n"
        //  At four digits these are records: Alford has one, and none
        "Alford > Ball LEAF c769:1 e814:0\n"
        "Ball > Alford PUT fig\n"
        "Ball > Alford WANT c769:1\n"
        "Alford > Ball PUT plum\n"
        //  Each got a record, which is a change; the roots are equal
        "Alford > Ball STATE +3..+4 got=+3 table=3:Hvn settled,auditing\n"
        "Ball > Alford STATE +3..+4 got=+4 table=3:Hvn settled\n"
        "Alford > Ball STATE +4 got=+4 table=3:Hvn settled\n");
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        PAIR (two_servers_meet),
        PAIR (an_empty_server_loads),
        PAIR (a_link_that_comes_back_resumes),
        PAIR (a_gap_is_sent_again),
        PAIR (tables_that_differ_are_audited),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
