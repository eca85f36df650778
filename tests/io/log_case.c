/*  =========================================================================
    log_case - a folder for a log, and what comes into it
    =========================================================================
*/

#include "io/log_case.h"

#include "loop/clock.h"

#include <poll.h>

#define PATIENCE_MS 10000
#define ROOM 67108864


int
log_case_new (void **state)
{
    //  A file that is as large as it may be is an error, and no signal
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction (SIGXFSZ, &ignore, NULL);
    log_case_t *self = zmalloc (sizeof (log_case_t));
    snprintf (self->folder, sizeof (self->folder), "/tmp/zherd-log-XXXXXX");
    assert_non_null (mkdtemp (self->folder));
    self->file = zsys_sprintf ("%s/log", self->folder);
    self->older = zsys_sprintf ("%s.1", self->file);
    self->text = zmalloc (ROOM);
    *state = self;
    return 0;
}


int
log_case_free (void **state)
{
    log_case_t *self = *state;
    unlink (self->file);
    unlink (self->older);
    assert_int_equal (rmdir (self->folder), 0);
    zstr_free (&self->file);
    zstr_free (&self->older);
    free (self->text);
    free (self);
    return 0;
}


const char *
log_case_read (log_case_t *self, const char *file)
{
    FILE *stream = fopen (file, "r");
    size_t size = stream ? fread (self->text, 1, ROOM - 1, stream) : 0;
    self->text [size] = '\0';
    if (stream)
        fclose (stream);
    return self->text;
}


size_t
log_case_count (const char *text, const char *what)
{
    //  Sanitizers' strstr reads all of a text each time
    size_t count = 0;
    size_t size = strlen (what);
    const char *end = text + strlen (text);
    while ((text = memchr (text, what [0], (size_t) (end - text))))
        if (strncmp (text, what, size) == 0) {
            text += size;
            count++;
        }
        else
            text++;
    return count;
}


void
log_case_listen (log_case_t *self)
{
    int pair [2];
    assert_int_equal (pipe (pair), 0);
    fflush (stderr);
    self->said = pair [0];
    self->said_before = dup (STDERR_FILENO);
    dup2 (pair [1], STDERR_FILENO);
    close (pair [1]);
}


const char *
log_case_said (log_case_t *self)
{
    dup2 (self->said_before, STDERR_FILENO);
    close (self->said_before);
    ssize_t size = read (self->said, self->text, ROOM - 1);
    assert_true (size >= 0);
    self->text [size] = '\0';
    close (self->said);
    return self->text;
}


void
log_case_limit (uint64_t size)
{
    struct rlimit limit;
    assert_int_equal (getrlimit (RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &limit), 0);
}


bool
log_case_wait (int64_t *start_ms)
{
    int64_t now_ms = clock_ms ();
    if (*start_ms == 0)
        *start_ms = now_ms;
    (void) poll (NULL, 0, 1);
    return now_ms - *start_ms < PATIENCE_MS;
}
