/*  =========================================================================
    settle - wait until the herd knows what it was told
    =========================================================================
*/

#include "load/settle.h"

#include "load/dialogue.h"
#include "loop/clock.h"

#include <czmq.h>
#include <inttypes.h>

#define PATIENCE_MS 60000
#define PAUSE_NS 1000000

struct settle_t {
    dialogue_t loaded [OPTIONS_TARGETS_MAX];
    unsigned loaded_count;
    dialogue_t asked [OPTIONS_TARGETS_MAX];
    unsigned asked_count;
};


//  Open a dialogue with each target, and count them

static bool
s_open_dialogues (
    const targets_t *targets, dialogue_t *dialogues, unsigned *count)
{
    while (*count < targets->count) {
        if (!dialogue_open (&dialogues [*count], &targets->list [*count]))
            return false;
        (*count)++;
    }
    return true;
}


settle_t *
settle_new (const options_t *options)
{
    settle_t *self = zmalloc (sizeof (settle_t));
    if (!s_open_dialogues (
            &options->targets, self->loaded, &self->loaded_count) ||
        !s_open_dialogues (&options->settle, self->asked, &self->asked_count))
        settle_destroy (&self);
    return self;
}


void
settle_destroy (settle_t **self_p)
{
    settle_t *self = *self_p;
    if (self) {
        while (self->loaded_count)
            dialogue_close (&self->loaded [--self->loaded_count]);
        while (self->asked_count)
            dialogue_close (&self->asked [--self->asked_count]);
        free (self);
        *self_p = NULL;
    }
}


//  Ask until the client is known

static bool
s_ask (dialogue_t *asked, const char *client)
{
    struct timespec pause = {.tv_nsec = PAUSE_NS};
    char line [128];
    int64_t until_ms = clock_ms () + PATIENCE_MS;
    snprintf (line, sizeof (line), "WHATSAT %s 0 0\n", client);
    while (clock_ms () < until_ms) {
        if (!dialogue_say (asked, line))
            return false;
        reply_result_t result = dialogue_hear (asked, REPLY_PLACES);
        if (result != REPLY_BAD)
            return result == REPLY_GOOD;
        clock_nanosleep (CLOCK_MONOTONIC, 0, &pause, NULL);
    }
    fprintf (stderr, "zherd-load: %s: does not know all after a minute\n",
        asked->target->name);
    return false;
}


bool
settle_wait (settle_t *self)
{
    char client [64], line [192];
    for (unsigned at = 0; at < self->loaded_count; at++) {
        instant_t now = clock_now ();
        snprintf (client, sizeof (client), "settled-%" PRId64 ".%09" PRId64,
            now.seconds, now.nanoseconds);
        snprintf (line, sizeof (line),
            "IAMAT %s +34.068930-118.445127 %" PRId64 ".%09" PRId64 "\n",
            client, now.seconds, now.nanoseconds);
        if (!dialogue_say (&self->loaded [at], line) ||
            dialogue_hear (&self->loaded [at], REPLY_AT) == REPLY_MORE)
            return false;
        for (unsigned to = 0; to < self->asked_count; to++)
            if (!s_ask (&self->asked [to], client))
                return false;
    }
    return true;
}
