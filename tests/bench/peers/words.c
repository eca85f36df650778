/*  =========================================================================
    words - what the lines of the protocol are made of
    =========================================================================
*/

#include "bench/peers/words.h"

#include <string.h>

#define WHOLE_END 1000000000000000  //  Sixteen digits are too many


static bool
s_is_blank (char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}


static bool
s_is_digit (char byte)
{
    return byte >= '0' && byte <= '9';
}


size_t
words_split (const char *line, size_t size, word_t words [WORDS_MAX])
{
    const char *end = line + size;
    size_t count = 0;
    while (count < WORDS_MAX) {
        while (line < end && s_is_blank (*line))
            line++;
        if (line == end)
            break;
        words [count].text = line;
        while (line < end && !s_is_blank (*line))
            line++;
        words [count].size = (size_t) (line - words [count].text);
        count++;
    }
    return count;
}


bool
word_equals (word_t word, const char *text)
{
    return word.size == strlen (text) &&
           memcmp (word.text, text, word.size) == 0;
}


bool
word_take_decimal (word_t *word, decimal_t *value)
{
    const char *at = word->text;
    const char *end = at + word->size;
    *value = (decimal_t){0, 0};
    while (at < end && s_is_digit (*at))
        if (value->whole < WHOLE_END)
            value->whole = value->whole * 10 + (*at++ - '0');
        else
            return false;
    if (at == word->text)
        return false;
    if (at < end && *at == '.') {
        int64_t unit = BILLION / 10;
        if (++at == end || !s_is_digit (*at))
            return false;
        for (; at < end && s_is_digit (*at); unit /= 10)
            value->billionths += (*at++ - '0') * unit;
    }
    word->size = (size_t) (end - at);
    word->text = at;
    return true;
}


bool
decimal_is_at_most (decimal_t value, int64_t limit)
{
    return value.whole < limit ||
           (value.whole == limit && value.billionths == 0);
}


bool
word_is_place (word_t word)
{
    decimal_t degrees;
    for (int64_t limit = 90; limit <= 180; limit += 90) {
        if (word.size == 0 || (*word.text != '+' && *word.text != '-'))
            return false;
        word.text++;
        word.size--;
        if (!word_take_decimal (&word, &degrees) ||
            !decimal_is_at_most (degrees, limit))
            return false;
    }
    return word.size == 0;
}


char *
put_text (char *to, const char *text, size_t size)
{
    memcpy (to, text, size);
    return to + size;
}


char *
put_number (char *to, uint64_t number, size_t digits_least)
{
    char digits [24];
    size_t at = sizeof (digits);
    do
        digits [--at] = (char) ('0' + number % 10);
    while ((number /= 10) || sizeof (digits) - at < digits_least);
    return put_text (to, digits + at, sizeof (digits) - at);
}
