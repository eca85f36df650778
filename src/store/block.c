/*  =========================================================================
    block - what the file of a table is made of
    =========================================================================
*/

#include "store/block.h"

#include "base/base64num.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define NAME "ZHERD-TABLE/"

//  Digits of a size, and of a checksum; of a head: kind, size, blank, sum, LF
#define SIZE_DIGITS 8
#define SUM_DIGITS 16
#define SUM_AT (1 + SIZE_DIGITS + 1)

_Static_assert(SUM_AT + SUM_DIGITS + 1 == BLOCK_HEAD_SIZE, "a head is that");
_Static_assert(BLOCK_KEY_SIZE == crypto_shorthash_KEYBYTES, "SipHash's key");


//  The checksum of a title, of all that stands before it

static uint64_t
s_title_sum (const char *line, size_t size)
{
    unsigned char hash [crypto_generichash_BYTES_MIN];
    uint64_t sum = 0;
    crypto_generichash (
        hash, sizeof hash, (const unsigned char *) line, size, NULL, 0);
    for (size_t at = 0; at < sizeof sum; at++)
        sum = sum << 8 | hash [at];
    return sum;
}


size_t
block_print_title (const block_title_t *title, char *buffer)
{
    int size =
        snprintf (buffer, BLOCK_TITLE_SIZE_MAX, NAME "%d %s %s %" PRIu64 " ",
            BLOCK_VERSION, title->herd, title->server, title->number);
    assert (size > 0 && size + BASE64NUM_SIZE_64 + 1 + SUM_DIGITS + 1 <
                            BLOCK_TITLE_SIZE_MAX);
    char *end = base64num_print (buffer + size, title->salt, BASE64NUM_SIZE_64);
    *end++ = ' ';
    snprintf (end, SUM_DIGITS + 2, "%016" PRIx64 "\n",
        s_title_sum (buffer, (size_t) (end - buffer)));
    return (size_t) (end - buffer) + SUM_DIGITS + 1;
}


static bool
s_read_name (span_t *rest, char *name)
{
    span_t text = span_until (rest, ' ');
    if (!span_is_name (text))
        return false;
    memcpy (name, text.data, text.size);
    name [text.size] = '\0';
    return true;
}


const char *
block_parse_title (block_title_t *title, span_t line)
{
    uint64_t version;
    uint64_t sum;
    span_t rest = line;
    span_t word = span_until (&rest, ' ');
    if (word.size <= sizeof NAME - 1 ||
        memcmp (word.data, NAME, sizeof NAME - 1) != 0 ||
        !span_number ((span_t){word.data + sizeof NAME - 1,
                          word.size - (sizeof NAME - 1)},
            UINT32_MAX, &version))
        return "no table of zherd's";
    if (version != BLOCK_VERSION)
        return "a table in the format of another version of zherd";
    if (!s_read_name (&rest, title->herd) ||
        !s_read_name (&rest, title->server) ||
        !span_number (span_until (&rest, ' '), UINT64_MAX, &title->number) ||
        !base64num_parse (
            span_until (&rest, ' '), BASE64NUM_SIZE_64, &title->salt) ||
        rest.size != SUM_DIGITS || !span_hex (rest, &sum) ||
        sum != s_title_sum (line.data, line.size - SUM_DIGITS))
        return "a table whose first line is damaged";
    return NULL;
}


void
block_key (unsigned char key [BLOCK_KEY_SIZE], span_t line)
{
    crypto_generichash (key, BLOCK_KEY_SIZE, (const unsigned char *) line.data,
        line.size, NULL, 0);
}


//  The checksum of a block that is as good as its head says: of its text, then
//  of that with kind, size and place

static uint64_t
s_sum (const unsigned char key [BLOCK_KEY_SIZE], uint64_t offset,
    const char *buffer, size_t size)
{
    unsigned char text_sum [crypto_shorthash_BYTES];
    unsigned char sum [crypto_shorthash_BYTES];
    char frame [64];
    uint64_t number = 0;
    crypto_shorthash (
        text_sum, (const unsigned char *) buffer + BLOCK_HEAD_SIZE, size, key);
    for (size_t at = 0; at < sizeof text_sum; at++)
        number = number << 8 | text_sum [at];
    int frame_size = snprintf (frame, sizeof frame, "%.*s %" PRIx64 " %" PRIx64,
        1 + SIZE_DIGITS, buffer, offset, number);
    assert (frame_size > 0 && (size_t) frame_size < sizeof frame);
    crypto_shorthash (sum, (const unsigned char *) frame,
        (unsigned long long) frame_size, key);
    for (size_t at = 0; at < sizeof sum; at++)
        number = number << 8 | sum [at];
    return number;
}


void
block_seal (const unsigned char key [BLOCK_KEY_SIZE], uint64_t offset,
    block_kind_t kind, char *buffer, size_t size)
{
    char head [BLOCK_HEAD_SIZE + 1];
    assert (size > 0 && size <= BLOCK_TEXT_SIZE_MAX);
    snprintf (head, sizeof head, "%c%08zx ", (char) kind, size);
    memcpy (buffer, head, SUM_AT);
    snprintf (head + SUM_AT, sizeof head - SUM_AT, "%016" PRIx64 "\n",
        s_sum (key, offset, buffer, size));
    memcpy (buffer, head, BLOCK_HEAD_SIZE);
}


//  As block_seal writes it: eight digits in lower case, so that no size has two
//  spellings

bool
block_parse_head (const char *head, block_kind_t *kind, size_t *size)
{
    char digits [SUM_DIGITS];
    uint64_t number;
    uint64_t sum;
    if ((head [0] != BLOCK_RECORDS && head [0] != BLOCK_MARK) ||
        head [SUM_AT - 1] != ' ' || head [BLOCK_HEAD_SIZE - 1] != '\n' ||
        !span_hex ((span_t){head + SUM_AT, SUM_DIGITS}, &sum))
        return false;
    memset (digits, '0', sizeof digits);
    memcpy (digits + SUM_DIGITS - SIZE_DIGITS, head + 1, SIZE_DIGITS);
    if (!span_hex ((span_t){digits, SUM_DIGITS}, &number) || number == 0 ||
        number > BLOCK_TEXT_SIZE_MAX)
        return false;
    *kind = head [0] == BLOCK_MARK ? BLOCK_MARK : BLOCK_RECORDS;
    *size = number;
    return true;
}


bool
block_is_good (const unsigned char key [BLOCK_KEY_SIZE], uint64_t offset,
    const char *buffer, size_t size)
{
    uint64_t sum;
    return span_hex ((span_t){buffer + SUM_AT, SUM_DIGITS}, &sum) &&
           sum == s_sum (key, offset, buffer, size);
}
