/*  =========================================================================
    dialogue - questions and answers, one at a time
    =========================================================================
*/

#include "load/dialogue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SILENCE_SECONDS 10


static void
s_complain (const dialogue_t *self, const char *reason)
{
    fprintf (stderr, "zherd-load: %s: %s\n", self->target->name, reason);
}


bool
dialogue_open (dialogue_t *self, const target_t *target)
{
    struct timeval limit = {.tv_sec = SILENCE_SECONDS};
    self->target = target;
    self->bytes = (span_t){NULL, 0};
    self->fd = target_connect (target, 0);
    if (self->fd < 0) {
        s_complain (self, strerror (errno));
        return false;
    }
    (void) setsockopt (
        self->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof (limit));
    return true;
}


void
dialogue_close (dialogue_t *self)
{
    if (self->fd >= 0)
        close (self->fd);
    self->fd = -1;
}


bool
dialogue_say (dialogue_t *self, const char *line)
{
    size_t size = strlen (line);
    if (send (self->fd, line, size, MSG_NOSIGNAL) == (ssize_t) size)
        return true;
    s_complain (self, strerror (errno));
    return false;
}


reply_result_t
dialogue_hear (dialogue_t *self, reply_form_t form)
{
    reply_t reply = {0};
    reply_result_t result;
    while ((result = reply_next (&reply, form, &self->bytes)) == REPLY_MORE) {
        ssize_t size = read (self->fd, self->input, sizeof (self->input));
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0) {
            bool is_silent = size < 0 && errno == EAGAIN;
            s_complain (self, size == 0   ? "closed by the server"
                              : is_silent ? "silent for ten seconds"
                                          : strerror (errno));
            return REPLY_MORE;
        }
        self->bytes = (span_t){self->input, (size_t) size};
    }
    return result;
}
