/*  =========================================================================
    mesh_case - rooms that speak ZeroMQ to each other
    =========================================================================
*/

#include "io/mesh_case.h"

#include "log/escape.h"
#include "mesh/intake.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define PORT_BASE 16800
#define DESCRIPTORS 1024


static void
s_noted (mesh_room_t *self, const event_t *event)
{
    self->held += event->notice == NOTICE_CROWD;
    self->freed += event->notice == NOTICE_CROWD_GONE;
    if (event->notice != NOTICE_PEER_NAME)
        return;
    self->named++;
    snprintf (self->name, sizeof (self->name), "%.*s", (int) event->text.size,
        event->text.data);
}


static void
s_event (void *context, const event_t *event)
{
    mesh_room_t *self = context;
    assert (event->clock_ms > 0);
    switch (event->kind) {
    case EVENT_PEER_UP:
        assert (event->peer == 0);
        self->ups++;
        break;
    case EVENT_PEER_DOWN:
        assert (event->peer == 0);
        self->downs++;
        break;
    case EVENT_PEER_UNMET:
        self->unmet++;
        snprintf (self->said, sizeof (self->said), "%.*s",
            (int) event->text.size, event->text.data);
        break;
    case EVENT_CALLER_UNMET:
    case EVENT_CALLER_UNKNOWN:
        self->others++;
        self->why = event->kind;
        self->caller = event->address;
        snprintf (self->said, sizeof (self->said), "%.*s",
            (int) event->text.size, event->text.data);
        break;
    case EVENT_PEER_MESSAGE:
        self->messages++;
        self->speaker = event->speaker;
        self->bytes += event->text.size;
        if (self->story_size + event->text.size * ESCAPE_GROWTH + 3 >
            sizeof (self->story))
            break;
        self->story [self->story_size++] = '[';
        self->story_size +=
            escape_print (event->text, self->story + self->story_size);
        self->story [self->story_size++] = ']';
        self->story [self->story_size] = '\0';
        break;
    case EVENT_NOTED:
        s_noted (self, event);
        break;
    case EVENT_CALLER_STRANGE:
        self->strange++;
        self->caller = event->address;
        break;
    case EVENT_CALLER_CROWDED:
        self->crowded++;
        self->caller = event->address;
        break;
    case EVENT_CALLER_ENDLESS:
        self->endless++;
        self->caller = event->address;
        break;
    default:
        assert (false);
    }
}


static void
s_turn (void *context)
{
    mesh_room_t *self = context;
    do
        self->turns++;
    while (self->mesh && mesh_turn (self->mesh));
    for (; self->left && mesh_can_send (self->mesh, 0); self->left--)
        mesh_send (self->mesh, 0, self->text);
}


//  Something of the poller was ready: that is a turn for each room in it

static void
s_watch_turn (void *context)
{
    mesh_case_t *self = context;
    s_turn (&self->one);
    s_turn (&self->other);
    s_turn (&self->third);
}


static void
s_tick (void *context)
{
    mesh_case_t *self = context;
    mesh_room_t *rooms [] = {&self->one, &self->other, &self->third};
    for (size_t index = 0; index < 3; index++)
        if (rooms [index]->mesh)
            mesh_tick (rooms [index]->mesh);
}


int
mesh_case_new (void **state)
{
    mesh_case_t *self = zmalloc (sizeof (mesh_case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->stage->context = self;
    self->stage->turn = s_watch_turn;
    self->stage->tick = s_tick;
    self->zap = zap_new (self->stage->poller);
    assert_non_null (self->zap);
    mesh_room_t *rooms [] = {&self->one, &self->other, &self->third};
    for (size_t index = 0; index < 3; index++) {
        rooms [index]->stage = self->stage;
        rooms [index]->zap = self->zap;
        rooms [index]->port = loop_case_port (self->stage);
        rooms [index]->host = "127.0.0.1";
        rooms [index]->reconnect_ms = 50;
    }
    *state = self;
    return 0;
}


int
mesh_case_free (void **state)
{
    mesh_case_t *self = *state;
    mesh_destroy (&self->one.mesh);
    mesh_destroy (&self->other.mesh);
    mesh_destroy (&self->third.mesh);
    zap_destroy (&self->zap);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


endpoint_t
mesh_case_at (const char *host, uint16_t port)
{
    char text [ENDPOINT_TEXT_SIZE];
    endpoint_t endpoint;
    snprintf (text, sizeof (text), "%s:%u", host, port);
    const char *wrong = endpoint_read (&endpoint, span_of (text));
    assert_null (wrong);
    return endpoint;
}


void
mesh_case_open_to (mesh_room_t *room, const endpoint_t *peer)
{
    room->mesh = mesh_new (room->stage->poller,
        &(mesh_options_t){.listen = mesh_case_at (room->host, room->port),
            .keys = room->keys,
            .reconnect_ms = room->reconnect_ms,
            .message_size_max = MESSAGE_MAX,
            .zap = room->zap},
        s_event, room);
    assert_non_null (room->mesh);
    mesh_connect (room->mesh, 0, room->peer, peer);
}


void
mesh_case_open (mesh_room_t *room, uint16_t peer_port)
{
    endpoint_t peer = mesh_case_at ("127.0.0.1", peer_port);
    mesh_case_open_to (room, &peer);
}


void
mesh_case_pair (mesh_case_t *self)
{
    mesh_case_open (&self->one, self->other.port);
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 1);
    REACH (self->stage, &self->other.ups, 1);
}


uint64_t
mesh_case_answers (uint16_t port)
{
    address_t address;
    uint16_t to;
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        if (intake_from (fd, &address, &to) && to == port)
            return intake_of (fd, UINT64_MAX);
    return 0;
}


bool
mesh_case_holds_back (uint16_t port)
{
    int listens = 0, seconds = 0;
    socklen_t size = sizeof (int);
    for (int fd = 0; fd < DESCRIPTORS && !seconds; fd++)
        if (intake_is_at (fd, port) &&
            !getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) &&
            listens)
            getsockopt (fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, &size);
    return seconds > 0;
}


bool
mesh_case_can_hold_back (void)
{
    FILE *file = fopen ("/proc/sys/net/ipv4/tcp_syncookies", "re");
    int digit = file ? fgetc (file) : EOF;
    if (file)
        fclose (file);
    return digit == '1';
}
