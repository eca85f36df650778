/*  =========================================================================
    mock - a server that answers as the test wants it to, in a thread
    =========================================================================
*/

#include "load/mock.h"

#include "loop/clock.h"
#include "loop/listen.h"

#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GOOD "AT Mock +0.1 kiwi +34-118 1\n"
#define HTTP_GOOD "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\n"
#define HTTP_BAD "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"

typedef struct {
    int fd;  //  Or -1
    unsigned lines;
    char line [512];
    size_t size;
    size_t body;   //  Bytes of an HTTP request's body to come
    bool is_http;  //  It is in an HTTP request,
    bool in_body;  //  and its head has ended
} guest_t;


static void
s_send (guest_t *guest, const char *text)
{
    (void) !send (guest->fd, text, strlen (text), MSG_NOSIGNAL);
}


static void
s_close (guest_t *guest)
{
    close (guest->fd);
    guest->fd = -1;
}


//  Without an answer, and all that is on its way is lost

static void
s_reset (guest_t *guest)
{
    struct linger now = {.l_onoff = 1};
    setsockopt (guest->fd, SOL_SOCKET, SO_LINGER, &now, sizeof (now));
    s_close (guest);
}


static int64_t
s_now_ns (void)
{
    instant_t now = clock_now ();
    return now.seconds * 1000000000 + now.nanoseconds;
}


//  When it was sent, by its own stamp, whenever we come to read it

static int64_t
s_sent_ns (const char *line)
{
    const char *stamp = strrchr (line, ' ');
    const char *point = strchr (stamp, '.');
    int64_t seconds = strtoll (stamp, NULL, 10);
    return seconds * 1000000000 + (point ? strtoll (point + 1, NULL, 10) : 0);
}


static void
s_hear_iamat (mock_t *self, const char *line)
{
    const mock_faults_t *faults = &self->faults;
    unsigned long id = strtoul (line + strlen ("IAMAT c"), NULL, 10);
    if (id < MOCK_IDS)
        self->told [id]++;
    self->known_ns = s_sent_ns (line) + faults->slow_ns;
    self->iamats++;
    if (faults->five_each && self->iamats % faults->five_each == 0)
        self->known_ns += 4 * faults->slow_ns;
}


//  Is it one to be answered by "? "?

static bool
s_is_refused (const mock_t *self, const char *line)
{
    unsigned each = self->faults.bad_each;
    return (each && self->lines % each == 0) || strstr (line, " unknown") ||
           (strncmp (line, "WHATSAT", 7) == 0 && s_now_ns () < self->known_ns);
}


//  Answer the line; that may be the last thing it does

static void
s_answer (mock_t *self, guest_t *guest)
{
    const mock_faults_t *faults = &self->faults;
    self->lines++;
    guest->lines++;
    if (faults->reset_each && self->lines % faults->reset_each == 0) {
        s_reset (guest);
        return;
    }
    if (strncmp (guest->line, "IAMAT c", 7) == 0)
        s_hear_iamat (self, guest->line);
    if (guest->is_http)
        s_send (guest, s_is_refused (self, guest->line) ? HTTP_BAD : HTTP_GOOD);
    else if (s_is_refused (self, guest->line))
        s_send (guest, "? no\n");
    else if (strncmp (guest->line, "WHATSAT", 7) == 0)
        s_send (guest, GOOD "{}\n\n");
    else
        s_send (guest, GOOD);
    if (faults->more_each && self->lines % faults->more_each == 0)
        s_send (guest, GOOD);
    if (guest->lines == faults->closes_at)
        s_close (guest);
}


//  Hear which client it is of

static void
s_hear_http (mock_t *self, guest_t *guest)
{
    const char *client =
        strstr (guest->line, *guest->line == 'P' ? "/c0" : "=c0");
    unsigned long id = client ? strtoul (client + 2, NULL, 10) : MOCK_IDS;
    if (id < MOCK_IDS)
        self->told [id]++;
    guest->is_http = true;
    guest->body = 0;
}


//  The request is whole

static void
s_answer_http (mock_t *self, guest_t *guest)
{
    guest->line [0] = '\0';
    s_answer (self, guest);
    guest->is_http = guest->in_body = false;
}


//  A line of a client, or of the head of an HTTP request

static void
s_hear_line (mock_t *self, guest_t *guest)
{
    static const char length [] = "Content-Length:";
    if (strncmp (guest->line, "PUT ", 4) == 0 ||
        strncmp (guest->line, "GET ", 4) == 0)
        s_hear_http (self, guest);
    else if (strncmp (guest->line, length, strlen (length)) == 0)
        guest->body = strtoul (guest->line + strlen (length), NULL, 10);
    else if (!guest->is_http)
        s_answer (self, guest);
    else if (strcmp (guest->line, "\r") == 0 && guest->body)
        guest->in_body = true;
    else if (strcmp (guest->line, "\r") == 0)
        s_answer_http (self, guest);
}


static void
s_read (mock_t *self, guest_t *guest)
{
    char bytes [4096];
    ssize_t size = read (guest->fd, bytes, sizeof (bytes));
    for (ssize_t at = 0; at < size && guest->fd >= 0; at++) {
        if (guest->in_body) {
            if (--guest->body == 0)
                s_answer_http (self, guest);
            continue;
        }
        assert (guest->size < sizeof (guest->line));
        guest->line [guest->size++] = bytes [at];
        if (bytes [at] == '\n') {
            guest->line [guest->size - 1] = '\0';
            guest->size = 0;
            s_hear_line (self, guest);
        }
    }
    if (size > 0 || guest->fd < 0)
        return;
    for (unsigned at = 0; at < self->faults.farewell; at++)
        s_send (guest, GOOD);
    s_close (guest);
}


static void
s_accept (mock_t *self, guest_t *guests)
{
    int at = 0;
    while (at < MOCK_CONNECTIONS && guests [at].fd >= 0)
        at++;
    assert (at < MOCK_CONNECTIONS);
    guests [at] = (guest_t){.fd = accept (self->fd, NULL, NULL)};
    self->connections++;
}


static void *
s_serve (void *context)
{
    mock_t *self = context;
    guest_t guests [MOCK_CONNECTIONS];
    struct pollfd polled [MOCK_CONNECTIONS + 2];
    for (int at = 0; at < MOCK_CONNECTIONS; at++)
        guests [at].fd = -1;
    polled [MOCK_CONNECTIONS] = (struct pollfd){self->fd, POLLIN, 0};
    polled [MOCK_CONNECTIONS + 1] = (struct pollfd){self->stop [0], POLLIN, 0};
    while (!polled [MOCK_CONNECTIONS + 1].revents) {
        for (int at = 0; at < MOCK_CONNECTIONS; at++)
            polled [at] = (struct pollfd){guests [at].fd, POLLIN, 0};
        poll (polled, MOCK_CONNECTIONS + 2, -1);
        for (int at = 0; at < MOCK_CONNECTIONS; at++)
            if (polled [at].revents)
                s_read (self, &guests [at]);
        if (polled [MOCK_CONNECTIONS].revents)
            s_accept (self, guests);
    }
    for (int at = 0; at < MOCK_CONNECTIONS; at++)
        if (guests [at].fd >= 0)
            s_close (&guests [at]);
    return NULL;
}


void
mock_start (mock_t *self, mock_faults_t faults)
{
    struct sockaddr_in here = {0};
    socklen_t size = sizeof (here);
    address_t home = address_of_v4 (INADDR_LOOPBACK);
    *self = (mock_t){.faults = faults, .fd = listen_at (&home, 0, 0)};
    assert (self->fd >= 0);
    getsockname (self->fd, (struct sockaddr *) &here, &size);
    self->port = ntohs (here.sin_port);
    int rc = pipe (self->stop);
    assert (rc == 0);
    rc = pthread_create (&self->thread, NULL, s_serve, self);
    assert (rc == 0);
}


void
mock_stop (mock_t *self)
{
    (void) !write (self->stop [1], "", 1);
    pthread_join (self->thread, NULL);
    close (self->stop [0]);
    close (self->stop [1]);
    close (self->fd);
}
