/*  =========================================================================
    standing - whether the stream can be used, and is what it was

    A session's phases, and what moves it between them; and what all its rooms
    know of it.
    =========================================================================
*/

#ifndef GATEWAY_STANDING_H
#define GATEWAY_STANDING_H

#include "gateway/session.h"

//  Of a subject that a location is published at, of one to which is replied,
//  and of the name of a process of NATS.
#define SUBJECT_SIZE (SUBJECT_REGION_SIZE_MAX + 1 + TRADE_SUBJECT_SIZE_MAX + 1)
#define REPLY_SIZE 96
#define SERVER_SIZE 128
#define FAILURE_SIZE 320

typedef enum {
    PHASE_AWAY,   //  There is no connection
    PHASE_RESTS,  //  There is, and the stream is not used until resume_ms
    PHASE_ASKS,   //  What the stream is, or to make it
    PHASE_USES    //
} phase_t;

struct session_t {
    post_t *post;
    journal_t *journal;
    event_fn *take;
    void *context;
    server_t *server;
    trade_t *trade;
    uint64_t replicas;
    uint64_t ttl_seconds;
    phase_t phase;
    char process [SERVER_SIZE];  //  Of NATS that we were last connected to
    bool is_restarted;           //  It is another than before
    bool is_loaded;              //  We knew once what our region knows
    int64_t resume_ms;
    int64_t watched_ms, polled_ms, announced_ms;
    bool polling;           //  A question is on its way, since polled_ms:
    bool making;            //  to make the stream, not what it is
    uint64_t request;       //  Its number
    int64_t progress_ms;    //  When something was acknowledged, or nothing was
                            //  on its way
    jetstream_info_t info;  //  What the stream was last
    bool is_known;          //  It was
    uint64_t sequence;      //  The greatest that we know of it
    uint64_t asked_sequence;      //  That when we last asked what it has
    uint64_t announced;           //  That of the last that says we are there
    bool is_prepared;             //  It can be joined
    bool is_joined;               //  All that our region published was read
    char failure [FAILURE_SIZE];  //  What was said of it; empty = it is used
    sources_t sources;
    region_counts_t counts;  //  What the trade does not count
};

//  The stream can't be used: rest for a while, and begin again.  Says what
//  failed, and why, unless that is empty; the same again only when it was used
//  since.
void
standing_fail (
    session_t *self, int64_t now_ms, const char *what, const char *why);

//  There is a connection to NATS; or it is lost, or could not be made.
void
standing_connect (session_t *self, const letter_t *letter);
void
standing_lose (session_t *self, const letter_t *letter, int64_t now_ms);

//  NATS says that something is not permitted.  Whoever waits for what comes of
//  it gives up in time.
void
standing_deny (session_t *self, const letter_t *letter);

//  JetStream says what the stream is.
void
standing_take_info (session_t *self, const letter_t *letter, int64_t now_ms);

//  Ask, announce and give up as time passes: to be called some times a second.
void
standing_watch (session_t *self, int64_t now_ms);

#endif
