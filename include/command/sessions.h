/*  =========================================================================
    sessions - replies that leave in the order of their commands

    While a connection's WHATSAT waits for Places, whatever else it is answered
    stands behind it.  Only connections with something waiting have a session.
    =========================================================================
*/

#ifndef COMMAND_SESSIONS_H
#define COMMAND_SESSIONS_H

#include "core/event.h"

typedef struct sessions_t sessions_t;

//  Make an empty set.  A connection with waiting_max replies waiting is held:
//  its lines are not to be read.  Never returns NULL.
sessions_t *
sessions_new (unsigned waiting_max);

//  Hold clients with so many replies waiting from now on; each when its replies
//  next change.
void
sessions_limit (sessions_t *self, unsigned waiting_max);

//  Free all that waits and set *self_p to NULL.
void
sessions_destroy (sessions_t **self_p);

//  Let a reply of the connection wait for the request: line is its first line,
//  without LF, which is copied; bound is kept for sessions_answer.
void
sessions_wait (sessions_t *self, uint64_t connection, uint64_t request,
    span_t line, uint32_t bound, effects_t *effects);

//  Let a reply of the connection wait for the request, though not even its
//  first line is known, and hold the connection until it is.  Copies the
//  question.
void
sessions_defer (sessions_t *self, uint64_t connection, uint64_t request,
    span_t question, effects_t *effects);

//  Return true and the question of a deferred reply, good until it is known or
//  denied, or false if nobody waits for it any more.
bool
sessions_question (const sessions_t *self, uint64_t connection,
    uint64_t request, span_t *question);

//  The first line of a deferred reply is this: it waits as after sessions_wait.
void
sessions_know (sessions_t *self, uint64_t connection, uint64_t request,
    span_t line, uint32_t bound, effects_t *effects);

//  A deferred reply is this text and nothing more.
void
sessions_deny (sessions_t *self, uint64_t connection, uint64_t request,
    span_t text, effects_t *effects);

//  Return true and how many results the connection asked for if the request is
//  still waited for.
bool
sessions_is_waiting (const sessions_t *self, uint64_t connection,
    uint64_t request, uint32_t *bound);

//  The request's answer is here, without final LFs: send it, and what stood
//  behind it.  The request must be waited for.
void
sessions_answer (sessions_t *self, uint64_t connection, uint64_t request,
    span_t answer, effects_t *effects);

//  Answer every request that is waited for, each as sessions_answer does.
//  Returns how many there were.
size_t
sessions_answer_all (sessions_t *self, span_t answer, effects_t *effects);

//  Send the reply, or put a copy behind what the connection waits for.  text
//  must stand where effects_room said.
void
sessions_reply (
    sessions_t *self, uint64_t connection, span_t text, effects_t *effects);

//  The connection sends no more: close it, once nothing waits.
void
sessions_end (sessions_t *self, uint64_t connection, effects_t *effects);

//  The connection is gone: forget what waits.
void
sessions_forget (sessions_t *self, uint64_t connection);

//  Return the number of requests and replies that wait.
size_t
sessions_waiting (const sessions_t *self);

//  Return the bytes of their texts, of all connections.
size_t
sessions_size (const sessions_t *self);

//  Return the bytes of those of the connection.
size_t
sessions_size_of (const sessions_t *self, uint64_t connection);

#endif
