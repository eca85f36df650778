/*  =========================================================================
    program - how our programs read options, give help and end
    =========================================================================
*/

#include "io/program.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


//  Help and usage are shorter
#define HELP_SIZE_MAX 16384


//  Opened for the other direction, so that reading or writing fails as it does
//  with a closed one

static void
s_occupy_streams (void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl (fd, F_GETFD) == -1 && open ("/dev/null", mode) == -1)
            abort ();
    }
}


static int
s_show_usage (const program_t *self)
{
    fprintf (stderr, "%s\"%s -h\" tells more.\n", self->usage, self->name);
    return PROGRAM_MISUSE;
}


static int
s_refuse_value (const program_t *self, int option)
{
    const struct option *name = self->options;
    while (name->name && name->val != option)
        name++;
    if (name->name)
        return program_misuse (self, "--%s can't be '%s'", name->name, optarg);
    return program_misuse (self, "-%c can't be '%s'", option, optarg);
}


//  getopt says what is wrong with an option, and who says so it takes from
//  argv [0]

int
program_read (const program_t *self, int argc, char **argv,
    program_take_fn *take, void *context)
{
    char *path = argv [0];
    char *name = strdup (self->name);
    int status = -1, option;
    assert (name);
    s_occupy_streams ();
    argv [0] = name;
    while (status < 0 && (option = getopt_long (argc, argv, self->letters,
                              self->options, NULL)) != -1) {
        if (option == 'h') {
            //  All at once, so that a write that fails says why
            static char buffer [HELP_SIZE_MAX];
            (void) setvbuf (stdout, buffer, _IOFBF, sizeof (buffer));
            printf ("%s%s%s", self->usage, self->help,
                self->more ? self->more : "");
            status = program_end (self, EXIT_SUCCESS);
        }
        else if (option == 'V') {
            printf ("%s %s\n", self->name, ZHERD_VERSION);
            status = program_end (self, EXIT_SUCCESS);
        }
        else if (option == '?')
            status = s_show_usage (self);
        else if (!take (context, option))
            status = s_refuse_value (self, option);
    }
    argv [0] = path;
    free (name);
    return status;
}


int
program_words (const program_t *self, int argc, char **argv,
    const char **topology, const char **other)
{
    int left = argc - optind;
    if (left == 0)
        return program_misuse (self, "which topology?");
    if (left > 2)
        return program_surplus (self, argv [optind + 2]);
    *topology = argv [optind];
    *other = argv [optind + 1];
    return -1;
}


int
program_misuse (const program_t *self, const char *format, ...)
{
    va_list arguments;
    fprintf (stderr, "%s: ", self->name);
    va_start (arguments, format);
    vfprintf (stderr, format, arguments);
    va_end (arguments);
    fputc ('\n', stderr);
    return s_show_usage (self);
}


int
program_surplus (const program_t *self, const char *word)
{
    return program_misuse (self, "unexpected argument '%s'", word);
}


int
program_end (const program_t *self, int status)
{
    //  If an earlier write failed the stream knows it, but not why
    const char *reason = "some of it is lost";
    if (fflush (stdout) != 0)
        reason = strerror (errno);
    else if (!ferror (stdout))
        return status;
    fprintf (stderr, "%s: standard output: %s\n", self->name, reason);
    return status == EXIT_SUCCESS ? PROGRAM_LOST : status;
}
