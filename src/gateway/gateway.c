/*  =========================================================================
    gateway - a server's joint to other regions, by NATS JetStream
    =========================================================================
*/

#include "gateway/gateway.h"

#include "gateway/session.h"

#include <nats/nats.h>
#include <openssl/crypto.h>

//  For threads of libnats that end
#define PATIENCE_MS 2000


static void *
s_open (const abroad_options_t *options)
{
    return session_new (options);
}


static void
s_close (void *self)
{
    session_t *session = self;
    session_destroy (&session);
}


static void
s_serve (void *self, server_t *server)
{
    session_serve (self, server);
}


static bool
s_turn (void *self, int64_t now_ms)
{
    return session_turn (self, now_ms);
}


static bool
s_has_output (const void *self)
{
    return session_has_output (self);
}


static region_counts_t
s_counts (const void *self)
{
    return session_counts (self);
}


const abroad_t gateway_abroad = {.open = s_open,
    .close = s_close,
    .serve = s_serve,
    .turn = s_turn,
    .has_output = s_has_output,
    .counts = s_counts};


void
gateway_begin (void)
{
    (void) OPENSSL_init_crypto (OPENSSL_INIT_NO_ATEXIT, NULL);
}


void
gateway_end (void)
{
    (void) nats_CloseAndWait (PATIENCE_MS);
}
