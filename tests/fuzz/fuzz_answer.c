/*  =========================================================================
    fuzz_answer - whatever a provider sends, it is read as it should be

    The first byte of the input is the bound, the rest a body.  jansson is the
    oracle: what we accept it accepts, and sees the same results in; what we
    refuse it refuses too, or we said that we would.
    =========================================================================
*/

#include "page/answer.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define BOUNDS (ANSWER_BOUND_MAX + 1)


static size_t
s_count_bytes (span_t text, char byte)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size; at++)
        count += text.data [at] == byte;
    return count;
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


static json_t *
s_load (span_t text, bool *beyond)
{
    json_error_t error;
    json_t *json =
        json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    *beyond = !json && s_is_beyond (&error);
    return json;
}


//  Equal keys are none of our business, but for "results"

static bool
s_has_equal_keys (span_t text)
{
    json_error_t error;
    json_t *json =
        json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    json_decref (json);
    return !json && json_error_code (&error) == json_error_duplicate_key;
}


//  What jansson takes and we don't: no object, too deep, results that are one,
//  a NUL behind a number

static bool
s_may_refuse (span_t body, const json_t *json)
{
    return !json_is_object (json) ||
           json_is_object (json_object_get (json, "results")) ||
           s_count_bytes (body, '\0') ||
           s_count_bytes (body, '[') + s_count_bytes (body, '{') >
               ANSWER_DEPTH_MAX;
}


//  The first results of what there was, and all else as it was

static void
s_check_cut (json_t *json, span_t text, size_t bound)
{
    bool beyond;
    json_t *cut = s_load (text, &beyond);
    assert (cut);
    json_t *results = json_object_get (json, "results");
    while (json_array_size (results) > bound)
        json_array_remove (results, json_array_size (results) - 1);
    assert (json_equal (json, cut));
    json_decref (cut);
}


static void
s_check_folds (span_t text)
{
    assert (!memchr (text.data, '\r', text.size));
    assert (!memmem (text.data, text.size, "\n\n", 2));
    assert (text.size && text.data [0] != '\n');
    assert (text.data [text.size - 1] != '\n');
}


//  What was printed is read and printed as itself

static void
s_check_again (span_t text, size_t bound)
{
    answer_t answer;
    char *buffer = malloc (text.size);
    assert (buffer);
    assert (answer_read (&answer, text));
    assert (answer.results <= bound);
    size_t size = answer_print (&answer, bound, buffer);
    assert (size == text.size && memcmp (buffer, text.data, size) == 0);
    free (buffer);
}


static void
s_check_status (const answer_t *answer, const json_t *json)
{
    const json_t *status = json_object_get (json, "status");
    if (!json_is_string (status))
        return;
    span_t text = {json_string_value (status), json_string_length (status)};
    assert (span_equal (answer->status, text));
}


static void
s_check (const answer_t *answer, size_t bound)
{
    span_t body = answer->body;
    bool beyond;
    bool escapes = s_count_bytes (body, '\\') > 0;
    char *buffer = malloc (body.size);
    assert (buffer);
    span_t text = {buffer, answer_print (answer, bound, buffer)};
    assert (text.size <= body.size);
    s_check_folds (text);
    s_check_again (text, bound);
    json_t *json = s_load (body, &beyond);
    assert (json || beyond || s_has_equal_keys (body));
    if (json && !escapes) {
        assert (answer->results ==
                json_array_size (json_object_get (json, "results")));
        assert (answer->failed ==
                (json_object_get (json, "error_message") != NULL));
        s_check_status (answer, json);
        s_check_cut (json, text, bound);
    }
    json_decref (json);
    free (buffer);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t bound = data [0] % BOUNDS;
    char *copy = malloc (size - 1);
    assert (copy);
    memcpy (copy, data + 1, size - 1);
    span_t body = {copy, size - 1};
    answer_t answer;
    if (answer_read (&answer, body))
        s_check (&answer, bound);
    else {
        bool beyond;
        json_t *json = s_load (body, &beyond);
        assert (!json || s_may_refuse (body, json));
        json_decref (json);
    }
    free (copy);
    return 0;
}
