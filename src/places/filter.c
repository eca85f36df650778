/*  =========================================================================
    filter - what a query wants of a place beside where it is
    =========================================================================
*/

#include "places/filter.h"

#include <czmq.h>

//  A list of types
typedef struct {
    bool is_wanted;                 //  It has the type, if there is one
    bool words [FILTER_WORDS_MAX];  //  It has these words
} types_t;

struct filter_t {
    const image_t *image;
    span_t words [FILTER_WORDS_MAX];  //  Of the keyword
    fold_mark_t marks [FILTER_WORDS_MAX];
    size_t word_count;
    span_t name;
    fold_mark_t name_mark;
    types_t *types;  //  By the lists' numbers; NULL if all is wanted
};


static bool
s_has_type (span_t types, const char *type)
{
    while (types.size)
        if (span_equal (span_until (&types, ','), span_of (type)))
            return true;
    return false;
}


static void
s_read_types (filter_t *self, const char *type)
{
    size_t count = image_kinds (self->image);
    self->types = zmalloc (count * sizeof (types_t));
    for (size_t kind = 0; kind < count; kind++) {
        span_t types = image_types (self->image, kind);
        self->types [kind].is_wanted = !type || s_has_type (types, type);
        for (size_t word = 0; word < self->word_count; word++)
            self->types [kind].words [word] =
                fold_has (types, self->words [word]);
    }
}


filter_t *
filter_new (const image_t *image, filter_texts_t texts)
{
    filter_t *self = zmalloc (sizeof (filter_t));
    span_t rest = span_of (texts.keyword ? texts.keyword : "");
    span_t word;
    self->image = image;
    while (self->word_count < FILTER_WORDS_MAX &&
           (word = span_field (&rest)).size) {
        self->marks [self->word_count] = fold_mark_of (word, (span_t){0});
        self->words [self->word_count++] = word;
    }
    self->name = span_of (texts.name ? texts.name : "");
    self->name_mark = fold_mark_of (self->name, (span_t){0});
    if (texts.type || self->word_count || self->name.size)
        s_read_types (self, texts.type);
    return self;
}


void
filter_destroy (filter_t **self_p)
{
    filter_t *self = *self_p;
    if (self) {
        free (self->types);
        free (self);
        *self_p = NULL;
    }
}


//  Whether the marks allow it: then it must be looked at

static bool
s_may_pass (
    const filter_t *self, const image_entry_t *entry, const types_t *types)
{
    for (size_t word = 0; word < self->word_count; word++)
        if (!types->words [word] &&
            !fold_mark_has (entry->mark, self->marks [word]))
            return false;
    return fold_mark_has (entry->mark, self->name_mark);
}


bool
filter_passes (const filter_t *self, const image_entry_t *entry)
{
    if (!self->types)
        return true;
    const types_t *types = &self->types [image_kind (self->image, entry)];
    if (!types->is_wanted || !s_may_pass (self, entry, types))
        return false;
    if (!self->word_count && !self->name.size)
        return true;
    place_t place = image_place (self->image, entry);
    for (size_t word = 0; word < self->word_count; word++)
        if (!types->words [word] &&
            !fold_has (place.name, self->words [word]) &&
            !fold_has (place.vicinity, self->words [word]))
            return false;
    return fold_has (place.name, self->name);
}
