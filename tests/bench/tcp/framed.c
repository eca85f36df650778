/*  =========================================================================
    framed - one TCP connection between two servers, and the frames on it
    =========================================================================
*/

#include "bench/tcp/framed.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEAD_SIZE 4
#define GREETING "zherd 1\n"
#define GREETING_SIZE (sizeof (GREETING) - 1)

//  At least so much is read at once
#define ROOM_LEAST 256


static size_t
s_room (const framed_t *self)
{
    size_t room = HEAD_SIZE + self->body_max;
    return room > ROOM_LEAST ? room : ROOM_LEAST;
}


void
framed_init (framed_t *self, poller_t *poller, size_t body_max,
    poller_fn *ready, void *context)
{
    assert (body_max < 1 << 24);
    *self =
        (framed_t){.watcher = {.fd = -1, .ready = ready, .context = context},
            .poller = poller,
            .body_max = body_max};
}


bool
framed_open (framed_t *self, int fd, bool connecting)
{
    int on = 1;
    assert (self->watcher.fd == -1);
    self->watcher.fd = fd;
    (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof (on));
    if (poller_add (
            self->poller, &self->watcher, connecting ? EPOLLOUT : EPOLLIN) == 0)
        return true;
    framed_close (self);
    return false;
}


void
framed_close (framed_t *self)
{
    if (self->watcher.fd >= 0) {
        poller_drop (self->poller, &self->watcher);
        close (self->watcher.fd);
        self->watcher.fd = -1;
    }
    buffer_clear (&self->out);
    free (self->in);
    self->in = NULL;
    self->start = self->end = 0;
    self->greeted = self->ended = false;
}


static void
s_watch (framed_t *self)
{
    poller_change (self->poller, &self->watcher,
        EPOLLIN | (framed_is_clear (self) ? 0 : EPOLLOUT));
}


//  What is to be sent is only read, which an iovec can't say

static struct iovec
s_part (span_t bytes)
{
    union {
        const char *data;
        void *base;
    } at = {.data = bytes.data};
    return (struct iovec){at.base, bytes.size};
}


//  Send the parts, and keep what the system does not take

static void
s_send (framed_t *self, span_t head, span_t body)
{
    struct iovec parts [] = {s_part (head), s_part (body)};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = body.size ? 2 : 1};
    ssize_t sent = 0;
    if (framed_is_clear (self)) {
        sent = sendmsg (self->watcher.fd, &message, MSG_NOSIGNAL);
        if (sent == -1 && errno != EAGAIN && errno != EINTR)
            return;
    }
    size_t gone = sent > 0 ? (size_t) sent : 0;
    size_t of_head = gone < head.size ? gone : head.size;
    size_t of_body = gone - of_head;
    buffer_add (&self->out, (span_t){head.data + of_head, head.size - of_head});
    buffer_add (&self->out, (span_t){body.data + of_body, body.size - of_body});
    if (!framed_is_clear (self))
        s_watch (self);
}


void
framed_greet (framed_t *self)
{
    s_send (self, span_of (GREETING), span_of (""));
    s_watch (self);
}


void
framed_say (framed_t *self, framed_kind_t kind, span_t body)
{
    assert (body.size < 1 << 24);
    const char head [HEAD_SIZE] = {(char) kind, (char) (body.size >> 16 & 255),
        (char) (body.size >> 8 & 255), (char) (body.size & 255)};
    s_send (self, (span_t){head, sizeof (head)}, body);
}


bool
framed_is_clear (const framed_t *self)
{
    return self->out.start == self->out.end;
}


void
framed_flush (framed_t *self)
{
    if (framed_is_clear (self))
        return;
    span_t all = buffer_all (&self->out);
    ssize_t sent = send (self->watcher.fd, all.data, all.size, MSG_NOSIGNAL);
    if (sent > 0)
        buffer_drop (&self->out, (size_t) sent);
    else if (errno != EAGAIN && errno != EINTR)
        buffer_clear (&self->out);
    if (framed_is_clear (self))
        s_watch (self);
}


//  What is left of the last read moves to the front.  It is no whole frame, so
//  there is room behind it

bool
framed_read (framed_t *self)
{
    if (!self->in)
        self->in = zmalloc (s_room (self));
    self->end -= self->start;
    memmove (self->in, self->in + self->start, self->end);
    self->start = 0;
    assert (self->end < s_room (self));
    ssize_t size = read (
        self->watcher.fd, self->in + self->end, s_room (self) - self->end);
    if (size > 0)
        self->end += (size_t) size;
    return size > 0 || (size == -1 && (errno == EAGAIN || errno == EINTR));
}


static framed_found_t
s_take_greeting (framed_t *self, size_t size)
{
    size_t seen = size < GREETING_SIZE ? size : GREETING_SIZE;
    if (memcmp (self->in + self->start, GREETING, seen) != 0)
        return FRAMED_NONSENSE;
    if (seen < GREETING_SIZE)
        return FRAMED_NOTHING;
    self->start += GREETING_SIZE;
    self->greeted = true;
    return FRAMED_GREETING;
}


framed_found_t
framed_take (framed_t *self, frame_t *frame)
{
    size_t size = self->end - self->start;
    if (size == 0)
        return FRAMED_NOTHING;
    if (!self->greeted)
        return s_take_greeting (self, size);
    if (size < HEAD_SIZE)
        return FRAMED_NOTHING;
    const unsigned char *head = (unsigned char *) self->in + self->start;
    size_t body = (size_t) head [1] << 16 | (size_t) head [2] << 8 | head [3];
    bool is_message = head [0] == FRAMED_MESSAGE;
    if (!is_message && head [0] != FRAMED_PING && head [0] != FRAMED_PONG)
        return FRAMED_NONSENSE;
    if (body > (is_message ? self->body_max : 0))
        return FRAMED_NONSENSE;
    if (size < HEAD_SIZE + body)
        return FRAMED_NOTHING;
    *frame = (frame_t){.kind = (framed_kind_t) head [0],
        .body = {self->in + self->start + HEAD_SIZE, body}};
    self->start += HEAD_SIZE + body;
    return FRAMED_FRAME;
}


//  What the other end said last is read and dropped: if there were something
//  unread when we close, the system would throw away what it has not sent

bool
framed_leave (framed_t *self)
{
    char dropped [256];
    framed_flush (self);
    if (framed_is_clear (self) && !self->ended) {
        self->ended = true;
        if (shutdown (self->watcher.fd, SHUT_WR) == -1)
            return true;
    }
    ssize_t size = recv (self->watcher.fd, dropped, sizeof (dropped), 0);
    return size == 0 || (size == -1 && errno != EAGAIN && errno != EINTR);
}
