/*  =========================================================================
    heartbeats - STATEs that say nothing new
    =========================================================================
*/

#include "log/heartbeats.h"

#include "wire/message.h"

//  Of FNV-1a, for 64 bits
#define PRIME UINT64_C (0x100000001B3)


//  One step of FNV-1a for each byte

static uint64_t
s_mix (uint64_t hash, span_t bytes)
{
    for (size_t at = 0; at < bytes.size; at++)
        hash = (hash ^ (unsigned char) bytes.data [at]) * PRIME;
    return hash;
}


bool
heartbeats_is_repeated (heartbeats_t *self, char sign, span_t peer, span_t text)
{
    message_t message;
    message_parse (&message, text);
    if (message.kind != MESSAGE_STATE)
        return false;
    uint64_t said [] = {message.previous, message.last, message.tail,
        message.got, message.count, message.root, message.floor, message.flags};
    uint64_t hash = s_mix (0xCBF29CE484222325u, (span_t){&sign, 1});
    hash = s_mix (hash, peer);
    for (size_t at = 0; at < sizeof (said) / sizeof (said [0]); at++)
        hash = (hash ^ said [at]) * PRIME;
    uint64_t *seen = &self->seen [hash % HEARTBEATS];
    bool repeated = *seen == hash;
    *seen = hash;
    return repeated;
}
