/*  =========================================================================
    trade - what a gateway says to other regions, and takes of them

    Of the regions that meet in a stream, each publishes the locations that its
    own servers heard, under herd.REGION.CLIENT, and no other: so nothing comes
    back.  The stream keeps the last of each subject, in the order they came.

    The trade is one more reader of the changes: a cursor, and what was
    published and not acknowledged yet, TRADE_FLIGHTS_MAX at most.  Who is
    slow is told fewer locations, and newer ones.  What others publish is taken
    as what peers say is, by the same rules; a record that the stream brought
    is known to be there, as one is of a peer that sent it.

    It does no I/O: gateway/session moves it, and tests/sim.
    =========================================================================
*/

#ifndef REGION_TRADE_H
#define REGION_TRADE_H

#include "core/event.h"
#include "core/refusals.h"
#include "flood/flood.h"
#include "region/region_counts.h"
#include "region/residents.h"
#include "region/subject.h"

//  Published and not acknowledged locations, and bytes that trade_print
//  writes.
#define TRADE_FLIGHTS_MAX 4096
#define TRADE_SUBJECT_SIZE_MAX                                                 \
    (SUBJECT_REGION_SIZE_MAX + 1 + SUBJECT_TOKEN_SIZE_MAX)

typedef struct trade_t trade_t;

typedef struct {
    const char *region;          //  As subject_is_region has it; copied
    const char *const *servers;  //  Names of the region's servers; copied
    size_t server_count;         //  At most RESIDENTS_MAX
} trade_options_t;

//  Make the trade of a table, which is borrowed and has one reader for it.
//  Never returns NULL.  Or free it, while the table is there, and set *self_p
//  to NULL.
trade_t *
trade_new (const trade_options_t *options, table_t *table);
void
trade_destroy (trade_t **self_p);

//  Let the region's servers be these from now on.
void
trade_configure (
    trade_t *self, const char *const *servers, size_t server_count);

//  A location that is to be published.
typedef struct {
    uint64_t number;  //  To be acknowledged with, and never used twice
    span_t line;      //  The AT line, good until the table's next change
} trade_item_t;

//  Return true and the next location, which counts as published; or false, if
//  there is none, or there are as many on their way as there may be, or *looks,
//  at records, which are counted down, are used up.
bool
trade_next (trade_t *self, trade_item_t *item, size_t *looks);

//  Return true if a call of trade_next may find something.
bool
trade_has_next (const trade_t *self);

//  Write the subject of the line, without the first word, to the buffer of
//  TRADE_SUBJECT_SIZE_MAX bytes.  Returns its size.
size_t
trade_print (const trade_t *self, span_t line, char *buffer);

//  The stream has the location of this number.  What is not on its way is
//  passed over.
void
trade_acknowledge (trade_t *self, uint64_t number);

//  What is on its way may be lost: begin again with the first that was not
//  acknowledged.
void
trade_rewind (trade_t *self);

//  The stream is another one, or may have lost messages: nothing is known to be
//  there.  Call trade_prepare until it returns true, and bring all that the
//  stream has of the own region: trade_next then gives all the rest.
void
trade_restart (trade_t *self);
bool
trade_prepare (trade_t *self, size_t *looks);

//  Take an EVENT_REGION_RECORD or EVENT_REGION_MET.  Notes go to the effects.
//
//  A record is refused if it is no AT line, or under the subject of another
//  client; if another region publishes it though a server of ours, by its name,
//  heard it; or as what a peer sends is.
void
trade_step (
    trade_t *self, flood_t *flood, const event_t *event, effects_t *effects);

//  Return true, once, if it is time to read all regions again: something was
//  refused that may be taken later, as it was heard in the future or there was
//  no memory for it.
bool
trade_wants_all (trade_t *self, int64_t clock_ms);

//  Add what was refused to these counts, and what was no AT line to *messages.
void
trade_add_refusals (
    const trade_t *self, uint64_t *messages, uint64_t counts [REFUSALS]);

//  Return the region's name; its servers, which residents_print tells others:
//  EVENT_REGION_MET; and the counters.
const char *
trade_region (const trade_t *self);
const residents_t *
trade_residents (const trade_t *self);
region_counts_t
trade_counts (const trade_t *self);

#endif
