/*  =========================================================================
    wires - what passed between floods, counted
    =========================================================================
*/

#ifndef TESTS_UNIT_WIRES_H
#define TESTS_UNIT_WIRES_H

#include "wire/message.h"

//  What passed over a link in one direction
typedef struct {
    bool lossy;        //  All is lost, and nobody told
    size_t states;     //
    size_t batches;    //
    size_t records;    //  AT lines in batches
    size_t audits;     //  Messages of an audit, PUTs included
    size_t puts;       //  AT lines in PUTs
    size_t bytes;      //  Of all but STATEs
    size_t size_max;   //  Of a message
    size_t body_max;   //
    int64_t gap_ms;    //  Least time between two STATEs
    int64_t state_ms;  //  When the last STATE came
    message_t state;   //  It, without spans
    char *batch;       //  Body of the last BATCH
    uint64_t sent;     //  Bytes up to the last message, as its head has them
} wire_t;

//  Count a message that passes then.
void
wire_count (wire_t *self, span_t text, int64_t clock_ms);

//  Forget all counts.
void
wire_forget (wire_t *self);

#endif
