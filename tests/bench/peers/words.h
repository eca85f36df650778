/*  =========================================================================
    words - what the lines of the protocol are made of
    =========================================================================
*/

#ifndef BENCH_PEERS_WORDS_H
#define BENCH_PEERS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_MAX 7  //  One more than any line has
#define BILLION 1000000000

typedef struct {
    const char *text;
    size_t size;
} word_t;

//  A number as it is written, without a sign.
typedef struct {
    int64_t whole;
    int64_t billionths;  //  Further decimals are not kept
} decimal_t;

//  Find the words of the line, up to WORDS_MAX.  Returns how many.
size_t
words_split (const char *line, size_t size, word_t words [WORDS_MAX]);

bool
word_equals (word_t word, const char *text);

//  Take digits, and maybe a point and digits, off the front of the word.
//  Returns false if that is not what it begins with, or is too much.
bool
word_take_decimal (word_t *word, decimal_t *value);

bool
decimal_is_at_most (decimal_t value, int64_t limit);

//  Return true if the word is a place on earth as in ISO 6709.
bool
word_is_place (word_t word);

//  Write the bytes, and return where they end.
char *
put_text (char *to, const char *text, size_t size);

//  Write the number with so many digits at least, and return where it ends.
char *
put_number (char *to, uint64_t number, size_t digits_least);

#endif
