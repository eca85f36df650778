/*  =========================================================================
    engine - a stream that keeps the last message of each subject

    What joins regions: a model of NATS JetStream, as a gateway sees it.  A
    subject is a region and a client, a message is an AT line; or, of a region
    alone, an empty one, which nobody is sent.  Each message that is stored has
    the next sequence number and takes the place of the one before of its
    subject.  A gateway is sent the messages there are, in the order of their
    numbers, then each new one of other regions.  While a connection stands,
    what a gateway publishes is stored in its order and at least once, and what
    it is sent comes at least once, in order but for the options' faults; when
    it breaks, what was on its way is lost.  A message is kept for the options'
    time to live.
    =========================================================================
*/

#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include "gateway/jetstream.h"
#include "sim/chance.h"
#include "sim/options.h"

typedef struct engine_t engine_t;

typedef enum {
    ENGINE_UP,      //  The connection is made
    ENGINE_DOWN,    //  It is lost
    ENGINE_STORED,  //  text = a line that was published: it is stored
    ENGINE_LINES    //  text = messages, each a region, a blank, an AT line, LF
} engine_word_t;

typedef struct {
    engine_word_t word;
    unsigned gateway;
    span_t text;
    uint64_t number;    //  ENGINE_STORED: by which it was published; last is
                        //  the sequence number it has
    uint64_t previous;  //  ENGINE_LINES: it is all that is behind this number,
    uint64_t last;      //  up to this one
} engine_news_t;

typedef struct {
    uint64_t published;  //  Lines that were stored
    uint64_t delivered;  //  Messages sent to gateways
    size_t kept;         //  Messages in the stream, a region's own too
} engine_counts_t;

//  Make an engine with an empty stream, for so many servers, of which any may
//  be a gateway.  Or free it and set *self_p to NULL.
engine_t *
engine_new (const world_options_t *options, unsigned servers);
void
engine_destroy (engine_t **self_p);

//  The gateway of a region begins to connect; or it is dead.
void
engine_join (engine_t *self, unsigned gateway, unsigned region);
void
engine_part (engine_t *self, unsigned gateway);

//  Publish the AT line, or the empty one, by a number.  It is lost if the
//  connection broke, of which the gateway may not have heard.
void
engine_publish (engine_t *self, unsigned gateway, uint64_t number, span_t line);

//  Send what the stream has behind this number, or all, if it has not so many;
//  and then what comes.  Returns the number, and in *last that of the newest
//  there is.
uint64_t
engine_read (
    engine_t *self, unsigned gateway, uint64_t position, uint64_t *last);

//  Return what JetStream says of the stream; and which process of it does, of
//  which each end by engine_stop makes another.
jetstream_info_t
engine_info (const engine_t *self);
unsigned
engine_process (const engine_t *self);

//  Break the gateway's connection, until mended; or all connections, until it
//  goes on.
void
engine_cut (engine_t *self, unsigned gateway);
void
engine_mend (engine_t *self, unsigned gateway);
void
engine_stop (engine_t *self);
void
engine_go_on (engine_t *self);

//  Drop all messages, without telling anybody; or those of the last so many
//  numbers, which are given anew, as if they had never been written.
void
engine_purge (engine_t *self);
void
engine_forget (engine_t *self, unsigned count);

//  End the options' faults.
void
engine_calm (engine_t *self);

//  Return what was done.
engine_counts_t
engine_counts (const engine_t *self);

//  Return when something happens next, or INT64_MAX.
int64_t
engine_next_us (const engine_t *self);

//  It is so long after the start.
void
engine_set_time (engine_t *self, int64_t now_us);

//  Tell what a gateway hears until now.  Returns false if that is nothing.  The
//  text is good until the next call.
bool
engine_next (engine_t *self, engine_news_t *news);

//  The gateway cannot hear the news now: tell it again later.
void
engine_defer (engine_t *self);

//  Return true if nothing is on its way.
bool
engine_rests (const engine_t *self);

#endif
