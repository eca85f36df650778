/*  =========================================================================
    stream_text - what listeners are told, in words

    As server-sent events:

        id: AEjRWeJq83v.1000000000001.1000000000123
        event: location
        data: {"type":"Feature","id":"kiwi.cs.ucla.edu", ...}

    location, enter and leave have the Feature of a client, gone its
    {"id": ...}, reset and crowded {"inside": N}; a reset has "thinned": M, too,
    if one of M clients is told of.  A feed has the Feature alone, a line each,
    the id among its properties as position.  A comment, and an empty line, are
    signs of life.

    The id is a position: the process, as 11 letters of base64num, and the first
    and the last number of the changes that were told.
    =========================================================================
*/

#ifndef WEB_STREAM_TEXT_H
#define WEB_STREAM_TEXT_H

#include "follow/follower.h"
#include "web/geojson.h"

//  The longest event.
#define STREAM_TEXT_SIZE_MAX (GEOJSON_SIZE_MAX + 256)

typedef enum { STREAM_EVENTS, STREAM_FEED } stream_form_t;

//  Return the media type.
const char *
stream_type (stream_form_t self);

//  Return how often browsers are to come back, which differs with the number,
//  lest all come at once; in a buffer that is made or grown to its room.
span_t
stream_head (stream_form_t self, uint64_t number, char **buffer, size_t *room);

//  Return a sign of life, a constant.
span_t
stream_beat (stream_form_t self);

//  Write the event, and the position in this process, to the buffer of
//  STREAM_TEXT_SIZE_MAX.  Returns the size.
size_t
stream_print (stream_form_t self, const follower_event_t *event,
    uint64_t process, char *buffer);

//  Read a position.  Returns false if it is none, or of another process.
bool
stream_read_position (span_t text, uint64_t process, copy_position_t *position);

#endif
