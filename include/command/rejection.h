/*  =========================================================================
    rejection - the reply to an invalid command

    "Servers should respond to invalid commands with a line that contains a
    question mark (?), a space, and then a copy of the invalid command."
    =========================================================================
*/

#ifndef COMMAND_REJECTION_H
#define COMMAND_REJECTION_H

#include "core/event.h"

//  Write the reply to a line, which comes without its LF, into the room of the
//  next effect.  A CR at its end is part of the line end, and is not copied.
//  Returns the reply, with its LF; good as effects_room says.
span_t
rejection_print (span_t line, effects_t *effects);

#endif
