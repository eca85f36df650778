/*  =========================================================================
    program - how our programs read options, give help and end

    All have -h, --help, -V and --version; answer a misuse with one line that
    says what is wrong, then the usage, and exit with 2; call themselves by
    their name, whatever path started them; and fail if what they print is lost.
    =========================================================================
*/

#ifndef IO_PROGRAM_H
#define IO_PROGRAM_H

#include <getopt.h>
#include <stdbool.h>

//  What a program exits with when output is lost, and after a misuse.
enum { PROGRAM_LOST = 1, PROGRAM_MISUSE = 2 };

//  To begin the letters and to end the long options with.
#define PROGRAM_LETTERS "hV"
#define PROGRAM_OPTIONS                                                        \
    {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'},     \
    {                                                                          \
        NULL, 0, NULL, 0                                                       \
    }

typedef struct {
    const char *name;              //  Of the program
    const char *usage;             //  Whole lines: the forms of its command
    const char *help;              //  Whole lines: what -h shows below them
    const char *more;              //  And below that; NULL = nothing
    const char *letters;           //  As getopt has them
    const struct option *options;  //  As getopt_long has them
} program_t;

//  Take an option, of which optarg is the argument.  Returns false if it can't
//  be that.
typedef bool (program_take_fn) (void *context, int option);

//  Read the options, giving each to take.  To be called before the program
//  opens anything: a standard stream that is closed is opened so that its use
//  fails, lest a file that is opened later takes its place.  Returns -1 to go
//  on, optind being the first word that is no option; else what to exit with,
//  all being said.
int
program_read (const program_t *self, int argc, char **argv,
    program_take_fn *take, void *context);

//  Read the words after the options: a topology and at most one more, which is
//  NULL if it is not there.  Returns -1 to go on; else what to exit with, all
//  being said.
int
program_words (const program_t *self, int argc, char **argv,
    const char **topology, const char **other);

//  Say on standard error, in a line, what is wrong with the command line, then
//  its usage.  Returns PROGRAM_MISUSE.
int
program_misuse (const program_t *self, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));

//  Misuse by a word too many.
int
program_surplus (const program_t *self, const char *word);

//  Write out what was printed on standard output.  If that is lost, say so.
//  Returns what to exit with: status, or PROGRAM_LOST if that was 0 and output
//  is lost.
int
program_end (const program_t *self, int status);

#endif
