/*  =========================================================================
    publisher - what a herd knows, published at a broker

    The feed of a server, each client's newest location at a topic of its own,
    retained.  While the broker does not take what is on its way, the feed is
    not read, so nothing is kept here: the server then sends fewer locations,
    and newer ones.  A broker that comes back gets all clients, in case it lost
    what it had retained; so it does when the publisher starts again.  The feed
    of a server that comes back goes on where it was.
    =========================================================================
*/

#ifndef MQTT_PUBLISHER_H
#define MQTT_PUBLISHER_H

#include "mqtt/bridge.h"

//  With so many messages on their way the feed is not read: some hundred more
//  may be what was read before.
#define PUBLISHER_AHEAD_MAX 500

//  Strings.
typedef struct {
    const bridge_options_t *bridge;  //  Broker, without a topic, and servers
    const char *prefix;              //  Of topics: PREFIX/ID
    const char *token;               //  As feed_options_t has it
} publisher_options_t;

//  Serve until a signal ends it, as mqtt/stage has it.  Returns false, errno
//  set, if it can't begin.
bool
publisher_run (const publisher_options_t *options, diary_t *diary);

#endif
