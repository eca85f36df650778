/*  =========================================================================
    notify - tells a service manager how the server is
    =========================================================================
*/

#include "io/notify.h"

#include "admin/status.h"
#include "base/span.h"

#include <czmq.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

//  Its patience with a start, asked for anew each second
#define PATIENCE "EXTEND_TIMEOUT_USEC=30000000\n"

#define TEXT_SIZE 256
#define TELL_MS 1000

struct notify_t {
    int fd;  //  Connected to the manager's socket
    bool was_ready;
    bool was_stopping;
    int64_t patience_ms;  //  Of its watchdog, halved; 0 = there is none
    int64_t alive_ms;     //  When it was told that we live
    int64_t tell_ms;      //  When more is to be told
    char status [TEXT_SIZE / 2];
};


//  An abstract name begins with a NUL, ends where the address does, and may
//  hold more of them

static int
s_connect (const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen (name);
    if ((*name != '/' && *name != '@') || size < 2 ||
        size >= sizeof (address.sun_path))
        return -1;
    memcpy (address.sun_path, name, size);
    if (*name == '@')
        address.sun_path [0] = '\0';
    socklen_t whole =
        (socklen_t) (offsetof (struct sockaddr_un, sun_path) + size);
    int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect (fd, (struct sockaddr *) &address, whole) == -1) {
        close (fd);
        fd = -1;
    }
    return fd;
}


//  Return false if the text is lost

static bool
s_send (const notify_t *self, const char *text)
{
    return send (self->fd, text, strlen (text), MSG_NOSIGNAL) >= 0;
}


//  Return how often to tell that we live; 0 if nobody, or another process, is
//  watched

static int64_t
s_patience_ms (void)
{
    const char *usec = getenv ("WATCHDOG_USEC");
    const char *pid = getenv ("WATCHDOG_PID");
    uint64_t number;
    if (pid && (!span_number (span_of (pid), INT32_MAX, &number) ||
                   number != (uint64_t) getpid ()))
        return 0;
    if (!usec || !span_number (span_of (usec), INT64_MAX, &number) || !number)
        return 0;
    return (int64_t) (number / 2000) + 1;
}


notify_t *
notify_new (void)
{
    const char *name = getenv ("NOTIFY_SOCKET");
    int fd = name ? s_connect (name) : -1;
    notify_t *self = NULL;
    if (fd >= 0) {
        self = zmalloc (sizeof (notify_t));
        self->fd = fd;
        self->patience_ms = s_patience_ms ();
    }
    else if (name)
        fputs ("zherd: NOTIFY_SOCKET: nobody listens there\n", stderr);
    unsetenv ("NOTIFY_SOCKET");
    unsetenv ("WATCHDOG_USEC");
    unsetenv ("WATCHDOG_PID");
    return self;
}


void
notify_destroy (notify_t **self_p)
{
    if (*self_p) {
        close ((*self_p)->fd);
        free (*self_p);
        *self_p = NULL;
    }
}


static void
s_print (char *text, size_t size, const server_t *server, const char *state)
{
    unsigned links = 0, up = 0;
    for (unsigned peer = 0; peer < server_peers (server); peer++)
        if (server_peer (server, peer)) {
            links++;
            up += server_link (server, peer).up;
        }
    size_t clients = server_status (server).clients_known;
    snprintf (text, size, "%s, %u of %u links up, %zu clients", state, up,
        links, clients);
}


//  What is lost is told again a second later

static void
s_tell (notify_t *self, const server_t *server, bool stopping)
{
    char status [sizeof (self->status)];
    char text [TEXT_SIZE];
    bool ready = status_is_ready (server, stopping);
    bool first = ready && !self->was_ready;
    bool last = stopping && !self->was_stopping;
    bool waits = !ready && !self->was_ready && !stopping;
    s_print (status, sizeof (status), server,
        ready      ? "ready"
        : stopping ? "stopping"
                   : "not ready");
    if (!first && !last && !waits && streq (status, self->status))
        return;
    snprintf (text, sizeof (text), "%s%s%sSTATUS=%s", first ? "READY=1\n" : "",
        last ? "STOPPING=1\n" : "", waits ? PATIENCE : "", status);
    if (!s_send (self, text))
        return;
    self->was_ready = self->was_ready || ready;
    self->was_stopping = stopping;
    memcpy (self->status, status, sizeof (status));
}


void
notify_tick (
    notify_t *self, int64_t now_ms, const server_t *server, bool stopping)
{
    if (!self)
        return;
    if (self->patience_ms && now_ms - self->alive_ms >= self->patience_ms &&
        s_send (self, "WATCHDOG=1"))
        self->alive_ms = now_ms;
    if (now_ms < self->tell_ms && stopping == self->was_stopping)
        return;
    self->tell_ms = now_ms + TELL_MS;
    s_tell (self, server, stopping);
}


void
notify_reloading (const notify_t *self, int64_t now_ms)
{
    char text [TEXT_SIZE];
    if (!self || !self->was_ready || self->was_stopping)
        return;
    snprintf (text, sizeof (text), "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
        now_ms * 1000);
    s_send (self, text);
}


void
notify_reloaded (notify_t *self)
{
    if (self && self->was_ready && !self->was_stopping)
        self->was_ready = s_send (self, "READY=1");
}
