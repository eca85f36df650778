/*  =========================================================================
    forger - what a hostile process of the herd may say
    =========================================================================
*/

#include "fuzz/forger.h"

#include "base/base64num.h"
#include "table/change_list.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof (array) / sizeof ((array) [0]))

//  Lines that one byte asks for: a few, or many of the crowd
#define LINES_MOST 8
#define CROWD_LINES 600

//  Codes in a LEAF that is too full by one
#define CODES_MOST 1025

//  Words of an AT line, and of an IAMAT
enum { SERVER, DIFFERENCE, CLIENT, PLACE, STAMP, WORDS };

static const size_t s_longest [WORDS] = {SPAN_NAME_SIZE_MAX, 1 + 15 + 1 + 9,
    LOCATION_CLIENT_SIZE_MAX, LOCATION_PLACE_SIZE_MAX, LOCATION_STAMP_SIZE_MAX};

static const char *const s_borders [WORDS][12] = {
    [SERVER] = {"Ball", "A", "-", "..", "_", "a/b", "a:b", "0", "*", "AT",
        "\xc3\xa9", "Ball,"},
    [DIFFERENCE] = {"+0.000000000", "-0.000000000", "-0.000000001",
        "+600.000000000", "+601.000000000", "+999999999999999.999999999",
        "-999999999999999.999999999", "+1000000000000000.000000000",
        "+00.000000000", "+1", "1.000000000", "-1600000000.000000000"},
    [CLIENT] = {"c", "x", "\x7f", "\xff\xfe", "c\r", "\xe2\x80\xa8", "%n%s",
        "AT", "-", "\"", "\xc0\x80", "\x1b[2J"},
    [PLACE] = {"+90-180", "-90+180", "+90.0-180.000", "+90.1-1", "-91+0",
        "+1-181", "+1.-1", "+-1", "1-1", "+0090-0180", "+1-1-1",
        "+99999999999999999999-1"},
    [STAMP] = {"0", "1", "999999999999999", "999999999999999.999999999",
        "1000000000000000", "1.", ".5", "-1", "1e3", "01",
        "1.0000000000000000000001", "18446744073709551616"}};

static const uint64_t s_numbers [] = {0, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65,
    4096, 4097, INT32_MAX, UINT64_C (1) << 31, UINT32_MAX, UINT64_C (1) << 32,
    TABLE_LSN_BASE - 1, TABLE_LSN_BASE, TABLE_LSN_BASE + 1,
    TABLE_LSN_BASE + 4096, TABLE_LSN_BASE + 4097, CHANGE_LIST_LAST,
    CHANGE_LIST_LAST + 1, UINT64_C (253402300799999),
    UINT64_C (253402300800000), INT64_MAX, UINT64_C (1) << 63, UINT64_MAX - 1,
    UINT64_MAX};


uint8_t
forger_byte (forger_t *self)
{
    if (self->size == 0)
        return 0;
    self->size--;
    return *self->data++;
}


static uint64_t
s_raw_number (forger_t *self)
{
    uint64_t number = 0;
    for (int count = 0; count < 8; count++)
        number = number << 8 | forger_byte (self);
    return number;
}


//  Return a number that is a border, or beside the honest one, or any

static uint64_t
s_number (forger_t *self, uint64_t honest)
{
    uint8_t how = forger_byte (self);
    uint64_t border = s_numbers [(how >> 2) % COUNT (s_numbers)];
    switch (how & 3) {
    case 0:
        return border;
    case 1:
        return honest + border;
    case 2:
        return honest - border;
    default:
        return s_raw_number (self);
    }
}


//  What does not fit is left out

static void
s_put (forger_t *self, const char *data, size_t size)
{
    if (size > FORGER_ROOM - self->written)
        size = FORGER_ROOM - self->written;
    memcpy (self->text + self->written, data, size);
    self->written += size;
}


static void
s_print (forger_t *self, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));


static void
s_print (forger_t *self, const char *format, ...)
{
    char text [256];
    va_list arguments;
    va_start (arguments, format);
    int size = vsnprintf (text, sizeof (text), format, arguments);
    va_end (arguments);
    assert (size >= 0 && (size_t) size < sizeof (text));
    s_put (self, text, (size_t) size);
}


static void
s_put_raw (forger_t *self, size_t size)
{
    for (; size && self->size; size--) {
        char byte = (char) forger_byte (self);
        s_put (self, &byte, 1);
    }
}


static void
s_fill (forger_t *self, char byte, size_t size)
{
    for (; size; size--)
        s_put (self, &byte, 1);
}


//  A word of just so many bytes that is good but for its size

static void
s_put_long (forger_t *self, int word, size_t size)
{
    static const char *const starts [WORDS] = {"", "+", "", "+1-1.", "1."};
    size_t start = strlen (starts [word]);
    s_put (self, starts [word], start);
    if (word == DIFFERENCE) {
        s_fill (self, '1', size - start - 10);
        s_put (self, ".000000000", 10);
    }
    else
        s_fill (
            self, word == SERVER || word == CLIENT ? 'a' : '0', size - start);
}


static void
s_put_honest (forger_t *self, int word)
{
    static const char *const names [] = {
        "Alford", "Ball", "Hamilton", "Holiday", "Welsh"};
    if (word == SERVER)
        s_print (self, "%s", names [forger_byte (self) % COUNT (names)]);
    else if (word == DIFFERENCE)
        s_print (self, "+%u.000000000", forger_byte (self) % 4);
    else if (word == CLIENT)
        s_print (self, "c%u", forger_byte (self) % 32);
    else if (word == PLACE)
        s_print (self, "+%u-1", forger_byte (self) % 90);
    else
        s_print (self, "%" PRId64, self->now_seconds - forger_byte (self));
}


static void
s_put_word (forger_t *self, int word, bool hostile)
{
    uint8_t how = hostile ? forger_byte (self) : 0;
    if (!hostile)
        s_put_honest (self, word);
    else if (how < 160)
        s_print (self, "%s", s_borders [word][how % 12]);
    else if (how < 176)
        s_put_long (self, word, s_longest [word]);
    else if (how < 192)
        s_put_long (self, word, s_longest [word] + 1);
    else if (how < 208)
        s_put_long (self, word, s_longest [word] + forger_byte (self));
    else if (how < 224)
        s_fill (self, (char) (how & 15), 1);
    else if (how < 240)
        s_put_raw (self, how & 15);
}


//  The mask says which words are hostile

static void
s_put_at (forger_t *self)
{
    uint8_t mask = forger_byte (self);
    s_put (self, mask & 128 ? "at " : "AT ", 3);
    for (int word = 0; word < WORDS; word++) {
        s_put_word (self, word, mask >> word & 1);
        if (word < WORDS - 1)
            s_put (self, "  ", mask & 64 ? 2 : 1);
    }
    s_put (self, "\r\n", mask & 32 ? 2 : 0);
    if (!(mask & 32))
        s_put (self, "\n", 1);
}


//  Return a record of the table, or one of hash 0

static table_walk_t
s_record (forger_t *self)
{
    table_walk_t walk = {.level = 0};
    for (int count = forger_byte (self) % 32; count >= 0; count--)
        if (!table_step (self->table, &walk))
            break;
    return walk;
}


static void
s_put_code (forger_t *self, uint64_t sum)
{
    char code [BASE64NUM_SIZE_48];
    base64num_print (code, sum >> 16, BASE64NUM_SIZE_48);
    s_put (self, code, BASE64NUM_SIZE_48);
}


//  Codes of a leaf: its records but for some, or any numbers

static void
s_put_checks (forger_t *self, const table_walk_t *record, unsigned level)
{
    uint8_t how = forger_byte (self);
    uint64_t prefix = level ? record->hash >> (64 - 4 * level) : 0;
    table_walk_t leaf = {.level = level, .prefix = prefix};
    unsigned count = how & 15;
    while (how & 16 && count && table_step (self->table, &leaf))
        if (leaf.line.size) {
            s_put_code (self, leaf.check);
            count--;
        }
    if (how & 32)
        s_put_code (self, record->check);
    if (how & 64)
        count = CODES_MOST - (how & 1);
    for (; count; count--)
        s_put_code (self, (record->check + count) << 16);
}


static void
s_put_node (forger_t *self, const table_walk_t *record, unsigned level)
{
    uint8_t wrong = forger_byte (self);
    uint64_t prefix = level ? record->hash >> (64 - 4 * level) : 0;
    bool real = level < digest_depth (self->sums);
    unsigned count = DIGEST_FANOUT;
    if (wrong & 128)
        count += wrong & 64 ? 1 : -1u;
    for (unsigned index = 0; index < count; index++)
        s_put_code (
            self, wrong >> index % 6 & 1 ? (uint64_t) index << 32
                  : real && index < DIGEST_FANOUT
                      ? digest_sum (self->sums, level + 1, prefix << 4 | index)
                      : 0);
}


static void
s_put_audit (forger_t *self, message_kind_t kind)
{
    uint8_t how = forger_byte (self);
    unsigned depth = digest_depth (self->sums);
    unsigned level = kind == MESSAGE_NODE ? how % depth : depth;
    table_walk_t record = s_record (self);
    if (how & 128)
        level = forger_byte (self) % 19;
    char digits [40];
    snprintf (digits, sizeof (digits), "%016" PRIx64 "%016x", record.hash, 0u);
    s_put (self, level ? digits : "-", level ? level : 1);
    s_put (self, "  ", how & 64 ? 2 : 1);
    if (level > 16)
        level = 16;
    if (kind == MESSAGE_NODE)
        s_put_node (self, &record, level);
    else
        s_put_checks (self, &record, level);
    if (how & 32)
        s_put_raw (self, 3);
    s_put (self, "\n", 1);
}


static void
s_put_body (forger_t *self, message_kind_t kind)
{
    uint8_t how = forger_byte (self);
    if (kind == MESSAGE_STATE)
        return;
    for (int lines = how % LINES_MOST + (kind != MESSAGE_BATCH); lines; lines--)
        if (kind == MESSAGE_BATCH || kind == MESSAGE_PUT)
            s_put_at (self);
        else
            s_put_audit (self, kind);
    if (how & 128 && (kind == MESSAGE_BATCH || kind == MESSAGE_PUT))
        for (int lines = CROWD_LINES; lines; lines--)
            s_print (self, "AT Ball +1.000000000 %c%u +1-1 %" PRId64 "\n",
                FORGER_CROWD, self->crowd++, self->now_seconds - how % 64);
}


//  The mask says of what the sender lies

static void
s_lie (forger_t *self, message_t *message)
{
    uint64_t *const numbers [] = {&message->sent, &message->taken,
        &message->previous, &message->last, &message->tail, &message->got,
        &message->count, &message->root, NULL, &message->floor,
        &message->clock_ms, &message->ttl, &message->loaded, &message->nobody};
    static const char *const sources [] = {
        "Ball", "Alford", "Hamilton", "Holiday", "x=y", "\x01"};
    uint32_t mask = forger_byte (self);
    mask = mask << 8 | forger_byte (self);
    for (size_t index = 0; index < COUNT (numbers); index++)
        if (numbers [index] && mask >> index & 1)
            *numbers [index] = s_number (self, *numbers [index]);
    if (mask >> 14 & 1)
        message->source =
            span_of (sources [forger_byte (self) % COUNT (sources)]);
    if (mask >> 15 & 1)
        switch (forger_byte (self) % 4) {
        case 0:
            message->herd = s_number (self, message->herd);
            break;
        case 1:
            message->sender =
                span_of (sources [forger_byte (self) % COUNT (sources)]);
            break;
        case 2:
            message->incarnation = s_number (self, message->incarnation);
            break;
        default:
            message->receiver = s_number (self, message->receiver);
        }
}


//  Other words in the head, other bytes anywhere

static void
s_mutate (forger_t *self, uint8_t how)
{
    if (how & 1) {
        self->written -= self->written > 0;
        s_put (self, " ", 1);
        s_put_raw (self, forger_byte (self) % 64);
        s_put (self, "\n", 1);
    }
    for (int count = how >> 1 & 3; count && self->written; count--) {
        size_t at = forger_byte (self);
        at = (at << 8 | forger_byte (self)) % self->written;
        self->text [at] = (char) (self->text [at] ^ forger_byte (self));
    }
}


span_t
forger_message (forger_t *self, message_t *message)
{
    uint8_t how = forger_byte (self);
    message->flags = how & 8 ? forger_byte (self) & 127 : message->flags;
    s_lie (self, message);
    self->written = message_print (message, self->text);
    s_mutate (self, how & 1);
    if (how & 64)
        s_put_raw (self, forger_byte (self));
    else
        s_put_body (self, message->kind);
    s_mutate (self, how & 6);
    return (span_t){self->text, self->written};
}


span_t
forger_command (forger_t *self)
{
    uint8_t how = forger_byte (self);
    self->written = 0;
    s_print (self, how & 1 ? "WHATSAT " : "IAMAT ");
    s_put_word (self, CLIENT, how & 2);
    s_put (self, " ", 1);
    if (how & 1)
        s_print (
            self, "%u %u", forger_byte (self) % 60, forger_byte (self) % 30);
    else {
        s_put_word (self, PLACE, how & 4);
        s_put (self, " ", 1);
        s_put_word (self, STAMP, how & 8);
    }
    if (how & 16)
        s_put_raw (self, forger_byte (self));
    return (span_t){self->text, self->written};
}


span_t
forger_raw (forger_t *self)
{
    self->written = 0;
    s_put_raw (self, forger_byte (self));
    return (span_t){self->text, self->written};
}
