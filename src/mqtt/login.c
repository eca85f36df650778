/*  =========================================================================
    login - as whom a broker is used
    =========================================================================
*/

#include "mqtt/login.h"

#include "base/span.h"
#include "config/zpl.h"

#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX (2 * LOGIN_SIZE_MAX + 4)


static bool
s_copy_field (char *to, span_t text)
{
    if (text.size > LOGIN_SIZE_MAX)
        return false;
    memcpy (to, text.data, text.size);
    to [text.size] = '\0';
    return true;
}


//  Return what is wrong with the text, or NULL

static const char *
s_read (login_t *self, span_t text)
{
    span_t line = span_until (&text, '\n');
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    if (text.size)
        return "has more than one line";
    if (!memchr (line.data, ':', line.size) || line.data [0] == ':')
        return "is not USER:PASSWORD";
    span_t user = span_until (&line, ':');
    if (!s_copy_field (self->user, user) ||
        !s_copy_field (self->password, line))
        return "has a user or a password of more than 255 bytes";
    return NULL;
}


const char *
login_read (login_t *self, const char *file)
{
    const char *wrong;
    char *text = zpl_slurp (file, FILE_SIZE_MAX, ZPL_OURS, &wrong);
    *self = (login_t){.user = ""};
    if (!text)
        return wrong;
    wrong = s_read (self, span_of (text));
    explicit_bzero (text, strlen (text));
    free (text);
    return wrong;
}


void
login_forget (login_t *self)
{
    explicit_bzero (self, sizeof (*self));
}
