/*  =========================================================================
    clue - one line of an audit
    =========================================================================
*/

#include "audit/clue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CODE_BITS 48

//  A code that was met: codes leave this bit free
#define MET (UINT64_C (1) << 63)

//  Words of a clue that come before its codes
#define HEAD_WORDS 2

#define ROOM_LEAST 512


uint64_t
clue_code (uint64_t sum)
{
    return sum >> (64 - CODE_BITS);
}


static bool
s_parse_prefix (clue_t *self, span_t prefix)
{
    char padded [CLUE_LEVEL_MAX];
    self->level = 0;
    self->prefix = 0;
    if (span_equal (prefix, span_of ("-")))
        return true;
    if (prefix.size == 0 || prefix.size > sizeof (padded))
        return false;
    size_t missing = sizeof (padded) - prefix.size;
    memset (padded, '0', missing);
    memcpy (padded + missing, prefix.data, prefix.size);
    self->level = (unsigned) prefix.size;
    return span_hex ((span_t){padded, sizeof (padded)}, &self->prefix);
}


static bool
s_parse_codes (clue_t *self, span_t codes)
{
    self->count = codes.size / BASE64NUM_SIZE_48;
    if (self->count > CLUE_CODES_MAX || codes.size % BASE64NUM_SIZE_48)
        return false;
    for (size_t at = 0; at < self->count; at++)
        if (!base64num_parse ((span_t){codes.data + at * BASE64NUM_SIZE_48,
                                  BASE64NUM_SIZE_48},
                BASE64NUM_SIZE_48, &self->codes [at]))
            return false;
    return true;
}


bool
clue_parse (clue_t *self, message_kind_t kind, span_t line)
{
    size_t size = line.size;
    self->kind = kind;
    span_t prefix = span_until (&line, ' ');
    if (prefix.size == size || !s_parse_prefix (self, prefix) ||
        !s_parse_codes (self, line))
        return false;
    if (kind == MESSAGE_NODE)
        return self->level < CLUE_LEVEL_MAX && self->count == CLUE_SUMS;
    return self->level >= CLUE_LEAF_LEVEL &&
           (kind == MESSAGE_LEAF || (kind == MESSAGE_WANT && self->count));
}


size_t
clue_print (const clue_t *self, char *buffer)
{
    static const char digits [] = "0123456789abcdef";
    char *to = buffer;
    if (self->level == 0)
        *to++ = '-';
    for (unsigned level = self->level; level; level--)
        *to++ = digits [self->prefix >> 4 * (level - 1) & 15];
    *to++ = ' ';
    for (size_t at = 0; at < self->count; at++)
        to = base64num_print (to, self->codes [at], BASE64NUM_SIZE_48);
    *to++ = '\n';
    return (size_t) (to - buffer);
}


void
clue_make_node (
    clue_t *self, unsigned level, uint64_t prefix, const uint64_t *sums)
{
    self->kind = MESSAGE_NODE;
    self->level = level;
    self->prefix = prefix;
    self->count = CLUE_SUMS;
    for (size_t digit = 0; digit < CLUE_SUMS; digit++)
        self->codes [digit] = clue_code (sums [digit]);
}


static int
s_compare_codes (const void *one, const void *other)
{
    uint64_t first = *(const uint64_t *) one & ~MET;
    uint64_t second = *(const uint64_t *) other & ~MET;
    return (first > second) - (first < second);
}


void
clue_sort (clue_t *self)
{
    size_t count = 0;
    qsort (self->codes, self->count, sizeof (uint64_t), s_compare_codes);
    for (size_t at = 0; at < self->count; at++)
        if (count == 0 || self->codes [at] != self->codes [count - 1])
            self->codes [count++] = self->codes [at];
    self->count = count;
}


bool
clue_meet (clue_t *self, uint64_t code)
{
    uint64_t *found = bsearch (
        &code, self->codes, self->count, sizeof (code), s_compare_codes);
    if (found)
        *found |= MET;
    return found;
}


void
clue_keep_unmet (clue_t *self)
{
    size_t count = 0;
    for (size_t at = 0; at < self->count; at++)
        if (!(self->codes [at] & MET))
            self->codes [count++] = self->codes [at];
    self->count = count;
}


//  Make room for so many words behind the last: by moving all to the front if
//  that is half of what there is, else by more memory

static bool
s_reserve (clues_t *self, size_t words)
{
    if (self->end + words <= self->room)
        return true;
    if (self->first < self->room / 2 ||
        clues_size (self) + words > self->room) {
        size_t room = self->room ? self->room : ROOM_LEAST;
        while (room < self->end + words)
            room *= 2;
        uint64_t *larger = realloc (self->words, room * sizeof (uint64_t));
        if (!larger)
            return false;
        self->words = larger;
        self->room = room;
        return true;
    }
    memmove (self->words, self->words + self->first,
        clues_size (self) * sizeof (uint64_t));
    self->end -= self->first;
    self->first = 0;
    return true;
}


bool
clues_put (clues_t *self, const clue_t *clue, size_t words_max)
{
    size_t words = HEAD_WORDS + clue->count;
    if (clues_size (self) + words > words_max || !s_reserve (self, words))
        return false;
    uint64_t *to = self->words + self->end;
    to [0] = clue->prefix;
    to [1] = (uint64_t) clue->kind << 32 | clue->level << 16 | clue->count;
    memcpy (to + HEAD_WORDS, clue->codes, clue->count * sizeof (uint64_t));
    self->end += words;
    return true;
}


message_kind_t
clues_kind (const clues_t *self)
{
    return clues_size (self)
               ? (message_kind_t) (self->words [self->first + 1] >> 32)
               : MESSAGE_BAD;
}


void
clues_take (clues_t *self, clue_t *clue)
{
    assert (clues_size (self));
    const uint64_t *from = self->words + self->first;
    clue->prefix = from [0];
    clue->kind = clues_kind (self);
    clue->level = from [1] >> 16 & 0xffff;
    clue->count = from [1] & 0xffff;
    memcpy (clue->codes, from + HEAD_WORDS, clue->count * sizeof (uint64_t));
    self->first += HEAD_WORDS + clue->count;
    if (self->first == self->end)
        clues_clear (self);
}


size_t
clues_size (const clues_t *self)
{
    return self->end - self->first;
}


void
clues_clear (clues_t *self)
{
    free (self->words);
    *self = (clues_t){.words = NULL};
}
