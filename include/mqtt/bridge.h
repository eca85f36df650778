/*  =========================================================================
    bridge - what phones publish at a broker, told to a herd

    Locations of OwnTracks: each topic is a client, whose ID is the topic.  What
    no server has taken waits, the newest of each device.  When a server is
    reached again, the bridge subscribes anew if a server has taken anything
    since it last did: retained messages come again, in case the herd has lost
    what was taken.
    =========================================================================
*/

#ifndef MQTT_BRIDGE_H
#define MQTT_BRIDGE_H

#include "mqtt/broker.h"
#include "mqtt/servers.h"
#include "mqtt/teller.h"

//  Devices whose reports wait, at most; reports of others are dropped.
#define BRIDGE_DEVICES_MAX 100000

//  Bytes of a message that is read, at most.
#define BRIDGE_PAYLOAD_SIZE_MAX 65536

//  How often it tries again what was refused.
#define BRIDGE_RETRY_MS 60000

//  How long it goes on at its end, to have replies.
#define BRIDGE_END_MS 5000

//  Strings.
typedef struct {
    broker_options_t broker;
    endpoint_t servers [SERVERS_MAX];
    size_t server_count;
} bridge_options_t;

//  Serve until a signal ends it, as mqtt/stage has it.  Returns false, errno
//  set, if it can't begin.
bool
bridge_run (const bridge_options_t *options, diary_t *diary);

#endif
