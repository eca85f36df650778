/*  =========================================================================
    telnet - the commands that a telnet client sends before its user types
    =========================================================================
*/

#include "command/telnet.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  The bytes of RFC 854 that matter here
enum { SE = 240, NOP = 241, SB = 250, WILL = 251, DONT = 254, IAC = 255 };

//  A command's size while its end has not come
#define UNKNOWN SIZE_MAX


static unsigned char
s_byte (span_t bytes, size_t at)
{
    return (unsigned char) bytes.data [at];
}


//  From IAC SB to IAC SE

static size_t
s_subnegotiation_size (span_t bytes)
{
    size_t end = bytes.size < TELNET_SIZE_MAX ? bytes.size : TELNET_SIZE_MAX;
    for (size_t at = 2; at + 1 < end; at++) {
        if (s_byte (bytes, at) != IAC)
            continue;
        at++;
        if (s_byte (bytes, at) != IAC)
            return s_byte (bytes, at) == SE ? at + 1 : 0;
    }
    return bytes.size < TELNET_SIZE_MAX ? UNKNOWN : 0;
}


//  Return the size of the command that the bytes begin with, 0 if they begin
//  with none

static size_t
s_command_size (span_t bytes)
{
    if (s_byte (bytes, 0) != IAC)
        return 0;
    if (bytes.size == 1)
        return UNKNOWN;
    unsigned char command = s_byte (bytes, 1);
    if (command == NOP)
        return 2;
    if (command >= WILL && command <= DONT)
        return bytes.size > 2 ? 3 : UNKNOWN;
    return command == SB ? s_subnegotiation_size (bytes) : 0;
}


//  Return what is held and the bytes, in one piece, which is held then

static span_t
s_join (telnet_t *self, span_t bytes)
{
    self->held = realloc (self->held, self->size + bytes.size);
    assert (self->held);
    if (bytes.size)
        memcpy (self->held + self->size, bytes.data, bytes.size);
    self->size += bytes.size;
    return (span_t){self->held, self->size};
}


//  Hold these bytes, which may be some of those held, and no others

static void
s_hold (telnet_t *self, span_t bytes)
{
    char *held = NULL;
    assert (bytes.size < TELNET_SIZE_MAX);
    if (bytes.size) {
        held = malloc (bytes.size);
        assert (held);
        memcpy (held, bytes.data, bytes.size);
    }
    free (self->held);
    self->held = held;
    self->size = bytes.size;
}


bool
telnet_pass (telnet_t *self, span_t *bytes)
{
    if (self->over)
        return true;
    self->over = bytes->size == 0;
    if (self->size)
        *bytes = s_join (self, *bytes);
    while (!self->over && bytes->size) {
        size_t size = s_command_size (*bytes);
        if (size == UNKNOWN)
            break;
        self->over = size == 0;
        bytes->data += size;
        bytes->size -= size;
    }
    if (!self->over)
        s_hold (self, *bytes);
    return self->over;
}


void
telnet_clear (telnet_t *self)
{
    free (self->held);
    self->held = NULL;
    self->size = 0;
}
