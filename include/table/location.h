/*  =========================================================================
    location - where one client said it was, as one server heard it

    A location is an AT line of the assignment:

        AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479...

    server that was told, its clock less the client's at that moment, client,
    place in ISO 6709, client's POSIX time.  The words stay as they were sent;
    the numbers beside them are read out of them.  Locations of one client
    have one total order, which depends on their lines alone: so all servers
    choose the same newest one, in whatever order they hear of them.
    =========================================================================
*/

#ifndef TABLE_LOCATION_H
#define TABLE_LOCATION_H

#include "base/span.h"

//  A stamp further ahead of the clock of the server it was told to is ordered
//  by that clock instead, so that a phone with a wrong year does not freeze.
//  Part of the protocol: servers that differ here would not agree.
#define LOCATION_AHEAD_SECONDS 60

//  The longest words.  Part of the protocol, too.
#define LOCATION_CLIENT_SIZE_MAX 1024
#define LOCATION_PLACE_SIZE_MAX 128
#define LOCATION_STAMP_SIZE_MAX 64

//  What location_print adds to the words: "AT ", four spaces, the difference;
//  and the longest line there can be.
#define LOCATION_EXTRA_SIZE (3 + 4 + 1 + 15 + 1 + 9)
#define LOCATION_LINE_SIZE_MAX                                                 \
    (SPAN_NAME_SIZE_MAX + LOCATION_CLIENT_SIZE_MAX + LOCATION_PLACE_SIZE_MAX + \
        LOCATION_STAMP_SIZE_MAX + LOCATION_EXTRA_SIZE)

//  POSIX time, or the difference of two: seconds + nanoseconds, the latter
//  from 0 to 999,999,999, so that -0.25 is -1 and 750,000,000.
typedef struct {
    int64_t seconds;
    int64_t nanoseconds;
} instant_t;

typedef struct {
    span_t line;        //  The whole AT line, without line end
    span_t server;      //  Who was told
    span_t client;      //  Whose location it is
    span_t place;       //  ISO 6709, as sent
    span_t stamp;       //  The client's POSIX time, as sent
    instant_t stamped;  //  Stamp, cut to whole nanoseconds
    instant_t heard;    //  When the server heard it, by its own clock
} location_t;

typedef enum {
    LOCATION_OLDER = -1,  //  Comes before the other
    LOCATION_SAME = 0,    //  Is the other, word for word
    LOCATION_NEWER = 1    //  Comes after the other
} location_order_t;

//  Return less than, equal to or more than 0 as one is before, at or after
//  the other.
int
instant_compare (instant_t one, instant_t other);

//  Return later - earlier.
instant_t
instant_since (instant_t later, instant_t earlier);

//  Read a client's stamp: digits, then optionally a point and digits.  At
//  most 15 digits of seconds, LOCATION_STAMP_SIZE_MAX bytes in all; what is
//  beyond nanoseconds is left out of *stamped.  Returns false for all else.
bool
stamp_parse (span_t text, instant_t *stamped);

//  Read a place: latitude, longitude, each sign, digits, optionally point and
//  digits (ISO 6709 without altitude, solidus, minutes), within 90 and 180
//  degrees, in LOCATION_PLACE_SIZE_MAX bytes at most.  Borrows the text for the
//  two spans, which keep their signs.  Returns false for anything else.
bool
place_parse (span_t text, span_t *latitude, span_t *longitude);

//  Write the AT line that answers an IAMAT, "AT server ±difference client
//  place stamp", to the buffer, and describe it in *self, which borrows the
//  buffer.  self comes with server, client, place, stamp, stamped and heard
//  filled in, all within their limits: heard is not negative, and has at most
//  15 digits of seconds.  The buffer must have LOCATION_EXTRA_SIZE bytes more
//  than the four words.  Returns the size of the line.
size_t
location_print (location_t *self, char *buffer);

//  Read an AT line as location_print writes it: a server's name, single spaces,
//  nine decimals and no superfluous zeros in the difference, client, place and
//  stamp of an IAMAT.  Borrows the line.  Returns false for anything else, so
//  that no peer can bring in two spellings of one location, or what no server
//  is prepared for.
bool
location_parse (location_t *self, span_t line);

//  Read a line that location_print wrote or location_parse accepted: the same
//  result without the checks.
void
location_reread (location_t *self, span_t line);

//  Return true if self is newer than the location of the same client in a line
//  as location_reread takes it, whose client stands at client_at, and that is
//  plain to see: its stamp is, and not ahead of who heard it.  So it is with
//  nearly all; false says nothing.
bool
location_is_plainly_newer (
    const location_t *self, span_t line, size_t client_at);

//  Return how one stands to other in the total order over locations of one
//  client: by (stamp, or heard where the stamp is more than 60 s ahead of it;
//  heard; server; stamp's text; place's text).  Only locations of equal words
//  are the same.
location_order_t
location_compare (const location_t *one, const location_t *other);

#endif
