/*  =========================================================================
    stream_text - what listeners are told, in words
    =========================================================================
*/

#include "web/stream_text.h"

#include "base/base64num.h"
#include "base/buffer.h"

#include <inttypes.h>
#include <stdio.h>

//  Bytes before the data of an event, and of what is no Feature
#define HEAD_SIZE 128

//  Browsers come back after so long and up to so much more
#define RETRY_MS 2000
#define RETRY_MORE_MS 1000

//  Room for a position, with its NUL
#define POSITION_SIZE (BASE64NUM_SIZE_64 + 2 * (1 + 20) + 1)

static const char *const s_names [] = {[FOLLOWER_AFRESH] = "reset",
    [FOLLOWER_LOCATION] = "location",
    [FOLLOWER_ENTER] = "enter",
    [FOLLOWER_LEAVE] = "leave",
    [FOLLOWER_GONE] = "gone",
    [FOLLOWER_CROWDED] = "crowded"};


const char *
stream_type (stream_form_t self)
{
    return self == STREAM_FEED ? "application/x-ndjson" : "text/event-stream";
}


span_t
stream_head (stream_form_t self, uint64_t number, char **buffer, size_t *room)
{
    if (self == STREAM_FEED)
        return (span_t){NULL, 0};
    *buffer = buffer_grow (*buffer, room, HEAD_SIZE, 1);
    int size = snprintf (*buffer, HEAD_SIZE, "retry: %d\n\n",
        RETRY_MS + (int) (number * 7919 % RETRY_MORE_MS));
    return (span_t){*buffer, (size_t) size};
}


span_t
stream_beat (stream_form_t self)
{
    return span_of (self == STREAM_FEED ? "\n" : ":\n\n");
}


static void
s_print_position (copy_position_t position, uint64_t process, char *buffer)
{
    char *end = base64num_print (buffer, process, BASE64NUM_SIZE_64);
    snprintf (end, POSITION_SIZE - BASE64NUM_SIZE_64, ".%" PRIu64 ".%" PRIu64,
        position.first, position.last);
}


static size_t
s_print_event (
    const follower_event_t *event, const char *position, char *buffer)
{
    char *to = buffer;
    to += snprintf (to, HEAD_SIZE, "id: %s\nevent: %s\ndata: ", position,
        s_names [event->kind]);
    if (event->kind == FOLLOWER_AFRESH && event->thinned > 1)
        to +=
            snprintf (to, HEAD_SIZE, "{\"inside\":%zu,\"thinned\":%" PRIu64 "}",
                event->inside, event->thinned);
    else if (event->kind == FOLLOWER_AFRESH || event->kind == FOLLOWER_CROWDED)
        to += snprintf (to, HEAD_SIZE, "{\"inside\":%zu}", event->inside);
    else if (event->kind == FOLLOWER_GONE)
        to += geojson_print_id (event->client, to);
    else
        to += geojson_print (&event->location, "", to);
    *to++ = '\n';
    *to++ = '\n';
    return (size_t) (to - buffer);
}


size_t
stream_print (stream_form_t self, const follower_event_t *event,
    uint64_t process, char *buffer)
{
    char position [POSITION_SIZE];
    char more [POSITION_SIZE + 16];
    s_print_position (event->position, process, position);
    if (self == STREAM_EVENTS)
        return s_print_event (event, position, buffer);
    snprintf (more, sizeof more, ",\"position\":\"%s\"", position);
    size_t size = geojson_print (&event->location, more, buffer);
    buffer [size++] = '\n';
    return size;
}


bool
stream_read_position (span_t text, uint64_t process, copy_position_t *position)
{
    uint64_t number;
    span_t of = span_until (&text, '.');
    span_t first = span_until (&text, '.');
    return base64num_parse (of, BASE64NUM_SIZE_64, &number) &&
           number == process &&
           span_number (first, UINT64_MAX, &position->first) &&
           span_number (text, UINT64_MAX, &position->last);
}
