/*  =========================================================================
    form - the names and values of a query or a form
    =========================================================================
*/

#include "reports/form.h"


bool
form_next (span_t *rest, span_t *name, span_t *value)
{
    span_t pair = {rest->data, 0};
    while (rest->size && pair.size == 0)
        pair = span_until (rest, '&');
    *value = pair;
    *name = span_until (value, '=');
    return pair.size > 0;
}


//  Return the value of a hexadecimal digit, or -1

static int
s_digit (char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}


static size_t
s_decode (span_t text, char *buffer, bool is_path)
{
    char *to = buffer;
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data [at];
        if (byte == '+' && !is_path)
            byte = ' ';
        else if (byte == '%' && at + 2 < text.size) {
            int high = s_digit (text.data [at + 1]);
            int low = s_digit (text.data [at + 2]);
            if (high >= 0 && low >= 0) {
                byte = (char) (high * 16 + low);
                at += 2;
            }
        }
        *to++ = byte;
    }
    return (size_t) (to - buffer);
}


size_t
form_decode (span_t text, char *buffer)
{
    return s_decode (text, buffer, false);
}


size_t
form_decode_path (span_t text, char *buffer)
{
    return s_decode (text, buffer, true);
}
