/*  =========================================================================
    command - what a client's line says

    The clients' door: a line is one of the assignment's two commands, nothing
    at all, or invalid.  A client has no words to speak as a peer.
    =========================================================================
*/

#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "table/location.h"

//  "The radius must be at most 50 km, and the information bound must be at
//  most 20 items."
#define COMMAND_RADIUS_MAX_MM 50000000
#define COMMAND_BOUND_MAX 20

typedef enum {
    COMMAND_NONE,    //  No field on the line: nothing to answer
    COMMAND_BAD,     //  Invalid: to be answered with "? " and the line
    COMMAND_IAMAT,   //  client, place, stamp and stamped are set
    COMMAND_WHATSAT  //  client, radius_mm and bound are set
} command_kind_t;

typedef struct {
    command_kind_t kind;
    span_t client;       //  Any bytes but white space and NUL
    span_t place;        //  Latitude and longitude as sent, valid
    span_t stamp;        //  POSIX time as sent, valid
    instant_t stamped;   //  Stamp in numbers
    uint32_t radius_mm;  //  0 to COMMAND_RADIUS_MAX_MM, cut to millimetres
    uint32_t bound;      //  0 to COMMAND_BOUND_MAX results
} command_t;

//  Read a line, which comes without its LF; a client of more than
//  client_size_max bytes makes it invalid.  Borrows the line for the spans of
//  *self; fields that kind does not set are zero.
void
command_parse (command_t *self, span_t line, size_t client_size_max);

#endif
