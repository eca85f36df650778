/*  =========================================================================
    talk - a server's mind, clients that talk to it, and one peer

    The fixture of the tests of the server.  Alford is asked; Ball, its only
    peer, is another mind, reached only by talk_exchange.
    =========================================================================
*/

#ifndef TESTS_UNIT_TALK_H
#define TESTS_UNIT_TALK_H

#include "core/server.h"
#include "unit/story.h"

#define KIWI "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450"
#define KIWI_AT                                                                \
    "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 "           \
    "1479413884.392014450"

typedef struct {
    server_t *alford;
    server_t *ball;
    effects_t *effects;  //  Of Alford
    effects_t *others;   //  Of Ball
    instant_t now;       //  Assignment's example, at the start
    int64_t clock_ms;
    char *buffer;            //  For messages
    google_status_t status;  //  Of Places when it fails; none at first
} talk_t;

//  Set up and tear down a case.
int
talk_new (void **state);

int
talk_free (void **state);

#define TALK(name) cmocka_unit_test_setup_teardown (name, talk_new, talk_free)

//  Make Alford anew, with so much memory and so many replies waiting.
void
talk_limit (talk_t *self, size_t table_size_max, unsigned waiting_max);

//  A server that was made knows the time by its first event; forget what comes
//  of that.
void
talk_begin (talk_t *self, server_t *server);

//  Make Alford anew, so that a question about a client it does not know waits
//  so long while it loads.
void
talk_load (talk_t *self, int64_t loading_wait_ms);

//  Something happens to Alford's client.
void
talk_event (talk_t *self, event_kind_t kind, uint64_t connection, span_t text);

//  A client sends a line.
void
talk_line (talk_t *self, uint64_t connection, const char *line);

//  Places answers or fails a client's request.
void
talk_places (talk_t *self, event_kind_t kind, uint64_t connection,
    uint64_t request, const char *text);

//  A client sends a line and is answered so.
#define talk_asks(self, line, story)                                           \
    talk_check (self, line, story, __FILE__, __LINE__)

void
talk_check (talk_t *self, const char *line, const char *story, const char *file,
    int from);

//  Let the two servers talk for a while; what they note is forgotten.  Returns
//  how many AT lines went from Alford to Ball.
size_t
talk_exchange (talk_t *self);

#endif
