/*  =========================================================================
    gateway - a server's joint to other regions, by NATS JetStream
    =========================================================================
*/

#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "io/abroad.h"

//  What the daemon is to have.
extern const abroad_t gateway_abroad;

//  To be called at the beginning of the program, before anything that may use
//  OpenSSL: it shall not clean up at exit, as libnats frees a part of it, too.
void
gateway_begin (void);

//  Free what libnats has for all: to be called at the end of the program.
void
gateway_end (void);

#endif
