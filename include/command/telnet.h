/*  =========================================================================
    telnet - the commands that a telnet client sends before its user types

    PuTTY and others negotiate as soon as they are connected.  Whole commands
    at the start of a connection are passed over, without an answer: a client
    that is offered nothing stays as plain as it is.  The commands are IAC NOP,
    IAC WILL, WONT, DO or DONT and an option, and IAC SB to IAC SE, in which a
    255 is doubled (RFC 854, RFC 855).  With the first other byte, and with a
    255 that begins none of these, the start is over for good.
    =========================================================================
*/

#ifndef COMMAND_TELNET_H
#define COMMAND_TELNET_H

#include "base/span.h"

//  A command has at most so many bytes; else it is none
#define TELNET_SIZE_MAX 1024

//  Part of the owner's structure; all zero is a connection's start.
typedef struct {
    char *held;   //  Start of a command whose rest has not come, or NULL
    size_t size;  //  Bytes held, below TELNET_SIZE_MAX
    bool over;    //  Whatever comes is no command any more
} telnet_t;

//  Cut the commands off the front of *bytes, which holds what was read; none
//  means that nothing more will come.  Returns true when the start is over:
//  *bytes is then what to take, with what was held at its front, and is good
//  until telnet_clear.  Returns false if there may be more commands: all of
//  *bytes is taken.
bool
telnet_pass (telnet_t *self, span_t *bytes);

//  Free what is held.
void
telnet_clear (telnet_t *self);

#endif
