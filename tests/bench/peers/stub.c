/*  =========================================================================
    stub - a Places provider that answers at once, always the same

        stub PORT

    Any request, over HTTP/1.1 and kept connections, gets twenty results in the
    layout of Google's Nearby Search, 16 kB; all of it is made up.  Who is
    measured asking it waits for nothing but itself.
    =========================================================================
*/

#include "bench/peers/wire.h"

#include <stdio.h>
#include <string.h>

#define RESULTS 20
#define PAGE_SIZE 32768

static char s_page [PAGE_SIZE];
static size_t s_page_size;


static int
s_result (char *to, size_t room, int number)
{
    return snprintf (to, room,
        "      {\n"
        "         \"business_status\" : \"OPERATIONAL\",\n"
        "         \"geometry\" : {\n"
        "            \"location\" : {\n"
        "               \"lat\" : 34.0689%02d,\n"
        "               \"lng\" : -118.4451%02d\n"
        "            },\n"
        "            \"viewport\" : {\n"
        "               \"northeast\" : {\n"
        "                  \"lat\" : 34.0702698%02d,\n"
        "                  \"lng\" : -118.4437717%02d\n"
        "               },\n"
        "               \"southwest\" : {\n"
        "                  \"lat\" : 34.0675718%02d,\n"
        "                  \"lng\" : -118.4464697%02d\n"
        "               }\n"
        "            }\n"
        "         },\n"
        "         \"icon\" : \"http://places.example/icons/%02d.png\",\n"
        "         \"name\" : \"Place %d\",\n"
        "         \"place_id\" : \"stub-%027d\",\n"
        "         \"rating\" : 4.%d,\n"
        "         \"user_ratings_total\" : %d,\n"
        "         \"types\" : [ \"cafe\", \"point_of_interest\" ],\n"
        "         \"vicinity\" : \"%d Made-up Street\"\n"
        "      }%s\n",
        number, number, number, number, number, number, number, number, number,
        number % 10, 100 + number, number, number < RESULTS ? "," : "");
}


static void
s_make_page (void)
{
    static char results [PAGE_SIZE];
    static char body [PAGE_SIZE];
    int size = 0;
    for (int number = 1; number <= RESULTS; number++)
        size += s_result (results + size, PAGE_SIZE - (size_t) size, number);
    int body_size = snprintf (body, PAGE_SIZE,
        "{\n   \"html_attributions\" : [],\n   \"results\" : [\n%s   ],\n"
        "   \"status\" : \"OK\"\n}\n",
        results);
    s_page_size = (size_t) snprintf (s_page, PAGE_SIZE,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n"
        "Content-Length: %d\r\n\r\n%s",
        body_size, body);
}


static size_t
s_take (void *context, talk_t *talk, const char *bytes, size_t size)
{
    (void) context;
    const char *at = bytes;
    const char *end = bytes + size;
    const char *request;
    while ((request = memmem (at, (size_t) (end - at), "\r\n\r\n", 4))) {
        talk_say (talk, s_page, s_page_size);
        at = request + 4;
    }
    return (size_t) (at - bytes);
}


int
main (int argc, char **argv)
{
    if (argc != 2) {
        fprintf (stderr, "usage: stub PORT\n");
        return 2;
    }
    s_make_page ();
    wire_t *wire = wire_new (NULL, s_take, NULL);
    wire_listen (wire, wire_port (argv [1]), 0);
    while (true)
        wire_turn (wire, -1);
}
