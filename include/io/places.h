/*  =========================================================================
    places - our HTTP talk with a Places provider

    Nearby Search requests of Google's legacy form, through libcurl on the
    loop.  A bounded number is under way at once, the others wait in turn, and
    each ends within its time, waiting included.  Emits EVENT_PLACES_*.
    =========================================================================
*/

#ifndef IO_PLACES_H
#define IO_PLACES_H

#include "core/event.h"
#include "io/watch.h"

typedef struct places_t places_t;

typedef struct {
    const char *url;           //  Without query; NULL = no provider; copied
    const char *key;           //  API key or NULL; copied
    int64_t timeout_ms;        //  For a lookup
    size_t body_size_max;      //  Bytes of an answer, after decompression
    unsigned connections_max;  //  Requests under way at once
    size_t queue_max;          //  Lookups that wait for their turn
} places_options_t;

//  Make the room ready.  Borrows the watch; events go to emit with context.
//  Returns NULL, errno set, when the system has no descriptor for it.
places_t *
places_new (watch_t *watch, const places_options_t *options, event_fn *emit,
    void *context);

//  End all requests without an event, wipe the key and set *self_p to NULL.
void
places_destroy (places_t **self_p);

//  Look up what is around the place of an EFFECT_FETCH.  Emits, on a later
//  turn, EVENT_PLACES_ANSWER with a body that came with HTTP status 200, or
//  EVENT_PLACES_FAILED with a reason that names neither key nor URL.
void
places_fetch (places_t *self, const effect_t *effect);

//  To be called some times a second: ends lookups that waited too long.
void
places_tick (places_t *self);

#endif
