/*  =========================================================================
    broker - what an MQTT broker publishes, or is given, in the loop

    A connection of MQTT 3.1.1, by libmosquitto, with a clean session: whoever
    asks for the latest needs no queue of what came before.  It subscribes with
    QoS 0.  A broker keeps what is retained, TCP what is on its way; and with
    more mosquitto drops, at the subscription, all retained messages but the
    first thousand.  A message given to it is retained there, with QoS 1: the
    broker says when it has it.  A connection that is lost is made again.
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

//  The broker has the message with this number.
typedef void (broker_taken_fn) (void *context, int number);

//  Strings; NULL = none.
typedef struct {
    endpoint_t endpoint;
    const char *topic;      //  What to subscribe to; a topic filter; NULL = to
                            //  nothing
    const char *client_id;  //
    const char *login;      //  File for login_read, read at each connection
    bool tls;               //
    const char *ca;         //  File of certificates; NULL = the system's
    const char *cert;       //  Files of our certificate and its key
    const char *key;        //
} broker_options_t;

typedef struct {
    const broker_options_t *options;  //  Borrowed, as all that they have
    poller_t *poller;                 //  Borrowed
    diary_t *diary;                   //
    broker_message_fn *message;  //  NULL if there is nothing to subscribe to
    broker_taken_fn *taken;      //  NULL if nothing is given
    void *context;               //  Of both
} broker_use_t;

//  Make it; broker_tick connects.  Returns NULL, errno set, when the system has
//  no descriptor.
broker_t *
broker_new (const broker_use_t *use);

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

//  Give it a message, if it is connected.  Returns a number, which taken gets;
//  0 if it is not connected; or -1 if there can be no such topic.
int
broker_give (broker_t *self, const char *topic, span_t payload);

//  Return true if it is connected and, if there is something, subscribed to.
bool
broker_is_up (const broker_t *self);

//  Return how often it has subscribed.
uint64_t
broker_subscriptions (const broker_t *self);

#endif
