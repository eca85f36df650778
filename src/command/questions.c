/*  =========================================================================
    questions - what clients ask while we may know less than others
    =========================================================================
*/

#include "command/questions.h"

#include "base/buffer.h"

#include <assert.h>
#include <stdlib.h>

struct questions_t {
    question_t *questions;
    size_t count;
    size_t room;
};


questions_t *
questions_new (void)
{
    questions_t *self = calloc (1, sizeof (questions_t));
    assert (self);
    return self;
}


void
questions_destroy (questions_t **self_p)
{
    questions_t *self = *self_p;
    if (self) {
        free (self->questions);
        free (self);
        *self_p = NULL;
    }
}


void
questions_add (questions_t *self, const question_t *question)
{
    self->questions = buffer_grow (
        self->questions, &self->room, self->count + 1, sizeof (question_t));
    self->questions [self->count++] = *question;
}


size_t
questions_count (const questions_t *self)
{
    return self->count;
}


question_t
questions_at (const questions_t *self, size_t index)
{
    assert (index < self->count);
    return self->questions [index];
}


void
questions_drop (questions_t *self, size_t index)
{
    assert (index < self->count);
    self->questions [index] = self->questions [--self->count];
    if (self->count == 0) {
        free (self->questions);
        self->questions = NULL;
        self->room = 0;
    }
}
