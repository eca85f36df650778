/*  =========================================================================
    phones - what a request of a phone's app is answered

    An app that is answered an error keeps its report and sends it again, ahead
    of all newer ones.  So whatever would be refused again is answered as if it
    was taken: 200, unless it is none of the app's requests at all.

        /osmand, /         OsmAnd, Traccar Client, GPSLogger, Traccar's forward
        /owntracks, /pub   OwnTracks
        /overland          Overland
    =========================================================================
*/

#ifndef WEB_PHONES_H
#define WEB_PHONES_H

#include "web/exchange.h"
#include "reports/fix.h"

typedef enum {
    PHONES_OSMAND,
    PHONES_OWNTRACKS,
    PHONES_OVERLAND,
    PHONES_NONE,
} phones_t;

//  Return whose path it is, with or without a solidus at its end.
phones_t
phones_find (span_t path);

//  Return how many bytes a body of theirs may have.
size_t
phones_body_max (phones_t self);

//  Return NULL if they use the method, or which they do use, as Allow has it.
const char *
phones_refuse_method (phones_t self, const char *method);

//  Read the request, give each fix in it to each, and return what it is.
fix_outcome_t
phones_read (phones_t self, const exchange_request_t *request, fix_fn *each,
    void *context);

//  Answer a request of that outcome, if a fix of it was refused or none was.
void
phones_answer (phones_t self, fix_outcome_t outcome, bool refused,
    exchange_response_t *response);

#endif
