/*  =========================================================================
    test_answer_laws - broken answers, with jansson as the oracle

    Made-up pages and small bodies are changed at random.  We accept what
    jansson accepts, count what it counts, and what we print is JSON that a
    client can frame by its end.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/page.h"
#include "unit/spans.h"

#include "page/answer.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

//  What jansson says of a body
typedef enum {
    ORACLE_GOOD,
    ORACLE_BAD,
    ORACLE_SILENT  //  Refused for a limit of its own
} oracle_t;

static const span_t s_pieces [] = {BYTES ("\n"), BYTES ("\r\n"), BYTES ("\n\n"),
    BYTES (" "), BYTES ("\r"), BYTES (","), BYTES (":"), BYTES ("{"),
    BYTES ("}"), BYTES ("["), BYTES ("]"), BYTES ("\""), BYTES ("\\"),
    BYTES ("\\u00"), BYTES ("\\ud83c"), BYTES ("\\udf4b"), BYTES ("0"),
    BYTES ("-"), BYTES ("1e9"), BYTES ("."), BYTES ("true"), BYTES ("null"),
    BYTES ("\"results\":[],"), BYTES ("\"status\":\"X\","), BYTES ("\xc3\xa9"),
    BYTES ("\xe2"), BYTES ("\x80"), BYTES ("\0"), BYTES ("\x01"), BYTES ("[]"),
    BYTES ("{}"), BYTES (",1"), BYTES ("\"error_message\":\"e\",")};

static const char *const s_bodies [] = {
    "{\"results\":[1,[2],{\"3\":4}],\"status\":\"OK\"}",
    "{\n \"results\" : [ \"a\", \"b\" ],\n\n \"status\" : \"OK\" }\n\n",
    "{\"error_message\":\"no\",\"results\":[],\"status\":\"REQUEST_DENIED\"}",
    "{\"a\":[[[{\"results\":[1]}]]],\"results\":[]}", "{}"};


//  Make a body: a short one or a page, with some changes

static char *
s_make (chance_t *chance, size_t *size)
{
    page_t page = {.text = NULL};
    span_t from = span_of (s_bodies [chance_below (chance, COUNT (s_bodies))]);
    if (chance_below (chance, 4) == 0) {
        page_init (&page, chance, (page_layout_t) chance_below (chance, 2),
            chance_below (chance, 3));
        from = (span_t){page.text, page.size};
    }
    char *body = malloc (from.size + 100);
    assert_non_null (body);
    memcpy (body, from.data, from.size);
    *size = from.size;
    for (size_t edits = chance_below (chance, 4); edits; edits--) {
        span_t piece = s_pieces [chance_below (chance, COUNT (s_pieces))];
        size_t at = chance_below (chance, *size + 1);
        size_t left = *size - at;
        size_t over = chance_below (chance, 3);
        if (over > left)
            over = left;
        memmove (body + at + piece.size, body + at + over, left - over);
        memcpy (body + at, piece.data, piece.size);
        *size = *size - over + piece.size;
    }
    page_clear (&page);
    return realloc (body, *size ? *size : 1);
}


//  JSON's grammar has it and jansson can't hold it: a number of any size, the
//  escape of a lone surrogate or of NUL

static bool
s_is_beyond (const json_error_t *error)
{
    enum json_error_code code = json_error_code (error);
    return code == json_error_numeric_overflow ||
           code == json_error_null_character ||
           code == json_error_null_byte_in_key ||
           strstr (error->text, "invalid Unicode");
}


//  Duplicate keys are refused by jansson only, but for results.  It also skips
//  a NUL after a number, which has no place in JSON

static oracle_t
s_ask (const char *body, size_t size, json_t **json)
{
    json_error_t error;
    bool twice = false;
    *json = json_loadb (body, size, JSON_REJECT_DUPLICATES, &error);
    if (!*json && json_error_code (&error) == json_error_duplicate_key) {
        *json = json_loadb (body, size, 0, &error);
        twice = true;
    }
    if (!*json)
        return s_is_beyond (&error) ? ORACLE_SILENT : ORACLE_BAD;
    if (memchr (body, 0, size) || !json_is_object (*json) ||
        json_is_object (json_object_get (*json, "results")))
        return ORACLE_BAD;
    return twice ? ORACLE_SILENT : ORACLE_GOOD;
}


//  What is printed frames well, and means what it meant, cut to the bound

static void
s_check_print (const answer_t *answer, json_t *json, size_t bound)
{
    char *text = malloc (answer->body.size);
    assert_non_null (text);
    size_t size = answer_print (answer, bound, text);
    assert_true (size && size <= answer->body.size);
    assert_true (text [0] != '\n' && text [size - 1] != '\n');
    assert_null (memchr (text, '\r', size));
    assert_null (memmem (text, size, "\n\n", 2));

    json_t *results = json_object_get (json, "results");
    while (json_array_size (results) > bound)
        json_array_remove (results, json_array_size (results) - 1);
    json_t *printed = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (printed);
    assert_true (json_equal (printed, json));
    json_decref (printed);
    free (text);
}


static void
s_check_good (const answer_t *answer, json_t *json, size_t bound)
{
    json_t *results = json_object_get (json, "results");
    assert_int_equal (answer->results, json_array_size (results));
    assert_int_equal (
        answer->failed, json_object_get (json, "error_message") != NULL);
    const char *status = json_string_value (json_object_get (json, "status"));
    if (!memchr (answer->status.data ? answer->status.data : "", '\\',
            answer->status.size))
        assert_text (answer->status, status ? status : "");
    s_check_print (answer, json, bound);
}


static void
jansson_accepts_and_counts_the_same (void **state)
{
    (void) state;
    chance_t chance = chance_new (8259);
    size_t said [3] = {0};
    for (int round = 0; round < 12000; round++) {
        size_t size;
        char *body = s_make (&chance, &size);
        size_t bound = chance_below (&chance, 4);
        answer_t answer;
        json_t *json;
        bool good = answer_read (&answer, (span_t){body, size});
        oracle_t oracle = s_ask (body, size, &json);
        if (oracle != ORACLE_SILENT && good != (oracle == ORACLE_GOOD))
            fail_msg (
                "%s: %.*s", good ? "accepted" : "refused", (int) size, body);
        if (oracle == ORACLE_GOOD)
            s_check_good (&answer, json, bound);
        said [oracle]++;
        json_decref (json);
        free (body);
    }
    assert_true (said [ORACLE_GOOD] > 1000 && said [ORACLE_BAD] > 1000);
}


//  "{...}" with every LF a CR LF, or more of them, prints as if it were not so

static void
a_page_of_other_newlines_is_the_same_page (void **state)
{
    (void) state;
    chance_t chance = chance_new (5198);
    static const char *const newlines [] = {"\r\n", "\n\n", "\r", "\r\n\r\n"};
    for (size_t round = 0; round < 40; round++) {
        page_t page;
        page_init (&page, &chance, round % 2, chance_below (&chance, 5));
        char *body = malloc (4 * page.size);
        assert_non_null (body);
        size_t size = 0;
        for (size_t at = 0; at < page.size; at++)
            if (page.text [at] != '\n')
                body [size++] = page.text [at];
            else {
                const char *newline = newlines [chance_below (&chance, 4)];
                char *end = spans_write (body + size, span_of (newline));
                size = (size_t) (end - body);
            }
        size_t bound = chance_below (&chance, 6);
        size_t cut_size;
        char *cut = page_cut (&page, bound, &cut_size);
        answer_t answer;
        assert_true (answer_read (&answer, (span_t){body, size}));
        char *text = malloc (size);
        assert_non_null (text);
        assert_span (((span_t){text, answer_print (&answer, bound, text)}),
            ((span_t){cut, cut_size}));
        free (text);
        free (cut);
        free (body);
        page_clear (&page);
    }
}


int
main (void)
{
    json_object_seed (1);
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (jansson_accepts_and_counts_the_same),
        cmocka_unit_test (a_page_of_other_newlines_is_the_same_page),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
