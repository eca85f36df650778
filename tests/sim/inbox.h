/*  =========================================================================
    inbox - what waits until a paused host reads again
    =========================================================================
*/

#ifndef SIM_INBOX_H
#define SIM_INBOX_H

#include "sim/connection.h"

//  All zero is empty.
typedef struct {
    happening_t *waiting;
    size_t count;
} inbox_t;

//  Keep the happening.  Takes over its text.
void
inbox_keep (inbox_t *self, const happening_t *happening);

//  Plan all that was kept for now, before what arrives now: in order by
//  connection, the connections mixed by chance, as a socket reads from many in
//  turn.  The inbox is empty then.
void
inbox_open (inbox_t *self, const air_t *air);

//  Forget and free all that was kept.
void
inbox_clear (inbox_t *self);

#endif
