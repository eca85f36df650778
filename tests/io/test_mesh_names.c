/*  =========================================================================
    test_mesh_names - peers that are found by name, and at IPv6 addresses

    The test says what addresses a name has, and may let the resolver hang.
    =========================================================================
*/

#include "io/later.h"
#include "io/mesh_case.h"
#include "loop/listen.h"
#include "loop/sockaddr.h"

#include <netdb.h>
#include <pthread.h>

//  The peer's name, another in each case: a thread of an earlier one may ask
//  late.  Its addresses, blanks between; of other names there are none.  How
//  often it was asked for
static pthread_mutex_t s_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_changed = PTHREAD_COND_INITIALIZER;
static char s_name [32];
static const char *s_addresses = "";
static bool s_hangs;
static size_t s_asked;


static void
s_resolve_to (const char *addresses, bool hangs)
{
    pthread_mutex_lock (&s_mutex);
    s_addresses = addresses;
    s_hangs = hangs;
    pthread_cond_broadcast (&s_changed);
    pthread_mutex_unlock (&s_mutex);
}


static size_t
s_times_asked (void)
{
    pthread_mutex_lock (&s_mutex);
    size_t asked = s_asked;
    pthread_mutex_unlock (&s_mutex);
    return asked;
}


static struct addrinfo *
s_found (span_t text, int family)
{
    address_t address;
    sockaddr_t *at = zmalloc (sizeof (sockaddr_t));
    struct addrinfo *found = zmalloc (sizeof (struct addrinfo));
    bool good = address_read (&address, text);
    assert (good);
    found->ai_addrlen = sockaddr_write (at, &address, 0);
    found->ai_addr = &at->any;
    if (family == AF_INET6) {
        struct sockaddr_in6 six = {.sin6_family = AF_INET6};
        memcpy (&six.sin6_addr, &address, sizeof (address));
        memcpy (at, &six, sizeof (six));
        found->ai_addrlen = sizeof (six);
    }
    found->ai_family = at->any.sa_family;
    return found;
}


//  libzmq has it read numbers, too

int
getaddrinfo (const char *restrict name, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    address_t number;
    (void) service;
    if (address_read (&number, span_of (name))) {
        *found = s_found (span_of (name), hints->ai_family);
        return 0;
    }
    pthread_mutex_lock (&s_mutex);
    s_asked += streq (name, s_name);
    while (s_hangs)
        pthread_cond_wait (&s_changed, &s_mutex);
    span_t rest = span_of (streq (name, s_name) ? s_addresses : "");
    pthread_mutex_unlock (&s_mutex);
    span_t word = span_field (&rest);
    int code = word.size ? 0 : EAI_AGAIN;
    for (; word.size; word = span_field (&rest)) {
        *found = s_found (word, AF_UNSPEC);
        found = &(*found)->ai_next;
    }
    return code;
}


void
freeaddrinfo (struct addrinfo *found)
{
    while (found) {
        struct addrinfo *next = found->ai_next;
        free (found->ai_addr);
        free (found);
        found = next;
    }
}


static int
s_new (void **state)
{
    static unsigned serial = 0;
    pthread_mutex_lock (&s_mutex);
    snprintf (s_name, sizeof (s_name), "peer-%u.example", ++serial);
    pthread_mutex_unlock (&s_mutex);
    return mesh_case_new (state);
}


static int
s_free (void **state)
{
    s_resolve_to ("", false);
    return mesh_case_free (state);
}


//  Open one, that looks for its peer, other, by name

static void
s_open_one (mesh_case_t *self)
{
    endpoint_t peer = mesh_case_at (s_name, self->other.port);
    mesh_case_open_to (&self->one, &peer);
}


//  One was last told this of its peer's name

static void
s_assert_named (const mesh_case_t *self, const char *said)
{
    char text [256];
    snprintf (text, sizeof (text), "%s %s", s_name, said);
    assert_string_equal (self->one.name, text);
}


static void
s_assert_speaks (mesh_case_t *self)
{
    size_t messages = self->other.messages;
    mesh_send (self->one.mesh, 0, span_of ("hello"));
    REACH (self->stage, &self->other.messages, messages + 1);
}


static void
a_peer_is_found_by_name_and_admitted (void **state)
{
    mesh_case_t *self = *state;
    s_resolve_to ("127.0.0.1", false);
    mesh_case_open (&self->other, self->one.port);
    s_open_one (self);
    REACH (self->stage, &self->one.ups, 1);
    REACH (self->stage, &self->other.ups, 1);
    s_assert_named (self, "is 127.0.0.1");
    assert_int_equal (self->one.named, 1);
    s_assert_speaks (self);
}


static void
the_next_address_is_tried_where_one_fails (void **state)
{
    mesh_case_t *self = *state;
    s_resolve_to ("127.0.0.2 ::1 127.0.0.1", false);
    mesh_case_open (&self->other, self->one.port);
    s_open_one (self);
    REACH (self->stage, &self->one.ups, 1);
    s_assert_named (self, "is 127.0.0.2, ::1, 127.0.0.1");
    s_assert_speaks (self);
}


//  Rooms with a peer in numbers go on; and so does the end

static void
a_resolver_that_hangs_delays_its_own_link_alone (void **state)
{
    mesh_case_t *self = *state;
    s_resolve_to ("127.0.0.1", true);
    s_open_one (self);
    mesh_case_open (&self->other, self->third.port);
    mesh_case_open (&self->third, self->other.port);
    REACH (self->stage, &self->other.ups, 1);
    REACH (self->stage, &self->third.ups, 1);
    assert_int_equal (self->one.named, 0);
    assert_false (mesh_can_send (self->one.mesh, 0));
    mesh_destroy (&self->one.mesh);
    self->one.port = loop_case_port (self->stage);
    s_open_one (self);
    s_resolve_to ("127.0.0.1", false);
    REACH (self->stage, &self->one.ups, 1);
    assert_int_equal (self->one.named, 1);
}


//  A reason is told once; while there is no answer the link tries where its
//  peer was

static void
a_name_that_cannot_be_resolved_is_asked_for_again (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_open (&self->other, self->one.port);
    s_open_one (self);
    REACH (self->stage, &self->one.named, 1);
    assert_non_null (strstr (self->one.name, " cannot be resolved: "));
    for (int count = 0; count < 3; count++) {
        size_t asked = s_times_asked ();
        later_by (5000);
        while (s_times_asked () == asked)
            loop_case_spend (self->stage, 20);
    }
    assert_int_equal (self->one.named, 1);
    s_resolve_to ("127.0.0.1", false);
    later_by (5000);
    REACH (self->stage, &self->one.ups, 1);
    assert_int_equal (self->one.named, 2);
    s_resolve_to ("", false);
    mesh_destroy (&self->other.mesh);
    REACH (self->stage, &self->one.downs, 1);
    later_by (5000);
    REACH (self->stage, &self->one.named, 3);
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 2);
}


//  After five seconds without the link its name is resolved anew.  The rooms
//  share a zap, so one must stay admitted, too

static void
a_peer_that_moved_is_found_where_it_is (void **state)
{
    mesh_case_t *self = *state;
    s_resolve_to ("127.0.0.1", false);
    mesh_case_open (&self->other, self->one.port);
    s_open_one (self);
    REACH (self->stage, &self->one.ups, 1);
    size_t asked = s_times_asked ();
    mesh_destroy (&self->other.mesh);
    REACH (self->stage, &self->one.downs, 1);
    s_resolve_to ("127.0.0.3 127.0.0.1", false);
    self->other.host = "127.0.0.3";
    mesh_case_open (&self->other, self->one.port);
    loop_case_spend (self->stage, 100);
    assert_int_equal (s_times_asked (), asked);
    assert_int_equal (self->one.ups, 1);
    later_by (5000);
    REACH (self->stage, &self->one.ups, 2);
    s_assert_named (self, "is 127.0.0.3, 127.0.0.1");
    s_assert_speaks (self);
}


//  DNS servers turn their answers round, which says nothing new

static void
the_same_addresses_in_another_order_are_no_news (void **state)
{
    mesh_case_t *self = *state;
    s_resolve_to ("127.0.0.2 127.0.0.1", false);
    s_open_one (self);
    REACH (self->stage, &self->one.named, 1);
    s_resolve_to ("127.0.0.1 127.0.0.2", false);
    size_t asked = s_times_asked ();
    later_by (5000);
    while (s_times_asked () == asked)
        loop_case_spend (self->stage, 20);
    loop_case_spend (self->stage, 50);
    assert_int_equal (self->one.named, 1);
}


//  A stranger may be a peer whose name has a new address: it is looked for, but
//  not for each stranger again

static void
a_stranger_has_names_resolved_anew (void **state)
{
    mesh_case_t *self = *state;
    s_resolve_to ("127.0.0.1", false);
    mesh_case_open (&self->other, self->one.port);
    s_open_one (self);
    REACH (self->stage, &self->one.ups, 1);
    s_resolve_to ("127.0.0.1 127.0.0.9", false);
    zsock_t *stranger = zsock_new (ZMQ_DEALER);
    zsock_set_reconnect_ivl (stranger, 20);
    zsock_connect (stranger, "tcp://127.0.0.9:0;127.0.0.1:%u", self->one.port);
    zstr_send (stranger, "I moved");
    size_t asked = s_times_asked ();
    REACH (self->stage, &self->one.strange, 1);
    loop_case_spend (self->stage, 100);
    assert_int_equal (s_times_asked (), asked);
    later_by (5000);
    zsock_destroy (&stranger);
    stranger = zsock_new (ZMQ_DEALER);
    zsock_connect (stranger, "tcp://127.0.0.9:0;127.0.0.1:%u", self->one.port);
    zstr_send (stranger, "I moved");
    REACH (self->stage, &self->one.strange, 2);
    REACH (self->stage, &self->one.named, 2);
    assert_int_equal (self->one.downs, 0);
    zsock_destroy (&stranger);
    stranger = zsock_new (ZMQ_DEALER);
    zsock_connect (stranger, "tcp://127.0.0.9:0;127.0.0.1:%u", self->one.port);
    zstr_send (stranger, "I moved");
    REACH (self->stage, &self->one.messages, 1);
    zsock_destroy (&stranger);
}


//  Who calls from elsewhere may be a peer whose old connection still counts as
//  up.  Its new address is known when that is lost, and tried at once: sooner
//  than its name is asked for again

static void
a_peer_that_moved_and_called_is_found_when_it_is_missed (void **state)
{
    mesh_case_t *self = *state;
    s_resolve_to ("127.0.0.1", false);
    mesh_case_open (&self->other, self->one.port);
    s_open_one (self);
    REACH (self->stage, &self->one.ups, 1);
    s_resolve_to ("127.0.0.3", false);
    later_by (5000);
    zsock_t *stranger = zsock_new (ZMQ_DEALER);
    zsock_set_reconnect_ivl (stranger, -1);
    zsock_connect (stranger, "tcp://127.0.0.9:0;127.0.0.1:%u", self->one.port);
    REACH (self->stage, &self->one.named, 2);
    assert_int_equal (self->one.downs, 0);
    size_t asked = s_times_asked ();
    mesh_destroy (&self->other.mesh);
    self->other.host = "127.0.0.3";
    mesh_case_open (&self->other, self->one.port);
    REACH (self->stage, &self->one.ups, 2);
    assert_int_equal (s_times_asked (), asked);
    s_assert_speaks (self);
    zsock_destroy (&stranger);
}


//  Whoever listens at any address is reached at each, by both protocols

static void
ipv6_is_as_good (void **state)
{
    mesh_case_t *self = *state;
    endpoint_t one = mesh_case_at ("[::1]", self->one.port);
    self->one.host = "[::1]";
    self->other.host = "*";
    mesh_case_open_to (&self->other, &one);
    endpoint_t other = mesh_case_at ("[::1]", self->other.port);
    mesh_case_open_to (&self->one, &other);
    REACH (self->stage, &self->one.ups, 1);
    REACH (self->stage, &self->other.ups, 1);
    s_assert_speaks (self);
}


#undef CASE
#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_peer_is_found_by_name_and_admitted),
        CASE (the_next_address_is_tried_where_one_fails),
        CASE (a_resolver_that_hangs_delays_its_own_link_alone),
        CASE (a_name_that_cannot_be_resolved_is_asked_for_again),
        CASE (a_peer_that_moved_is_found_where_it_is),
        CASE (the_same_addresses_in_another_order_are_no_news),
        CASE (a_stranger_has_names_resolved_anew),
        CASE (a_peer_that_moved_and_called_is_found_when_it_is_missed),
        CASE (ipv6_is_as_good),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
