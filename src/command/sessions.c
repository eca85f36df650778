/*  =========================================================================
    sessions - replies that leave in the order of their commands
    =========================================================================
*/

#include "command/sessions.h"

#include "base/number_map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>


typedef struct waiting_t waiting_t;

struct waiting_t {
    waiting_t *next;
    uint64_t request;  //  What it waits for; 0 = it is complete
    uint32_t bound;
    char *text;        //  Its first line with LF, or all of it
    size_t size;       //  Bytes of text
    size_t open_size;  //  As in effect_t
};

typedef struct {
    uint64_t connection;
    waiting_t *first;
    waiting_t *last;
    unsigned count;
    bool deferred;  //  Its last reply is
    size_t size;    //  Bytes of texts
    bool held;
    bool ended;
} session_t;

struct sessions_t {
    zhashx_t *sessions;  //  By connection
    unsigned waiting_max;
    size_t waiting;
    size_t size;  //  Bytes of texts
};


sessions_t *
sessions_new (unsigned waiting_max)
{
    assert (waiting_max > 0);
    sessions_t *self = calloc (1, sizeof (sessions_t));
    assert (self);
    self->waiting_max = waiting_max;
    self->sessions = number_map_new ();
    return self;
}


void
sessions_limit (sessions_t *self, unsigned waiting_max)
{
    assert (waiting_max > 0);
    self->waiting_max = waiting_max;
}


static session_t *
s_find_session (const sessions_t *self, uint64_t connection)
{
    return self->waiting ? zhashx_lookup (self->sessions, &connection) : NULL;
}


static void
s_resize (sessions_t *self, session_t *session, waiting_t *waiting, size_t size)
{
    self->size += size - waiting->size;
    session->size += size - waiting->size;
    waiting->size = size;
}


//  Take the first waiting reply out and free it

static void
s_drop_first (sessions_t *self, session_t *session)
{
    waiting_t *waiting = session->first;
    s_resize (self, session, waiting, 0);
    session->first = waiting->next;
    session->count--;
    self->waiting--;
    free (waiting->text);
    free (waiting);
}


static void
s_drop_session (sessions_t *self, session_t *session)
{
    while (session->first)
        s_drop_first (self, session);
    zhashx_delete (self->sessions, &session->connection);
    free (session);
}


void
sessions_destroy (sessions_t **self_p)
{
    sessions_t *self = *self_p;
    if (self) {
        session_t *session;
        while ((session = zhashx_first (self->sessions)))
            s_drop_session (self, session);
        zhashx_destroy (&self->sessions);
        free (self);
        *self_p = NULL;
    }
}


//  Hold the connection, or release it, as its replies that wait have it

static void
s_balance (const sessions_t *self, session_t *session, effects_t *effects)
{
    bool held = session->deferred || session->count >= self->waiting_max;
    if (held == session->held)
        return;
    session->held = held;
    effects_add (
        effects, held ? EFFECT_HOLD : EFFECT_RELEASE, session->connection, 0);
}


static void
s_set_text (sessions_t *self, session_t *session, waiting_t *waiting,
    span_t text, const char *end)
{
    size_t end_size = strlen (end);
    waiting->text = realloc (waiting->text, text.size + end_size + 1);
    assert (waiting->text);
    if (text.size)
        memcpy (waiting->text, text.data, text.size);
    memcpy (waiting->text + text.size, end, end_size);
    s_resize (self, session, waiting, text.size + end_size);
    waiting->open_size = waiting->size;
}


//  Put a reply behind all that the connection waits for; return it

static waiting_t *
s_append (sessions_t *self, session_t *session, span_t text, const char *end)
{
    waiting_t *waiting = calloc (1, sizeof (waiting_t));
    assert (waiting);
    s_set_text (self, session, waiting, text, end);
    if (session->first)
        session->last->next = waiting;
    else
        session->first = waiting;
    session->last = waiting;
    self->waiting++;
    session->count++;
    return waiting;
}


static session_t *
s_session (sessions_t *self, uint64_t connection)
{
    session_t *session = s_find_session (self, connection);
    if (!session) {
        session = calloc (1, sizeof (session_t));
        assert (session);
        session->connection = connection;
        int rc = zhashx_insert (self->sessions, &session->connection, session);
        assert (rc == 0);
    }
    return session;
}


void
sessions_wait (sessions_t *self, uint64_t connection, uint64_t request,
    span_t line, uint32_t bound, effects_t *effects)
{
    session_t *session = s_session (self, connection);
    waiting_t *waiting = s_append (self, session, line, "\n");
    waiting->request = request;
    waiting->bound = bound;
    s_balance (self, session, effects);
}


void
sessions_defer (sessions_t *self, uint64_t connection, uint64_t request,
    span_t question, effects_t *effects)
{
    session_t *session = s_session (self, connection);
    assert (request && !session->deferred);
    s_append (self, session, question, "")->request = request;
    session->deferred = true;
    s_balance (self, session, effects);
}


static waiting_t *
s_find_request (const sessions_t *self, uint64_t connection, uint64_t request)
{
    const session_t *session = s_find_session (self, connection);
    waiting_t *waiting = session ? session->first : NULL;
    while (waiting && waiting->request != request)
        waiting = waiting->next;
    return waiting;
}


bool
sessions_question (const sessions_t *self, uint64_t connection,
    uint64_t request, span_t *question)
{
    const waiting_t *waiting = s_find_request (self, connection, request);
    if (waiting)
        *question = (span_t){waiting->text, waiting->size};
    return waiting != NULL;
}


bool
sessions_is_waiting (const sessions_t *self, uint64_t connection,
    uint64_t request, uint32_t *bound)
{
    const waiting_t *waiting = s_find_request (self, connection, request);
    if (waiting)
        *bound = waiting->bound;
    return waiting != NULL;
}


//  Send all replies that nothing stands before

static void
s_flush (sessions_t *self, session_t *session, effects_t *effects)
{
    while (session->first && session->first->request == 0) {
        const waiting_t *waiting = session->first;
        memcpy (effects_room (effects, waiting->size), waiting->text,
            waiting->size);
        effects_add (effects, EFFECT_REPLY, session->connection, waiting->size)
            ->open_size = waiting->open_size;
        s_drop_first (self, session);
    }
    s_balance (self, session, effects);
    if (session->count == 0) {
        if (session->ended)
            effects_add (effects, EFFECT_CLOSE, session->connection, 0);
        s_drop_session (self, session);
    }
}


static void
s_complete (
    sessions_t *self, session_t *session, waiting_t *waiting, span_t answer)
{
    size_t size = waiting->size + answer.size + 2;
    waiting->request = 0;
    waiting->text = realloc (waiting->text, size);
    assert (waiting->text);
    memcpy (waiting->text + waiting->size, answer.data, answer.size);
    waiting->text [size - 2] = waiting->text [size - 1] = '\n';
    s_resize (self, session, waiting, size);
}


void
sessions_answer (sessions_t *self, uint64_t connection, uint64_t request,
    span_t answer, effects_t *effects)
{
    waiting_t *waiting = s_find_request (self, connection, request);
    session_t *session = s_find_session (self, connection);
    assert (waiting && request);
    s_complete (self, session, waiting, answer);
    s_flush (self, session, effects);
}


void
sessions_know (sessions_t *self, uint64_t connection, uint64_t request,
    span_t line, uint32_t bound, effects_t *effects)
{
    session_t *session = s_find_session (self, connection);
    waiting_t *waiting = s_find_request (self, connection, request);
    assert (waiting && session->deferred);
    s_set_text (self, session, waiting, line, "\n");
    waiting->bound = bound;
    session->deferred = false;
    s_balance (self, session, effects);
}


void
sessions_deny (sessions_t *self, uint64_t connection, uint64_t request,
    span_t text, effects_t *effects)
{
    session_t *session = s_find_session (self, connection);
    waiting_t *waiting = s_find_request (self, connection, request);
    assert (waiting && session->deferred);
    s_set_text (self, session, waiting, text, "");
    waiting->request = 0;
    session->deferred = false;
    s_flush (self, session, effects);
}


//  A session that has been flushed is gone, so it is a list that is walked

size_t
sessions_answer_all (sessions_t *self, span_t answer, effects_t *effects)
{
    size_t count = 0;
    zlistx_t *sessions = zhashx_values (self->sessions);
    session_t *session = zlistx_first (sessions);
    for (; session; session = zlistx_next (sessions)) {
        for (waiting_t *waiting = session->first; waiting;
             waiting = waiting->next)
            if (waiting->request) {
                s_complete (self, session, waiting, answer);
                count++;
            }
        s_flush (self, session, effects);
    }
    zlistx_destroy (&sessions);
    return count;
}


void
sessions_reply (
    sessions_t *self, uint64_t connection, span_t text, effects_t *effects)
{
    session_t *session = s_find_session (self, connection);
    if (session) {
        s_append (self, session, text, "");
        s_balance (self, session, effects);
    }
    else
        effects_add (effects, EFFECT_REPLY, connection, text.size)->open_size =
            text.size;
}


void
sessions_end (sessions_t *self, uint64_t connection, effects_t *effects)
{
    session_t *session = s_find_session (self, connection);
    if (session)
        session->ended = true;
    else
        effects_add (effects, EFFECT_CLOSE, connection, 0);
}


void
sessions_forget (sessions_t *self, uint64_t connection)
{
    session_t *session = s_find_session (self, connection);
    if (session)
        s_drop_session (self, session);
}


size_t
sessions_waiting (const sessions_t *self)
{
    return self->waiting;
}


size_t
sessions_size (const sessions_t *self)
{
    return self->size;
}


size_t
sessions_size_of (const sessions_t *self, uint64_t connection)
{
    const session_t *session = s_find_session (self, connection);
    return session ? session->size : 0;
}
