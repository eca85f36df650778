/*  =========================================================================
    curve - keys on ZeroMQ sockets

    With keys a ROUTER is a CURVE server (RFC 26), which proves that it has our
    key, and a DEALER a client, which talks to nobody but who has its peer's
    key, and proves that it has ours.
    =========================================================================
*/

#ifndef MESH_CURVE_H
#define MESH_CURVE_H

#include "base/span.h"
#include "keys/keys.h"
#include "mesh/monitor.h"

//  So much of a key is shown
#define CURVE_SHOWN_SIZE 8

//  What the zap tells of a caller besides its name: its key, in Z85
#define CURVE_KEY_PROPERTY "Key"

//  Have a ROUTER use our keys when it is bound next.  NULL = none.
void
curve_serve (zsock_t *router, const keys_t *keys);

//  Have a DEALER use our keys and this one of its peer when it connects next.
void
curve_call (zsock_t *dealer, const keys_t *keys, const char *peer_key);

//  Return the peer who sent the frame, or NULL if the key that it came with is
//  no peer's, or not that peer's any more.  Good as long as the keys.
const char *
curve_speaker (const keys_t *keys, zmq_msg_t *frame);

//  Return the beginning of the key that the frame came with, by which its owner
//  knows it; good as long as the frame.
span_t
curve_key_shown (zmq_msg_t *frame);

//  Return in words why a handshake failed: of a DEALER, or NULL if the event
//  does not tell, or of a ROUTER.  A constant.
const char *
curve_reason (const monitor_event_t *event, bool keyed);
const char *
curve_refusal (const monitor_event_t *event, bool keyed);

#endif
