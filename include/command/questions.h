/*  =========================================================================
    questions - what clients ask while we may know less than others

    A server that loads does not say that nobody knows a client: a question
    about one it does not know waits until peers bring that client, loading is
    over, or time is up.  Who waits is asked nothing more meanwhile, so there is
    one question a connection at most.
    =========================================================================
*/

#ifndef COMMAND_QUESTIONS_H
#define COMMAND_QUESTIONS_H

#include "base/address.h"
#include <stddef.h>
#include <stdint.h>

typedef struct questions_t questions_t;

typedef struct {
    uint64_t connection;  //  Who asks: number of its connection
    uint64_t request;     //  Under which its reply waits
    address_t address;    //  That it is from
    int64_t asked_ms;     //  When
} question_t;

//  Make an empty list.  Never returns NULL.
questions_t *
questions_new (void);

//  Free the list and set *self_p to NULL.
void
questions_destroy (questions_t **self_p);

//  Let a question wait.  Copies it.
void
questions_add (questions_t *self, const question_t *question);

//  Return the number of questions that wait.
size_t
questions_count (const questions_t *self);

//  Return the question at the index, from 0; good until the list changes.
question_t
questions_at (const questions_t *self, size_t index);

//  The question at the index waits no more.  The last takes its place.
void
questions_drop (questions_t *self, size_t index);

#endif
