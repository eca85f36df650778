/*  =========================================================================
    test_line - one line of a log, as text or as JSON

    jansson reads each line of JSON back; what it says is compared with the text
    form, for texts of our choice and of chance.
    =========================================================================
*/

#include "log/line.h"

#include "unit/chance.h"
#include "unit/spans.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIME "2016-11-17T20:18:04.655887836Z"
#define NOW ((instant_t){1479413884, 655887836})
#define ROUNDS 20000

typedef struct {
    line_t *text;
    line_t *json;
    char line [LINE_SIZE_MAX + 1];  //  The latest
} lines_t;


static int
s_new (void **state)
{
    lines_t *self = calloc (1, sizeof (lines_t));
    assert_non_null (self);
    self->text = line_new ("Alford", false);
    self->json = line_new ("Alford", true);
    line_at (self->text, NOW);
    line_at (self->json, NOW);
    *state = self;
    return 0;
}


static int
s_destroy (void **state)
{
    lines_t *self = *state;
    line_destroy (&self->text);
    line_destroy (&self->json);
    free (self);
    return 0;
}


//  It is one line, no more than there is room for.  Returns it

static const char *
s_end (lines_t *self, const char *end)
{
    size_t size = (size_t) (end - self->line);
    assert_true (size > 0 && size <= LINE_SIZE_MAX);
    assert_ptr_equal (memchr (self->line, '\n', size), end - 1);
    self->line [size] = '\0';
    return self->line;
}


//  The line's object, for json_decref

static json_t *
s_read (lines_t *self, const char *end)
{
    json_error_t error;
    json_t *json = json_loads (s_end (self, end), 0, &error);
    if (!json)
        fail_msg ("%s: %s", error.text, self->line);
    return json;
}


static void
json_has_what_text_has (void **state)
{
    lines_t *self = *state;
    span_t text = span_of ("link to Ball down: nothing heard");
    assert_string_equal (s_end (self, line_notice (self->json, self->line,
                                          NOTICE_LINK_DOWN, text, 1)),
        "{\"time\":\"" TIME "\",\"level\":\"warning\",\"server\":\"Alford\","
        "\"name\":\"link-down\",\"text\":\"link to Ball down: nothing "
        "heard\"}\n");
    assert_string_equal (s_end (self, line_notice (self->json, self->line,
                                          NOTICE_LINK_UP, SPAN ("up"), 17)),
        "{\"time\":\"" TIME "\",\"level\":\"info\",\"server\":\"Alford\","
        "\"name\":\"link-up\",\"text\":\"up\",\"count\":17}\n");
    assert_string_equal (s_end (self, line_client (self->json, self->line, '<',
                                          7, SPAN ("IAMAT a +1+1 1"))),
        "{\"time\":\"" TIME "\",\"level\":\"debug\",\"server\":\"Alford\","
        "\"name\":\"in\",\"client\":7,\"text\":\"IAMAT a +1+1 1\"}\n");
    assert_string_equal (s_end (self, line_client (self->json, self->line, '>',
                                          EVENT_REQUESTS + 1, SPAN ("200"))),
        "{\"time\":\"" TIME "\",\"level\":\"debug\",\"server\":\"Alford\","
        "\"name\":\"out\",\"request\":1,\"text\":\"200\"}\n");
    assert_string_equal (s_end (self, line_peer (self->json, self->line, '>',
                                          SPAN ("Ball"), SPAN ("BYE"))),
        "{\"time\":\"" TIME "\",\"level\":\"debug\",\"server\":\"Alford\","
        "\"name\":\"out\",\"peer\":\"Ball\",\"text\":\"BYE\"}\n");
    assert_string_equal (s_end (self, line_places (self->json, self->line, '<',
                                          SPAN ("places 12 OK"))),
        "{\"time\":\"" TIME "\",\"level\":\"debug\",\"server\":\"Alford\","
        "\"name\":\"in\",\"text\":\"places 12 OK\"}\n");
}


static void
a_long_text_is_cut_and_json_says_its_size (void **state)
{
    lines_t *self = *state;
    char text [65536];
    memset (text, 'x', sizeof (text));
    json_t *json = s_read (self, line_client (self->json, self->line, '<', 7,
                                     (span_t){text, sizeof (text)}));
    assert_int_equal (
        json_integer_value (json_object_get (json, "size")), sizeof (text));
    assert_int_equal (json_string_length (json_object_get (json, "text")),
        LINE_TEXT_SIZE_MAX);
    json_decref (json);
    json = s_read (self, line_client (self->json, self->line, '<', 7,
                             (span_t){text, LINE_TEXT_SIZE_MAX}));
    assert_null (json_object_get (json, "size"));
    json_decref (json);
}


//  Of what takes most room in each form, as much as a line may have

static void
the_longest_line_has_room (void **state)
{
    lines_t *self = *state;
    static const char worst [] = {'\xFF', '\\', '"', '\n', '\0'};
    char text [65536];
    for (size_t index = 0; index < sizeof (worst); index++) {
        memset (text, worst [index], sizeof (text));
        span_t long_text = {text, sizeof (text)};
        json_decref (s_read (self, line_notice (self->json, self->line,
                                       NOTICE_LOADED, long_text, INT64_MAX)));
        json_decref (s_read (self, line_client (self->json, self->line, '>',
                                       EVENT_REQUESTS - 1, long_text)));
        s_end (self, line_notice (self->text, self->line, NOTICE_LOADED,
                         long_text, INT64_MAX));
    }
}


//  Bytes that JSON, UTF-8 and C treat in their own ways, and any others

static span_t
s_hostile (chance_t *chance, char *text)
{
    static const unsigned char special [] =
        "\"\\\n\r\0\x1b/{}\x7f\x80\xC2\xED\xA0\xF4"
        "\xE2\x82\xAC\xFF\xC0u";
    size_t size = chance_below (chance, 64);
    for (size_t at = 0; at < size; at++) {
        unsigned char byte = (unsigned char) chance_below (chance, 256);
        if (chance_below (chance, 3))
            byte = special [chance_below (chance, sizeof (special) - 1)];
        memcpy (&text [at], &byte, 1);
    }
    return (span_t){text, size};
}


//  The string of JSON is what the line of text shows

static void
whatever_a_stranger_sends_json_is_valid (void **state)
{
    lines_t *self = *state;
    chance_t chance = chance_new (1703);
    char text [64];
    char expected [LINE_SIZE_MAX];
    for (int round = 0; round < ROUNDS; round++) {
        span_t said = s_hostile (&chance, text);
        s_end (self, line_client (self->text, self->line, '<', 7, said));
        snprintf (expected, sizeof (expected), "%s",
            self->line + strlen (TIME " Alford < client 7 "));
        expected [strlen (expected) - 1] = '\0';
        json_t *json =
            s_read (self, line_client (self->json, self->line, '<', 7, said));
        assert_string_equal (
            json_string_value (json_object_get (json, "text")), expected);
        json_decref (json);
        json_decref (s_read (self, line_notice (self->json, self->line,
                                       NOTICE_PLACES_FAILED, said, 1)));
    }
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_destroy)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (json_has_what_text_has),
        CASE (a_long_text_is_cut_and_json_says_its_size),
        CASE (the_longest_line_has_room),
        CASE (whatever_a_stranger_sends_json_is_valid),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
