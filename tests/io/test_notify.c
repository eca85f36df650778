/*  =========================================================================
    test_notify - what a service manager is told

    The manager's socket is the test's; time is, too.
    =========================================================================
*/

#include "io/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#define NOW_MS 5000000
#define WAITS                                                                  \
    "EXTEND_TIMEOUT_USEC=30000000\nSTATUS=not ready, 0 of 1 links up, 0 "      \
    "clients"
#define READY "READY=1\nSTATUS=ready, 0 of 1 links up, 0 clients"

typedef struct {
    char folder [32];
    char name [128];  //  What NOTIFY_SOCKET says
    int fd;           //  Bound there
    server_t *server;
    effects_t *effects;
    notify_t *notify;
    int64_t now_ms;
} case_t;


//  Bind the manager's socket and have it told, at the name or, if it begins
//  with "@", the abstract name

static void
s_listen (case_t *self, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen (name);
    memcpy (address.sun_path, name, size);
    if (*name == '@')
        *address.sun_path = '\0';
    self->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal (
        bind (self->fd, (struct sockaddr *) &address,
            (socklen_t) (offsetof (struct sockaddr_un, sun_path) + size)),
        0);
    setenv ("NOTIFY_SOCKET", name, 1);
    self->notify = notify_new ();
    assert_non_null (self->notify);
    assert_null (getenv ("NOTIFY_SOCKET"));
}


static int
s_new (void **state)
{
    static const char *const peers [] = {"Ball"};
    case_t *self = calloc (1, sizeof (case_t));
    assert_non_null (self);
    snprintf (self->folder, sizeof (self->folder), "/tmp/zherd-notify.XXXXXX");
    assert_non_null (mkdtemp (self->folder));
    snprintf (self->name, sizeof (self->name), "%s/socket", self->folder);
    self->fd = -1;
    self->effects = effects_new ();
    self->now_ms = NOW_MS;
    self->server = server_new (&(server_options_t){.name = "Alford",
        .herd = "test",
        .secret = "",
        .incarnation = 1,
        .peers = peers,
        .peer_count = 1,
        .table_size_max = 1 << 20,
        .waiting_max = 1});
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    case_t *self = *state;
    notify_destroy (&self->notify);
    assert_null (self->notify);
    server_destroy (&self->server);
    effects_destroy (&self->effects);
    if (self->fd >= 0)
        close (self->fd);
    unlink (self->name);
    rmdir (self->folder);
    free (self);
    return 0;
}


//  The next message is this, or there is none

static void
s_hears (case_t *self, const char *text)
{
    char heard [512] = "";
    ssize_t size = recv (self->fd, heard, sizeof (heard) - 1, 0);
    if (text)
        assert_string_equal (heard, text);
    else
        assert_int_equal (size, -1);
}


static void
s_tick (case_t *self, int64_t ms, bool stopping)
{
    self->now_ms += ms;
    notify_tick (self->notify, self->now_ms, self->server, stopping);
}


//  A peer that does not answer for a second is not waited for

static void
s_load (case_t *self)
{
    for (int64_t ms = 0; ms <= 2000; ms += CORE_TICK_MS) {
        event_t event = {.kind = EVENT_TICK, .clock_ms = self->now_ms + ms};
        server_step (self->server, &event, self->effects);
    }
}


static void
ready_is_told_once_and_not_before_readyz_says_so (void **state)
{
    case_t *self = *state;
    s_listen (self, self->name);
    s_tick (self, 0, false);
    s_hears (self, WAITS);
    s_tick (self, 999, false);
    s_hears (self, NULL);
    s_tick (self, 1, false);
    s_hears (self, WAITS);
    s_load (self);
    s_tick (self, 1000, false);
    s_hears (self, READY);
    s_tick (self, 1000, false);
    s_hears (self, NULL);
}


static void
an_abstract_name_is_reached_too (void **state)
{
    char name [64];
    case_t *self = *state;
    snprintf (name, sizeof (name), "@zherd-notify-%d", (int) getpid ());
    s_listen (self, name);
    s_load (self);
    s_tick (self, 0, false);
    s_hears (self, READY);
}


static void
we_live_is_told_at_half_of_the_managers_patience (void **state)
{
    case_t *self = *state;
    char pid [16];
    snprintf (pid, sizeof (pid), "%d", (int) getpid ());
    setenv ("WATCHDOG_USEC", "800000", 1);
    setenv ("WATCHDOG_PID", pid, 1);
    s_load (self);
    s_listen (self, self->name);
    assert_null (getenv ("WATCHDOG_USEC"));
    s_tick (self, 0, false);
    s_hears (self, "WATCHDOG=1");
    s_hears (self, READY);
    s_tick (self, 400, false);
    s_hears (self, NULL);
    s_tick (self, 1, false);
    s_hears (self, "WATCHDOG=1");
    s_hears (self, NULL);
}


static void
a_watchdog_of_another_process_is_not_ours (void **state)
{
    case_t *self = *state;
    setenv ("WATCHDOG_USEC", "800000", 1);
    setenv ("WATCHDOG_PID", "1", 1);
    s_load (self);
    s_listen (self, self->name);
    s_tick (self, 10000, false);
    s_hears (self, READY);
    s_hears (self, NULL);
}


static void
a_reload_begins_and_ends (void **state)
{
    case_t *self = *state;
    s_listen (self, self->name);
    notify_reloading (self->notify, 1);
    notify_reloaded (self->notify);
    s_hears (self, NULL);
    s_load (self);
    s_tick (self, 0, false);
    s_hears (self, READY);
    notify_reloading (self->notify, 7);
    notify_reloaded (self->notify);
    s_hears (self, "RELOADING=1\nMONOTONIC_USEC=7000");
    s_hears (self, "READY=1");
}


static void
the_end_is_told_at_once_and_once (void **state)
{
    case_t *self = *state;
    s_listen (self, self->name);
    s_load (self);
    s_tick (self, 0, false);
    s_hears (self, READY);
    s_tick (self, 1, true);
    s_hears (self, "STOPPING=1\nSTATUS=stopping, 0 of 1 links up, 0 clients");
    s_tick (self, 1000, true);
    s_hears (self, NULL);
}


//  Fill the manager's queue with what it does not read

static void
s_fill (const case_t *self)
{
    int flood = socket (AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy (address.sun_path, self->name, strlen (self->name));
    while (sendto (flood, "x", 1, 0, (struct sockaddr *) &address,
               sizeof (address)) == 1)
        ;
    close (flood);
}


//  The manager reads all that is in the queue, which is that alone

static void
s_empty (const case_t *self)
{
    char byte;
    while (recv (self->fd, &byte, 1, 0) == 1)
        assert_int_equal (byte, 'x');
}


static void
what_the_manager_does_not_take_is_told_again (void **state)
{
    case_t *self = *state;
    s_listen (self, self->name);
    s_fill (self);
    s_load (self);
    s_tick (self, 0, false);
    s_empty (self);
    s_tick (self, 1000, false);
    s_hears (self, READY);
}


//  It would wait for READY=1, and stop the server in the end

static void
so_is_the_end_of_a_reload (void **state)
{
    case_t *self = *state;
    s_listen (self, self->name);
    s_load (self);
    s_tick (self, 0, false);
    s_hears (self, READY);
    notify_reloading (self->notify, 7);
    s_hears (self, "RELOADING=1\nMONOTONIC_USEC=7000");
    s_fill (self);
    notify_reloaded (self->notify);
    s_empty (self);
    s_tick (self, 1000, false);
    s_hears (self, READY);
    s_tick (self, 1000, false);
    s_hears (self, NULL);
}


static void
a_name_that_is_no_socket_is_refused (void **state)
{
    char too_long [120];
    memset (too_long, 'a', sizeof (too_long) - 1);
    too_long [0] = '/';
    too_long [sizeof (too_long) - 1] = '\0';
    const char *const names [] = {"", "/", "@", "socket", "/nobody/here",
        "@nobody-has-this-name", too_long};
    (void) state;
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        setenv ("NOTIFY_SOCKET", names [index], 1);
        assert_null (notify_new ());
    }
    assert_null (notify_new ());
    notify_tick (NULL, 0, NULL, false);
    notify_reloading (NULL, 0);
    notify_reloaded (NULL);
}


int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)
    const struct CMUnitTest tests [] = {
        CASE (ready_is_told_once_and_not_before_readyz_says_so),
        CASE (an_abstract_name_is_reached_too),
        CASE (we_live_is_told_at_half_of_the_managers_patience),
        CASE (a_watchdog_of_another_process_is_not_ours),
        CASE (a_reload_begins_and_ends),
        CASE (the_end_is_told_at_once_and_once),
        CASE (what_the_manager_does_not_take_is_told_again),
        CASE (so_is_the_end_of_a_reload),
        cmocka_unit_test (a_name_that_is_no_socket_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
