/*  =========================================================================
    dial - makes a client of libmosquitto
    =========================================================================
*/

#ifndef MQTT_DIAL_H
#define MQTT_DIAL_H

#include "mqtt/broker.h"

#include <mosquitto.h>

#define DIAL_REASON_SIZE 256

//  Make a client as the options say, in *client_p, which is the caller's to
//  destroy in any case.  Returns what is wrong, in the text of
//  DIAL_REASON_SIZE, or NULL.
const char *
dial_make (const broker_options_t *options, void *context,
    struct mosquitto **client_p, char *text);

#endif
