/*  =========================================================================
    audit - finding what two tables do not share, and mending it
    =========================================================================
*/

#include "core/audit.h"

#include "core/code.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  The upper bits of a sum or check travel; they tell as much
#define CODE_SIZE CODE_SIZE_48
#define CODE_BITS 48

//  A leaf has a dozen records; more than this in a line is no leaf of ours
#define LEAF_RECORDS_MAX 4096

//  The longest line: a prefix, a blank, so many codes and LF
#define LINE_SIZE_MAX(codes) (16 + 1 + (codes) *CODE_SIZE + 1)

//  What is still to be said, one line or a part of it
typedef struct {
    uint64_t prefix;
    uint64_t check;  //  Of a record; 0 for NODE and LEAF
    unsigned level;  //  Digits of the prefix
} item_t;

typedef struct {
    item_t *items;
    size_t first;
    size_t end;
    size_t room;
} queue_t;

//  In the order they are sent.  A PUT goes before the WANTs that were found
//  with it: so what it makes obsolete over there is no longer found
static const message_kind_t s_kinds [] = {
    MESSAGE_PUT, MESSAGE_WANT, MESSAGE_LEAF, MESSAGE_NODE};
static const size_t s_line_size_max [] = {LOCATION_LINE_SIZE_MAX + 1,
    LINE_SIZE_MAX (LEAF_RECORDS_MAX), LINE_SIZE_MAX (LEAF_RECORDS_MAX),
    LINE_SIZE_MAX (DIGEST_FANOUT)};

#define KINDS (sizeof (s_kinds) / sizeof (s_kinds [0]))

struct audit_t {
    atlas_t *atlas;
    queue_t queues [KINDS];
};


audit_t *
audit_new (atlas_t *atlas)
{
    audit_t *self = calloc (1, sizeof (audit_t));
    assert (self);
    self->atlas = atlas;
    return self;
}


void
audit_clear (audit_t *self)
{
    for (size_t index = 0; index < KINDS; index++) {
        free (self->queues [index].items);
        self->queues [index] = (queue_t){.items = NULL};
    }
}


void
audit_destroy (audit_t **self_p)
{
    if (*self_p) {
        audit_clear (*self_p);
        free (*self_p);
        *self_p = NULL;
    }
}


static void
s_push (audit_t *self, message_kind_t kind, item_t item)
{
    size_t index = 0;
    while (s_kinds [index] != kind)
        index++;
    queue_t *queue = &self->queues [index];
    if (queue->end == queue->room) {
        if (queue->room >= AUDIT_WAITING_MAX)
            return;
        queue->room = queue->room ? queue->room * 2 : 64;
        queue->items = realloc (queue->items, queue->room * sizeof (item_t));
        assert (queue->items);
    }
    queue->items [queue->end++] = item;
}


void
audit_begin (audit_t *self)
{
    s_push (self, MESSAGE_NODE, (item_t){.level = 0});
}


static uint64_t
s_code (uint64_t sum)
{
    return sum >> (64 - CODE_BITS);
}


static char *
s_put_code (char *to, uint64_t code)
{
    return code_print (to, code, CODE_SIZE);
}


//  Cut a code off the front of the text

static bool
s_get_code (span_t *text, uint64_t *code)
{
    if (text->size < CODE_SIZE ||
        !code_parse ((span_t){text->data, CODE_SIZE}, CODE_SIZE, code))
        return false;
    text->data += CODE_SIZE;
    text->size -= CODE_SIZE;
    return true;
}


static char *
s_put_prefix (char *to, const item_t *item)
{
    static const char digits [] = "0123456789abcdef";
    if (item->level == 0)
        *to++ = '-';
    for (unsigned level = item->level; level; level--)
        *to++ = digits [item->prefix >> 4 * (level - 1) & 15];
    *to++ = ' ';
    return to;
}


static bool
s_get_prefix (span_t *line, item_t *item)
{
    char padded [16];
    span_t prefix = span_until (line, ' ');
    *item = (item_t){.level = (unsigned) prefix.size};
    if (span_equal (prefix, span_of ("-")))
        item->level = 0;
    else {
        if (prefix.size == 0 || prefix.size > sizeof (padded))
            return false;
        memset (padded, '0', sizeof (padded));
        memcpy (
            padded + sizeof (padded) - prefix.size, prefix.data, prefix.size);
        if (!span_hex ((span_t){padded, sizeof (padded)}, &item->prefix))
            return false;
    }
    return line->size % CODE_SIZE == 0;
}


//  The neighbour's sums below a prefix: answer where ours are others

static bool
s_receive_node (audit_t *self, const item_t *item, span_t sums, unsigned depth)
{
    if (item->level >= depth || sums.size != (size_t) DIGEST_FANOUT * CODE_SIZE)
        return false;
    const digest_t *digest = atlas_digest (self->atlas);
    item_t child = {.level = item->level + 1};
    for (uint64_t index = 0; index < DIGEST_FANOUT; index++) {
        uint64_t theirs;
        if (!s_get_code (&sums, &theirs))
            return false;
        child.prefix = item->prefix << 4 | index;
        if (theirs != s_code (digest_sum (digest, child.level, child.prefix)))
            s_push (self, child.level == depth ? MESSAGE_LEAF : MESSAGE_NODE,
                child);
    }
    return true;
}


static bool
s_contains (const uint64_t *codes, size_t count, uint64_t code)
{
    while (count && codes [count - 1] != code)
        count--;
    return count > 0;
}


//  All that the neighbour has in a leaf: give what it lacks, want what we do

static bool
s_receive_leaf (
    audit_t *self, const item_t *item, span_t checks, unsigned depth)
{
    uint64_t theirs [LEAF_RECORDS_MAX];
    uint64_t mine [LEAF_RECORDS_MAX];
    size_t theirs_count = checks.size / CODE_SIZE;
    size_t mine_count = 0;
    if (item->level != depth || theirs_count > LEAF_RECORDS_MAX)
        return false;
    for (size_t index = 0; index < theirs_count; index++)
        if (!s_get_code (&checks, &theirs [index]))
            return false;

    item_t found = *item;
    atlas_walk_t leaf = {.level = item->level, .prefix = item->prefix};
    while (atlas_next (self->atlas, &leaf) && mine_count < LEAF_RECORDS_MAX) {
        found.check = mine [mine_count++] = s_code (leaf.check);
        if (!s_contains (theirs, theirs_count, found.check))
            s_push (self, MESSAGE_PUT, found);
    }
    for (size_t index = 0; index < theirs_count; index++) {
        found.check = theirs [index];
        if (!s_contains (mine, mine_count, found.check))
            s_push (self, MESSAGE_WANT, found);
    }
    return true;
}


static bool
s_receive_want (
    audit_t *self, const item_t *item, span_t checks, unsigned depth)
{
    item_t wanted = *item;
    if (item->level != depth)
        return false;
    while (s_get_code (&checks, &wanted.check))
        s_push (self, MESSAGE_PUT, wanted);
    return checks.size == 0;
}


size_t
audit_receive (audit_t *self, message_kind_t kind, span_t body, unsigned depth)
{
    size_t senseless = 0;
    while (body.size) {
        item_t item;
        span_t line = span_until (&body, '\n');
        bool good = s_get_prefix (&line, &item);
        if (good && kind == MESSAGE_NODE)
            good = s_receive_node (self, &item, line, depth);
        else if (good && kind == MESSAGE_LEAF)
            good = s_receive_leaf (self, &item, line, depth);
        else if (good)
            good = s_receive_want (self, &item, line, depth);
        senseless += !good;
    }
    return senseless;
}


static char *
s_put_node (const audit_t *self, const item_t *item, char *to)
{
    const digest_t *digest = atlas_digest (self->atlas);
    to = s_put_prefix (to, item);
    for (uint64_t index = 0; index < DIGEST_FANOUT; index++)
        to = s_put_code (to, s_code (digest_sum (digest, item->level + 1,
                                 item->prefix << 4 | index)));
    return to;
}


static char *
s_put_leaf (const audit_t *self, const item_t *item, char *to)
{
    atlas_walk_t leaf = {.level = item->level, .prefix = item->prefix};
    to = s_put_prefix (to, item);
    for (size_t count = 0;
         count < LEAF_RECORDS_MAX && atlas_next (self->atlas, &leaf); count++)
        to = s_put_code (to, s_code (leaf.check));
    return to;
}


//  The record may be gone meanwhile: then there is nothing to put

static char *
s_put_record (const audit_t *self, const item_t *item, char *to)
{
    atlas_walk_t leaf = {.level = item->level, .prefix = item->prefix};
    while (atlas_next (self->atlas, &leaf))
        if (s_code (leaf.check) == item->check) {
            memcpy (to, leaf.line.data, leaf.line.size);
            return to + leaf.line.size;
        }
    return to;
}


//  WANTs of one leaf share a line

static char *
s_put_wants (queue_t *queue, const item_t *item, char *to)
{
    to = s_put_code (s_put_prefix (to, item), item->check);
    for (size_t count = 1;
         count < LEAF_RECORDS_MAX && queue->first < queue->end; count++) {
        const item_t *more = &queue->items [queue->first];
        if (more->level != item->level || more->prefix != item->prefix)
            break;
        to = s_put_code (to, more->check);
        queue->first++;
    }
    return to;
}


//  Write lines of the queue while the longest fits into the body

static size_t
s_put_lines (audit_t *self, size_t index, char *buffer)
{
    queue_t *queue = &self->queues [index];
    message_kind_t kind = s_kinds [index];
    const char *full = buffer + MESSAGE_BODY_SIZE_MAX - s_line_size_max [index];
    char *to = buffer;
    while (queue->first < queue->end && to <= full) {
        item_t item = queue->items [queue->first++];
        char *start = to;
        if (kind == MESSAGE_PUT)
            to = s_put_record (self, &item, to);
        else if (kind == MESSAGE_WANT)
            to = s_put_wants (queue, &item, to);
        else if (kind == MESSAGE_LEAF)
            to = s_put_leaf (self, &item, to);
        else
            to = s_put_node (self, &item, to);
        if (to > start)
            *to++ = '\n';
    }
    if (queue->first == queue->end) {
        free (queue->items);
        *queue = (queue_t){.items = NULL};
    }
    return (size_t) (to - buffer);
}


size_t
audit_next (audit_t *self, message_kind_t *kind, char *buffer)
{
    for (size_t index = 0; index < KINDS; index++) {
        size_t size = s_put_lines (self, index, buffer);
        if (size) {
            *kind = s_kinds [index];
            return size;
        }
    }
    return 0;
}


bool
audit_has_next (const audit_t *self)
{
    for (size_t index = 0; index < KINDS; index++)
        if (self->queues [index].first < self->queues [index].end)
            return true;
    return false;
}
