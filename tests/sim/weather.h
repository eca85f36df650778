/*  =========================================================================
    weather - what the network does to a message
    =========================================================================
*/

#ifndef SIM_WEATHER_H
#define SIM_WEATHER_H

#include "base/span.h"
#include "sim/chance.h"
#include "sim/options.h"
#include "wire/message.h"

//  One way of a link.
typedef struct {
    unsigned rate;     //  kbit/s, 0 = no limit
    int64_t delay_us;  //
    size_t buffer;     //  Bytes of the kernel at either end
    unsigned window;   //  Messages of the sender's socket
} line_t;

//  Return how much longer than its line's delay a message takes.
int64_t
weather_delay_us (const world_options_t *options, chance_t *chance);

//  Return one way of a link, within what the options say.
line_t
weather_line (const world_options_t *options, chance_t *chance);

//  Change one to three bytes.  What comes of it may still be a message.
void
weather_corrupt (chance_t *chance, char *text, size_t size);

//  Make a text that no server takes for a message to it: noise, or the message
//  given, which was meant for the server of that name, made wrong in one word
//  of its head or cut within it.  The caller frees it.
char *
weather_garbage (chance_t *chance, span_t message, const char *to, size_t *size)
    __attribute__ ((warn_unused_result));

//  Make a message that would do harm if it were believed, in the name and by
//  the codes of the process that sent this one: a location that nobody was told
//  of, or the end of the link.  The caller frees it.
char *
weather_forgery (chance_t *chance, const message_t *message, size_t *size)
    __attribute__ ((warn_unused_result));

//  End all faults of the options; delays stay.
void
weather_calm (world_options_t *options);

#endif
