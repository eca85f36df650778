/*  =========================================================================
    line - one line of a log, as text or as JSON

    Text is for people, JSON (one object a line) for programs that ship logs:

        2016-11-17T20:18:04.655887836Z Alford < client 7 IAMAT kiwi.cs...
        2016-11-17T20:18:05.000000000Z Alford * link-down: link to Ball down

        {"time":"2016-11-17T20:18:04.655887836Z","level":"debug","server":
        "Alford","name":"in","client":7,"text":"IAMAT kiwi.cs..."}
        {"time":"2016-11-17T20:18:05.000000000Z","level":"warning","server":
        "Alford","name":"link-down","text":"link to Ball down"}

    A "name" is that of a notice, or "in" or "out".  The "text" is what the text
    form shows, escapes and all: what a stranger sent is UTF-8 in both, and one
    line.  Who it is from or for is a "client", a "request" (a number each) or a
    "peer"; a "count" says that a notice is the last of so many of its kind, a
    "size" that the text is the start of so many bytes.
    =========================================================================
*/

#ifndef LOG_LINE_H
#define LOG_LINE_H

#include "core/event.h"

//  Bytes of a notice, and of what came in or went out, that a line shows.
#define LINE_NOTICE_SIZE_MAX 1023
#define LINE_TEXT_SIZE_MAX 512

//  Bytes of a line at most, LF included.
#define LINE_SIZE_MAX 8192

typedef struct line_t line_t;

//  Make a writer of lines of that server, whose name has SPAN_NAME_SIZE_MAX
//  bytes at most.  Never returns NULL.
line_t *
line_new (const char *server, bool json);

//  Free it and set *self_p to NULL.
void
line_destroy (line_t **self_p);

//  Let lines carry this time from now on.
void
line_at (line_t *self, instant_t now);

//  Write a line to the buffer of LINE_SIZE_MAX bytes, with its LF.  Returns
//  where it ends.
//
//  Of a notice, the latest of so many: count is 1 if it stands for itself.
char *
line_notice (
    line_t *self, char *to, notice_t notice, span_t text, uint64_t count);

//  Of what came in ("<") or went out (">"): of a client or a request, by its
//  connection's number; of a peer, by its name; of Places.
char *
line_client (
    line_t *self, char *to, char sign, uint64_t connection, span_t text);
char *
line_peer (line_t *self, char *to, char sign, span_t peer, span_t text);
char *
line_places (line_t *self, char *to, char sign, span_t text);

#endif
