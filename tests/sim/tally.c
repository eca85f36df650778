/*  =========================================================================
    tally - what a herd has done so far, in numbers
    =========================================================================
*/

#include "sim/tally.h"


uint64_t
tally_message (tally_t *self, const message_t *message, span_t text)
{
    uint64_t records = 0;
    self->messages [message->kind]++;
    self->bytes [message->kind] += text.size;
    if (message->kind == MESSAGE_BATCH || message->kind == MESSAGE_PUT)
        for (size_t at = 0; at < message->body.size; at++)
            records += message->body.data [at] == '\n';
    self->records += records;
    return records;
}


void
tally_life (tally_t *self, const server_t *server, unsigned peers)
{
    if (!server)
        return;
    self->updates += server_status (server).updates;
    for (unsigned peer = 0; peer < peers; peer++) {
        if (!server_peer (server, peer))
            continue;
        flood_link_t link = server_link (server, peer);
        self->audits += link.audits;
        self->repairs += link.repairs;
        self->downs += link.resumes - link.up;
        self->recalls += link.recalls;
        self->rewinds += link.rewinds;
    }
}


void
tally_add (tally_t *self, const tally_t *other)
{
    self->updates += other->updates;
    self->records += other->records;
    self->audits += other->audits;
    self->repairs += other->repairs;
    self->downs += other->downs;
    self->recalls += other->recalls;
    self->rewinds += other->rewinds;
    for (int kind = 0; kind <= MESSAGE_PUT; kind++) {
        self->bytes [kind] += other->bytes [kind];
        self->messages [kind] += other->messages [kind];
    }
}
