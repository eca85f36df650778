/*  =========================================================================
    swar - eight bytes of text at a time

    SWAR, SIMD within a register: text is looked through for a byte of some
    kind.  Eight bytes are one number, the first of them its lowest; what is
    found is told by a byte's top bit.  Only the lowest bit set is to be
    trusted: beyond, carries may have set others.
    =========================================================================
*/

#ifndef BASE_SWAR_H
#define BASE_SWAR_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

//  The same byte eight times.
#define SWAR(byte) (UINT64_C (0x0101010101010101) * (byte))

//  Return eight bytes of text, which there must be.
static inline uint64_t
swar_read (const char *text)
{
    uint64_t bytes;
    memcpy (&bytes, text, 8);
    return le64toh (bytes);
}

//  Mark bytes less than the limit, which is 128 at most.
static inline uint64_t
swar_less (uint64_t bytes, unsigned char limit)
{
    return (bytes - SWAR (limit)) & ~bytes & SWAR (0x80);
}

//  The same, and all marks are to be trusted.
static inline uint64_t
swar_all_less (uint64_t bytes, unsigned char limit)
{
    uint64_t not = (bytes & SWAR (0x7F)) + SWAR (0x80 - limit);
    return ~(not | bytes) & SWAR (0x80);
}

//  Mark bytes beyond ASCII.
static inline uint64_t
swar_high (uint64_t bytes)
{
    return bytes & SWAR (0x80);
}

//  Return which byte has the lowest bit set, 0 to 7; 8 if none is.
static inline size_t
swar_first (uint64_t marks)
{
    return marks ? (unsigned) __builtin_ctzll (marks) / 8 : 8;
}

#endif
