/*  =========================================================================
    engine - a stream that keeps the last message of each subject
    =========================================================================
*/

#include "sim/engine.h"

#include "sim/agenda.h"
#include "sim/subjects.h"
#include "sim/weather.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOBODYS UINT32_MAX  //  No region

//  A delivery that was lost is made again after
#define REDELIVER_MIN_US 1000000
#define REDELIVER_MAX_US 3000000

//  One out of order comes behind those of the next so many us
#define REORDER_US 500000

//  Who stands still is told later
#define DEFER_US 50000

//  One gateway's connection
typedef struct {
    unsigned region;
    bool wanted;
    bool cut;
    bool seeking;  //  A HAPPENING_ENGINE_UP is planned
    bool up;
    bool reads;         //  It is sent what there is
    uint64_t life;      //  Of the connection
    uint64_t position;  //  It was sent what is for it up to there
    uint64_t told;      //  Number at the end of what it was sent last
    uint64_t backlog;   //  What the stream had when it began to read
    int64_t out_us;     //  When what it sent last arrives
    int64_t in_us;      //  When what it is sent last arrives
} caller_t;

struct engine_t {
    world_options_t options;
    chance_t chance;
    agenda_t *agenda;
    int64_t now_us;
    caller_t *callers;
    unsigned servers;
    bool stopped;
    unsigned process;
    subjects_t *subjects;
    size_t on_its_way;  //  Publications and deliveries
    happening_t heard;  //  What engine_next told last
    engine_counts_t counts;
};


engine_t *
engine_new (const world_options_t *options, unsigned servers)
{
    engine_t *self = calloc (1, sizeof (engine_t));
    assert (self);
    self->options = *options;
    chance_seed (&self->chance, options->seed ^ UINT64_C (0x6e61747321));
    self->agenda = agenda_new ();
    self->servers = servers;
    self->callers = calloc (servers, sizeof (caller_t));
    assert (self->callers);
    self->subjects = subjects_new (options->ttl_seconds);
    return self;
}


void
engine_destroy (engine_t **self_p)
{
    engine_t *self = *self_p;
    if (self) {
        agenda_destroy (&self->agenda);
        subjects_destroy (&self->subjects);
        free (self->heard.text);
        free (self->callers);
        free (self);
        *self_p = NULL;
    }
}


static caller_t *
s_caller (const engine_t *self, unsigned gateway)
{
    assert (gateway < self->servers);
    return &self->callers [gateway];
}


static int64_t
s_delay_us (engine_t *self)
{
    return chance_between (&self->chance,
        (int64_t) self->options.ocean.least * 1000,
        (int64_t) self->options.ocean.most * 1000);
}


//  Return when what leaves now arrives, behind all that left before

static int64_t
s_arrives_us (engine_t *self, int64_t *last_us)
{
    int64_t at_us = self->now_us + s_delay_us (self);
    *last_us = at_us > *last_us ? at_us : *last_us;
    return *last_us;
}


//  Plan it with a copy of the text

static void
s_put (engine_t *self, happening_t happening, span_t text)
{
    const caller_t *caller = s_caller (self, happening.host);
    happening.peer = caller->region;
    happening.life = caller->life;
    happening.size = text.size;
    if (text.size) {
        happening.text = malloc (text.size);
        assert (happening.text);
        memcpy (happening.text, text.data, text.size);
        self->on_its_way++;
    }
    agenda_put (self->agenda, &happening);
}


static void
s_plan (engine_t *self, happening_kind_t kind, unsigned gateway, int64_t at_us)
{
    s_put (self, (happening_t){.kind = kind, .at_us = at_us, .host = gateway},
        (span_t){NULL, 0});
}


static void
s_seek (engine_t *self, unsigned gateway)
{
    caller_t *caller = s_caller (self, gateway);
    if (!caller->wanted || caller->cut || caller->seeking || caller->up ||
        self->stopped)
        return;
    caller->seeking = true;
    int64_t wait_us = chance_between (
        &self->chance, 1, (int64_t) self->options.reconnect_ms * 1000);
    s_plan (self, HAPPENING_ENGINE_UP, gateway,
        self->now_us + wait_us + s_delay_us (self));
}


void
engine_join (engine_t *self, unsigned gateway, unsigned region)
{
    caller_t *caller = s_caller (self, gateway);
    caller->region = region;
    caller->wanted = true;
    s_seek (self, gateway);
}


static void
s_break (caller_t *caller)
{
    caller->life += caller->up || caller->seeking;
    caller->up = caller->seeking = false;
}


void
engine_part (engine_t *self, unsigned gateway)
{
    caller_t *caller = s_caller (self, gateway);
    caller->wanted = false;
    s_break (caller);
}


//  Who lives hears of it

static void
s_drop (engine_t *self, unsigned gateway)
{
    caller_t *caller = s_caller (self, gateway);
    bool up = caller->up;
    s_break (caller);
    if (up && caller->wanted)
        s_plan (self, HAPPENING_ENGINE_DOWN, gateway,
            self->now_us + s_delay_us (self));
}


void
engine_cut (engine_t *self, unsigned gateway)
{
    s_caller (self, gateway)->cut = true;
    s_drop (self, gateway);
}


void
engine_mend (engine_t *self, unsigned gateway)
{
    s_caller (self, gateway)->cut = false;
    s_seek (self, gateway);
}


void
engine_stop (engine_t *self)
{
    self->stopped = true;
    self->process++;
    for (unsigned gateway = 0; gateway < self->servers; gateway++)
        s_drop (self, gateway);
}


void
engine_go_on (engine_t *self)
{
    self->stopped = false;
    for (unsigned gateway = 0; gateway < self->servers; gateway++)
        s_seek (self, gateway);
}


void
engine_publish (engine_t *self, unsigned gateway, uint64_t number, span_t line)
{
    caller_t *caller = s_caller (self, gateway);
    if (!caller->up)
        return;
    s_put (self,
        (happening_t){.kind = HAPPENING_ENGINE_PUBLISH,
            .at_us = s_arrives_us (self, &caller->out_us),
            .host = gateway,
            .previous = number},
        line);
}


//  What is lost is sent again when no acknowledgement has come

static void
s_send (engine_t *self, unsigned gateway, span_t text)
{
    caller_t *caller = s_caller (self, gateway);
    const world_options_t *options = &self->options;
    happening_t lines = {.kind = HAPPENING_ENGINE_LINES,
        .at_us = s_arrives_us (self, &caller->in_us),
        .host = gateway,
        .previous = caller->told,
        .last = caller->position};
    caller->told = caller->position;
    if (chance_percent (&self->chance, options->loss))
        lines.at_us +=
            chance_between (&self->chance, REDELIVER_MIN_US, REDELIVER_MAX_US);
    if (chance_percent (&self->chance, options->reorder))
        lines.at_us += chance_between (&self->chance, 0, REORDER_US);
    s_put (self, lines, text);
    if (chance_percent (&self->chance, options->repeats)) {
        lines.at_us += chance_between (&self->chance, 0, REDELIVER_MAX_US);
        s_put (self, lines, text);
    }
}


//  Another region publishes in the name of a server of the caller's

static void
s_forge (engine_t *self, unsigned gateway)
{
    char forgery [100];
    unsigned region = s_caller (self, gateway)->region;
    int size = snprintf (forgery, sizeof (forgery),
        "%u AT s%u +0.000000000 forged +1+1 1479413884\n",
        (region + 1) % self->options.regions, region);
    if (self->options.regions > 1)
        s_send (self, gateway, (span_t){forgery, (size_t) size});
}


static void
s_deliver (engine_t *self, unsigned gateway)
{
    caller_t *caller = s_caller (self, gateway);
    while (caller->up && caller->reads &&
           caller->position < subjects_last (self->subjects)) {
        unsigned count;
        char *text;
        size_t size = subjects_write (self->subjects, &caller->position,
            caller->position < caller->backlog ? NOBODYS : caller->region,
            &text, &count);
        self->counts.delivered += count;
        if (size || caller->position == caller->backlog)
            s_send (self, gateway, (span_t){text, size});
        if (size && chance_percent (&self->chance, self->options.impostors))
            s_forge (self, gateway);
        free (text);
    }
}


static void
s_store (engine_t *self, unsigned region, span_t line)
{
    subjects_store (self->subjects, region, line);
    self->counts.published += line.size > 0;
    for (unsigned gateway = 0; gateway < self->servers; gateway++)
        s_deliver (self, gateway);
}


jetstream_info_t
engine_info (const engine_t *self)
{
    return (jetstream_info_t){.created = "1",
        .messages = subjects_count (self->subjects),
        .first = subjects_first (self->subjects),
        .last = subjects_last (self->subjects),
        .replicas = 1,
        .shrinks = self->options.ttl_seconds > 0};
}


unsigned
engine_process (const engine_t *self)
{
    return self->process;
}


uint64_t
engine_read (
    engine_t *self, unsigned gateway, uint64_t position, uint64_t *last)
{
    caller_t *caller = s_caller (self, gateway);
    caller->reads = true;
    *last = subjects_last (self->subjects);
    position = position <= *last ? position : 0;
    caller->position = caller->told = position;
    caller->backlog = *last;
    s_deliver (self, gateway);
    return position;
}


void
engine_purge (engine_t *self)
{
    subjects_purge (self->subjects);
}


void
engine_forget (engine_t *self, unsigned count)
{
    subjects_forget (self->subjects, count);
}


void
engine_calm (engine_t *self)
{
    weather_calm (&self->options);
}


engine_counts_t
engine_counts (const engine_t *self)
{
    engine_counts_t counts = self->counts;
    counts.kept = subjects_count (self->subjects);
    return counts;
}


bool
engine_rests (const engine_t *self)
{
    return self->on_its_way == 0;
}


//  A message has come

static void
s_take (engine_t *self, const happening_t *happening)
{
    span_t line = {happening->text, happening->size};
    s_store (self, happening->peer, line);
    if (chance_percent (&self->chance, self->options.repeats))
        s_store (self, happening->peer, line);
    caller_t *caller = s_caller (self, happening->host);
    s_put (self,
        (happening_t){.kind = HAPPENING_ENGINE_STORED,
            .at_us = s_arrives_us (self, &caller->in_us),
            .host = happening->host,
            .previous = happening->previous,
            .last = subjects_last (self->subjects)},
        line);
}


static void
s_connect (engine_t *self, unsigned gateway)
{
    caller_t *caller = s_caller (self, gateway);
    caller->seeking = caller->reads = false;
    caller->up = true;
    caller->out_us = caller->in_us = 0;
}


//  Return true if the gateway hears it

static bool
s_happens (engine_t *self, const happening_t *happening)
{
    const caller_t *caller = s_caller (self, happening->host);
    if (happening->life != caller->life)
        return false;
    switch (happening->kind) {
    case HAPPENING_ENGINE_DOWN:
        s_seek (self, happening->host);
        return !caller->up;
    case HAPPENING_ENGINE_UP:
        //  It was told before if the gateway stood still then
        if (!caller->up)
            s_connect (self, happening->host);
        return true;
    case HAPPENING_ENGINE_PUBLISH:
        s_take (self, happening);
        return false;
    default:
        return true;
    }
}


int64_t
engine_next_us (const engine_t *self)
{
    return agenda_next_us (self->agenda);
}


void
engine_set_time (engine_t *self, int64_t now_us)
{
    self->now_us = now_us;
    subjects_set_time (self->subjects, now_us);
}


bool
engine_next (engine_t *self, engine_news_t *news)
{
    static const engine_word_t words [] = {[HAPPENING_ENGINE_UP] = ENGINE_UP,
        [HAPPENING_ENGINE_DOWN] = ENGINE_DOWN,
        [HAPPENING_ENGINE_STORED] = ENGINE_STORED,
        [HAPPENING_ENGINE_LINES] = ENGINE_LINES};
    happening_t *heard = &self->heard;
    do {
        free (heard->text);
        heard->text = NULL;
        if (!agenda_take (self->agenda, self->now_us, heard))
            return false;
        self->on_its_way -= heard->size > 0;
    } while (!s_happens (self, heard));
    *news = (engine_news_t){.word = words [heard->kind],
        .gateway = heard->host,
        .text = {heard->text, heard->size},
        .number = heard->previous,
        .previous = heard->previous,
        .last = heard->last};
    return true;
}


void
engine_defer (engine_t *self)
{
    happening_t *heard = &self->heard;
    heard->at_us = self->now_us + DEFER_US;
    self->on_its_way += heard->size > 0;
    agenda_put (self->agenda, heard);
    heard->text = NULL;
}
