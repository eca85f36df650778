/*  =========================================================================
    translation - what an API makes of a provider's answer
    =========================================================================
*/

#include "io/translation.h"

#include "page/answer.h"

#include <czmq.h>


char *
translation_text (const api_t *api, long status, const char *body)
{
    size_t size = 0;
    answer_t answer;
    char *text = api->translate (status, span_of (body), &size);
    if (!text)
        return NULL;
    assert_int_equal (size, strlen (text));
    assert_true (answer_read (&answer, (span_t){text, size}));
    assert_true (answer.status.size > 0);
    json_t *json = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (json);
    assert_true (json_is_array (json_object_get (json, "results")));
    assert_true (json_is_array (json_object_get (json, "html_attributions")));
    assert_int_equal (
        json_array_size (json_object_get (json, "results")), answer.results);
    json_decref (json);
    return text;
}


void
translation_is (
    const api_t *api, long status, const char *body, const char *expected)
{
    char *text = translation_text (api, status, body);
    assert_non_null (text);
    assert_string_equal (text, expected);
    free (text);
}


void
translation_none (const api_t *api, long status, const char *body)
{
    char *text = translation_text (api, status, body);
    if (text)
        fail_msg ("%ld %s became %s", status, body, text);
}


void
translation_fails (
    const api_t *api, long status, const char *body, const char *word)
{
    answer_t answer;
    char *text = translation_text (api, status, body);
    assert_non_null (text);
    assert_true (answer_read (&answer, span_of (text)));
    assert_true (answer.failed);
    assert_int_equal (answer.results, 0);
    assert_int_equal (answer.status.size, strlen (word));
    assert_memory_equal (answer.status.data, word, strlen (word));
    free (text);
}


void
translation_has (
    const api_t *api, const char *body, const char *key, const char *expected)
{
    char *text = translation_text (api, 200, body);
    assert_non_null (text);
    json_t *json = json_loads (text, 0, NULL);
    json_t *result = json_array_get (json_object_get (json, "results"), 0);
    assert_non_null (result);
    json_t *value = json_object_get (result, key);
    char *found = value ? json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT |
                                                 JSON_REAL_PRECISION (16))
                        : NULL;
    if (expected && found)
        assert_string_equal (found, expected);
    else if (expected || found)
        fail_msg ("%s is %s, not %s", key, found, expected);
    free (found);
    json_decref (json);
    free (text);
}


void
translation_names (const api_t *api, const char *body, const char *expected)
{
    char names [256] = "";
    size_t size = 0;
    char *text = translation_text (api, 200, body);
    assert_non_null (text);
    json_t *json = json_loads (text, 0, NULL);
    size_t index;
    json_t *result;
    json_array_foreach (json_object_get (json, "results"), index, result)
    {
        size += (size_t) snprintf (names + size, sizeof (names) - size, "%s%s",
            index ? "," : "",
            json_string_value (json_object_get (result, "name")));
    }
    assert_string_equal (names, expected);
    json_decref (json);
    free (text);
}


//  What may stand anywhere; the last is deeper than an answer may be

static json_t *
s_anything (size_t index)
{
    static const char *const values [] = {"null", "true", "false", "0", "-1",
        "9223372036854775807", "1e300", "\"\"", "\"<&>'\\\"\\n\\ud83d\\udc1f\"",
        "[]", "{}", "[[[[]]]]", "[null]", "[{}]", "[\"\", 1, {}]",
        "{\"text\": {}, \"name\": []}"};
    if (index < sizeof (values) / sizeof (*values))
        return json_loads (values [index], JSON_DECODE_ANY, NULL);
    if (index > sizeof (values) / sizeof (*values))
        return NULL;
    json_t *deep = json_array ();
    for (int depth = 0; depth < 2 * ANSWER_DEPTH_MAX; depth++)
        deep = json_pack ("[o]", deep);
    return deep;
}


static void
s_try (const api_t *api, json_t *root)
{
    char *body = json_dumps (root, JSON_ENCODE_ANY);
    assert_non_null (body);
    free (translation_text (api, 200, body));
    free (translation_text (api, 400, body));
    free (body);
}


static void
s_replace (json_t *container, const char *key, size_t at, json_t *value)
{
    if (key)
        json_object_set (container, key, value);
    else
        json_array_set (container, at, value);
}


static void
s_visit (const api_t *api, json_t *root, json_t *container);


//  Put all there is in place of the value, then go on below it

static void
s_visit_value (const api_t *api, json_t *root, json_t *container,
    const char *key, size_t at)
{
    json_t *value = json_incref (key ? json_object_get (container, key)
                                     : json_array_get (container, at));
    json_t *other;
    for (size_t index = 0; (other = s_anything (index)); index++) {
        s_replace (container, key, at, other);
        s_try (api, root);
        json_decref (other);
    }
    s_replace (container, key, at, value);
    s_visit (api, root, value);
    json_decref (value);
}


static void
s_visit (const api_t *api, json_t *root, json_t *container)
{
    zlist_t *keys = zlist_new ();
    const char *key;
    json_t *value;
    zlist_autofree (keys);
    json_object_foreach (container, key, value)
        zlist_append (keys, strdupa (key));
    for (key = zlist_first (keys); key; key = zlist_next (keys))
        s_visit_value (api, root, container, key, 0);
    for (size_t at = 0; at < json_array_size (container); at++)
        s_visit_value (api, root, container, NULL, at);
    zlist_destroy (&keys);
}


void
translation_survives (const api_t *api, const char *body)
{
    json_t *root = json_loads (body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (root);
    s_visit (api, root, root);
    json_decref (root);
}
