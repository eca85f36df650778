/*  =========================================================================
    request - what the load generator says
    =========================================================================
*/

#include "load/request.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SECOND_NS 1000000000

//  Lines are copied whole; then the digits that differ are written over these
#define CLIENT "c0000000.cs.ucla.edu"
#define LATITUDE "34.000000"
#define LONGITUDE "-118.400000"
#define STAMP "0000000000.000000000"
#define IAMAT "IAMAT " CLIENT " +" LATITUDE LONGITUDE " " STAMP "\n"
#define WHATSAT "WHATSAT " CLIENT

#define GEOADD                                                                 \
    "*5\r\n$6\r\nGEOADD\r\n$7\r\nclients\r\n$11\r\n" LONGITUDE                 \
    "\r\n$9\r\n" LATITUDE "\r\n$20\r\n" CLIENT "\r\n"
#define PUBLISH "*3\r\n$7\r\nPUBLISH\r\n$9\r\nlocations\r\n$69\r\n"

//  Where the digits begin, in an IAMAT and in a GEOADD
#define OF_ID (sizeof ("IAMAT c") - 1)
#define OF_LATITUDE (sizeof ("IAMAT " CLIENT " +34.0") - 1)
#define OF_LONGITUDE (sizeof ("IAMAT " CLIENT " +" LATITUDE "-118.4") - 1)
#define OF_STAMP (sizeof ("IAMAT " CLIENT " +" LATITUDE LONGITUDE " ") - 1)
#define OF_REDIS_LONGITUDE                                                     \
    (sizeof ("*5\r\n$6\r\nGEOADD\r\n$7\r\nclients\r\n$11\r\n-118.4") - 1)
#define OF_REDIS_LATITUDE                                                      \
    (sizeof ("*5\r\n$6\r\nGEOADD\r\n$7\r\nclients\r\n$11\r\n" LONGITUDE        \
             "\r\n$9\r\n34.0") -                                               \
        1)
#define OF_REDIS_ID (sizeof (GEOADD) - 1 - (sizeof (CLIENT "\r\n") - 2))


static void
s_digits (char *to, unsigned count, uint32_t number)
{
    while (count) {
        to [--count] = (char) ('0' + number % 10);
        number /= 10;
    }
}


void
request_init (request_t *self, speech_t speech, int64_t now_ns)
{
    *self = (request_t){
        .speech = speech, .stamp = STAMP, .chance = (uint64_t) now_ns};
    request_clock (self, now_ns);
    request_ask (self, "10", 5);
}


void
request_clock (request_t *self, int64_t now_ns)
{
    if (now_ns <= self->stamp_ns)
        return;
    self->stamp_ns = now_ns;
    s_digits (self->stamp, 10, (uint32_t) (now_ns / SECOND_NS));
    s_digits (self->stamp + 11, 9, (uint32_t) (now_ns % SECOND_NS));
}


void
request_ask (request_t *self, const char *radius, unsigned bound)
{
    int size =
        snprintf (self->asked, sizeof (self->asked), " %s %u\n", radius, bound);
    assert (size > 0 && (size_t) size < sizeof (self->asked));
}


void
request_mix (request_t *self, unsigned whatsats)
{
    self->whatsats = whatsats;
}


//  A multiplicative step through 64 bits is chance enough

static uint32_t
s_draw (request_t *self)
{
    self->chance = self->chance * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t) (self->chance >> 32);
}


request_kind_t
request_choose (request_t *self)
{
    bool asks = self->whatsats && s_draw (self) % 100 < self->whatsats;
    return asks ? REQUEST_WHATSAT : REQUEST_IAMAT;
}


static void
s_step_stamp (request_t *self)
{
    self->stamp_ns++;
    char *digit = self->stamp + sizeof (self->stamp) - 2;
    while (*digit == '9') {
        *digit-- = '0';
        if (*digit == '.')
            digit--;
    }
    (*digit)++;
}


//  Draw five decimals each of latitude and longitude, about a city's worth

static void
s_draw_place (request_t *self, char *latitude, char *longitude)
{
    s_digits (latitude, 5, s_draw (self) % 100000);
    s_digits (longitude, 5, s_draw (self) % 100000);
}


static size_t
s_print_iamat (request_t *self, uint32_t id, char *buffer)
{
    memcpy (buffer, IAMAT, sizeof (IAMAT));
    s_step_stamp (self);
    s_draw_place (self, buffer + OF_LATITUDE, buffer + OF_LONGITUDE);
    s_digits (buffer + OF_ID, 7, id);
    memcpy (buffer + OF_STAMP, self->stamp, sizeof (self->stamp) - 1);
    return sizeof (IAMAT) - 1;
}


static size_t
s_print_geoadd (request_t *self, uint32_t id, char *buffer)
{
    memcpy (buffer, GEOADD, sizeof (GEOADD));
    s_draw_place (
        self, buffer + OF_REDIS_LATITUDE, buffer + OF_REDIS_LONGITUDE);
    s_digits (buffer + OF_REDIS_ID, 7, id);
    return sizeof (GEOADD) - 1;
}


static size_t
s_print_publish (request_t *self, uint32_t id, char *buffer)
{
    size_t size = sizeof (PUBLISH) - 1;
    memcpy (buffer, PUBLISH, size);
    size += s_print_iamat (self, id, buffer + size) - 1;
    buffer [size++] = '\r';
    buffer [size++] = '\n';
    return size;
}


static size_t
s_print_whatsat (request_t *self, uint32_t id, char *buffer)
{
    size_t size = sizeof (WHATSAT) - 1;
    size_t asked_size = strlen (self->asked);
    memcpy (buffer, WHATSAT, size);
    s_digits (buffer + sizeof ("WHATSAT c") - 1, 7, id);
    memcpy (buffer + size, self->asked, asked_size);
    return size + asked_size;
}


size_t
request_print (request_t *self, request_kind_t kind, uint32_t id, char *buffer)
{
    assert (id < REQUEST_IDS_MAX);
    switch (self->speech) {
    case SPEECH_REDIS:
        return s_print_geoadd (self, id, buffer);
    case SPEECH_REDIS_PUBLISH: {
        size_t size = s_print_geoadd (self, id, buffer);
        return size + s_print_publish (self, id, buffer + size);
    }
    default:
        return kind == REQUEST_WHATSAT ? s_print_whatsat (self, id, buffer)
                                       : s_print_iamat (self, id, buffer);
    }
}
