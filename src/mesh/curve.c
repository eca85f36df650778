/*  =========================================================================
    curve - keys on ZeroMQ sockets
    =========================================================================
*/

#include "mesh/curve.h"

#include <assert.h>

//  Of both kinds of links, what either end says of the other
#define PLAIN "it is plain, and we have keys"
#define KEYED "it has keys, and we are plain"


static void
s_set (zsock_t *socket, const keys_t *keys)
{
    zsock_set_curve_publickey (socket, keys_public (keys));
    zsock_set_curve_secretkey (socket, keys_secret (keys));
}


void
curve_serve (zsock_t *router, const keys_t *keys)
{
    if (!keys)
        return;
    zsock_set_curve_server (router, 1);
    s_set (router, keys);
}


void
curve_call (zsock_t *dealer, const keys_t *keys, const char *peer_key)
{
    s_set (dealer, keys);
    zsock_set_curve_serverkey (dealer, peer_key);
}


const char *
curve_speaker (const keys_t *keys, zmq_msg_t *frame)
{
    const char *name = zmq_msg_gets (frame, "User-Id");
    const char *key = zmq_msg_gets (frame, CURVE_KEY_PROPERTY);
    const char *owner = name && key ? keys_owner (keys, key) : NULL;
    return owner && streq (owner, name) ? owner : NULL;
}


span_t
curve_key_shown (zmq_msg_t *frame)
{
    const char *key = zmq_msg_gets (frame, CURVE_KEY_PROPERTY);
    span_t all = span_of (key ? key : "");
    return (span_t){
        all.data, all.size < CURVE_SHOWN_SIZE ? all.size : CURVE_SHOWN_SIZE};
}


//  Whoever has not the key that we expect can't read what we say, and goes away

const char *
curve_reason (const monitor_event_t *event, bool keyed)
{
    if (event->kind == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        return keyed ? "it refuses our key or address"
                     : "it refuses our address";
    if (event->kind == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL &&
        event->value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
        return keyed ? PLAIN : KEYED;
    return keyed ? "who is there has not its key, or does not answer" : NULL;
}


const char *
curve_refusal (const monitor_event_t *event, bool keyed)
{
    if (event->value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
        return keyed ? PLAIN : KEYED;
    return keyed && event->value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC
               ? "it expects another key than ours"
               : "what it sends is no handshake";
}
