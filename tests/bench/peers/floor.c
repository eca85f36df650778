/*  =========================================================================
    floor - a bare herd in C over plain TCP: the bound of what C can do here

        floor --name NAME --clients PORT --mesh PORT [--log FILE]
              [--link NAME=PORT]...

    Parses, stores, answers, floods what is newer, and logs every line in and
    out; nothing else.  What is lost on the way is lost, memory has no limit,
    nobody is asked for places, and nothing is ever repaired.
    =========================================================================
*/

#include "bench/peers/wire.h"
#include "bench/peers/words.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINKS_MAX 64
#define LINE_SIZE_MAX 262144
#define LOG_SIZE (1 << 20)
#define LOG_SECONDS 1  //  Nothing waits longer to be written

#define NO_ANSWER                                                              \
    "{\n   \"error_message\" : \"The Places service did not answer.\",\n"      \
    "   \"html_attributions\" : [],\n   \"results\" : [],\n"                   \
    "   \"status\" : \"UNKNOWN_ERROR\"\n}\n\n"

enum { CLIENT, LINK };

typedef struct {
    uint64_t hash;
    decimal_t stamp;
    uint32_t room;  //  Bytes there are for the line
    uint32_t size;
    uint32_t client;  //  Where its name begins in the line
    uint32_t client_size;
    char line [];  //  AT ..., with its LF
} record_t;

typedef struct {
    const char *name;
    wire_t *wire;
    talk_t *links [LINKS_MAX];
    size_t links_count;
    record_t **records;  //  Open addressing
    size_t mask;
    size_t count;
    struct timespec now;  //  When what is being taken was read
    char clock [32];      //  The same as text, cut to seconds
    time_t clock_seconds;
    int log;  //  -1: none
    time_t log_written;
    size_t log_size;
    char log_bytes [LOG_SIZE];
    char line [LINE_SIZE_MAX];  //  The AT line being made
} floor_t;

static volatile sig_atomic_t s_stopped;


//  The log

static void
s_log_write (floor_t *self)
{
    for (size_t at = 0; at < self->log_size;) {
        ssize_t size =
            write (self->log, self->log_bytes + at, self->log_size - at);
        if (size <= 0)
            break;
        at += (size_t) size;
    }
    self->log_size = 0;
    self->log_written = self->now.tv_sec;
}


static void
s_read_clock (floor_t *self)
{
    clock_gettime (CLOCK_REALTIME, &self->now);
    if (self->now.tv_sec != self->clock_seconds) {
        struct tm tm;
        self->clock_seconds = self->now.tv_sec;
        strftime (self->clock, sizeof (self->clock), "%Y-%m-%dT%H:%M:%S.",
            gmtime_r (&self->clock_seconds, &tm));
    }
}


//  The line is logged without its LF, if it has one

static void
s_note (
    floor_t *self, char sign, const talk_t *talk, const char *text, size_t size)
{
    if (self->log < 0)
        return;
    if (LOG_SIZE - self->log_size < size + 128)
        s_log_write (self);
    if (size > LOG_SIZE - 128)
        size = LOG_SIZE - 128;
    char *to = self->log_bytes + self->log_size;
    to = put_text (to, self->clock, 20);
    to = put_number (to, (uint64_t) self->now.tv_nsec, 9);
    to = put_text (to, "Z ", 2);
    *to++ = sign;
    to = talk_kind (talk) == LINK ? put_text (to, " link ", 6)
                                  : put_text (to, " client ", 8);
    to = put_number (to, talk_port (talk), 1);
    *to++ = ' ';
    to = put_text (to, text, size);
    if (to [-1] != '\n')
        *to++ = '\n';
    self->log_size = (size_t) (to - self->log_bytes);
}


static void
s_say (floor_t *self, talk_t *talk, const char *text, size_t size)
{
    s_note (self, '>', talk, text, size);
    talk_say (talk, text, size);
}


static void
s_flood (floor_t *self, const char *line, size_t size, const talk_t *source)
{
    for (size_t index = 0; index < self->links_count; index++)
        if (self->links [index] != source)
            s_say (self, self->links [index], line, size);
}


//  The table

static uint64_t
s_hash (word_t client)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t index = 0; index < client.size; index++)
        hash = (hash ^ (unsigned char) client.text [index]) * 0x100000001B3u;
    return hash ^ hash >> 32;
}


//  Where its record is, or would be

static record_t **
s_find (floor_t *self, word_t client, uint64_t hash)
{
    size_t at = hash & self->mask;
    for (;; at = (at + 1) & self->mask) {
        record_t *record = self->records [at];
        if (!record ||
            (record->hash == hash && record->client_size == client.size &&
                memcmp (record->line + record->client, client.text,
                    client.size) == 0))
            return self->records + at;
    }
}


static void
s_grow (floor_t *self)
{
    record_t **old = self->records;
    size_t old_size = old ? self->mask + 1 : 0;
    size_t size = old ? 2 * old_size : 1024;
    self->records = calloc (size, sizeof (record_t *));
    assert (self->records);
    self->mask = size - 1;
    for (size_t index = 0; index < old_size; index++) {
        if (!old [index])
            continue;
        size_t at = old [index]->hash & self->mask;
        while (self->records [at])
            at = (at + 1) & self->mask;
        self->records [at] = old [index];
    }
    free (old);
}


//  Keep the line if it is newer than what we have; is it?

static bool
s_keep (floor_t *self, word_t client, decimal_t stamp, word_t line)
{
    uint64_t hash = s_hash (client);
    record_t **slot = s_find (self, client, hash);
    record_t *record = *slot;
    if (record && (stamp.whole < record->stamp.whole ||
                      (stamp.whole == record->stamp.whole &&
                          stamp.billionths <= record->stamp.billionths)))
        return false;
    bool is_first = !record;
    if (is_first || record->room < line.size) {
        record = realloc (record, sizeof (record_t) + line.size);
        assert (record);
        record->room = (uint32_t) line.size;
        *slot = record;
    }
    record->hash = hash;
    record->stamp = stamp;
    record->size = (uint32_t) line.size;
    record->client = (uint32_t) (client.text - line.text);
    record->client_size = (uint32_t) client.size;
    memcpy (record->line, line.text, line.size);
    if (is_first && ++self->count > self->mask / 2)
        s_grow (self);
    return true;
}


//  What clients and peers say

static void
s_iamat (floor_t *self, talk_t *talk, word_t words [WORDS_MAX], decimal_t stamp)
{
    int64_t seconds = self->now.tv_sec - stamp.whole;
    int64_t rest = self->now.tv_nsec - stamp.billionths;
    bool is_behind = seconds < 0 || (seconds == 0 && rest < 0);
    if (is_behind) {
        seconds = -seconds;
        rest = -rest;
    }
    if (rest < 0) {
        seconds--;
        rest += BILLION;
    }
    char *to = put_text (self->line, "AT ", 3);
    to = put_text (to, self->name, strlen (self->name));
    to = put_text (to, is_behind ? " -" : " +", 2);
    to = put_number (to, (uint64_t) seconds, 1);
    *to++ = '.';
    to = put_number (to, (uint64_t) rest, 9);
    word_t client = {to + 1, words [1].size};
    for (size_t index = 1; index <= 3; index++) {
        *to++ = ' ';
        to = put_text (to, words [index].text, words [index].size);
    }
    *to++ = '\n';
    word_t line = {self->line, (size_t) (to - self->line)};
    if (s_keep (self, client, stamp, line))
        s_flood (self, line.text, line.size, NULL);
    s_say (self, talk, line.text, line.size);
}


static bool
s_whatsat (floor_t *self, talk_t *talk, word_t words [WORDS_MAX])
{
    decimal_t radius;
    decimal_t bound;
    record_t *record = *s_find (self, words [1], s_hash (words [1]));
    if (!record || memchr (words [3].text, '.', words [3].size) ||
        !word_take_decimal (words + 2, &radius) || words [2].size ||
        !word_take_decimal (words + 3, &bound) || words [3].size ||
        !decimal_is_at_most (radius, 50) || !decimal_is_at_most (bound, 20))
        return false;
    char *to = put_text (self->line, record->line, record->size);
    to = put_text (to, NO_ANSWER, sizeof (NO_ANSWER) - 1);
    s_say (self, talk, self->line, (size_t) (to - self->line));
    return true;
}


static void
s_take_command (floor_t *self, talk_t *talk, const char *line, size_t size)
{
    word_t words [WORDS_MAX];
    size_t count = words_split (line, size, words);
    if (count == 0)
        return;
    if (count == 4 && !memchr (line, 0, size)) {
        decimal_t stamp;
        word_t rest = words [3];
        if (word_equals (words [0], "IAMAT") && word_is_place (words [2]) &&
            word_take_decimal (&rest, &stamp) && rest.size == 0) {
            s_iamat (self, talk, words, stamp);
            return;
        }
        if (word_equals (words [0], "WHATSAT") && s_whatsat (self, talk, words))
            return;
    }
    char *to = put_text (self->line, "? ", 2);
    to = put_text (to, line, size);
    if (to [-1] == '\r')
        to--;
    *to++ = '\n';
    s_say (self, talk, self->line, (size_t) (to - self->line));
}


//  The line with its LF, which is kept too

static void
s_take_news (floor_t *self, const talk_t *talk, const char *line, size_t size)
{
    word_t words [WORDS_MAX];
    decimal_t stamp;
    if (words_split (line, size, words) == 6 && word_equals (words [0], "AT") &&
        word_take_decimal (words + 5, &stamp) && words [5].size == 0 &&
        s_keep (self, words [3], stamp, (word_t){line, size}))
        s_flood (self, line, size, talk);
}


static size_t
s_take (void *context, talk_t *talk, const char *bytes, size_t size)
{
    floor_t *self = context;
    const char *at = bytes;
    const char *end;
    s_read_clock (self);
    while ((end = memchr (at, '\n', size - (size_t) (at - bytes)))) {
        size_t line_size = (size_t) (end - at);
        s_note (self, '<', talk, at, line_size);
        if (talk_kind (talk) == LINK)
            s_take_news (self, talk, at, line_size + 1);
        else
            s_take_command (self, talk, at, line_size);
        at = end + 1;
    }
    return (size_t) (at - bytes);
}


static void
s_notice (void *context, talk_t *talk, bool is_up)
{
    floor_t *self = context;
    s_read_clock (self);
    s_note (self, '*', talk, is_up ? "up" : "down", is_up ? 2 : 4);
    if (talk_kind (talk) != LINK)
        return;
    size_t index = 0;
    while (index < self->links_count && self->links [index] != talk)
        index++;
    if (is_up)
        self->links [self->links_count++] = talk;
    else
        self->links [index] = self->links [--self->links_count];
}


static void
s_option (floor_t *self, const char *option, const char *value)
{
    if (strcmp (option, "--name") == 0)
        self->name = value;
    else if (strcmp (option, "--clients") == 0)
        wire_listen (self->wire, wire_port (value), CLIENT);
    else if (strcmp (option, "--mesh") == 0)
        wire_listen (self->wire, wire_port (value), LINK);
    else if (strcmp (option, "--link") == 0 && strchr (value, '='))
        wire_call (self->wire, wire_port (strchr (value, '=') + 1), LINK);
    else if (strcmp (option, "--log") == 0)
        self->log = open (value, O_WRONLY | O_CREAT | O_APPEND, 0644);
}


static void
s_stop (int number)
{
    (void) number;
    s_stopped = 1;
}


int
main (int argc, char **argv)
{
    static floor_t self = {.name = "floor", .log = -1};
    self.wire = wire_new (&self, s_take, s_notice);
    s_grow (&self);
    for (int index = 1; index + 1 < argc; index += 2)
        s_option (&self, argv [index], argv [index + 1]);
    sigaction (SIGTERM, &(struct sigaction){.sa_handler = s_stop}, NULL);
    while (!s_stopped) {
        wire_turn (self.wire, self.log_size ? 1000 * LOG_SECONDS : -1);
        s_read_clock (&self);
        if (self.now.tv_sec >= self.log_written + LOG_SECONDS)
            s_log_write (&self);
    }
    s_log_write (&self);
    return 0;
}
