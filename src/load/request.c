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

//  Steps of 10^-6 degree, 11 cm at most, that who walks may take each way
#define WALK 600

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

//  Before and behind the host
#define PUT "PUT /v1/clients/" CLIENT " HTTP/1.1\r\nHost: "
#define PUT_BODY                                                               \
    "{\"latitude\":" LATITUDE ",\"longitude\":" LONGITUDE ",\"stamp\":" STAMP  \
    "}"
#define PUT_REST                                                               \
    "\r\nContent-Type: application/json\r\nContent-Length: "                   \
    "75\r\n\r\n" PUT_BODY
#define OSMAND                                                                 \
    "GET /osmand?id=" CLIENT "&timestamp=" STAMP "&lat=" LATITUDE              \
    "&lon=" LONGITUDE "&speed=0.0&bearing=0.0&altitude=0.0&accuracy=5.0"       \
    "&batt=100.0 HTTP/1.1\r\nHost: "
#define HTTP_REST "\r\n\r\n"

//  Before the radius, and before the host
#define NEAR "GET /v1/clients?near=" LATITUDE "," LONGITUDE
#define NEAR_HOST " HTTP/1.1\r\nHost: "

//  Where the digits begin, in an IAMAT, in a GEOADD, and over HTTP
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
#define OF_PUT_ID (sizeof ("PUT /v1/clients/c") - 1)
#define OF_PUT_STAMP (sizeof (PUT_REST) - sizeof (STAMP "}"))
#define OF_PUT_LONGITUDE                                                       \
    (OF_PUT_STAMP - (sizeof (LONGITUDE ",\"stamp\":") - sizeof ("-118.4")))
#define OF_PUT_LATITUDE                                                        \
    (OF_PUT_LONGITUDE -                                                        \
        (sizeof (LATITUDE ",\"longitude\":-118.4") - sizeof ("34.0")))
#define OF_NEAR_LATITUDE (sizeof ("GET /v1/clients?near=34.0") - 1)
#define OF_NEAR_LONGITUDE                                                      \
    (sizeof ("GET /v1/clients?near=" LATITUDE ",-118.4") - 1)
#define OF_OSMAND_ID (sizeof ("GET /osmand?id=c") - 1)
#define OF_OSMAND_STAMP (sizeof ("GET /osmand?id=" CLIENT "&timestamp=") - 1)
#define OF_OSMAND_LATITUDE (OF_OSMAND_STAMP + sizeof (STAMP "&lat=34.0") - 1)
#define OF_OSMAND_LONGITUDE                                                    \
    (OF_OSMAND_LATITUDE + sizeof (LATITUDE "&lon=-118.4") - sizeof ("34.0"))

_Static_assert(sizeof (PUT_BODY) - 1 == 75, "PUT_REST says so");
_Static_assert(
    sizeof (PUT PUT_REST) + REQUEST_HOST_SIZE_MAX <= REQUEST_SIZE_MAX &&
        sizeof (OSMAND HTTP_REST) + REQUEST_HOST_SIZE_MAX <= REQUEST_SIZE_MAX,
    "it has room");


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
    bool is_put = self->speech == SPEECH_PUT;
    int size = snprintf (self->asked, sizeof (self->asked),
        is_put ? "&km=%s&limit=%u" NEAR_HOST : " %s %u\n", radius, bound);
    assert (size > 0 && (size_t) size < sizeof (self->asked));
}


void
request_walk (request_t *self)
{
    self->walks = true;
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


static void
s_stamp (request_t *self, char *to)
{
    s_step_stamp (self);
    memcpy (to, self->stamp, sizeof (self->stamp) - 1);
}


//  Draw five decimals each of latitude and longitude, about a city's worth; or,
//  of who walks, so many of them that 100 m hold them all

static void
s_draw_place (request_t *self, uint32_t id, char *latitude, char *longitude)
{
    uint32_t north = s_draw (self) % 100000;
    uint32_t east = s_draw (self) % 100000;
    if (self->walks) {
        north = id % 100 * 1000 + north % WALK;
        east = id / 100 % 100 * 1000 + east % WALK;
    }
    s_digits (latitude, 5, north);
    s_digits (longitude, 5, east);
}


static size_t
s_print_iamat (request_t *self, uint32_t id, char *buffer)
{
    memcpy (buffer, IAMAT, sizeof (IAMAT));
    s_stamp (self, buffer + OF_STAMP);
    s_draw_place (self, id, buffer + OF_LATITUDE, buffer + OF_LONGITUDE);
    s_digits (buffer + OF_ID, 7, id);
    return sizeof (IAMAT) - 1;
}


static size_t
s_print_geoadd (request_t *self, uint32_t id, char *buffer)
{
    memcpy (buffer, GEOADD, sizeof (GEOADD));
    s_draw_place (
        self, id, buffer + OF_REDIS_LATITUDE, buffer + OF_REDIS_LONGITUDE);
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


//  Write the host and what stands behind it.  Returns where that begins

static char *
s_print_host (char *to, const char *host, const char *rest, size_t rest_size)
{
    assert (strlen (host) <= REQUEST_HOST_SIZE_MAX);
    char *end = stpcpy (to, host);
    memcpy (end, rest, rest_size);
    return end;
}


static size_t
s_print_put (request_t *self, uint32_t id, const char *host, char *buffer)
{
    const size_t size = sizeof (PUT_REST) - 1;
    memcpy (buffer, PUT, sizeof (PUT) - 1);
    s_digits (buffer + OF_PUT_ID, 7, id);
    char *rest = s_print_host (buffer + sizeof (PUT) - 1, host, PUT_REST, size);
    s_draw_place (self, id, rest + OF_PUT_LATITUDE, rest + OF_PUT_LONGITUDE);
    s_stamp (self, rest + OF_PUT_STAMP);
    return (size_t) (rest - buffer) + size;
}


static size_t
s_print_osmand (request_t *self, uint32_t id, const char *host, char *buffer)
{
    const size_t size = sizeof (HTTP_REST) - 1;
    memcpy (buffer, OSMAND, sizeof (OSMAND) - 1);
    s_digits (buffer + OF_OSMAND_ID, 7, id);
    s_draw_place (
        self, id, buffer + OF_OSMAND_LATITUDE, buffer + OF_OSMAND_LONGITUDE);
    s_stamp (self, buffer + OF_OSMAND_STAMP);
    const char *rest =
        s_print_host (buffer + sizeof (OSMAND) - 1, host, HTTP_REST, size);
    return (size_t) (rest - buffer) + size;
}


static size_t
s_print_near (request_t *self, uint32_t id, const char *host, char *buffer)
{
    memcpy (buffer, NEAR, sizeof (NEAR) - 1);
    s_draw_place (
        self, id, buffer + OF_NEAR_LATITUDE, buffer + OF_NEAR_LONGITUDE);
    char *at = stpcpy (buffer + sizeof (NEAR) - 1, self->asked);
    const size_t size = sizeof (HTTP_REST) - 1;
    return (size_t) (s_print_host (at, host, HTTP_REST, size) - buffer) + size;
}


size_t
request_print (request_t *self, request_kind_t kind, uint32_t id,
    const char *host, char *buffer)
{
    assert (id < REQUEST_IDS_MAX);
    switch (self->speech) {
    case SPEECH_PUT:
        return kind == REQUEST_WHATSAT ? s_print_near (self, id, host, buffer)
                                       : s_print_put (self, id, host, buffer);
    case SPEECH_OSMAND:
        return s_print_osmand (self, id, host, buffer);
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
