/*  =========================================================================
    config_case - a topology file to be read, and what was said of it
    =========================================================================
*/

#include "io/config_case.h"

#include "config/caveats.h"


void
config_case_write (const char *path, const char *text, size_t size, mode_t mode)
{
    int file = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true (file != -1);
    assert_int_equal (write (file, text, size), size);
    assert_int_equal (fchmod (file, mode), 0);
    close (file);
}


static void
s_load (config_case_t *self, const char *path)
{
    config_destroy (&self->config);
    self->config = config_new (path);
}


static void
s_tell_caveats (config_case_t *self, const char *path)
{
    (void) path;
    caveats_tell (self->config);
}


//  Call it with the path, keeping what is said meanwhile on either output

void
config_case_listen (config_case_t *self,
    void (*act) (config_case_t *, const char *), const char *path)
{
    FILE *said = tmpfile ();
    assert_non_null (said);
    fflush (stdout);
    int output = dup (STDOUT_FILENO);
    int error = dup (STDERR_FILENO);
    dup2 (fileno (said), STDOUT_FILENO);
    dup2 (fileno (said), STDERR_FILENO);

    act (self, path);

    fflush (stdout);
    dup2 (output, STDOUT_FILENO);
    dup2 (error, STDERR_FILENO);
    close (output);
    close (error);
    rewind (said);
    size_t size = fread (self->said, 1, sizeof self->said - 1, said);
    self->said [size] = 0;
    fclose (said);
}


void
config_case_load (config_case_t *self, const char *path)
{
    config_case_listen (self, s_load, path);
}


void
config_case_read (config_case_t *self, const char *text)
{
    config_case_write (self->path, text, strlen (text), 0644);
    config_case_load (self, self->path);
}


config_t *
config_case_good (config_case_t *self, const char *text)
{
    config_case_read (self, text);
    assert_string_equal (self->said, "");
    assert_non_null (self->config);
    return self->config;
}


//  Unless it is to be named, drop from what was said which line it is about

static void
s_pass_over_line (config_case_t *self, const char *path, const char *reason)
{
    char *where = self->said + strlen ("zherd: : ") + strlen (path);
    int size = 0;
    if (*self->said && strncmp (reason, "line ", 5) != 0 &&
        sscanf (where, "line %*u: %n", &size) == 0)
        memmove (where, where + size, strlen (where + size) + 1);
}


void
config_case_warns (config_case_t *self, const char *text, const char *warning)
{
    config_case_good (self, text);
    config_case_listen (self, s_tell_caveats, NULL);
    char *line = *warning
                     ? zsys_sprintf ("zherd: %s: %s\n", self->path, warning)
                     : strdup ("");
    s_pass_over_line (self, self->path, warning);
    assert_string_equal (self->said, line);
    zstr_free (&line);
}


//  There is no config, and the reason (after the file's name) was all said

void
config_case_refused (config_case_t *self, const char *path, const char *reason)
{
    char *line = zsys_sprintf ("zherd: %s: %s\n", path, reason);
    s_pass_over_line (self, path, reason);
    assert_string_equal (self->said, line);
    assert_null (self->config);
    zstr_free (&line);
}


void
config_case_bad (config_case_t *self, const char *text, const char *reason)
{
    config_case_read (self, text);
    config_case_refused (self, self->path, reason);
}


int
config_case_new (void **state)
{
    config_case_t *self = zmalloc (sizeof (config_case_t));
    snprintf (self->folder, sizeof self->folder, "/tmp/zherd-config-XXXXXX");
    assert_non_null (mkdtemp (self->folder));
    self->path = zsys_sprintf ("%s/herd.zpl", self->folder);
    unsetenv ("PLACES_API_KEY");
    unsetenv ("HERD_SECRET");
    *state = self;
    return 0;
}


int
config_case_free (void **state)
{
    config_case_t *self = *state;
    config_destroy (&self->config);
    unlink (self->path);
    rmdir (self->folder);
    zstr_free (&self->path);
    free (self);
    return 0;
}
