/*  =========================================================================
    reset - a TCP connection that breaks on its way
    =========================================================================
*/

#ifndef WEATHER_RESET_H
#define WEATHER_RESET_H

#include <stdbool.h>
#include <stddef.h>

//  Bytes of a packet that breaks a connection.
#define RESET_SIZE 40

//  From an IPv4 packet that carries data of a TCP connection, make those that
//  break it: one for its receiver, one for its sender, each as if the other end
//  had said so.  Returns false, and makes nothing, if it is another packet.
bool
reset_write (const unsigned char *data, size_t size, unsigned char *there,
    unsigned char *back);

#endif
