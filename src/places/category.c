/*  =========================================================================
    category - what Overture calls a place, as a tag of OpenStreetMap
    =========================================================================
*/

#include "places/category.h"
#include "places/ends.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RULES_MAX 1024

typedef struct {
    span_t end;
    span_t tag;
} rule_t;

//  In the order of the ends; none before the first question
static rule_t s_rules [RULES_MAX];
static size_t s_size;


static int
s_compare (const void *one_p, const void *other_p)
{
    const rule_t *one = one_p;
    const rule_t *other = other_p;
    return span_compare (one->end, other->end);
}


static void
s_make_rules (void)
{
    size_t count;
    const ends_t *table = ends_table (&count);
    for (size_t index = 0; index < count; index++) {
        span_t rest = span_of (table [index].ends);
        while (rest.size) {
            assert (s_size < RULES_MAX);
            s_rules [s_size].end = span_until (&rest, ' ');
            s_rules [s_size++].tag = span_of (table [index].tag);
        }
    }
    qsort (s_rules, s_size, sizeof (rule_t), s_compare);
}


//  Overture has some words in the plural, some in either number

static const rule_t *
s_find_end (span_t end)
{
    rule_t wanted = {.end = end};
    const rule_t *rule =
        bsearch (&wanted, s_rules, s_size, sizeof (rule_t), s_compare);
    if (!rule && end.size && end.data [end.size - 1] == 's') {
        wanted.end.size--;
        rule = bsearch (&wanted, s_rules, s_size, sizeof (rule_t), s_compare);
    }
    return rule;
}


//  Find a rule for parts of words, which come first in the order

static const rule_t *
s_find_part (span_t category)
{
    for (const rule_t *rule = s_rules; *rule->end.data == '-'; rule++) {
        span_t end = {rule->end.data + 1, rule->end.size - 1};
        if (category.size >= end.size &&
            memcmp (category.data + category.size - end.size, end.data,
                end.size) == 0)
            return rule;
    }
    return NULL;
}


bool
category_tag (span_t category, span_t *tag)
{
    if (!s_size)
        s_make_rules ();
    const rule_t *rule = s_find_end (category);
    for (span_t rest = category; !rule && rest.size;) {
        span_until (&rest, '_');
        rule = s_find_end (rest);
    }
    if (!rule)
        rule = s_find_part (category);
    if (!rule && category.size && category.data [category.size - 1] == 's')
        rule = s_find_part ((span_t){category.data, category.size - 1});
    if (rule)
        *tag = rule->tag;
    return rule != NULL;
}
