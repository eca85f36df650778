/*  =========================================================================
    config_case - a topology file to be read, and what was said of it

    The fixture of the tests of config, zpl and provider.
    =========================================================================
*/

#ifndef TESTS_IO_CONFIG_CASE_H
#define TESTS_IO_CONFIG_CASE_H

#include "config/config.h"

#include <czmq.h>

#include <setjmp.h>
#include <cmocka.h>

//  Pieces of topology files
#define HERD "herd\n    name = test\n"
#define SERVERS "servers\n"
#define SERVER(name, number)                                                   \
    "    " name "\n"                                                           \
    "        clients = 127.0.0.1:1" number "\n"                                \
    "        mesh = 127.0.0.1:2" number "\n"                                   \
    "        admin = 127.0.0.1:3" number "\n"
#define THREE                                                                  \
    HERD SERVERS SERVER ("One", "001") SERVER ("Two", "002")                   \
        SERVER ("Three", "003")
#define URL "http://127.0.0.1:14000/nearby"
#define PLACES THREE "places\n    url = " URL "\n"
#define SECRET "not-for-your-eyes"

//  One case
typedef struct {
    char folder [32];  //  Its own, below /tmp
    char *path;        //  Of a topology file in there
    config_t *config;  //  Last one loaded, or NULL
    char said [1024];  //  On both outputs, meanwhile
} config_case_t;

//  Set up and tear down a case; without keys in the environment.
int
config_case_new (void **state);

int
config_case_free (void **state);

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown (name, config_case_new, config_case_free)

//  Write a file of that mode.
void
config_case_write (
    const char *path, const char *text, size_t size, mode_t mode);

//  Call it with the path, keeping what is said meanwhile on either output.
void
config_case_listen (config_case_t *self,
    void (*act) (config_case_t *, const char *), const char *path);

//  Load the config, keeping what is said meanwhile.
void
config_case_load (config_case_t *self, const char *path);

//  Write the text to the topology file and load that.
void
config_case_read (config_case_t *self, const char *text);

//  The text is a topology, and there is nothing to say about it.  Returns it.
config_t *
config_case_good (config_case_t *self, const char *text);

//  The text is a topology, and its caveats are exactly this line, or none if it
//  is empty.
void
config_case_warns (config_case_t *self, const char *text, const char *warning);

//  The text is none: exactly one line is said, that gives this reason.
void
config_case_bad (config_case_t *self, const char *text, const char *reason);

//  The file last loaded was refused, in exactly one line, for this reason.
void
config_case_refused (config_case_t *self, const char *path, const char *reason);

#endif
