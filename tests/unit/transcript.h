/*  =========================================================================
    transcript - what floods said to each other, as text that a case can state

    A line a message, in the order they came:

        Ball > Alford? STATE +0 got=0 table=0:AAA loading,deaf
        Alford x Ball BATCH +0..+2/+5 got=+0: kiwi plum
        Alford > Ball LEAF c769:1 e814:0

    "?"       the sender has not met this process of the receiver
    " x "     lost on the way
    +0..+2/+5 the sender's stream, from where to where the message brings it, of
              which tail if that is not all; +2 is 10^12 + 2
    got       what the sender has of the receiver's stream
    table     how many clients it knows, and the first letters of its root

    Of AT lines there are the clients, of lines of an audit the prefix and the
    number of codes, of a STATE all but clock and floor.
    =========================================================================
*/

#ifndef TESTS_UNIT_TRANSCRIPT_H
#define TESTS_UNIT_TRANSCRIPT_H

#include "base/span.h"

typedef struct transcript_t transcript_t;

//  Make an empty transcript.  Never returns NULL.
transcript_t *
transcript_new (void);

//  Free the transcript and set *self_p to NULL.
void
transcript_destroy (transcript_t **self_p);

//  The message went to this process of the receiver, or was lost.  It must be
//  one of the protocol.
void
transcript_add (transcript_t *self, span_t text, const char *receiver,
    uint64_t incarnation, bool lost);

//  Just these lines were said; they are forgotten then.
#define assert_said(transcript, lines)                                         \
    transcript_check (transcript, lines, __FILE__, __LINE__)

void
transcript_check (
    transcript_t *self, const char *lines, const char *file, int line);

#endif
