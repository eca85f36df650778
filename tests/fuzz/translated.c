/*  =========================================================================
    translated - whatever a provider says, what comes out is good
    =========================================================================
*/

#include "fuzz/translated.h"

#include "page/answer.h"
#include "page/google_status.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const long s_statuses [] = {
    200, 200, 200, 200, 400, 401, 403, 404, 429, 500, 503, 302, 204, 0};

#define STATUSES (sizeof (s_statuses) / sizeof (*s_statuses))


//  The core and jansson see the same in it

static void
s_check (span_t text)
{
    answer_t answer;
    assert (strlen (text.data) == text.size);
    bool good = answer_read (&answer, text);
    assert (good && google_status_of (answer.status) != GOOGLE_NONE);
    json_t *json =
        json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    assert (json);
    json_t *results = json_object_get (json, "results");
    assert (json_is_array (results));
    assert (json_array_size (results) == answer.results);
    assert (json_is_array (json_object_get (json, "html_attributions")));
    assert (answer.failed ? answer.results == 0
                          : span_equal (answer.status, span_of ("OK")) ==
                                (answer.results > 0));
    size_t index;
    json_t *result;
    json_array_foreach (results, index, result)
    {
        assert (json_is_object (result));
    }
    json_decref (json);
}


void
translated_check (const api_t *api, const uint8_t *data, size_t size)
{
    if (size == 0)
        return;
    char *body = malloc (size);
    assert (body);
    memcpy (body, data + 1, size - 1);
    size_t written = 0;
    char *text = api->translate (
        s_statuses [data [0] % STATUSES], (span_t){body, size - 1}, &written);
    if (text)
        s_check ((span_t){text, written});
    free (text);
    free (body);
}
