/*  =========================================================================
    weather - what the network does to a message
    =========================================================================
*/

#include "sim/weather.h"

#include <assert.h>
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
} s_wrongs [] = {{0, "ZHERD/2"}, {0, "zherd/1"}, {1, "0123456789abcdef"},
    {1, "0"}, {2, "stranger"}, {2, NULL}, {3, "0000000000000000"}, {3, "x"},
    {4, "STATES"}, {4, ""}, {5, "-1"}, {5, "99999999999999999999"}, {6, "1e3"}};

#define WRONGS_COUNT (sizeof (s_wrongs) / sizeof (s_wrongs [0]))


int64_t
weather_delay_us (const world_options_t *options, chance_t *chance)
{
    int64_t delay_us =
        chance_between (chance, options->delay_min_us, options->delay_max_us);
    return chance_percent (chance, options->slow) ? delay_us * SLOW_FACTOR
                                                  : delay_us;
}


void
weather_corrupt (chance_t *chance, char *text, size_t size)
{
    for (int64_t count = chance_between (chance, 1, 3); count && size; count--)
        text [chance_below (chance, (unsigned) size)] ^=
            (char) chance_between (chance, 1, 127);
}


//  Copy the message with one word of its head replaced

static char *
s_replace (span_t message, size_t word, const char *wrong, size_t *size)
{
    char *text = malloc (message.size + strlen (wrong) + 1);
    assert (text);
    span_t rest = message;
    while (word--)
        span_until (&rest, ' ');
    size_t before = message.size - rest.size;
    size_t after = 0;
    while (after < rest.size && rest.data [after] != ' ' &&
           rest.data [after] != '\n')
        after++;
    memcpy (text, message.data, before);
    memcpy (text + before, wrong, strlen (wrong));
    memcpy (
        text + before + strlen (wrong), rest.data + after, rest.size - after);
    *size = message.size - after + strlen (wrong);
    return text;
}


char *
weather_garbage (chance_t *chance, span_t message, const char *to, size_t *size)
{
    unsigned kind = chance_below (chance, WRONGS_COUNT + 2);
    if (kind < WRONGS_COUNT) {
        const char *wrong = s_wrongs [kind].wrong;
        return s_replace (
            message, s_wrongs [kind].word, wrong ? wrong : to, size);
    }
    bool cut = kind == WRONGS_COUNT;
    *size = chance_below (chance, cut ? CUT_SIZE_MAX : NOISE_SIZE_MAX);
    char *text = malloc (*size + 1);
    assert (text);
    for (size_t at = 0; at < *size; at++)
        text [at] = cut ? message.data [at] : (char) chance_next (chance);
    return text;
}


void
weather_calm (world_options_t *options)
{
    options->loss = options->repeats = options->reorder = options->slow = 0;
    options->corrupt = options->garbage = options->late = 0;
}
