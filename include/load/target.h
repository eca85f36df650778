/*  =========================================================================
    target - a server to be loaded or asked
    =========================================================================
*/

#ifndef LOAD_TARGET_H
#define LOAD_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

//  Part of the owner's structure, without anything to free.
typedef struct {
    char name [128];  //  host:port, to be shown
    struct sockaddr_storage address;
    socklen_t address_size;
} target_t;

//  Read "host:port", or a port of this machine, and look the host up.
//  Returns false, having said why, if there is no such target.
bool
target_parse (target_t *self, const char *text);

//  Connect, within ten seconds.  Returns a blocking socket, to be closed by
//  the caller, or -1 with errno set.
int
target_connect (const target_t *self);

//  Begin to connect: returns a non-blocking socket, to be closed by the
//  caller, on which the first read or write will tell how that went; or -1
//  with errno set.  On this machine's own addresses, it comes from one of
//  the 250 addresses from 127.0.0.1 on that turn chooses: each has its own
//  thirty thousand ports, which are closed for a minute after each use.
int
target_begin (const target_t *self, uint64_t turn);

#endif
