/*  =========================================================================
    fuzz_door - whatever a peer's message is, nothing breaks

    The peers' door: whatever one message is, nothing breaks, and what is kept
    is well formed.  The input is the message but for its head's first words,
    which a fuzzer would take for ever to guess.
    =========================================================================
*/

#include "core/server.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);


static char s_buffer [FLOOD_ROOM];


//  Let the server say all it has to say now

static void
s_drain (server_t *server, int64_t clock_ms, effects_t *effects)
{
    for (int count = 0; count < 100; count++)
        if (server_next (server, 0, clock_ms, s_buffer, effects).size == 0)
            break;
}


//  Return the head that a peer's messages have, once the two have met, up
//  to the word

static size_t
s_learn_head (server_t *server, server_t *peer, effects_t *effects, char *head)
{
    event_t event = {.kind = EVENT_PEER_UP};
    server_step (server, &event, effects);
    server_step (peer, &event, effects);
    event.kind = EVENT_PEER_MESSAGE;
    event.text = server_next (server, 0, 0, s_buffer, effects);
    server_step (peer, &event, effects);
    span_t state = server_next (peer, 0, 0, s_buffer, effects);
    event.text = state;
    server_step (server, &event, effects);
    const char *word = memmem (state.data, state.size, "STATE", 5);
    assert (word);
    memcpy (head, state.data, (size_t) (word - state.data));
    return (size_t) (word - state.data);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *const ball = "Ball";
    const char *const alford = "Alford";
    server_options_t options = {.name = alford,
        .herd = "fuzz",
        .secret = "",
        .incarnation = 1,
        .peers = &ball,
        .peer_count = 1,
        .table_size_max = 1 << 24,
        .waiting_max = 8};
    effects_t *effects = effects_new ();
    server_t *server = server_new (&options);
    options.name = ball;
    options.peers = &alford;
    options.incarnation = 2;
    server_t *peer = server_new (&options);

    char *message = malloc (size + MESSAGE_HEAD_SIZE_MAX);
    assert (message);
    size_t head = s_learn_head (server, peer, effects, message);
    if (size)
        memcpy (message + head, data, size);
    event_t event = {.kind = EVENT_PEER_MESSAGE,
        .clock_ms = 1000,
        .text = {message, head + size}};
    server_step (server, &event, effects);
    s_drain (server, 2000, effects);
    event.kind = EVENT_TICK;
    event.clock_ms = 60000;
    server_step (server, &event, effects);
    s_drain (server, 60000, effects);

    free (message);
    server_destroy (&peer);
    server_destroy (&server);
    effects_destroy (&effects);
    return 0;
}
