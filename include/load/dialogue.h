/*  =========================================================================
    dialogue - questions and answers, one at a time

    A blocking connection on which a reply is waited for ten seconds at most.
    =========================================================================
*/

#ifndef LOAD_DIALOGUE_H
#define LOAD_DIALOGUE_H

#include "load/reply.h"
#include "load/target.h"

//  Part of the owner's structure.
typedef struct {
    int fd;                  //  Owned; -1 = none
    const target_t *target;  //  Borrowed
    char input [16384];
    span_t bytes;  //  Of the input, not looked at yet
} dialogue_t;

//  Connect to the target.  Returns false, having said why, if that failed.
bool
dialogue_open (dialogue_t *self, const target_t *target);

//  Close the connection.
void
dialogue_close (dialogue_t *self);

//  Send the line, LF included.  Returns false, having said why, if the
//  connection failed.
bool
dialogue_say (dialogue_t *self, const char *line);

//  Wait for a reply of that form: is it a good one?  REPLY_MORE, having said
//  why, if none came.
reply_result_t
dialogue_hear (dialogue_t *self, reply_form_t form);

#endif
