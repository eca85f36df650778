/*  =========================================================================
    test_resolver - finds the addresses of names, and waits for nobody

    In place of the system's resolver the test has one of its own, that hangs
    for as long as the test wants.
    =========================================================================
*/

#include "io/loop_case.h"
#include "loop/resolver.h"
#include "loop/sockaddr.h"

#include <netdb.h>
#include <pthread.h>

#define PORT_BASE 18600

typedef struct {
    loop_case_t *stage;
    resolver_t *resolver;
    size_t answers;
    resolved_t last;
} case_t;

//  Questions for names that begin with "slow" wait until the test lets them go
static pthread_mutex_t s_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_changed = PTHREAD_COND_INITIALIZER;
static bool s_held;
static size_t s_waiting;


static void
s_hold (bool held)
{
    pthread_mutex_lock (&s_mutex);
    s_held = held;
    pthread_cond_broadcast (&s_changed);
    pthread_mutex_unlock (&s_mutex);
}


//  Wait until so many questions wait

static void
s_await (size_t count)
{
    pthread_mutex_lock (&s_mutex);
    while (s_waiting != count)
        pthread_cond_wait (&s_changed, &s_mutex);
    pthread_mutex_unlock (&s_mutex);
}


static void
s_wait (void)
{
    pthread_mutex_lock (&s_mutex);
    s_waiting++;
    pthread_cond_broadcast (&s_changed);
    while (s_held)
        pthread_cond_wait (&s_changed, &s_mutex);
    s_waiting--;
    pthread_cond_broadcast (&s_changed);
    pthread_mutex_unlock (&s_mutex);
}


static struct addrinfo *
s_found (const char *text)
{
    address_t address;
    sockaddr_t *at = zmalloc (sizeof (sockaddr_t));
    struct addrinfo *found = zmalloc (sizeof (struct addrinfo));
    if (!address_read (&address, span_of (text)))
        abort ();
    found->ai_addrlen = sockaddr_write (at, &address, 0);
    found->ai_addr = &at->any;
    return found;
}


//  The name says the addresses, a blank between

int
getaddrinfo (const char *restrict name, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    (void) service;
    (void) hints;
    if (strncmp (name, "slow ", 5) == 0) {
        s_wait ();
        name += 5;
    }
    span_t rest = span_of (name), word = span_field (&rest);
    while (word.size) {
        char text [ADDRESS_TEXT_SIZE];
        snprintf (text, sizeof (text), "%.*s", (int) word.size, word.data);
        *found = s_found (text);
        found = &(*found)->ai_next;
        word = span_field (&rest);
    }
    return *name ? 0 : EAI_NONAME;
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


static void
s_done (void *context, const resolved_t *resolved)
{
    case_t *self = context;
    self->last = *resolved;
    self->answers++;
}


static int
s_new (void **state)
{
    case_t *self = zmalloc (sizeof (case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->resolver = resolver_new (self->stage->poller, s_done, self);
    assert_non_null (self->resolver);
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    case_t *self = *state;
    s_hold (false);
    resolver_destroy (&self->resolver);
    assert_null (self->resolver);
    loop_case_destroy (&self->stage);
    free (self);
    s_await (0);
    return 0;
}


static void
s_assert_address (const case_t *self, size_t index, const char *expected)
{
    char text [ADDRESS_TEXT_SIZE];
    assert_true (index < self->last.count);
    assert_string_equal (
        address_print (&self->last.addresses [index], text), expected);
}


static void
a_name_has_its_addresses_in_order_and_once (void **state)
{
    case_t *self = *state;
    resolver_ask (self->resolver,
        "2001:db8::2 10.0.0.1 fe80::1 2001:db8::2 ::ffff:10.0.0.1 10.0.0.9", 7);
    assert_int_equal (self->answers, 0);
    REACH (self->stage, &self->answers, 1);
    assert_int_equal (self->last.asker, 7);
    assert_int_equal (self->last.count, 3);
    assert_null (self->last.reason);
    s_assert_address (self, 0, "2001:db8::2");
    s_assert_address (self, 1, "10.0.0.1");
    s_assert_address (self, 2, "10.0.0.9");
}


static void
addresses_beyond_the_most_are_left_out (void **state)
{
    case_t *self = *state;
    char names [1024] = "";
    for (int index = 1; index <= 40; index++) {
        size_t size = strlen (names);
        snprintf (names + size, sizeof (names) - size, " 10.0.0.%d", index);
    }
    resolver_ask (self->resolver, names, 1);
    REACH (self->stage, &self->answers, 1);
    assert_int_equal (self->last.count, RESOLVER_ADDRESSES_MAX);
    s_assert_address (self, RESOLVER_ADDRESSES_MAX - 1, "10.0.0.16");
}


static void
a_name_without_an_address_has_a_reason (void **state)
{
    case_t *self = *state;
    resolver_ask (self->resolver, "", 3);
    REACH (self->stage, &self->answers, 1);
    assert_int_equal (self->last.asker, 3);
    assert_int_equal (self->last.count, 0);
    assert_string_equal (self->last.reason, gai_strerror (EAI_NONAME));
    resolver_ask (self->resolver, "fe80::1", 3);
    REACH (self->stage, &self->answers, 2);
    assert_int_equal (self->last.count, 0);
    assert_string_equal (self->last.reason, "no usable address");
}


static void
a_question_that_hangs_delays_no_other (void **state)
{
    case_t *self = *state;
    s_hold (true);
    for (size_t asker = 0; asker < 10; asker++)
        resolver_ask (self->resolver, "slow 10.0.0.1", asker);
    s_await (10);
    resolver_ask (self->resolver, "10.0.0.2", 77);
    REACH (self->stage, &self->answers, 1);
    assert_int_equal (self->last.asker, 77);
    s_assert_address (self, 0, "10.0.0.2");
    s_hold (false);
    REACH (self->stage, &self->answers, 11);
    s_assert_address (self, 0, "10.0.0.1");
}


//  However often links come and go while a DNS server does not answer

static void
one_question_too_many_is_answered_and_costs_no_thread (void **state)
{
    case_t *self = *state;
    s_hold (true);
    for (size_t asker = 0; asker < RESOLVER_QUESTIONS_MAX; asker++)
        resolver_ask (self->resolver, "slow 10.0.0.1", asker);
    s_await (RESOLVER_QUESTIONS_MAX);
    resolver_ask (self->resolver, "10.0.0.2", 77);
    assert_int_equal (self->answers, 0);
    REACH (self->stage, &self->answers, 1);
    assert_int_equal (self->last.asker, 77);
    assert_int_equal (self->last.count, 0);
    assert_string_equal (self->last.reason, strerror (EAGAIN));
    s_hold (false);
    REACH (self->stage, &self->answers, 1 + RESOLVER_QUESTIONS_MAX);
}


//  Neither while questions hang nor when answers wait to be read

static void
the_end_waits_for_no_answer (void **state)
{
    case_t *self = *state;
    s_hold (true);
    for (size_t asker = 0; asker < 5; asker++)
        resolver_ask (self->resolver, "slow 10.0.0.1", asker);
    s_await (5);
    resolver_destroy (&self->resolver);
    assert_null (self->resolver);
    s_hold (false);
    s_await (0);
    self->resolver = resolver_new (self->stage->poller, s_done, self);
    resolver_ask (self->resolver, "slow 10.0.0.1", 1);
    s_await (0);
    resolver_destroy (&self->resolver);
    loop_case_spend (self->stage, 20);
    assert_int_equal (self->answers, 0);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_name_has_its_addresses_in_order_and_once),
        CASE (addresses_beyond_the_most_are_left_out),
        CASE (a_name_without_an_address_has_a_reason),
        CASE (a_question_that_hangs_delays_no_other),
        CASE (one_question_too_many_is_answered_and_costs_no_thread),
        CASE (the_end_waits_for_no_answer),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
