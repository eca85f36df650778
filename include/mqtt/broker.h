/*  =========================================================================
    broker - what an MQTT broker publishes, in the loop

    A connection of MQTT 3.1.1, by libmosquitto, with a clean session: whoever
    asks for the latest needs no queue of what came before.  It subscribes with
    QoS 0.  A broker keeps what is retained, TCP what is on its way; and with
    more mosquitto drops, at the subscription, all retained messages but the
    first thousand.  A connection that is lost is made again.
    =========================================================================
*/

#ifndef MQTT_BROKER_H
#define MQTT_BROKER_H

#include "base/endpoint.h"
#include "loop/poller.h"
#include "mqtt/diary.h"

//  To be connected and subscribed takes so long at most.
#define BROKER_CONNECT_MS 15000

//  The longest client ID that every broker takes.
#define BROKER_CLIENT_ID_SIZE_MAX 23

typedef struct broker_t broker_t;

//  A message; good during the call.
typedef void (broker_message_fn) (void *context, span_t topic, span_t payload);

//  Strings; NULL = none.
typedef struct {
    endpoint_t endpoint;
    const char *topic;      //  What to subscribe to; a topic filter
    const char *client_id;  //
    const char *login;      //  File for login_read, read at each connection
    bool tls;               //
    const char *ca;         //  File of certificates; NULL = the system's
    const char *cert;       //  Files of our certificate and its key
    const char *key;        //
} broker_options_t;

//  Make it; broker_tick connects.  Borrows everything that options have, poller
//  and diary.  Returns NULL, errno set, when the system has no descriptor.
broker_t *
broker_new (const broker_options_t *options, poller_t *poller, diary_t *diary,
    broker_message_fn *message, void *context);

//  Disconnect, free all and set *self_p to NULL.
void
broker_destroy (broker_t **self_p);

//  Return what is wrong with login or TLS files, or with the topic, in words:
//  "FILE: reason", good until the next call; or NULL.
const char *
broker_check (const broker_options_t *options);

//  Connect, or give up, if it is time.  To be called some times a second.
void
broker_tick (broker_t *self);

//  Disconnect, for good.
void
broker_end (broker_t *self);

//  Subscribe anew if it is subscribed: retained messages come again.
void
broker_subscribe (broker_t *self);

//  Return how often it has subscribed.
uint64_t
broker_subscriptions (const broker_t *self);

#endif
