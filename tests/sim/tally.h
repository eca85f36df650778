/*  =========================================================================
    tally - what a herd has done so far, in numbers
    =========================================================================
*/

#ifndef SIM_TALLY_H
#define SIM_TALLY_H

#include "core/server.h"
#include "wire/message.h"

//  All zero is nothing.
typedef struct {
    uint64_t updates;                  //  IAMATs that were news
    uint64_t records;                  //  AT lines sent to peers
    uint64_t audits;                   //  Descents begun
    uint64_t repairs;                  //  AT lines that were news by an audit
    uint64_t downs;                    //  Times a link that was up went down
    uint64_t recalls;                  //  Times spared lines were asked for
    uint64_t rewinds;                  //  Times a stream went back
    uint64_t bytes [MESSAGE_PUT + 1];  //  Sent, by kind of message
    uint64_t messages [MESSAGE_PUT + 1];  //
} tally_t;

//  Add a message that was sent.  Returns how many AT lines it has.
uint64_t
tally_message (tally_t *self, const message_t *message, span_t text);

//  Add the counters of a server with so many peers; NULL has none.
void
tally_life (tally_t *self, const server_t *server, unsigned peers);

//  Add another tally.
void
tally_add (tally_t *self, const tally_t *other);

#endif
