/*  =========================================================================
    heartbeats - STATEs that say nothing new
    =========================================================================
*/

#include "log/heartbeats.h"

#include "wire/message.h"


bool
heartbeats_is_repeated (heartbeats_t *self, char sign, span_t peer, span_t text)
{
    //  Most messages have a body, which no STATE has, and are not read again
    span_t body = text;
    span_until (&body, '\n');
    if (body.size)
        return false;
    message_t message;
    message_parse (&message, text);
    if (message.kind != MESSAGE_STATE)
        return false;
    uint64_t said [] = {message.previous, message.last, message.tail,
        message.got, message.count, message.root, message.floor, message.flags};
    uint64_t hash = span_fnv ((span_t){&sign, 1}, SPAN_FNV);
    hash = span_fnv (peer, hash);
    for (size_t at = 0; at < sizeof (said) / sizeof (said [0]); at++)
        hash = (hash ^ said [at]) * SPAN_FNV_PRIME;
    uint64_t *seen = &self->seen [hash % HEARTBEATS];
    bool repeated = *seen == hash;
    *seen = hash;
    return repeated;
}
