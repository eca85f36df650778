/*  =========================================================================
    router - the socket that peers connect to
    =========================================================================
*/

#include "mesh/router.h"

#include "mesh/curve.h"
#include "mesh/dealer.h"
#include "mesh/intake.h"
#include "mesh/zap.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

//  Messages waiting in the socket: so many that a full pipe, which would stop
//  heartbeats too, and with them the connection, is rare
#define RECEIVE_HWM 1000

//  After so many seconds without a byte the system sends a probe, and then
//  another each time; after so many without an answer it ends the connection
#define KEEPALIVE_S 5
#define KEEPALIVE_COUNT 3

//  It also ends one whose other end acknowledges nothing for so long
#define UNTAKEN_MS ((1 + KEEPALIVE_COUNT) * KEEPALIVE_S * 1000)

//  The backlog: the system holds back this many connections over which nothing
//  came, or net.core.somaxconn if that is less, each for so long; and more that
//  come again from ports for which it still has a TIME_WAIT
#define DEFERRED_MAX 1024
#define DEFERRED_S 30

//  If this is 1, whoever comes when so many are held back is let in without
//  delay.  If it is 0, the system drops them, and peers with them.  If it is 2,
//  it holds nobody back
#define COOKIES "/proc/sys/net/ipv4/tcp_syncookies"


void
router_open (router_t *self, const endpoint_t *listen, size_t message_size_max)
{
    *self = (router_t){
        .socket = zsock_new (ZMQ_ROUTER), .listen = *listen, .fd = -1};
    assert (self->socket);
    zsock_set_handshake_ivl (self->socket, DEALER_HANDSHAKE_MS);
    zsock_set_maxmsgsize (self->socket, (int) message_size_max);
    //  Dealers send heartbeats, which libzmq answers.  The system finds hosts
    //  that vanished without closing a connection
    zsock_set_tcp_keepalive (self->socket, 1);
    zsock_set_tcp_keepalive_idle (self->socket, KEEPALIVE_S);
    zsock_set_tcp_keepalive_intvl (self->socket, KEEPALIVE_S);
    zsock_set_tcp_keepalive_cnt (self->socket, KEEPALIVE_COUNT);
    zsock_set_tcp_maxrt (self->socket, UNTAKEN_MS);
    zsock_set_rcvhwm (self->socket, RECEIVE_HWM);
    zsock_set_backlog (self->socket, DEFERRED_MAX);
    zsock_set_linger (self->socket, 0);
    zsock_set_ipv6 (self->socket, 1);
    zap_guard (self->socket);
}


void
router_close (router_t *self)
{
    zsock_destroy (&self->socket);
}


//  What is bound keeps the keys that it was bound with

bool
router_bind (router_t *self, const keys_t *keys)
{
    char endpoint [ENDPOINT_TEXT_SIZE];
    const char *own = keys ? keys_public (keys) : "";
    if (self->bound && streq (self->own, own))
        return true;
    if (self->bound)
        zsock_unbind (self->socket, "%s", zsock_endpoint (self->socket));
    self->fd = -1;
    curve_serve (self->socket, keys);
    snprintf (self->own, sizeof (self->own), "%s", own);
    self->bound = zsock_bind (self->socket, "tcp://%s",
                      endpoint_print (&self->listen, endpoint)) != -1;
    return self->bound;
}


void
router_listens (router_t *self, int fd)
{
    self->fd = fd;
    self->defers = false;
    self->holds = false;
}


//  Return the digit there, or EOF: a crowd may have taken the last descriptor

static int
s_cookies (void)
{
    FILE *file = fopen (COOKIES, "re");
    int digit = file ? fgetc (file) : EOF;
    if (file)
        fclose (file);
    return digit;
}


//  Why not always: both sides of ZeroMQ send their greetings immediately.  A
//  ROUTER that defers has the other side's greeting before it sends its own.
//  If the mechanisms differ, it ends the connection before the other side
//  learns its mechanism

bool
router_defer (router_t *self, bool defers)
{
    //  libzmq may have closed it, and the system given its number away
    if (defers == self->defers || !intake_is_at (self->fd, self->listen.port))
        return self->holds;
    int cookies = defers ? s_cookies () : 0;
    int seconds = cookies == '1' ? DEFERRED_S : 0;
    if (cookies != EOF && setsockopt (self->fd, IPPROTO_TCP, TCP_DEFER_ACCEPT,
                              &seconds, sizeof (seconds)) == 0) {
        self->defers = defers;
        self->holds = seconds > 0;
    }
    return self->holds;
}
