/*  =========================================================================
    weather - what the network does to a message
    =========================================================================
*/

#ifndef SIM_WEATHER_H
#define SIM_WEATHER_H

#include "core/span.h"
#include "sim/chance.h"
#include "sim/options.h"

//  Return how long a message takes.
int64_t
weather_delay_us (const world_options_t *options, chance_t *chance);

//  Return the bandwidth of one way of a link, of the options' and up to 8 times
//  as much; 0 is none to speak of.
unsigned
weather_bandwidth (const world_options_t *options, chance_t *chance);

//  Change one to three bytes.  What comes of it may still be a message.
void
weather_corrupt (chance_t *chance, char *text, size_t size);

//  Make a text that no server takes for a message to it: noise, or the message
//  given, which was meant for the server of that name, made wrong in one word
//  of its head or cut within it.  The caller frees it.
char *
weather_garbage (chance_t *chance, span_t message, const char *to, size_t *size)
    __attribute__ ((warn_unused_result));

//  End all faults of the options; delays stay.
void
weather_calm (world_options_t *options);

#endif
