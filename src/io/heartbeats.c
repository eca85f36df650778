/*  =========================================================================
    heartbeats - STATEs that say nothing new
    =========================================================================
*/

#include "io/heartbeats.h"

#include "core/message.h"


//  One step of FNV-1a for each byte

static uint64_t
s_mix (uint64_t hash, span_t bytes)
{
    for (size_t at = 0; at < bytes.size; at++)
        hash = (hash ^ (unsigned char) bytes.data [at]) * 0x100000001B3u;
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
    hash = s_mix (hash, (span_t){(const char *) said, sizeof (said)});
    uint64_t *seen = &self->seen [hash % HEARTBEATS];
    bool repeated = *seen == hash;
    *seen = hash;
    return repeated;
}
