/*  =========================================================================
    broker - what an MQTT broker publishes, or is given, in the loop
    =========================================================================
*/

#include "mqtt/broker.h"

#include "loop/clock.h"
#include "loop/resolver.h"
#include "mqtt/dial.h"
#include "mqtt/retry.h"

#define KEEPALIVE_SECONDS 30
#define QOS 0
#define QOS_GIVEN 1

//  What a broker grants if it does not
#define SUBSCRIPTION_REFUSED 128

typedef enum { DOWN, RESOLVING, CONNECTING, UP, ENDED } stage_t;

struct broker_t {
    broker_use_t use;
    char name [ENDPOINT_TEXT_SIZE];
    resolver_t *resolver;
    size_t attempt;  //  Of a name's addresses, they take turns
    struct mosquitto *client;
    watcher_t watcher;  //  Its socket
    uint32_t events;    //  That are watched
    bool spoken;        //  The socket was ready once
    stage_t stage;
    retry_t retry;
    int64_t since_ms;                 //  When the stage began
    char reason [DIAL_REASON_SIZE];   //  Why the connection is to be given up
    char warning [DIAL_REASON_SIZE];  //  What libmosquitto said last
    char said [DIARY_LINE_SIZE_MAX];  //  What was last logged
    uint64_t subscriptions;
};


static void
s_say (broker_t *self, const char *what, const char *detail)
{
    char text [DIARY_LINE_SIZE_MAX];
    snprintf (text, sizeof (text), "broker %s %s%s", self->name, what, detail);
    if (!streq (text, self->said))
        diary_say (self->use.diary, "%s", text);
    memcpy (self->said, text, sizeof (text));
}


//  The client is made anew each time: what it was told about a connection that
//  failed would have to be undone

static void
s_drop (broker_t *self)
{
    if (self->watcher.fd >= 0)
        poller_drop (self->use.poller, &self->watcher);
    self->watcher.fd = -1;
    if (self->client)
        mosquitto_destroy (self->client);
    self->client = NULL;
    self->stage = DOWN;
}


static void
s_fail (broker_t *self, const char *reason)
{
    const char *what = self->stage == UP ? "is gone: " : "can't be used: ";
    s_say (self, what, reason);
    s_drop (self);
    retry_failed (&self->retry, clock_ms ());
}


static void
s_rise (broker_t *self, const char *what)
{
    self->stage = UP;
    self->attempt = 0;
    retry_connected (&self->retry, clock_ms ());
    s_say (self, what, "");
}


//  What the callbacks find wrong is kept until libmosquitto has returned

static void
s_on_connect (struct mosquitto *client, void *context, int code)
{
    broker_t *self = context;
    const char *topic = self->use.options->topic;
    int rc = code;
    if (!code && topic)
        rc = mosquitto_subscribe (client, NULL, topic, QOS);
    if (code)
        snprintf (self->reason, DIAL_REASON_SIZE, "%s",
            mosquitto_connack_string (code));
    else if (rc)
        snprintf (
            self->reason, DIAL_REASON_SIZE, "%s", mosquitto_strerror (rc));
    else if (!topic)
        s_rise (self, "is connected");
}


static void
s_on_subscribe (struct mosquitto *client, void *context, int mid, int count,
    const int *granted)
{
    broker_t *self = context;
    (void) client;
    (void) mid;
    if (count != 1 || granted [0] >= SUBSCRIPTION_REFUSED) {
        snprintf (
            self->reason, DIAL_REASON_SIZE, "it refuses the subscription");
        return;
    }
    self->subscriptions++;
    if (self->stage == CONNECTING)
        s_rise (self, "is subscribed to");
}


static void
s_on_publish (struct mosquitto *client, void *context, int number)
{
    broker_t *self = context;
    (void) client;
    if (self->use.taken)
        self->use.taken (self->use.context, number);
}


static void
s_on_message (struct mosquitto *client, void *context,
    const struct mosquitto_message *message)
{
    broker_t *self = context;
    (void) client;
    self->use.message (self->use.context, span_of (message->topic),
        (span_t){message->payload, (size_t) message->payloadlen});
}


static void
s_on_log (struct mosquitto *client, void *context, int level, const char *text)
{
    broker_t *self = context;
    (void) client;
    if (level == MOSQ_LOG_ERR || level == MOSQ_LOG_WARNING)
        snprintf (self->warning, DIAL_REASON_SIZE, "%s", text);
}


static bool
s_is_filter (const char *text)
{
    return *text && mosquitto_sub_topic_check (text) == MOSQ_ERR_SUCCESS &&
           mosquitto_validate_utf8 (text, (int) strlen (text)) ==
               MOSQ_ERR_SUCCESS;
}


const char *
broker_check (const broker_options_t *options)
{
    static char text [DIAL_REASON_SIZE];
    struct mosquitto *client;
    const char *wrong;
    mosquitto_lib_init ();
    if (options->topic && !s_is_filter (options->topic)) {
        snprintf (text, sizeof (text), "%s: is no topic filter of MQTT",
            options->topic);
        wrong = text;
    }
    else if (mosquitto_validate_utf8 (options->client_id,
                 (int) strlen (options->client_id)) != MOSQ_ERR_SUCCESS)
        wrong = "the client ID is no UTF-8";
    else {
        wrong = dial_make (options, NULL, &client, text);
        mosquitto_destroy (client);
    }
    mosquitto_lib_cleanup ();
    return wrong;
}


//  Watch the socket, to write to it only if there is something

static void
s_watch (broker_t *self)
{
    int fd = mosquitto_socket (self->client);
    bool writes = !self->spoken || mosquitto_want_write (self->client);
    uint32_t events = EPOLLIN | (writes ? EPOLLOUT : 0);
    int rc = 0;
    if (self->watcher.fd < 0) {
        self->watcher.fd = fd;
        rc = poller_add (self->use.poller, &self->watcher, events);
    }
    else if (events != self->events)
        poller_change (self->use.poller, &self->watcher, events);
    self->events = events;
    if (rc)
        s_fail (self, strerror (errno));
}


//  Libmosquitto has returned that code

static void
s_look (broker_t *self, int rc)
{
    const char *reason = rc ? mosquitto_strerror (rc) : NULL;
    if (rc == MOSQ_ERR_TLS && *self->warning)
        reason = self->warning;
    if (rc == MOSQ_ERR_KEEPALIVE)
        reason = "it does not answer";
    if (*self->reason)
        reason = self->reason;
    if (reason)
        s_fail (self, reason);
    else
        s_watch (self);
}


//  A handshake of TLS begins when the socket is connected, of which
//  libmosquitto learns by reading

static void
s_ready (void *context, uint32_t events)
{
    broker_t *self = context;
    int rc = MOSQ_ERR_SUCCESS;
    if (!self->spoken || events & ~(uint32_t) EPOLLOUT)
        rc = mosquitto_loop_read (self->client, 1);
    self->spoken = true;
    if (rc == MOSQ_ERR_SUCCESS && mosquitto_want_write (self->client))
        rc = mosquitto_loop_write (self->client, 1);
    s_look (self, rc);
}


//  The name is in a certificate, so with TLS libmosquitto has to know it, and
//  looks it up once more

static void
s_connect (broker_t *self, const address_t *address)
{
    char number [ADDRESS_TEXT_SIZE];
    const endpoint_t *endpoint = &self->use.options->endpoint;
    bool by_name = endpoint->is_name && self->use.options->tls;
    const char *host =
        by_name ? endpoint->host : address_print (address, number);
    self->stage = CONNECTING;
    self->spoken = false;
    *self->reason = *self->warning = '\0';
    char text [DIAL_REASON_SIZE];
    const char *wrong =
        dial_make (self->use.options, self, &self->client, text);
    if (wrong) {
        s_fail (self, wrong);
        return;
    }
    mosquitto_connect_callback_set (self->client, s_on_connect);
    mosquitto_subscribe_callback_set (self->client, s_on_subscribe);
    //  A broker may send what nobody subscribed to
    if (self->use.message)
        mosquitto_message_callback_set (self->client, s_on_message);
    mosquitto_publish_callback_set (self->client, s_on_publish);
    mosquitto_log_callback_set (self->client, s_on_log);
    s_look (self, mosquitto_connect_async (
                      self->client, host, endpoint->port, KEEPALIVE_SECONDS));
}


static void
s_resolved (void *context, const resolved_t *resolved)
{
    broker_t *self = context;
    if (self->stage != RESOLVING)
        return;
    if (resolved->count == 0)
        s_fail (self, resolved->reason);
    else
        s_connect (
            self, &resolved->addresses [self->attempt++ % resolved->count]);
}


broker_t *
broker_new (const broker_use_t *use)
{
    broker_t *self = zmalloc (sizeof (broker_t));
    self->use = *use;
    self->watcher = (watcher_t){-1, s_ready, self};
    endpoint_print (&use->options->endpoint, self->name);
    mosquitto_lib_init ();
    self->resolver = resolver_new (use->poller, s_resolved, self);
    if (!self->resolver) {
        int reason = errno;
        broker_destroy (&self);
        errno = reason;
    }
    return self;
}


void
broker_destroy (broker_t **self_p)
{
    broker_t *self = *self_p;
    if (self) {
        broker_end (self);
        resolver_destroy (&self->resolver);
        mosquitto_lib_cleanup ();
        free (self);
        *self_p = NULL;
    }
}


void
broker_end (broker_t *self)
{
    if (self->stage == UP)
        (void) mosquitto_disconnect (self->client);
    s_drop (self);
    self->stage = ENDED;
}


static void
s_begin (broker_t *self, int64_t now_ms)
{
    const endpoint_t *endpoint = &self->use.options->endpoint;
    self->stage = RESOLVING;
    self->since_ms = now_ms;
    if (endpoint->is_name)
        resolver_ask (self->resolver, endpoint->host, 0);
    else
        s_connect (self, &endpoint->address);
}


void
broker_tick (broker_t *self)
{
    int64_t now_ms = clock_ms ();
    if (self->stage == DOWN && retry_is_due (&self->retry, now_ms))
        s_begin (self, now_ms);
    else if ((self->stage == RESOLVING || self->stage == CONNECTING) &&
             now_ms - self->since_ms > BROKER_CONNECT_MS)
        s_fail (self, "it does not answer");
    else if (self->stage == CONNECTING || self->stage == UP)
        s_look (self, mosquitto_loop_misc (self->client));
}


void
broker_subscribe (broker_t *self)
{
    if (self->stage == UP)
        s_look (self, mosquitto_subscribe (
                          self->client, NULL, self->use.options->topic, QOS));
}


//  It numbers them from 1 on

int
broker_give (broker_t *self, const char *topic, span_t payload)
{
    int number = 0;
    if (self->stage != UP)
        return 0;
    int rc = mosquitto_publish (self->client, &number, topic,
        (int) payload.size, payload.data, QOS_GIVEN, true);
    if (rc == MOSQ_ERR_INVAL || rc == MOSQ_ERR_MALFORMED_UTF8 ||
        rc == MOSQ_ERR_PAYLOAD_SIZE)
        return -1;
    s_look (self, rc);
    return self->stage == UP ? number : 0;
}


bool
broker_is_up (const broker_t *self)
{
    return self->stage == UP;
}


uint64_t
broker_subscriptions (const broker_t *self)
{
    return self->subscriptions;
}
