/*  =========================================================================
    places_case - a talk with a provider that the test plays

    The fixture of the tests of places: asks, and keeps count of how often,
    when and by what each lookup ended.
    =========================================================================
*/

#ifndef TESTS_IO_PLACES_CASE_H
#define TESTS_IO_PLACES_CASE_H

#include "io/upstream.h"
#include "lookup/places.h"

#define KEY "not-for-your-eyes"
#define BODY_SIZE_MAX 65536
#define LOOKUPS_MAX 4000

#define OK "HTTP/1.1 200 OK\r\n"
#define PAGE OK "Content-Length: 3\r\n\r\n{ }"

typedef struct {
    loop_case_t *stage;
    upstream_t *upstream;
    places_t *places;
    places_options_t options;
    char url [64];
    uint64_t asked;                  //  Lookups so far
    address_t address;               //  Who asks
    size_t answered;                 //  Events so far
    size_t failed;                   //
    size_t spent;                    //  Of these
    size_t absent;                   //
    size_t rationed;                 //
    size_t ended;                    //  Both
    unsigned ends [LOOKUPS_MAX];     //  Events of a lookup
    int64_t ended_ms [LOOKUPS_MAX];  //  When
    char text [BODY_SIZE_MAX + 1];   //  Of the last event
    size_t text_size;
    size_t held;         //  Times it was told that nothing is asked for a while
    char why [128];      //  The last time
    bool again;          //  Ask anew within the event
    const char *status;  //  Of the last failure
} places_case_t;

//  Set up and tear down a room and its provider.
int
places_case_new (void **state);

int
places_case_free (void **state);

//  What a provider may say
#define LENGTH(size) "Content-Length: " size "\r\n"
#define EMPTY LENGTH ("0") "\r\n"
#define BUSY "HTTP/1.1 500 Busy\r\n" EMPTY
#define SLOWER(seconds)                                                        \
    "HTTP/1.1 429 Slower\r\nRetry-After: " seconds "\r\n" EMPTY

#define STATUS(size, word) OK LENGTH (size) "\r\n{\"status\" : \"" word "\"}"
#define GOOD STATUS ("17", "OK")
#define GOOD_BODY "{\"status\" : \"OK\"}"
#define UNKNOWN STATUS ("28", "UNKNOWN_ERROR")
#define LIMIT STATUS ("31", "OVER_QUERY_LIMIT")
#define INVALID STATUS ("30", "INVALID_REQUEST")
#define DENIED STATUS ("29", "REQUEST_DENIED")
#define ZERO STATUS ("27", "ZERO_RESULTS")

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, places_case_new, places_case_free)

//  Make the room anew, with options that were changed.
void
places_case_start (places_case_t *self);

//  Ask for a lookup, of a place that was not asked for yet.
void
places_case_ask (places_case_t *self);

//  Ask for a lookup of one and the same place: the first of the others.
void
places_case_ask_again (places_case_t *self);

//  Ask, and be answered by this body.
void
places_case_answers (places_case_t *self, const char *body);

//  Ask, and fail for a reason that holds this, and names neither key nor URL.
void
places_case_fails (places_case_t *self, const char *why);

#endif
