/*  =========================================================================
    diary - the log of a bridge
    =========================================================================
*/

#include "mqtt/diary.h"

#include "log/escape.h"
#include "log/logfile.h"
#include "log/timestamp.h"
#include "loop/clock.h"

#include <czmq.h>

//  As a server's by default
#define FILE_SIZE_MAX 1073741824

struct diary_t {
    logfile_t *file;
};


diary_t *
diary_new (const char *file)
{
    logfile_options_t options = {
        .file = file, .server = DIARY_NAME, .size_max = FILE_SIZE_MAX};
    logfile_t *opened = logfile_new (&options);
    if (!opened)
        return NULL;
    diary_t *self = zmalloc (sizeof (diary_t));
    self->file = opened;
    return self;
}


void
diary_destroy (diary_t **self_p)
{
    diary_t *self = *self_p;
    if (self) {
        logfile_destroy (&self->file);
        free (self);
        *self_p = NULL;
    }
}


void
diary_say (diary_t *self, const char *format, ...)
{
    static const char sign [] = " " DIARY_NAME " * ";
    char text [DIARY_LINE_SIZE_MAX];
    char line [TIMESTAMP_SIZE + sizeof (sign) +
               (size_t) ESCAPE_GROWTH * DIARY_LINE_SIZE_MAX + 1];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof (text), format, arguments);
    va_end (arguments);
    char *to = timestamp_print (line, clock_now ());
    to = mempcpy (to, sign, sizeof (sign) - 1);
    to += escape_print (span_of (text), to);
    *to++ = '\n';
    logfile_write (self->file, (span_t){line, (size_t) (to - line)});
}


void
diary_reopen (diary_t *self)
{
    logfile_reopen (self->file);
}
