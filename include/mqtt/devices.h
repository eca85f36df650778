/*  =========================================================================
    devices - the newest report of each device that no server has taken yet

    A report waits, is told, and is forgotten once a server has taken it.  A
    newer one takes its place, so a server that comes back after a day is told
    one line of each device.  What a server refuses waits for devices_retry:
    its table may have room by then.
    =========================================================================
*/

#ifndef MQTT_DEVICES_H
#define MQTT_DEVICES_H

#include "table/location.h"

typedef struct devices_t devices_t;

//  What became of a report.
typedef enum {
    DEVICES_NEW,       //  Nothing of its device waited
    DEVICES_REPLACES,  //  It takes the place of an older one
    DEVICES_OLDER,     //  A newer one waits, and it is dropped
    DEVICES_FULL       //  So it is, as so many other devices wait
} devices_put_t;

//  What a server says to the oldest line that it was told.
typedef enum {
    DEVICES_TAKEN,    //  An AT line of that device
    DEVICES_REFUSED,  //  "? " and an IAMAT of it
    DEVICES_NONSENSE  //  Neither: who speaks so is no server of a herd
} devices_reply_t;

//  Keep reports of so many devices at most.  Copies the key, of KEY_SIZE bytes,
//  under which IDs are hashed.  Never returns NULL.
devices_t *
devices_new (size_t max, const unsigned char *key);

//  Free all and set *self_p to NULL.
void
devices_destroy (devices_t **self_p);

//  Take a report: the line that is to be told of this ID, which is copied.  Of
//  one device that with the later time is newer, and of equal ones the second.
devices_put_t
devices_put (devices_t *self, span_t id, span_t line, instant_t time);

//  Return the line that has waited longest, good until the next call; it is
//  told.  Empty if none waits.
span_t
devices_tell (devices_t *self);

//  Take a reply, without its line end.
devices_reply_t
devices_reply (devices_t *self, span_t reply);

//  The server is gone: what was told and has no reply waits again.
void
devices_untell (devices_t *self);

//  What was refused waits again.
void
devices_retry (devices_t *self);

//  Return how many devices' reports wait, are told and have no reply, and were
//  refused.
size_t
devices_waiting (const devices_t *self);
size_t
devices_told (const devices_t *self);
size_t
devices_refused (const devices_t *self);

#endif
