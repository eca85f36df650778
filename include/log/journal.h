/*  =========================================================================
    journal - one server's log

    A line an event: time in UTC, server, sign, what.  The sign is "<" for
    what came in, ">" for what went out, "*" for a notice, whose name follows:

        2016-11-17T20:18:04.655887836Z Alford < client 7 IAMAT kiwi.cs...
        2016-11-17T20:18:05.000000000Z Alford * link-up: link to Ball up

    Or an object of JSON, as log/line shows both.  A client is a connection; one
    that is a request alone is called that, and counted from 1.

    Control bytes and what is not UTF-8 are escaped as in C (\n, \x1b), a
    backslash is doubled: so an event is one line, whatever it holds.  Of what
    is longer than LINE_TEXT_SIZE_MAX the line has the start and the size:
    "IAMAT xxx… (65000 bytes)".  Nobody can speak as one of the herd for having
    read its logs.

    Of one kind of notice few are logged, as log/notices says, and at the level
    of notices it is counted once a second how many clients came and left.  The
    latest notices are in memory, too: to show them, the daemon hands a room a
    function that calls journal_recent.

    Lines gather in memory, and a thread writes them: notices, but for clients
    that come and go, as soon as their turn ends, the rest with them, or when it
    is much, or within a tenth of a second.  A disk or a reader that blocks
    costs lines, never a reply; the log itself says how many, where they are
    missing.
    =========================================================================
*/

#ifndef LOG_JOURNAL_H
#define LOG_JOURNAL_H

#include "log/recent.h"

typedef struct journal_t journal_t;

typedef struct {
    const char *file;    //  Appended to; NULL = standard output; copied
    const char *server;  //  Name in every line, 64 bytes at most; copied
    bool full;           //  Input and output too, not notices alone
    bool json;           //  Lines are objects of JSON
    const char *key;     //  API key that no line may hold, or NULL; copied
    uint64_t size_max;   //  Then a regular file is begun anew; 0 = never
} journal_options_t;

//  Open the log, as logfile_new does.  Returns NULL, errno set, if it can't be
//  opened.
journal_t *
journal_new (const journal_options_t *options);

//  Have what is left written, wait a second at most for it, and set *self_p to
//  NULL.
void
journal_destroy (journal_t **self_p);

//  Let lines carry this time from now on.
void
journal_at (journal_t *self, instant_t now);

//  Log the event.  Lines that follow carry its time, until the next event.
//  Ticks are not logged, nor a message, which has not been judged yet.
void
journal_event (journal_t *self, const event_t *event);

//  Log the effect.
void
journal_effect (journal_t *self, const effect_t *effect);

//  Log what concerns the request that is this connection, at this time.
void
journal_request (journal_t *self, instant_t now, char sign, uint64_t connection,
    span_t text);

//  Log a message from ("<") or to (">") a peer of that name, without the herd's
//  code and processes' names.  A STATE that repeats an earlier one is left out.
void
journal_message (journal_t *self, char sign, span_t peer, span_t text);

//  Log a notice: a format of printf and its arguments, LINE_NOTICE_SIZE_MAX
//  bytes at most.
void
journal_notice (journal_t *self, notice_t notice, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

//  The same, and always: for what is limited by itself, as what an operator's
//  command causes once.
void
journal_tell (journal_t *self, notice_t notice, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

//  Have the lines written if they are many, or one is such a notice: to be
//  called when a turn ends.
void
journal_turn (journal_t *self);

//  Have all lines written: to be called some times a second.
void
journal_flush (journal_t *self);

//  Have the file closed and its name opened again, as after it was renamed.  If
//  that fails the old one is kept.  The log says which.
void
journal_reopen (journal_t *self);

//  Let the options' full and size_max be so from now on, and let no line hold
//  the key, nor one that was given before.
void
journal_change (journal_t *self, const journal_options_t *options);

//  Return the notice that was logged last for 0, the one before it for 1 and so
//  on, or NULL if it is none of the last RECENT_COUNT.  Good until the next
//  call of another of these functions.  Clients that come and go are left out.
const recent_notice_t *
journal_recent (const journal_t *self, size_t index);

//  Return the number of lines that were lost.
uint64_t
journal_lost (const journal_t *self);

#endif
