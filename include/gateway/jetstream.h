/*  =========================================================================
    jetstream - the requests of NATS JetStream, and its answers, as text

    Of the API of JetStream (https://docs.nats.io/reference/reference-protocols/
    nats_api_reference) what a gateway needs: to make a stream, to ask for its
    state, to make a consumer and to pull from it.  libnats has calls for that,
    which wait for their answers, as the loop must not.
    =========================================================================
*/

#ifndef GATEWAY_JETSTREAM_H
#define GATEWAY_JETSTREAM_H

#include "base/span.h"

//  The longest line that JetStream is to keep, and names that it gives.
#define JETSTREAM_MESSAGE_SIZE_MAX 8192
#define JETSTREAM_NAME_SIZE 64

typedef enum {
    JETSTREAM_GOOD,
    JETSTREAM_MISSING,  //  There is no such stream
    JETSTREAM_ERROR     //  It says why, or the answer can't be read
} jetstream_result_t;

//  What a stream is, and has.
typedef struct {
    char created [JETSTREAM_NAME_SIZE];
    uint64_t messages;
    uint64_t first, last;  //  Sequences
    uint64_t replicas;
    uint64_t seconds;   //  Messages expire then; 0 = never
    bool shrinks;       //  It has limits by which messages leave it
    const char *fault;  //  Why it is not as a stream of ours must be; or NULL
} jetstream_info_t;

//  Return true if the stream is the one it was before, and has lost no message
//  that it should have, or but a few.  It gave the greatest sequence before it
//  was asked; and a message must be there, whose is the other, or 0.
bool
jetstream_is_intact (const jetstream_info_t *before,
    const jetstream_info_t *now, uint64_t greatest, uint64_t there);

//  Where a message of a consumer stands.
typedef struct {
    span_t consumer;
    uint64_t sequence;  //  In the stream
    uint64_t count;     //  Of messages of this consumer, from 1
    uint64_t pending;   //  That the consumer has still to deliver
} jetstream_place_t;

//  Return the text of a request, for the caller to free: to make the stream of
//  this name, with messages that expire then, 0 = never; a consumer of these
//  subjects from a sequence on, which ends half a minute after it was last
//  pulled from; or a pull of so many messages, which waits for them, and says
//  that it does.
char *
jetstream_make_stream (const char *name, uint64_t replicas, uint64_t seconds);
char *
jetstream_make_consumer (
    const char *stream, const char *subjects, uint64_t sequence);
char *
jetstream_pull (unsigned messages);

//  A pull says each so often that it waits, and ends after so long.
#define JETSTREAM_BEAT_MS 3000
#define JETSTREAM_PULL_MS 20000

//  Read an answer; why, of JETSTREAM_WHY_SIZE bytes, is filled in for an error.
#define JETSTREAM_WHY_SIZE 160
jetstream_result_t
jetstream_read_info (span_t text, const char *name, jetstream_info_t *info,
    char why [JETSTREAM_WHY_SIZE]);
jetstream_result_t
jetstream_read_consumer (span_t text, char name [JETSTREAM_NAME_SIZE],
    uint64_t *pending, char why [JETSTREAM_WHY_SIZE]);

//  Read what a stream says of a message that it has, and its sequence.
jetstream_result_t
jetstream_read_ack (
    span_t text, uint64_t *sequence, char why [JETSTREAM_WHY_SIZE]);

//  Read the reply subject of a message.  Returns false if it is not of a
//  consumer.
bool
jetstream_read_place (span_t reply, jetstream_place_t *place);

#endif
