/*  =========================================================================
    test_splitter - cuts a text into its records

    Each text is given whole, and by pieces of one to three bytes: what is found
    must be the same.  It is written as a letter, what it is, and the record.
    =========================================================================
*/

#include "places/splitter.h"

#include <czmq.h>

#include <setjmp.h>
#include <cmocka.h>

#define SIZE_MAX_HERE 60
#define RS "\x1e"
#define BOM "\xef\xbb\xbf"
#define HEAD "{\"type\":\"FeatureCollection\",\"features\":["

//  An import's part in it.  Of each record it gets what a heap has exactly, so
//  that a sanitizer sees who reads on
typedef struct {
    splitter_t *splitter;
    span_t rest;   //  Not given yet
    char *text;    //  Given, and not taken
    size_t size;   //  Of it
    FILE *record;  //  What was found
} reader_t;


static void
s_give (reader_t *self, size_t size)
{
    if (size > self->rest.size)
        size = self->rest.size;
    char *text = malloc (self->size + size + !(self->size + size));
    assert_non_null (text);
    memcpy (text, self->text, self->size);
    memcpy (text + self->size, self->rest.data, size);
    free (self->text);
    self->text = text;
    self->size += size;
    self->rest.data += size;
    self->rest.size -= size;
}


static void
s_take (reader_t *self, size_t size)
{
    assert_true (size <= self->size);
    self->size -= size;
    memmove (self->text, self->text + size, self->size);
}


//  Return all that is found, for the caller to free

static char *
s_split (span_t text, size_t piece, bool lines)
{
    static const char letters [] = "?LJXT";
    char *said = NULL;
    size_t said_size = 0;
    reader_t self = {.splitter = splitter_new (SIZE_MAX_HERE),
        .rest = text,
        .text = strdup (""),
        .record = open_memstream (&said, &said_size)};
    if (lines)
        splitter_keep_to_lines (self.splitter);
    splitter_found_t found;
    do {
        span_t given = {self.text, self.size};
        found = splitter_find (self.splitter, given, !self.rest.size);
        s_take (&self, found.before);
        if (found.kind == SPLITTER_MORE) {
            assert_true (self.rest.size > 0);
            assert_true (self.size <= SIZE_MAX_HERE + piece);
            s_give (&self, piece);
        }
        else if (found.kind != SPLITTER_END)
            fprintf (self.record, "%c%.*s|", letters [found.kind],
                (int) found.size, self.text);
        s_take (&self, found.size);
    } while (found.kind != SPLITTER_END);
    assert_int_equal (self.size, 0);
    fclose (self.record);
    free (self.text);
    splitter_destroy (&self.splitter);
    return said;
}


static void
s_gives (const char *text, const char *expected)
{
    for (size_t piece = 0; piece <= 3; piece++) {
        span_t span = span_of (text);
        char *said = s_split (span, piece ? piece : span.size + 1, false);
        if (strcmp (said, expected) != 0)
            fail_msg ("%s\n gives, by %zu: %s\n not: %s", text, piece, said,
                expected);
        free (said);
    }
}


static void
a_line_is_a_record (void **state)
{
    (void) state;
    s_gives ("", "");
    s_gives ("a\tb\nc", "La\tb|Lc|");
    s_gives ("a\r\n\tb \n", "La\r|L\tb |");
    s_gives ("a,{},[]\n}\n", "La,{},[]|L}|");
    s_gives ("\xef\xbb\n\xef", "L\xef\xbb|L\xef|");
}


static void
a_line_may_begin_as_json_does_where_all_are_lines (void **state)
{
    static const char text [] = "{a}\tb\n[c]\td\n\x1e\n" BOM "e\n";
    (void) state;
    for (size_t piece = 1; piece < sizeof (text); piece++) {
        char *said = s_split (span_of (text), piece, true);
        assert_string_equal (said, "L{a}\tb|L[c]\td|L\x1e|L" BOM "e|");
        free (said);
    }
}


static void
a_value_has_one_line_or_many (void **state)
{
    (void) state;
    s_gives ("{}\n{\"a\":[{},2]}\n", "J{}|J{\"a\":[{},2]}|");
    s_gives ("{\n\"a\":\n{}\n}\n{\n}", "J{\n\"a\":\n{}\n}|J{\n}|");
    s_gives ("{}{}", "J{}|J{}|");
    s_gives ("{\"}\":\"\\\"}\\\\\"}\n{}", "J{\"}\":\"\\\"}\\\\\"}|J{}|");
}


//  RFC 8259 and RFC 7464 have blanks, and an RS too many; people cut lines out
//  of collections, commas and all, and put files with a mark in a row

static void
what_is_between_records_is_passed_over (void **state)
{
    (void) state;
    s_gives ("\n  {} \r\n\t{}\n\n \n{}\n", "J{}|J{}|J{}|");
    s_gives ("\n \n a\tb\n \t\r\nc\n", "L a\tb|Lc|");
    s_gives (RS RS "{}\n" RS "\n{}" RS RS, "J{}|J{}|");
    s_gives ("\n" RS "{\n}\n\n" RS "{}\n", "J{\n}|J{}|");
    s_gives ("{},\n{},\n", "J{}|J{}|");
    s_gives (BOM "{}\n" BOM "{}\n" BOM, "J{}|J{}|");
    s_gives (BOM RS "{}\n" RS BOM "{}\n", "J{}|J{}|");
    s_gives (BOM "a\tb\n", "La\tb|");
    s_gives (BOM " \n" HEAD "{}]}", "J{}|");
}


static void
a_collection_is_its_features (void **state)
{
    (void) state;
    s_gives (HEAD "{\"a\":{}},{}]}", "J{\"a\":{}}|J{}|");
    s_gives (HEAD "\n{},\n{\n}\n]\n}\n", "J{}|J{\n}|");
    s_gives (HEAD "]}\n" HEAD "{}]}" HEAD "{}]}", "J{}|J{}|");
    s_gives (RS HEAD "{}]}\n" RS HEAD "{}]}\n", "J{}|J{}|");
    s_gives (
        "{\"features\" : [ {} ] , \"a\":[{},{}],\"b\":\"]}\"}\n{}", "J{}|J{}|");
    s_gives ("{\"bbox\":[1,2],\"a\":{\"features\":[{}]},\n"
             "\"features\":[{\"features\":[{}]}]}",
        "J{\"features\":[{}]}|");
    s_gives ("{\"feature\\u0073\":[{}]}", "J{}|");
    s_gives (
        "{\"a\":\"features\",\"b\":[{}]}", "J{\"a\":\"features\",\"b\":[{}]}|");
    s_gives ("[{},\n{}\n]\n", "J{}|J{}|");
}


//  Its head, its members and what is between them may be longer than a record

static void
a_collection_may_be_of_any_size (void **state)
{
    char *text = NULL;
    char *expected = NULL;
    size_t sizes [2];
    FILE *out = open_memstream (&text, &sizes [0]);
    FILE *wanted = open_memstream (&expected, &sizes [1]);
    (void) state;
    fputs (HEAD, out);
    for (unsigned at = 0; at < 50; at++) {
        fputs ("{\"a\":1},                    ", out);
        fputs ("J{\"a\":1}|", wanted);
    }
    fputs ("],\"b\":[", out);
    for (unsigned at = 0; at < 50; at++)
        fputs ("{\"features\":[1]},\"\",", out);
    fputs ("2]}", out);
    fclose (out);
    fclose (wanted);
    s_gives (text, expected);
    free (text);
    free (expected);
}


static void
what_is_in_a_collection_and_no_object_is_told (void **state)
{
    (void) state;
    s_gives (HEAD "null,{},[1,{}],\"a\",}{}x]}",
        "Jnull|J{}|J[1,{}]|J\"a\"|J}|J{}|Jx|");
}


//  Where values are lines, one without an end costs its own line

static void
a_value_without_an_end_costs_itself_alone (void **state)
{
    (void) state;
    s_gives ("{\"a\n{}\n{}", "J{\"a|J{}|J{}|");
    s_gives (
        "{\"a\":\"b\n{\"c\":\"}\"}\n{}", "J{\"a\":\"b|J{\"c\":\"}\"}|J{}|");
    s_gives ("{\"a\":\n{}\n{}\n{}", "J{\"a\":|J{}|J{}|J{}|");
    s_gives ("{\"a\":[1,\n{}\n{}\n", "J{\"a\":[1,|J{}|J{}|");
    s_gives ("{\"a\":[1\n{}\n{}\n", "J{\"a\":[1|J{}|J{}|");
    s_gives ("{\"a\":{\n{}\n", "J{\"a\":{|J{}|");
    s_gives ("{}\n}\n]]\n{}}\n{}", "J{}|J}|J]]|J{}|J}|J{}|");
    s_gives ("{\n\"a\":1,\n{}\n", "J{|J\"a\":1,|J{}|");
    s_gives (
        RS "{\"a\n" RS "{\n\n\"a\":[{" RS "{}", "J{\"a\n|J{\n\n\"a\":[{|J{}|");
}


static void
a_feature_without_an_end_costs_itself_alone (void **state)
{
    (void) state;
    s_gives (HEAD "{\"a\":{\"b\":1},\n{}]}", "J{\"a\":{\"b\":1},\n|J{}|");
    s_gives (
        HEAD "{\"a\":[1},\"b\":{}},{},{}]}", "J{\"a\":[1},\"b\":{}}|J{}|J{}|");
    s_gives (HEAD "{\"a\n\":1},{}]}", "J{\"a\n\":1}|J{}|");
    s_gives (HEAD "{}],{},{}]}", "J{}|J{}|J{}|");
}


static void
a_collection_without_an_end_is_torn (void **state)
{
    (void) state;
    s_gives (HEAD, "T|");
    s_gives (HEAD "{},", "J{}|T|");
    s_gives (HEAD "{},{\"a", "J{}|J{\"a|T|");
    s_gives (HEAD "{}]", "J{}|T|");
    s_gives ("[{}\n", "J{}|T|");
    s_gives (RS HEAD "{}," RS "{}\n", "J{}|T|J{}|");
    s_gives (RS HEAD "{},{\"a" RS "{}\n", "J{}|J{\"a|T|J{}|");
    s_gives (RS HEAD "{}],\"a" RS "{}\n", "J{}|T|J{}|");
}


#define TEN "0123456789"
#define LONG "\"" TEN TEN TEN TEN TEN TEN "\""


static void
a_record_that_is_too_long_costs_itself_alone (void **state)
{
    (void) state;
    s_gives (TEN TEN TEN TEN TEN TEN "\n" TEN TEN TEN TEN TEN TEN "1\na",
        "L" TEN TEN TEN TEN TEN TEN "|X|La|");
    s_gives ("{\"a\":" LONG "}\n{}", "X|J{}|");
    s_gives ("{\"a\":" LONG ",\n{}", "X|J{}|");
    s_gives (HEAD "{\"a\":" LONG "},{}]}", "X|J{}|");
    s_gives (HEAD "{},{\"a\":" LONG, "J{}|X|T|");
    s_gives (RS "{\n\"a\":" LONG "\n}\n" RS "{}", "X|J{}|");
    s_gives ("{\"a\":\n[\"\",\"" TEN TEN TEN TEN TEN "\"],\n{}",
        "J{\"a\":|J\"\"|J\"" TEN TEN TEN TEN TEN "\"|J{}|");
}


//  However short they are, values take memory when they are read

static void
a_record_of_too_many_values_costs_itself_alone (void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    splitter_t *splitter = splitter_new (SIZE_MAX);
    splitter_kind_t kinds [4];
    (void) state;
    fputs (HEAD "{},[[]", out);
    for (size_t count = 0; count < SPLITTER_VALUES_MAX; count++)
        fputs (",0", out);
    fputs ("],{}]}", out);
    fclose (out);
    span_t rest = {text, size};
    for (size_t index = 0; index < 4; index++) {
        splitter_found_t found = splitter_find (splitter, rest, true);
        kinds [index] = found.kind;
        rest.data += found.before + found.size;
        rest.size -= found.before + found.size;
    }
    assert_int_equal (kinds [0], SPLITTER_JSON);
    assert_int_equal (kinds [1], SPLITTER_LONG);
    assert_int_equal (kinds [2], SPLITTER_JSON);
    assert_int_equal (kinds [3], SPLITTER_END);
    splitter_destroy (&splitter);
    free (text);
}


//  Whatever comes, each byte is gone over a few dozen times at most: a text of
//  values without an end, each in the one before, would take hours else

static void
work_is_bounded (void **state)
{
    static const char *const lines [] = {
        "{\"a\":\n", "{\"a\":[\n", "{\"\n", "{\"a\":[\",\n", "{\"\\\n", "[\n"};
    (void) state;
    for (size_t index = 0; index < sizeof (lines) / sizeof (*lines); index++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream (&text, &size);
        while (size < 400000) {
            fputs (lines [index], out);
            fflush (out);
        }
        fclose (out);
        splitter_t *splitter = splitter_new (size);
        span_t rest = {text, size};
        splitter_found_t found;
        do {
            found = splitter_find (splitter, rest, true);
            rest.data += found.before + found.size;
            rest.size -= found.before + found.size;
        } while (found.kind != SPLITTER_END);
        assert_int_equal (rest.size, 0);
        splitter_destroy (&splitter);
        free (text);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_line_is_a_record),
        cmocka_unit_test (a_line_may_begin_as_json_does_where_all_are_lines),
        cmocka_unit_test (a_value_has_one_line_or_many),
        cmocka_unit_test (what_is_between_records_is_passed_over),
        cmocka_unit_test (a_collection_is_its_features),
        cmocka_unit_test (a_collection_may_be_of_any_size),
        cmocka_unit_test (what_is_in_a_collection_and_no_object_is_told),
        cmocka_unit_test (a_value_without_an_end_costs_itself_alone),
        cmocka_unit_test (a_feature_without_an_end_costs_itself_alone),
        cmocka_unit_test (a_collection_without_an_end_is_torn),
        cmocka_unit_test (a_record_that_is_too_long_costs_itself_alone),
        cmocka_unit_test (a_record_of_too_many_values_costs_itself_alone),
        cmocka_unit_test (work_is_bounded),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
