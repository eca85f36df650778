/*  =========================================================================
    channel - one connection, and the requests outstanding on it
    =========================================================================
*/

#include "load/channel.h"

#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <unistd.h>


void
channel_init (channel_t *self, uint32_t depth)
{
    *self = (channel_t){.fd = -1, .depth = depth};
    self->waiting = zmalloc (depth * sizeof (waiting_t));
    self->output = zmalloc (depth * (size_t) REQUEST_SIZE_MAX);
}


void
channel_clear (channel_t *self)
{
    channel_close (self);
    free (self->waiting);
    free (self->output);
}


void
channel_close (channel_t *self)
{
    if (self->fd >= 0)
        close (self->fd);
    self->fd = -1;
    self->outstanding = 0;
    self->output_size = 0;
    self->reply = (reply_t){0};
}


char *
channel_room (channel_t *self)
{
    assert (self->outstanding < self->depth);
    return self->output + self->output_size;
}


void
channel_add (channel_t *self, size_t size, waiting_t waiting)
{
    uint32_t at = self->first + self->outstanding++;
    self->waiting [at < self->depth ? at : at - self->depth] = waiting;
    self->output_size += size;
}


int
channel_send (channel_t *self)
{
    if (self->output_size == 0)
        return 0;
    ssize_t size =
        send (self->fd, self->output, self->output_size, MSG_NOSIGNAL);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR ? 1 : -1;
    self->output_size -= (size_t) size;
    memmove (self->output, self->output + size, self->output_size);
    return self->output_size > 0;
}


reply_result_t
channel_take (channel_t *self, span_t *bytes, waiting_t *waiting)
{
    assert (self->outstanding);
    *waiting = self->waiting [self->first];
    reply_result_t result = reply_next (&self->reply, waiting->form, bytes);
    if (result != REPLY_MORE) {
        self->outstanding--;
        if (++self->first == self->depth)
            self->first = 0;
    }
    return result;
}
