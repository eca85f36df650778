/*  =========================================================================
    owntracks - the reports of OwnTracks, over HTTP and MQTT

    A body is one JSON object, or empty.  Of all types a "location" is kept,
    and a "transition" that says where; the rest is understood and passed over:
    the app would send it again for ever.
    =========================================================================
*/

#ifndef REPORTS_OWNTRACKS_H
#define REPORTS_OWNTRACKS_H

#include "reports/fix.h"

//  Read a body.  User and device are what the request says, or empty.  The ID
//  is owntracks/USER/DEVICE, as the topic over MQTT is; if both are empty, the
//  body's topic; or owntracks/TID.  FIX_BAD is what is no JSON object.
fix_outcome_t
owntracks_read (fix_t *self, span_t user, span_t device, span_t body);

//  Read what was published under a topic.  The ID is the topic, which a broker
//  may guard, whatever the body says; of an event the topic before "/event".
//  An empty body, which clears a retained message, is FIX_NONE.
fix_outcome_t
owntracks_read_published (fix_t *self, span_t topic, span_t body);

//  Find user and device in a query, ?u=USER&d=DEVICE, decoded to the buffers of
//  as many bytes as the query has.  What is not there is left as it is.
void
owntracks_read_query (span_t query, span_t *user, char *user_text,
    span_t *device, char *device_text);

#endif
