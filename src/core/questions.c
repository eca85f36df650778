/*  =========================================================================
    questions - what clients ask while we may know less than others
    =========================================================================
*/

#include "core/questions.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 16

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


static void
s_free_line (question_t *question)
{
    //  It was allocated by us
    free ((void *) (uintptr_t) question->line.data);
}


void
questions_destroy (questions_t **self_p)
{
    questions_t *self = *self_p;
    if (self) {
        for (size_t index = 0; index < self->count; index++)
            s_free_line (&self->questions [index]);
        free (self->questions);
        free (self);
        *self_p = NULL;
    }
}


void
questions_add (questions_t *self, const question_t *question)
{
    if (self->count == self->room) {
        self->room = self->room ? self->room * 2 : ROOM_LEAST;
        self->questions =
            realloc (self->questions, self->room * sizeof (question_t));
        assert (self->questions);
    }
    question_t *own = &self->questions [self->count++];
    *own = *question;
    char *line = malloc (question->line.size + 1);
    assert (line);
    memcpy (line, question->line.data, question->line.size);
    own->line.data = line;
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
    s_free_line (&self->questions [index]);
    self->questions [index] = self->questions [--self->count];
    if (self->count == 0) {
        free (self->questions);
        self->questions = NULL;
        self->room = 0;
    }
}
