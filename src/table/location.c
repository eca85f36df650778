/*  =========================================================================
    location - where one client said it was, as one server heard it
    =========================================================================
*/

#include "table/location.h"

#include "base/digits.h"
#include "base/swar.h"

#include <assert.h>
#include <string.h>

#define SECOND 1000000000
#define DECIMALS 9

//  POSIX time, said or heard, has so many digits of seconds at most, so the
//  difference of two times has no more, and no sum or difference overflows
#define SECONDS_DIGITS 15
#define SECONDS_MAX INT64_C (999999999999999)


int
instant_compare (instant_t one, instant_t other)
{
    if (one.seconds != other.seconds)
        return one.seconds < other.seconds ? -1 : 1;
    return (one.nanoseconds > other.nanoseconds) -
           (one.nanoseconds < other.nanoseconds);
}


instant_t
instant_since (instant_t later, instant_t earlier)
{
    instant_t since = {later.seconds - earlier.seconds,
        later.nanoseconds - earlier.nanoseconds};
    if (since.nanoseconds < 0) {
        since.seconds--;
        since.nanoseconds += SECOND;
    }
    return since;
}


static instant_t
s_after (instant_t start, instant_t difference)
{
    instant_t sum = {start.seconds + difference.seconds,
        start.nanoseconds + difference.nanoseconds};
    if (sum.nanoseconds >= SECOND) {
        sum.seconds++;
        sum.nanoseconds -= SECOND;
    }
    return sum;
}


//  Cut digits with an optional fraction off the front of *rest.  Return how
//  many digits stand before the point; 0 if it is no number

static size_t
s_decimal (span_t *rest)
{
    size_t whole = digits_count (*rest);
    size_t size = whole;
    if (whole && whole < rest->size && rest->data [whole] == '.') {
        span_t after = {rest->data + whole + 1, rest->size - whole - 1};
        size_t decimals = digits_count (after);
        if (decimals == 0)
            return 0;
        size += 1 + decimals;
    }
    *rest = (span_t){rest->data + size, rest->size - size};
    return whole;
}


//  Read digits, so many before the point, and fraction that are known to be
//  good

static instant_t
s_instant (span_t text, size_t whole)
{
    instant_t instant = {(int64_t) digits_value (text.data, whole), 0};
    if (whole < text.size) {
        size_t decimals = text.size - whole - 1;
        if (decimals > DECIMALS)
            decimals = DECIMALS;
        instant.nanoseconds =
            (int64_t) digits_value (text.data + whole + 1, decimals);
        for (; decimals < DECIMALS; decimals++)
            instant.nanoseconds *= 10;
    }
    return instant;
}


bool
stamp_parse (span_t text, instant_t *stamped)
{
    span_t rest = text;
    size_t whole = s_decimal (&rest);
    if (whole == 0 || whole > SECONDS_DIGITS || rest.size ||
        text.size > LOCATION_STAMP_SIZE_MAX)
        return false;
    *stamped = s_instant (text, whole);
    return true;
}


//  Return true if the signed number is max at most; so many of its digits stand
//  before the point.  Only one that is near max is read to its end

static bool
s_is_at_most (span_t number, size_t whole, unsigned max)
{
    unsigned value = 0;
    for (size_t at = 1; at <= whole && value <= max; at++)
        value = value * 10 + (unsigned) (number.data [at] - '0');
    if (value != max)
        return value < max;
    for (size_t at = whole + 2; at < number.size; at++)
        if (number.data [at] != '0')
            return false;
    return true;
}


//  Cut a signed number of at most max degrees off the front of *rest

static bool
s_degrees (span_t *rest, unsigned max, span_t *degrees)
{
    const char *start = rest->data;
    if (rest->size == 0 || (*start != '+' && *start != '-'))
        return false;
    span_t after = {start + 1, rest->size - 1};
    size_t whole = s_decimal (&after);
    *degrees = (span_t){start, (size_t) (after.data - start)};
    *rest = after;
    return whole && s_is_at_most (*degrees, whole, max);
}


bool
place_parse (span_t text, span_t *latitude, span_t *longitude)
{
    return text.size <= LOCATION_PLACE_SIZE_MAX &&
           s_degrees (&text, 90, latitude) &&
           s_degrees (&text, 180, longitude) && text.size == 0;
}


//  Write the word, which is to point at what is written then

static char *
s_put_word (char *at, span_t *word)
{
    word->data = memcpy (at, word->data, word->size);
    return at + word->size;
}


//  Return true if it is a time that a clock can show

static bool
s_is_time (instant_t instant)
{
    return instant.seconds >= 0 && instant.seconds <= SECONDS_MAX;
}


//  Write ±seconds.nanoseconds and return where it ends

static char *
s_put_difference (char *at, instant_t difference)
{
    bool negative = difference.seconds < 0;
    if (negative)
        difference = instant_since ((instant_t){0, 0}, difference);
    uint64_t seconds = (uint64_t) difference.seconds;
    *at++ = negative ? '-' : '+';
    at = digits_print (at, seconds, digits_size (seconds));
    *at++ = '.';
    return digits_print (at, (uint64_t) difference.nanoseconds, DECIMALS);
}


size_t
location_print (location_t *self, char *buffer)
{
    assert (s_is_time (self->heard));
    char *at = mempcpy (buffer, "AT ", 3);
    at = s_put_word (at, &self->server);
    *at++ = ' ';
    at = s_put_difference (at, instant_since (self->heard, self->stamped));
    *at++ = ' ';
    at = s_put_word (at, &self->client);
    *at++ = ' ';
    at = s_put_word (at, &self->place);
    *at++ = ' ';
    at = s_put_word (at, &self->stamp);
    self->line = (span_t){buffer, (size_t) (at - buffer)};
    return self->line.size;
}


//  Return true if it is a difference as s_put_difference writes it

static bool
s_is_difference (span_t text)
{
    if (text.size < 1 + 1 + 1 + DECIMALS ||
        (text.data [0] != '+' && text.data [0] != '-'))
        return false;
    span_t rest = {text.data + 1, text.size - 1};
    size_t whole = s_decimal (&rest);
    if (whole == 0 || whole > SECONDS_DIGITS || rest.size ||
        text.size != 1 + whole + 1 + DECIMALS)
        return false;
    if (whole > 1 && text.data [1] == '0')
        return false;
    instant_t size = s_instant ((span_t){text.data + 1, text.size - 1}, whole);
    return text.data [0] == '+' || size.seconds || size.nanoseconds;
}


//  Return true if a command can have named such a client.  Few have a byte as
//  low as the space, so what has none is passed over, eight at a time

static bool
s_is_client (span_t text)
{
    size_t at = 0;
    while (
        at + 8 <= text.size && !swar_less (swar_read (text.data + at), ' ' + 1))
        at += 8;
    for (; at < text.size; at++)
        if (span_is_blank (text.data [at]) || text.data [at] == 0)
            return false;
    return text.size > 0 && text.size <= LOCATION_CLIENT_SIZE_MAX;
}


//  Cut the line at its single spaces; return the difference's text

static span_t
s_words (location_t *self, span_t line)
{
    self->line = line;
    span_until (&line, ' ');
    self->server = span_until (&line, ' ');
    span_t difference = span_until (&line, ' ');
    self->client = span_until (&line, ' ');
    self->place = span_until (&line, ' ');
    self->stamp = line;
    return difference;
}


static void
s_times (location_t *self, span_t difference)
{
    span_t digits = {difference.data + 1, difference.size - 1};
    self->stamped = s_instant (self->stamp, digits_count (self->stamp));
    instant_t size = s_instant (digits, digits_count (digits));
    self->heard = difference.data [0] == '+'
                      ? s_after (self->stamped, size)
                      : instant_since (self->stamped, size);
}


bool
location_parse (location_t *self, span_t line)
{
    if (line.size < 3 || memcmp (line.data, "AT ", 3) != 0)
        return false;
    span_t difference = s_words (self, line);
    span_t latitude;
    span_t longitude;
    if (!span_is_name (self->server) || !s_is_difference (difference) ||
        !s_is_client (self->client) ||
        !place_parse (self->place, &latitude, &longitude) ||
        !stamp_parse (self->stamp, &self->stamped))
        return false;
    s_times (self, difference);
    return s_is_time (self->heard);
}


void
location_reread (location_t *self, span_t line)
{
    s_times (self, s_words (self, line));
}


//  Spares reading the line's other words and its numbers: of two stamps with as
//  many digits before the point the later one's text is greater where they
//  differ.  A location ranks by its stamp, or by less if that is ahead of who
//  heard it: so who ranks by a later stamp is newer, whoever heard the other

bool
location_is_plainly_newer (
    const location_t *self, span_t line, size_t client_at)
{
    if (instant_compare (self->stamped, self->heard) > 0)
        return false;
    size_t place_at = client_at + self->client.size + 1;
    span_t stamp = {line.data + place_at, line.size - place_at};
    span_until (&stamp, ' ');
    size_t whole = digits_count (stamp);
    if (whole != digits_count (self->stamp))
        return false;
    size_t size = whole + 1 + DECIMALS;
    if (size > stamp.size)
        size = stamp.size;
    if (size > self->stamp.size)
        size = self->stamp.size;
    return memcmp (self->stamp.data, stamp.data, size) > 0;
}


static instant_t
s_rank (const location_t *self)
{
    instant_t ahead = instant_since (self->stamped, self->heard);
    instant_t allowed = {LOCATION_AHEAD_SECONDS, 0};
    return instant_compare (ahead, allowed) > 0 ? self->heard : self->stamped;
}


location_order_t
location_compare (const location_t *one, const location_t *other)
{
    int order = instant_compare (s_rank (one), s_rank (other));
    if (order == 0)
        order = instant_compare (one->heard, other->heard);
    if (order == 0)
        order = span_compare (one->server, other->server);
    if (order == 0)
        order = span_compare (one->stamp, other->stamp);
    if (order == 0)
        order = span_compare (one->place, other->place);
    return order < 0   ? LOCATION_OLDER
           : order > 0 ? LOCATION_NEWER
                       : LOCATION_SAME;
}
