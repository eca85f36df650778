/*  =========================================================================
    audit - finding what two tables do not share, and mending it
    =========================================================================
*/

#include "audit/audit.h"

#include "audit/clue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  What a NODE made from the digest costs, in records looked at
#define NODE_LOOKS 8

//  The longest line, or all records of an ordinary leaf
#define LINE_SIZE_MAX CLUE_SIZE_MAX (CLUE_CODES_MAX)

//  Nothing is answered while so many words are to be said first: a body's
#define LATER_MAX (MESSAGE_BODY_SIZE_MAX / BASE64NUM_SIZE_48)

struct audit_t {
    table_t *table;
    clues_t heard;          //  The peer's, to be answered
    clues_t later;          //  Ours, to be said when there are no other answers
    clue_t clue;            //  The peer's that is being answered;
                            //  MESSAGE_BAD if there is none
    message_kind_t answer;  //  What that is answered with
    unsigned differing;     //  Children of a NODE that still are to be answered
    bool compared;          //  That is known
    table_walk_t walk;      //  Through records below its prefix, or a child's
    clue_t mine;            //  What is found there
    size_t found;           //  How many, which may be more than a clue holds
    size_t looked;          //  Among how many that were looked at
    bool left_out;          //  Something, since the audit began
    uint64_t sums [CLUE_SUMS];
};

//  A message that is being written, and what it cost so far
typedef struct {
    message_kind_t kind;
    char *buffer;
    size_t size;
    size_t looks;
} saying_t;


audit_t *
audit_new (table_t *table)
{
    audit_t *self = calloc (1, sizeof (audit_t));
    assert (self);
    self->table = table;
    return self;
}


void
audit_clear (audit_t *self)
{
    clues_clear (&self->heard);
    clues_clear (&self->later);
    self->clue.kind = MESSAGE_BAD;
    self->left_out = false;
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


//  Get the sums below a prefix from the digest, which must be deeper

static void
s_sum_up (const audit_t *self, unsigned level, uint64_t prefix, uint64_t *sums)
{
    const digest_t *digest = table_digest (self->table);
    for (uint64_t digit = 0; digit < CLUE_SUMS; digit++)
        sums [digit] = digest_sum (digest, level + 1, prefix << 4 | digit);
}


void
audit_begin (audit_t *self)
{
    clue_t root;
    uint64_t sums [CLUE_SUMS];
    s_sum_up (self, 0, 0, sums);
    clue_make_node (&root, 0, 0, sums);
    self->left_out = !clues_put (&self->later, &root, LATER_MAX);
}


size_t
audit_receive (audit_t *self, message_kind_t kind, span_t body)
{
    size_t senseless = 0;
    bool fits = true;
    while (body.size && fits) {
        clue_t clue;
        if (!clue_parse (&clue, kind, span_until (&body, '\n'))) {
            senseless++;
            continue;
        }
        //  The peer begins at the root
        if (clue.level == 0)
            self->left_out = false;
        fits = clues_put (&self->heard, &clue, AUDIT_WAITING_MAX);
        self->left_out |= !fits;
    }
    return senseless;
}


//  Begin to look at the records below a prefix

static void
s_look_below (audit_t *self, unsigned level, uint64_t prefix)
{
    self->walk = (table_walk_t){.level = level, .prefix = prefix};
    self->mine.level = level;
    self->mine.prefix = prefix;
    self->mine.count = self->found = self->looked = 0;
    for (size_t digit = 0; digit < CLUE_SUMS; digit++)
        self->sums [digit] = 0;
}


//  Go on with the next child that differs; without one the clue is answered

static void
s_next_child (audit_t *self)
{
    if (self->differing == 0) {
        self->clue.kind = MESSAGE_BAD;
        return;
    }
    uint64_t digit = (uint64_t) __builtin_ctz (self->differing);
    self->differing &= self->differing - 1;
    s_look_below (self, self->clue.level + 1, self->clue.prefix << 4 | digit);
}


//  The sums that we have below the NODE are these

static void
s_compare_sums (audit_t *self, const uint64_t *sums)
{
    self->compared = true;
    self->differing = 0;
    for (size_t digit = 0; digit < CLUE_SUMS; digit++)
        if (self->clue.codes [digit] != clue_code (sums [digit]))
            self->differing |= 1u << digit;
    s_next_child (self);
}


//  Take up the next clue.  Returns false if there is none

static bool
s_begin_answer (audit_t *self, saying_t *saying)
{
    if (clues_kind (&self->heard) == MESSAGE_BAD)
        return false;
    clue_t *clue = &self->clue;
    clues_take (&self->heard, clue);
    unsigned depth = digest_depth (table_digest (self->table));
    bool node = clue->kind == MESSAGE_NODE;
    self->answer = !node                     ? MESSAGE_PUT
                   : clue->level + 1 < depth ? MESSAGE_NODE
                                             : MESSAGE_LEAF;
    saying->looks += node ? NODE_LOOKS : 1 + clue->count;
    self->compared = false;
    if (node && clue->level < depth) {
        uint64_t sums [CLUE_SUMS];
        s_sum_up (self, clue->level, clue->prefix, sums);
        s_compare_sums (self, sums);
        return true;
    }
    if (!node)
        clue_sort (clue);
    s_look_below (self, clue->level, clue->prefix);
    return true;
}


static void
s_say_clue (saying_t *saying, const clue_t *clue)
{
    saying->size += clue_print (clue, saying->buffer + saying->size);
}


static void
s_put_off (audit_t *self, const clue_t *clue)
{
    self->left_out |= !clues_put (&self->later, clue, SIZE_MAX);
}


//  All records below the NODE were seen, or below one of its children: too many
//  for a LEAF are told as a NODE

static void
s_seen_node (audit_t *self, saying_t *saying)
{
    clue_t *mine = &self->mine;
    if (!self->compared) {
        s_compare_sums (self, self->sums);
        return;
    }
    mine->kind = MESSAGE_LEAF;
    if (self->found <= CLUE_CODES_MAX || mine->level == CLUE_LEVEL_MAX)
        s_say_clue (saying, mine);
    else {
        clue_make_node (mine, mine->level, mine->prefix, self->sums);
        s_put_off (self, mine);
    }
    s_next_child (self);
}


//  All records of the LEAF were seen: what it has beside them is wanted.  That
//  goes behind what is put: so what that makes obsolete over there is no longer
//  found

static void
s_seen_leaf (audit_t *self)
{
    clue_t *clue = &self->clue;
    clue->kind = MESSAGE_WANT;
    clue_keep_unmet (clue);
    if (clue->count)
        s_put_off (self, clue);
    clue->kind = MESSAGE_BAD;
}


static void
s_found_below_node (audit_t *self)
{
    const table_walk_t *walk = &self->walk;
    clue_t *mine = &self->mine;
    if (mine->level < CLUE_LEVEL_MAX)
        self->sums [walk->hash >> (60 - 4 * mine->level) & 15] += walk->check;
    if (mine->count < CLUE_CODES_MAX)
        mine->codes [mine->count++] = clue_code (walk->check);
    self->found++;
}


//  Put a record that the LEAF lacks, or the WANT names

static void
s_found_in_leaf (audit_t *self, saying_t *saying)
{
    span_t line = self->walk.line;
    clue_t *clue = &self->clue;
    bool met = clue_meet (clue, clue_code (self->walk.check));
    if (met == (clue->kind == MESSAGE_WANT)) {
        char *to = saying->buffer + saying->size;
        *(char *) mempcpy (to, line.data, line.size) = '\n';
        saying->size += line.size + 1;
    }
}


//  Look at one record

static void
s_look_at_record (audit_t *self, saying_t *saying)
{
    bool node = self->clue.kind == MESSAGE_NODE;
    saying->looks++;
    self->looked++;
    if (table_step (self->table, &self->walk)) {
        if (self->walk.line.size && node)
            s_found_below_node (self);
        else if (self->walk.line.size)
            s_found_in_leaf (self, saying);
    }
    else if (node)
        s_seen_node (self, saying);
    else if (self->clue.kind == MESSAGE_LEAF)
        s_seen_leaf (self);
    else
        self->clue.kind = MESSAGE_BAD;
}


//  Say the NODE of a child that is in the digest

static void
s_say_node (audit_t *self, saying_t *saying)
{
    clue_t *mine = &self->mine;
    s_sum_up (self, mine->level, mine->prefix, self->sums);
    clue_make_node (mine, mine->level, mine->prefix, self->sums);
    s_say_clue (saying, mine);
    saying->looks += NODE_LOOKS;
    s_next_child (self);
}


static bool
s_fits (const saying_t *saying, message_kind_t kind, size_t line_size)
{
    return saying->size == 0 ||
           (saying->kind == kind &&
               saying->size + line_size <= MESSAGE_BODY_SIZE_MAX);
}


//  A leaf that is begun is gone through, unless it is a huge one: what moves in
//  the table until the next message would be overlooked

static bool
s_may_go_on (const audit_t *self, const saying_t *saying)
{
    bool begun = self->looked && self->looked < AUDIT_LOOKS_MAX;
    size_t line_size = LINE_SIZE_MAX;
    if (self->answer == MESSAGE_NODE)
        line_size = CLUE_SIZE_MAX (CLUE_SUMS);
    else if (self->answer == MESSAGE_PUT && self->looked)
        line_size = LOCATION_LINE_SIZE_MAX + 1;
    return (begun || saying->looks < AUDIT_LOOKS_MAX) &&
           s_fits (saying, self->answer, line_size);
}


//  Answer clues until the message is full, or enough was done

static void
s_answer (audit_t *self, saying_t *saying)
{
    while (clues_size (&self->later) < LATER_MAX) {
        if (self->clue.kind == MESSAGE_BAD) {
            if (saying->looks >= AUDIT_LOOKS_MAX ||
                !s_begin_answer (self, saying))
                return;
            continue;
        }
        if (!s_may_go_on (self, saying))
            return;
        saying->kind = self->answer;
        if (self->answer == MESSAGE_NODE)
            s_say_node (self, saying);
        else
            s_look_at_record (self, saying);
    }
}


static void
s_say_later (audit_t *self, saying_t *saying)
{
    clue_t clue;
    while (clues_kind (&self->later) != MESSAGE_BAD &&
           s_fits (saying, clues_kind (&self->later), LINE_SIZE_MAX)) {
        clues_take (&self->later, &clue);
        saying->kind = clue.kind;
        s_say_clue (saying, &clue);
    }
}


size_t
audit_next (audit_t *self, message_kind_t *kind, char *buffer)
{
    saying_t saying = {.buffer = buffer};
    s_answer (self, &saying);
    if (saying.size == 0)
        s_say_later (self, &saying);
    if (saying.size)
        *kind = saying.kind;
    return saying.size;
}


bool
audit_has_next (const audit_t *self)
{
    return self->clue.kind != MESSAGE_BAD || clues_size (&self->heard) ||
           clues_size (&self->later);
}


bool
audit_left_out (const audit_t *self)
{
    return self->left_out;
}
