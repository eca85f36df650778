/*  =========================================================================
    legacy - a provider's JSON as an answer of Google's legacy Places
    =========================================================================
*/

#include "providers/legacy.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

//  "-1.797693134862316e+308" and a NUL
#define NUMBER_SIZE 32


char *
legacy_answer (
    json_t *credits, json_t *places, legacy_place_fn *place, size_t *size)
{
    layout_t out = {.style = LAYOUT_CLASSIC};
    google_status_t status = GOOGLE_ZERO_RESULTS;
    layout_begin (&out);
    legacy_texts (&out, "html_attributions", credits);
    layout_open (&out, "results", '[');
    for (size_t index = 0; index < json_array_size (places); index++) {
        json_t *value = json_array_get (places, index);
        if (!json_is_object (value))
            continue;
        layout_open (&out, NULL, '{');
        place (&out, value);
        layout_close (&out, '}');
        status = GOOGLE_OK;
    }
    layout_close (&out, ']');
    layout_text (&out, "status", span_of (google_status_word (status)));
    layout_end (&out);
    *size = out.size;
    return out.text;
}


static span_t
s_span (json_t *text)
{
    return (span_t){json_string_value (text), json_string_length (text)};
}


void
legacy_text (layout_t *out, const char *key, json_t *value)
{
    if (json_is_string (value))
        layout_text (out, key, s_span (value));
}


void
legacy_texts (layout_t *out, const char *key, json_t *value)
{
    if (!json_is_array (value))
        return;
    size_t count = 0;
    span_t *texts = malloc ((json_array_size (value) + 1) * sizeof (span_t));
    assert (texts);
    for (size_t index = 0; index < json_array_size (value); index++)
        if (json_is_string (json_array_get (value, index)))
            texts [count++] = s_span (json_array_get (value, index));
    layout_texts (out, key, texts, count);
    free (texts);
}


//  Sixteen digits, as few as are needed, is what Google has

void
legacy_number (layout_t *out, const char *key, json_t *value)
{
    char text [NUMBER_SIZE];
    if (json_is_integer (value))
        snprintf (text, sizeof (text), "%" JSON_INTEGER_FORMAT,
            json_integer_value (value));
    else
        snprintf (text, sizeof (text), "%.16g", json_real_value (value));
    if (json_is_number (value))
        layout_literal (out, key, text);
}


static const char *
s_html_of (char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}


static void
s_print_html (FILE *stream, const char *text)
{
    for (; *text; text++) {
        const char *escaped = s_html_of (*text);
        if (escaped)
            fputs (escaped, stream);
        else
            fputc (*text, stream);
    }
}


json_t *
legacy_anchor (const char *uri, const char *name)
{
    char *text = NULL;
    size_t size = 0;
    if (!name)
        return NULL;
    FILE *stream = open_memstream (&text, &size);
    assert (stream);
    if (uri) {
        fputs ("<a href=\"", stream);
        s_print_html (stream, uri);
        fputs ("\">", stream);
    }
    s_print_html (stream, name);
    if (uri)
        fputs ("</a>", stream);
    fclose (stream);
    json_t *anchor = json_stringn (text, size);
    free (text);
    return anchor;
}


google_status_t
legacy_refusal (google_status_t status)
{
    switch (status) {
    case GOOGLE_OVER_DAILY_LIMIT:
    case GOOGLE_OVER_QUERY_LIMIT:
    case GOOGLE_REQUEST_DENIED:
        return status;
    default:
        return GOOGLE_NONE;
    }
}


//  406 is how Overpass refuses who says not what program asks

google_status_t
legacy_refusal_http (long status)
{
    switch (status) {
    case 401:
    case 403:
    case 406:
        return GOOGLE_REQUEST_DENIED;
    case 429:
        return GOOGLE_OVER_QUERY_LIMIT;
    default:
        return GOOGLE_NONE;
    }
}
