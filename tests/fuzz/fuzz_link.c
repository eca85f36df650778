/*  =========================================================================
    fuzz_link - whatever happens to a link, both ends agree at last

    The link state machine: two servers and a link between them that loses,
    repeats, reorders, cuts, restarts and changes bytes as the input says; then
    it works again, and both must agree within a minute of virtual time.
    =========================================================================
*/

#include "core/server.h"
#include "wire/window.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define STEP_MS INT64_C (100)
#define HELD_MAX 8
#define INPUT_MAX 2000
#define LONG_DIGITS 800

//  Messages held back, by direction
typedef struct {
    char *text;
    size_t size;
} held_t;

static struct {
    server_t *servers [2];
    effects_t *effects;
    int64_t clock_ms;
    uint64_t incarnation;
    uint64_t stamp;
    bool up;
    held_t held [2][HELD_MAX];
    char buffer [FLOOD_ROOM];
} s_world;


static void
s_start (int index)
{
    static const char *const names [] = {"Alford", "Ball"};
    server_destroy (&s_world.servers [index]);
    s_world.servers [index] =
        server_new (&(server_options_t){.name = names [index],
            .herd = "fuzz",
            .secret = "",
            .incarnation = ++s_world.incarnation,
            .peers = &names [!index],
            .peer_count = 1,
            .table_size_max = 1 << 24,
            .waiting_max = 8});
}


static void
s_tell (int index, event_kind_t kind, span_t text)
{
    event_t event = {.kind = kind,
        .now = {1600000000 + s_world.clock_ms / 1000, 0},
        .clock_ms = s_world.clock_ms,
        .connection = 1,
        .text = text};
    server_step (s_world.servers [index], &event, s_world.effects);
    effects_clear (s_world.effects);
}


static void
s_connect (bool up)
{
    if (s_world.up != up)
        for (int index = 0; index < 2; index++)
            s_tell (
                index, up ? EVENT_PEER_UP : EVENT_PEER_DOWN, (span_t){NULL, 0});
    s_world.up = up;
}


static void
s_say (int index, unsigned client, unsigned digits)
{
    char line [LOCATION_CLIENT_SIZE_MAX + 80];
    int size =
        snprintf (line, sizeof (line), "IAMAT c%0*u +1-1 %llu", (int) digits,
            client, (unsigned long long) (1600000000 + s_world.stamp++ % 7));
    s_tell (index, EVENT_CONNECTION_LINE, (span_t){line, (size_t) size});
}


//  More than the window takes at once

static void
s_say_much (int index)
{
    for (unsigned client = 0; client < 2 * WINDOW_START / LONG_DIGITS; client++)
        s_say (index, client, LONG_DIGITS);
}


static void
s_hold (int from, unsigned place, span_t message)
{
    held_t *held = &s_world.held [from][place % HELD_MAX];
    free (held->text);
    held->text = malloc (message.size);
    assert (held->text);
    memcpy (held->text, message.data, message.size);
    held->size = message.size;
}


//  Move what one has to say to the other, with a fault as the bytes say

static void
s_carry (int from, uint8_t fault, uint8_t place)
{
    span_t message;
    for (int count = 0; count < 20; count++) {
        message = server_next (s_world.servers [from], 0, s_world.clock_ms,
            s_world.buffer, s_world.effects);
        if (message.size == 0)
            return;
        if (fault == 1)
            continue;
        if (fault == 2 || fault == 3)
            s_hold (from, place, message);
        if (fault == 3)
            continue;
        if (fault == 4) {
            s_world
                .buffer [message.data - s_world.buffer +
                         (ptrdiff_t) ((size_t) place * 131 % message.size)] ^=
                1;
        }
        s_tell (!from, EVENT_PEER_MESSAGE, message);
    }
}


static void
s_replay (int from, unsigned place)
{
    const held_t *held = &s_world.held [from][place % HELD_MAX];
    if (held->text)
        s_tell (!from, EVENT_PEER_MESSAGE, (span_t){held->text, held->size});
}


static void
s_act (uint8_t what, uint8_t place)
{
    int index = what & 1;
    switch (what >> 1 & 15) {
    case 0:
        s_say (index, place, 1);
        break;
    case 1:
        if (place % 4)
            s_say (index, place, 1);
        else
            s_say_much (index);
        break;
    case 2:
        s_connect (false);
        break;
    case 3:
        s_start (index);
        s_world.up = false;
        s_connect (true);
        break;
    case 4:
        s_replay (index, place);
        break;
    case 5:
    case 6:
    case 7:
    case 8:
        if (s_world.up)
            s_carry (index, (uint8_t) ((what >> 1 & 15) - 4), place);
        break;
    default:
        s_world.clock_ms += STEP_MS * (place % 16);
        s_tell (index, EVENT_TICK, (span_t){NULL, 0});
        s_connect (true);
        if (s_world.up)
            s_carry (index, 0, 0);
    }
}


static bool
s_agree (void)
{
    server_status_t one = server_status (s_world.servers [0]);
    server_status_t other = server_status (s_world.servers [1]);
    return one.root == other.root && one.clients_known == other.clients_known;
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size > INPUT_MAX)
        return 0;
    s_world.effects = effects_new ();
    s_start (0);
    s_start (1);
    s_connect (true);
    for (size_t at = 0; at + 1 < size; at += 2)
        s_act (data [at], data [at + 1]);

    s_connect (true);
    int64_t end_ms = s_world.clock_ms + 90000;
    do {
        s_world.clock_ms += STEP_MS;
        for (int index = 0; index < 2; index++) {
            s_tell (index, EVENT_TICK, (span_t){NULL, 0});
            s_carry (index, 0, 0);
        }
    } while (!s_agree () && s_world.clock_ms < end_ms);
    assert (s_agree ());

    for (int index = 0; index < 2; index++) {
        server_destroy (&s_world.servers [index]);
        for (int place = 0; place < HELD_MAX; place++)
            free (s_world.held [index][place].text);
    }
    effects_destroy (&s_world.effects);
    memset (&s_world, 0, sizeof (s_world));
    return 0;
}
