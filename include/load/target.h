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
    char name [128];  //  host:port, to be shown, and told over HTTP
    struct sockaddr_storage address;
    socklen_t address_size;
} target_t;

//  Read a port of this machine, "host:port" or "[IPv6 address]:port", and look
//  the host up.  If its name has several addresses, each is called, and the
//  first that can be connected to is the target's; else the first of all.
//  Returns false, having said why, if there is no such target.
bool
target_parse (target_t *self, const char *text);

//  Connect, within ten seconds.  Returns a blocking socket, to be closed by
//  the caller, or -1 with errno set.
//
//  To a loopback address, it comes from 127.0.0.1, or from the one of the next
//  249 addresses that source, counted round, says: each has its own 28,000
//  ports, which rest for a minute after use, and are looked for one by one.
int
target_connect (const target_t *self, uint64_t source);

//  Begin to connect: the same, but returns a non-blocking socket, on which the
//  first read or write will tell how that went.
int
target_begin (const target_t *self, uint64_t source);

#endif
