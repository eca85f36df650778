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
    const options_t *options;  //  Borrowed
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
    self->options = options;
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


//  Over HTTP the client is put.  Nobody keeps a connection there for as long as
//  a load may take, so it is opened anew

static bool
s_put (dialogue_t *loaded, const char *client)
{
    static const char body [] = "{\"latitude\":34.068930,"
                                "\"longitude\":-118.445127}";
    char text [512];
    snprintf (text, sizeof (text),
        "PUT /v1/clients/%s HTTP/1.1\r\nHost: %s\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        client, loaded->target->name, strlen (body), body);
    dialogue_close (loaded);
    return dialogue_open (loaded, loaded->target) &&
           dialogue_say (loaded, text) &&
           dialogue_hear (loaded, REPLY_HTTP) != REPLY_MORE;
}


//  Tell of a client that nobody knows

static bool
s_tell (dialogue_t *loaded, const char *client, instant_t now)
{
    char line [192];
    snprintf (line, sizeof (line),
        "IAMAT %s +34.068930-118.445127 %" PRId64 ".%09" PRId64 "\n", client,
        now.seconds, now.nanoseconds);
    return dialogue_say (loaded, line) &&
           dialogue_hear (loaded, REPLY_AT) != REPLY_MORE;
}


bool
settle_wait (settle_t *self)
{
    char client [64];
    bool is_http = self->options->speech >= SPEECH_PUT;
    for (unsigned at = 0; at < self->loaded_count; at++) {
        dialogue_t *loaded = &self->loaded [at];
        instant_t now = clock_now ();
        snprintf (client, sizeof (client), "settled-%" PRId64 ".%09" PRId64,
            now.seconds, now.nanoseconds);
        if (!(is_http ? s_put (loaded, client) : s_tell (loaded, client, now)))
            return false;
        for (unsigned to = 0; to < self->asked_count; to++)
            if (!s_ask (&self->asked [to], client))
                return false;
    }
    return true;
}
