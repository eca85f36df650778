/*  =========================================================================
    location - where one client said it was, as one server heard it
    =========================================================================
*/

#include "core/location.h"

#include <string.h>

#define SECOND 1000000000
#define DECIMALS 9
#define SECONDS_DIGITS 15


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


//  Return how many digits stand at the front

static size_t
s_digits (span_t text)
{
    size_t count = 0;
    while (count < text.size && text.data [count] >= '0' &&
           text.data [count] <= '9')
        count++;
    return count;
}


//  Cut digits with an optional fraction off the front of *rest.  Return how
//  many digits stand before the point; 0 if it is no number

static size_t
s_decimal (span_t *rest)
{
    size_t whole = s_digits (*rest);
    size_t size = whole;
    if (whole && whole < rest->size && rest->data [whole] == '.') {
        span_t after = {rest->data + whole + 1, rest->size - whole - 1};
        size_t decimals = s_digits (after);
        if (decimals == 0)
            return 0;
        size += 1 + decimals;
    }
    *rest = (span_t){rest->data + size, rest->size - size};
    return whole;
}


//  Read digits and fraction that are known to be good

static instant_t
s_instant (const char *text, size_t size)
{
    instant_t instant = {0, 0};
    size_t at = 0;
    while (at < size && text [at] != '.')
        instant.seconds = instant.seconds * 10 + (text [at++] - '0');
    int64_t weight = SECOND;
    for (at++; at < size && weight > 1; at++) {
        weight /= 10;
        instant.nanoseconds += (text [at] - '0') * weight;
    }
    return instant;
}


bool
stamp_parse (span_t text, instant_t *stamped)
{
    span_t rest = text;
    size_t whole = s_decimal (&rest);
    if (whole == 0 || whole > SECONDS_DIGITS || rest.size)
        return false;
    *stamped = s_instant (text.data, text.size);
    return true;
}


//  Cut a signed number of at most max degrees off the front of *rest

static bool
s_degrees (span_t *rest, unsigned max, span_t *degrees)
{
    const char *start = rest->data;
    if (rest->size == 0 || (*start != '+' && *start != '-'))
        return false;
    span_t number = {start + 1, rest->size - 1};
    size_t whole = s_decimal (&number);
    if (whole == 0)
        return false;

    unsigned value = 0;
    for (size_t at = 1; at <= whole && value <= max; at++)
        value = value * 10 + (unsigned) (start [at] - '0');
    bool beyond = value > max;
    for (const char *at = start + 1 + whole; at < number.data; at++)
        beyond = beyond || (value == max && *at >= '1');
    *degrees = (span_t){start, (size_t) (number.data - start)};
    *rest = number;
    return !beyond;
}


bool
place_parse (span_t text, span_t *latitude, span_t *longitude)
{
    return s_degrees (&text, 90, latitude) &&
           s_degrees (&text, 180, longitude) && text.size == 0;
}


static char *
s_put (char *at, span_t word)
{
    memcpy (at, word.data, word.size);
    return at + word.size;
}


//  Write ±seconds.nanoseconds and return where it ends

static char *
s_put_difference (char *at, instant_t difference)
{
    bool negative = difference.seconds < 0;
    if (negative)
        difference = instant_since ((instant_t){0, 0}, difference);
    char digits [24];
    size_t count = 0;
    uint64_t value = (uint64_t) difference.seconds;
    do
        digits [count++] = (char) ('0' + value % 10);
    while (value /= 10);

    *at++ = negative ? '-' : '+';
    while (count)
        *at++ = digits [--count];
    *at = '.';
    value = (uint64_t) difference.nanoseconds;
    for (size_t place = DECIMALS; place; place--) {
        at [place] = (char) ('0' + value % 10);
        value /= 10;
    }
    return at + 1 + DECIMALS;
}


size_t
location_print (location_t *self, char *buffer)
{
    char *at = s_put (buffer, span_of ("AT "));
    self->server.data = memcpy (at, self->server.data, self->server.size);
    at += self->server.size;
    *at++ = ' ';
    at = s_put_difference (at, instant_since (self->heard, self->stamped));
    *at++ = ' ';
    self->client.data = memcpy (at, self->client.data, self->client.size);
    at += self->client.size;
    *at++ = ' ';
    self->place.data = memcpy (at, self->place.data, self->place.size);
    at += self->place.size;
    *at++ = ' ';
    self->stamp.data = memcpy (at, self->stamp.data, self->stamp.size);
    at += self->stamp.size;
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
    if (whole == 0 || whole > SECONDS_DIGITS + 1 || rest.size ||
        text.size != 1 + whole + 1 + DECIMALS)
        return false;
    if (whole > 1 && text.data [1] == '0')
        return false;
    instant_t size = s_instant (text.data + 1, text.size - 1);
    return text.data [0] == '+' || size.seconds || size.nanoseconds;
}


static bool
s_is_word (span_t text)
{
    for (size_t at = 0; at < text.size; at++)
        if (span_is_blank (text.data [at]) || text.data [at] == 0)
            return false;
    return text.size > 0;
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
    self->stamped = s_instant (self->stamp.data, self->stamp.size);
    instant_t size = s_instant (difference.data + 1, difference.size - 1);
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
    if (!s_is_word (self->server) || !s_is_difference (difference) ||
        !s_is_word (self->client) ||
        !place_parse (self->place, &latitude, &longitude) ||
        !stamp_parse (self->stamp, &self->stamped))
        return false;
    s_times (self, difference);
    return true;
}


void
location_reread (location_t *self, span_t line)
{
    s_times (self, s_words (self, line));
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
