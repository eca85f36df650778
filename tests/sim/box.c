/*  =========================================================================
    box - one server of the real core, and what a daemon does for it
    =========================================================================
*/

#include "sim/box.h"

#include "sim/listener.h"
#include "table/copy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NO_PLACES                                                              \
    "{\n   \"html_attributions\" : [],\n   \"results\" : [],\n"                \
    "   \"status\" : \"ZERO_RESULTS\"\n}\n"

//  For box_find: no number of a client who says something
#define FINDER UINT64_MAX

//  Ticks from one sync to the next, and until all is read at a start
#define SYNC_TICKS 7
#define READ_TICKS 5
#define DISK_STEP 65536

//  What a store makes a file of
typedef struct {
    bool is_kept;
    bool is_read;  //  By the server that there is
    char *text;    //  AT lines
    size_t size;   //
    size_t read;   //  Of these bytes
    copy_t copy;   //  What is to be added to it
    size_t mark_size;
    char mark [SERVER_MARK_SIZE_MAX];
    unsigned ticks;
} disk_t;

struct box_t {
    disk_t disk;
    char *name;
    story_t *story;
    server_t *mind;
    listener_t *listener;  //  NULL = none
    int64_t now_us;
    int64_t boot_ms;
    int64_t skew_ms;
    bool no_audit;
    trade_options_t gateway;  //  All zero if it is none
    int64_t ttl_seconds;
    effects_t *effects;
    uint64_t clients;  //  Connection numbers given
    uint64_t parted;   //  Peers whose links have ended
    uint64_t fetch;    //  Request that waits for places; 0 = none
    char *reply;
    size_t reply_size;
};


box_t *
box_new (const char *name, story_t *story, int64_t boot_ms, int64_t skew_ms)
{
    box_t *self = calloc (1, sizeof (box_t));
    assert (self);
    self->name = strdup (name);
    assert (self->name);
    self->story = story;
    self->boot_ms = boot_ms;
    self->skew_ms = skew_ms;
    self->effects = effects_new ();
    return self;
}


void
box_destroy (box_t **self_p)
{
    box_t *self = *self_p;
    if (self) {
        listener_destroy (&self->listener);
        server_destroy (&self->mind);
        effects_destroy (&self->effects);
        free (self->disk.text);
        free (self->reply);
        free (self->name);
        free (self);
        *self_p = NULL;
    }
}


void
box_configure (box_t *self, bool no_audit, int64_t ttl_seconds)
{
    self->no_audit = no_audit;
    self->ttl_seconds = ttl_seconds;
}


void
box_start (box_t *self, const char *const *peers, unsigned peer_count,
    uint64_t incarnation)
{
    assert (!self->mind);
    self->mind = server_new (&(server_options_t){.name = self->name,
        .herd = BOX_HERD,
        .secret = "",
        .incarnation = incarnation,
        .peers = peers,
        .peer_count = peer_count,
        .table_size_max = (size_t) 1 << 30,
        .waiting_max = 16,
        .ttl_seconds = self->ttl_seconds,
        .restoring = self->disk.mark_size > 0,
        .near = self->listener != NULL,
        .no_audit = self->no_audit,
        .gateway = self->gateway});
    copy_init (&self->disk.copy, server_table (self->mind));
    self->disk.is_read = self->disk.mark_size == 0;
    self->disk.read = 0;
    if (self->listener)
        listener_begin (self->listener, server_table (self->mind));
}


void
box_listen (box_t *self, uint64_t seed)
{
    self->listener = listener_new (seed);
}


const char *
box_judge_listener (box_t *self)
{
    return self->listener ? listener_judge (self->listener) : NULL;
}


void
box_keep (box_t *self, bool keep)
{
    self->disk.is_kept = keep;
}


uint64_t
box_parted (box_t *self)
{
    uint64_t parted = self->parted;
    self->parted = 0;
    return parted;
}


void
box_kill (box_t *self)
{
    if (self->listener)
        listener_end (self->listener);
    server_destroy (&self->mind);
}


const server_t *
box_server (const box_t *self)
{
    return self->mind;
}


table_t *
box_table (const box_t *self)
{
    return server_table (self->mind);
}


const char *
box_name (const box_t *self)
{
    return self->name;
}


void
box_set_time (box_t *self, int64_t now_us)
{
    self->now_us = now_us;
}


void
box_skew (box_t *self, int64_t ms)
{
    self->skew_ms += ms;
}


instant_t
box_clock (const box_t *self)
{
    int64_t now_us = self->now_us + self->skew_ms * 1000;
    int64_t seconds = now_us / 1000000 - (now_us % 1000000 < 0);
    return (instant_t){
        BOX_EPOCH_SECONDS + seconds, (now_us - seconds * 1000000) * 1000};
}


static int64_t
s_clock_ms (const box_t *self)
{
    return self->boot_ms + self->now_us / 1000;
}


static void
s_add_reply (box_t *self, span_t text)
{
    self->reply = realloc (self->reply, self->reply_size + text.size + 1);
    assert (self->reply);
    memcpy (self->reply + self->reply_size, text.data, text.size);
    self->reply_size += text.size;
    self->reply [self->reply_size] = 0;
}


//  Do what the server wants done.  What box_find asks is no part of the story

static void
s_perform (box_t *self, bool secret)
{
    for (size_t at = 0; at < effects_count (self->effects); at++) {
        effect_t effect = *effects_at (self->effects, at);
        if (effect.kind == EFFECT_REPLY)
            s_add_reply (self, effect.text);
        else if (effect.kind == EFFECT_FETCH)
            self->fetch = effect.request;
        else if (effect.kind == EFFECT_PARTED)
            self->parted |= UINT64_C (1) << effect.peer;
        if (secret)
            continue;
        story_mix_number (self->story, (uint64_t) effect.kind);
        story_mix (self->story, effect.text);
        if (effect.kind == EFFECT_NOTE)
            story_note (self->story, self->now_us, self->name, effect.text);
    }
    effects_clear (self->effects);
}


static void
s_step (box_t *self, event_t event, bool secret)
{
    event.now = box_clock (self);
    event.clock_ms = s_clock_ms (self);
    server_step (self->mind, &event, self->effects);
    s_perform (self, secret);
}


void
box_step (box_t *self, event_t event)
{
    s_step (self, event, false);
}


void
box_open (box_t *self, const trade_options_t *options)
{
    self->gateway = *options;
}


void
box_take (box_t *self, const char *subject, span_t line)
{
    box_step (self,
        (event_t){
            .kind = EVENT_REGION_RECORD, .speaker = subject, .text = line});
}


trade_t *
box_trade (const box_t *self)
{
    return server_trade (self->mind);
}


//  Keep what changed, or all if that is much less than what is kept

static void
s_sync (box_t *self)
{
    disk_t *disk = &self->disk;
    copy_t *copy = &disk->copy;
    uint64_t records;
    if (disk->size > 2 * table_lines_size (copy->table)) {
        copy_restart (copy);
        disk->size = 0;
    }
    for (size_t more = 1; more; disk->size += more) {
        disk->text = realloc (disk->text, disk->size + DISK_STEP);
        assert (disk->text);
        more = copy_write (copy, DISK_STEP, disk->text + disk->size, &records);
    }
    disk->mark_size = server_mark (self->mind, disk->mark);
}


//  Let the server read a part, whole lines; and at the end the mark

static span_t
s_read (box_t *self)
{
    disk_t *disk = &self->disk;
    size_t from = disk->read;
    size_t end = from + disk->size / READ_TICKS + 1;
    while (end < disk->size && disk->text [end - 1] != '\n')
        end++;
    if (end > disk->size)
        end = disk->size;
    span_t text = {disk->text + from, end - from};
    disk->read = end;
    if (from == 0)
        box_step (self, (event_t){.kind = EVENT_DISK_BEGIN,
                            .text = {disk->mark, disk->mark_size}});
    box_step (self, (event_t){.kind = EVENT_DISK_RECORDS, .text = text});
    if (end < disk->size)
        return text;
    box_step (self, (event_t){.kind = EVENT_DISK_MARK,
                        .text = {disk->mark, disk->mark_size}});
    box_step (self, (event_t){.kind = EVENT_DISK_END});
    copy_skip_loaded (&disk->copy);
    disk->is_read = true;
    return text;
}


span_t
box_turn (box_t *self)
{
    disk_t *disk = &self->disk;
    if (self->listener)
        listener_turn (self->listener);
    if (!disk->is_kept)
        return (span_t){NULL, 0};
    if (!disk->is_read)
        return s_read (self);
    if (++disk->ticks % SYNC_TICKS == 0)
        s_sync (self);
    return (span_t){NULL, 0};
}


span_t
box_next (box_t *self, unsigned peer, char *buffer)
{
    int64_t clock_ms = s_clock_ms (self);
    bool expected = server_has_next (self->mind, peer, clock_ms);
    span_t text =
        server_next (self->mind, peer, clock_ms, buffer, self->effects);
    assert (expected || text.size == 0);
    s_perform (self, false);
    return text;
}


static void
s_ask (box_t *self, uint64_t connection, span_t line, bool secret)
{
    self->reply_size = 0;
    s_add_reply (self, span_of (""));
    event_t event = {
        .kind = EVENT_CONNECTION_LINE, .connection = connection, .text = line};
    s_step (self, event, secret);
    if (self->fetch) {
        event.kind = EVENT_PLACES_ANSWER;
        event.request = self->fetch;
        event.text = span_of (NO_PLACES);
        answer_t answer;
        event.answer = answer_read (&answer, event.text) ? &answer : NULL;
        self->fetch = 0;
        s_step (self, event, secret);
    }
}


const char *
box_say (box_t *self, const char *line)
{
    event_t event = {.kind = EVENT_CONNECTION_OPENED,
        .connection = ++self->clients,
        .text = span_of ("simulated")};
    box_step (self, event);
    s_ask (self, event.connection, span_of (line), false);
    event.kind = EVENT_CONNECTION_ENDED;
    box_step (self, event);
    event.kind = EVENT_CONNECTION_CLOSED;
    box_step (self, event);
    return self->reply;
}


span_t
box_find (box_t *self, span_t client)
{
    size_t room = client.size + 32;
    char *line = malloc (room);
    assert (line);
    int size = snprintf (
        line, room, "WHATSAT %.*s 0 0", (int) client.size, client.data);
    s_ask (self, FINDER, (span_t){line, (size_t) size}, true);
    free (line);
    if (self->reply [0] == '?')
        return (span_t){"", 0};
    return (span_t){self->reply, strcspn (self->reply, "\n")};
}
