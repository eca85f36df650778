/*  =========================================================================
    weather - what the network does to a message
    =========================================================================
*/

#include "sim/weather.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOW_FACTOR 10
#define NOISE_SIZE_MAX 300

//  A head cut within this is none
#define CUT_SIZE_MAX 24

//  The place of a word in the head, and what never stands there
static const struct {
    size_t word;
    const char *wrong;
} s_wrongs [] = {{0, "ZHERD/9"}, {0, "zherd/1"}, {1, "0123456789abcdef"},
    {1, "0"}, {2, "stranger"}, {2, NULL}, {3, "0000000000000000"}, {3, "x"},
    {4, "x"}, {5, "STATES"}, {5, ""}, {6, "-1"}, {6, "99999999999999999999"},
    {7, "1e3"}};

#define WRONGS_COUNT (sizeof (s_wrongs) / sizeof (s_wrongs [0]))


int64_t
weather_delay_us (const world_options_t *options, chance_t *chance)
{
    int64_t delay_us =
        chance_between (chance, options->delay_min_us, options->delay_max_us);
    return chance_percent (chance, options->slow) ? delay_us * SLOW_FACTOR
                                                  : delay_us;
}


//  Return a number of the range, each doubling as likely as any other

static unsigned
s_double (range_t range, chance_t *chance)
{
    uint64_t least = range.least ? range.least : 1;
    unsigned doublings = 1;
    while (least << doublings < range.most)
        doublings++;
    if (least < range.most)
        least <<= chance_below (chance, doublings);
    uint64_t most = least * 2 < range.most ? least * 2 : range.most;
    return range.least < range.most ? (unsigned) chance_between (chance,
                                          (int64_t) least, (int64_t) most)
                                    : range.least;
}


line_t
weather_line (const world_options_t *options, chance_t *chance)
{
    line_t line = {.window = options->window};
    line.rate = s_double (options->rate, chance);
    line.buffer = (size_t) s_double (options->buffer, chance) * 1024;
    line.delay_us = (int64_t) options->delay.least * 1000;
    if (options->delay.least < options->delay.most)
        line.delay_us = chance_between (
            chance, line.delay_us, (int64_t) options->delay.most * 1000);
    return line;
}


static void
s_flip (char *byte, unsigned bits)
{
    unsigned char changed;
    memcpy (&changed, byte, 1);
    changed = (unsigned char) (changed ^ bits);
    memcpy (byte, &changed, 1);
}


void
weather_corrupt (chance_t *chance, char *text, size_t size)
{
    for (int64_t count = chance_between (chance, 1, 3); count && size;
         count--) {
        unsigned at = chance_below (chance, (unsigned) size);
        s_flip (text + at, 1 + chance_below (chance, 255));
    }
}


//  Copy the message with one word of its head replaced

static char *
s_replace (span_t message, size_t word, const char *wrong, size_t *size)
{
    span_t after = message;
    while (word--)
        span_until (&after, ' ');
    span_t before = {message.data, message.size - after.size};
    while (after.size && after.data [0] != ' ' && after.data [0] != '\n')
        after = (span_t){after.data + 1, after.size - 1};
    char *text = malloc (message.size + strlen (wrong) + 1);
    assert (text);
    int written = snprintf (text, message.size + strlen (wrong) + 1,
        "%.*s%s%.*s", (int) before.size, before.data, wrong, (int) after.size,
        after.data);
    *size = (size_t) written;
    return text;
}


//  Return true if the head of the message has so many words and one more

static bool
s_has_word (span_t message, size_t word)
{
    span_t head = span_until (&message, '\n');
    while (word-- && head.size)
        span_until (&head, ' ');
    return head.size > 0;
}


char *
weather_garbage (chance_t *chance, span_t message, const char *to, size_t *size)
{
    unsigned kind = chance_below (chance, WRONGS_COUNT + 2);
    if (kind < WRONGS_COUNT && s_has_word (message, s_wrongs [kind].word)) {
        const char *wrong = s_wrongs [kind].wrong;
        return s_replace (
            message, s_wrongs [kind].word, wrong ? wrong : to, size);
    }
    bool cut = kind == WRONGS_COUNT;
    *size = chance_below (chance, cut ? CUT_SIZE_MAX : NOISE_SIZE_MAX);
    char *text = malloc (*size + 1);
    assert (text);
    memcpy (text, message.data, cut ? *size : 0);
    for (size_t at = 0; at < *size && !cut; at++) {
        uint64_t noise = chance_next (chance);
        memcpy (text + at, &noise, 1);
    }
    return text;
}


//  Whoever believed either would show it: by a location that the ledger does
//  not know, or by a link that never comes up

char *
weather_forgery (chance_t *chance, const message_t *message, size_t *size)
{
    static const char forged [] =
        "AT forger +0.000000000 forged +1+1 1479413884\n";
    message_t forgery = *message;
    bool record = chance_below (chance, 2);
    forgery.kind = record ? MESSAGE_BATCH : MESSAGE_STATE;
    forgery.flags = MESSAGE_DEAF;
    char *text = malloc (MESSAGE_HEAD_SIZE_MAX + sizeof (forged));
    assert (text);
    *size = message_print (&forgery, text);
    if (record) {
        memcpy (text + *size, forged, sizeof (forged) - 1);
        *size += sizeof (forged) - 1;
    }
    return text;
}


void
weather_calm (world_options_t *options)
{
    options->loss = options->repeats = options->reorder = options->slow = 0;
    options->corrupt = options->garbage = options->late = 0;
}
