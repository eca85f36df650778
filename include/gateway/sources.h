/*  =========================================================================
    sources - what is read of a stream: a consumer for each region

    The subjects of one region, or those by which regions say that they are
    there.  Each is read from where it was left, by pulls of a bounded number of
    messages: so a stream sends no more than was asked for.  A consumer that is
    gone, is silent, or left something out is replaced by another, which goes on
    behind the last message that came.
    =========================================================================
*/

#ifndef GATEWAY_SOURCES_H
#define GATEWAY_SOURCES_H

#include "gateway/jetstream.h"
#include "gateway/post.h"
#include "log/journal.h"
#include "region/subject.h"

//  Other regions at most; and the two sources that there are always: who is
//  there, and what the own region published.
#define SOURCES_REGIONS_MAX 128
#define SOURCES_MAX (SOURCES_REGIONS_MAX + 2)
enum { SOURCES_MET, SOURCES_OWN, SOURCES_OTHERS };

#define SOURCES_INBOX_SIZE 64

typedef struct {
    char region [SUBJECT_REGION_SIZE_MAX + 1];  //  Of SOURCES_MET none
    bool wanted;                                //  It is to be read
    uint64_t read;                        //  Sequence up to which all came
    char consumer [JETSTREAM_NAME_SIZE];  //  Empty = there is none
    uint64_t request;  //  Number of the last that asked for a consumer
    bool asked;        //  It is not answered yet
    uint64_t count;    //  Messages of the consumer that came
    unsigned credit;   //  Messages asked for that did not come yet
    int64_t heard_ms;  //  When the consumer last spoke, or was asked for
    int64_t next_ms;   //  When another may be asked for
    int64_t met_ms;    //  When its region last said that it is there
} source_t;

//  Part of the owner's structure.
typedef struct {
    post_t *post;        //  Borrowed
    journal_t *journal;  //  The same
    char stream [SUBJECT_REGION_SIZE_MAX + 1];
    uint64_t connection;              //  To send by
    char inbox [SOURCES_INBOX_SIZE];  //  Of that
    uint64_t requests;                //  Number of the last
    uint64_t errors;                  //  So far
    source_t list [SOURCES_MAX];
    size_t count;
} sources_t;

//  Make *self the two sources of this stream and region.  It borrows the post
//  and the journal.
void
sources_init (sources_t *self, post_t *post, journal_t *journal,
    const char *stream, const char *region);

//  Send by this connection from now on, with none of the consumers before.
void
sources_connect (sources_t *self, uint64_t connection, const char *inbox);

//  Have no consumers until sources_tick asks for others.
void
sources_pause (sources_t *self);

//  Read all again, or one, from the first message.
void
sources_restart (sources_t *self);
void
sources_restart_one (sources_t *self, source_t *source);

//  Return the source of another region, which says that it is there, made if
//  there is none; NULL if there are as many as there may be.  Of regions silent
//  for SOURCES_SILENCE_MS the one that is so for longest gives its place.
#define SOURCES_SILENCE_MS 300000
source_t *
sources_add (sources_t *self, span_t region, int64_t now_ms, bool *is_new);

//  Ask for consumers and messages, as far as there are none on their way.
void
sources_tick (sources_t *self, int64_t now_ms);

//  Take a letter that answers a request of ours: the tokens behind the inbox
//  are "c" or "p", index and number.  Returns the source that has a consumer
//  now, or of which one waits, with *pending messages to come; or NULL.
source_t *
sources_answer (sources_t *self, const letter_t *letter, span_t rest,
    int64_t now_ms, uint64_t *pending);

//  Take a message, and ask for more when there are few on their way.  Returns
//  its source, and its place; or NULL, if it is of no consumer of ours, or
//  something before it is missing.
source_t *
sources_take (sources_t *self, const letter_t *letter, int64_t now_ms,
    jetstream_place_t *place);

#endif
