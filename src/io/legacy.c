/*  =========================================================================
    legacy - JSON as Google's legacy Places lays it out
    =========================================================================
*/

#include "io/legacy.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 3

//  An array of scalars stands on one line if it is shorter than this
#define LINE_MAX_SIZE 74

typedef struct {
    FILE *stream;
    int level;
} printer_t;


static void
s_print_string (FILE *stream, const char *text)
{
    static const char bytes [] = "\"\\\b\f\n\r\t";
    static const char letters [] = "\"\\bfnrt";
    fputc ('"', stream);
    for (; *text; text++) {
        unsigned char byte = (unsigned char) *text;
        const char *named = strchr (bytes, byte);
        if (named)
            fprintf (stream, "\\%c", letters [named - bytes]);
        else if (byte < ' ' || strchr ("<>&'", byte))
            fprintf (stream, "\\u%04x", byte);
        else
            fputc (byte, stream);
    }
    fputc ('"', stream);
}


static void
s_print_scalar (FILE *stream, json_t *value)
{
    switch (json_typeof (value)) {
    case JSON_STRING:
        s_print_string (stream, json_string_value (value));
        break;
    case JSON_INTEGER:
        fprintf (stream, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
        break;
    case JSON_REAL:
        fprintf (stream, "%.16g", json_real_value (value));
        break;
    case JSON_TRUE:
        fputs ("true", stream);
        break;
    case JSON_FALSE:
        fputs ("false", stream);
        break;
    default:
        fputs ("null", stream);
    }
}


static void
s_start_line (const printer_t *self)
{
    fprintf (self->stream, "\n%*s", self->level * INDENT, "");
}


static void
s_print_value (printer_t *self, json_t *value);


//  Return true if the array has scalars alone, and room on a line

static bool
s_fits (json_t *array)
{
    size_t count = json_array_size (array);
    size_t sum = 4 + 2 * (count - 1);
    for (size_t index = 0; index < count; index++) {
        json_t *value = json_array_get (array, index);
        if (json_is_object (value) || json_is_array (value))
            return false;
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream (&text, &size);
        assert (stream);
        s_print_scalar (stream, value);
        fclose (stream);
        free (text);
        sum += size;
    }
    return sum < LINE_MAX_SIZE;
}


static void
s_print_array (printer_t *self, json_t *array)
{
    size_t count = json_array_size (array);
    bool fits = count && s_fits (array);
    fputs (fits ? "[ " : "[", self->stream);
    self->level++;
    for (size_t index = 0; index < count; index++) {
        if (index)
            fputs (fits ? ", " : ",", self->stream);
        if (!fits)
            s_start_line (self);
        s_print_value (self, json_array_get (array, index));
    }
    self->level--;
    if (count && !fits)
        s_start_line (self);
    fputs (fits ? " ]" : "]", self->stream);
}


static void
s_print_object (printer_t *self, json_t *object)
{
    const char *key;
    json_t *value;
    const char *separator = "";
    fputc ('{', self->stream);
    self->level++;
    json_object_foreach (object, key, value)
    {
        fputs (separator, self->stream);
        separator = ",";
        s_start_line (self);
        s_print_string (self->stream, key);
        fputs (" : ", self->stream);
        s_print_value (self, value);
    }
    self->level--;
    if (json_object_size (object))
        s_start_line (self);
    fputc ('}', self->stream);
}


static void
s_print_value (printer_t *self, json_t *value)
{
    if (json_is_object (value))
        s_print_object (self, value);
    else if (json_is_array (value))
        s_print_array (self, value);
    else
        s_print_scalar (self->stream, value);
}


char *
legacy_print (json_t *object, size_t *size)
{
    char *text = NULL;
    printer_t printer = {.stream = open_memstream (&text, size)};
    assert (printer.stream);
    s_print_value (&printer, object);
    fputc ('\n', printer.stream);
    fclose (printer.stream);
    assert (text);
    return text;
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


json_t *
legacy_failure (const char *status)
{
    json_t *failure = json_object ();
    json_object_set_new (failure, "error_message", json_string (""));
    json_object_set_new (failure, "html_attributions", json_array ());
    json_object_set_new (failure, "results", json_array ());
    json_object_set_new (failure, "status", json_string (status));
    return failure;
}
