/*  =========================================================================
    zherd-places - a Places service of one's own

    Answers Google's Nearby Search requests out of files of places, so that a
    herd runs, and is tested, without key and without network; and makes such
    files of what OpenStreetMap's and Overture's tools export.
    =========================================================================
*/

#include "admin/http.h"
#include "base/endpoint.h"
#include "io/program.h"
#include "log/replace.h"
#include "loop/signals.h"
#include "loop/sockaddr.h"
#include "places/gazetteer.h"
#include "places/import.h"
#include "places/service.h"

#include <errno.h>
#include <glob.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <unistd.h>

enum { EXIT_DATA = 1, EXIT_START = 3 };

static const program_t s_program = {
    .name = "zherd-places",
    .usage = "usage: zherd-places [-a ADDRESS] [-p PORT] [-L LAYOUT] DATA...\n"
             "       zherd-places --import FILE [-o OUT] [--credit TEXT]\n"
             "       zherd-places -h | -V\n",
    .help =
        "\n"
        "Answer Nearby Search requests out of DATA, until SIGTERM.\n"
        "\n"
        "  -a ADDRESS     address or name to serve at (default 127.0.0.1);\n"
        "                 * means all addresses of this machine\n"
        "  -p PORT        TCP port to serve at (default 14000)\n"
        "  -L LAYOUT      JSON layout: classic (default), Google's until 2021, "
        "or\n"
        "                 current, Google's now\n"
        "\n"
        "DATA are files, or folders whose *.places, *.tsv and *.tsv.gz are\n"
        "served.  A file may be (see data/README.md):\n"
        "\n"
        "  - a .places file that --import made: it opens at once at any size;\n"
        "  - a table with tabs between columns, which its first line names;\n"
        "    or a table of GeoNames, with its 19 columns or 8 of them;\n"
        "  - GeoJSON of OpenStreetMap, All the Places or Overture: a\n"
        "    FeatureCollection, one Feature a line (GeoJSONL), or a text\n"
        "    sequence of Features (GeoJSONSeq, RFC 8142).\n"
        "\n"
        "Tables and GeoJSON may be compressed with gzip.\n"
        "\n"
        "  --import FILE  make a .places file from a table or GeoJSON; - is\n"
        "                 standard input\n"
        "  -o OUT         the file to make (default FILE.places)\n"
        "  --credit TEXT  owner of the places, as HTML for html_attributions\n"
        "                 (default: from the data)\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n",
    .letters = PROGRAM_LETTERS "a:p:L:o:",
    .options =
        (const struct option []){{"import", required_argument, NULL, 'I'},
            {"credit", required_argument, NULL, 'C'}, PROGRAM_OPTIONS},
};

//  The command line
typedef struct {
    http_options_t http;
    layout_style_t style;
    const char *import;  //  Or NULL, to serve
    const char *out;     //  Or NULL, to be named after import
    const char *credit;  //  Or NULL, as the data tells
    zlistx_t *files;     //  Folders' files too
} options_t;


static void
s_stop (void *context, uint32_t events)
{
    (void) events;
    poller_end (context);
}


static void
s_tick (void *context)
{
    http_tick (context);
}


//  Serve until a signal.  Returns -1, errno set, if it can't begin.

static int
s_serve (gazetteer_t *gazetteer, const options_t *options, int signals)
{
    const http_options_t *where = &options->http;
    poller_t *poller = poller_new (NULL, NULL);
    watcher_t stop = {.fd = signals, .ready = s_stop, .context = poller};
    service_t *service = service_new (gazetteer, options->style);
    http_t *http =
        poller ? http_new (poller, where, service_answer, service) : NULL;
    bool begun = http && poller_add (poller, &stop, EPOLLIN) == 0;
    int reason = errno;
    if (begun) {
        poller_tick (poller, 1000, s_tick, http);
        char at [ENDPOINT_TEXT_SIZE];
        printf ("zherd-places: serving %zu places at http://%s%s\n",
            gazetteer_size (gazetteer),
            endpoint_print_address (&where->address, where->port, at),
            SERVICE_PATH);
        fflush (stdout);
        poller_run (poller);
    }
    http_destroy (&http);
    service_destroy (&service);
    poller_destroy (&poller);
    errno = reason;
    return begun ? 0 : -1;
}


//  Open the files and serve.  Returns what to exit with.

static int
s_open_and_serve (const options_t *options, int signals)
{
    size_t count = zlistx_size (options->files);
    const char **files = zmalloc ((count + 1) * sizeof (char *));
    size_t index = 0;
    for (const char *file = zlistx_first (options->files); file;
         file = zlistx_next (options->files))
        files [index++] = file;
    gazetteer_t *gazetteer = gazetteer_new (files, count);
    free (files);
    int status = gazetteer ? 0 : EXIT_DATA;
    if (gazetteer && s_serve (gazetteer, options, signals) < 0) {
        char at [ENDPOINT_TEXT_SIZE];
        fprintf (stderr, "zherd-places: can't serve at %s: %s\n",
            endpoint_print_address (
                &options->http.address, options->http.port, at),
            strerror (errno));
        status = EXIT_START;
    }
    gazetteer_destroy (&gazetteer);
    return status;
}


//  Return what is wrong with making that file of this one, or NULL

static const char *
s_obstacle (const char *file, const char *out)
{
    struct stat from;
    struct stat to;
    const char *obstacle = replace_obstacle (out);
    if (!obstacle && stat (file, &from) == 0 && stat (out, &to) == 0 &&
        from.st_dev == to.st_dev && from.st_ino == to.st_ino)
        obstacle = "the file to import";
    return obstacle;
}


static bool
s_is_mostly_bad (const import_count_t *count)
{
    return count->bad_lines >
           (size_t) count->places + count->twice + count->passed_over;
}


//  Import into a file beside the one to be made, which is there whole or not
//  at all.  Returns what to exit with.

static int
s_import_to (const options_t *options, const char *out, const char *part)
{
    const char *file = options->import;
    const char *obstacle = s_obstacle (file, out);
    if (obstacle) {
        fprintf (stderr, "%s: is %s, and not replaced\n", out, obstacle);
        return EXIT_DATA;
    }
    int fd = replace_begin (part);
    if (fd < 0) {
        fprintf (stderr, "%s: %s\n", part, strerror (errno));
        return EXIT_DATA;
    }
    import_count_t count = {0};
    bool good = import_file (file, options->credit, fd, isatty (STDERR_FILENO),
                    &count) == 0;
    if (good && s_is_mostly_bad (&count)) {
        fprintf (stderr,
            "%s: more bad lines than good: nothing is made of it\n", file);
        good = false;
    }
    if (good && replace_end (fd, part, out) < 0) {
        fprintf (stderr, "%s: %s\n", out, strerror (errno));
        good = false;
    }
    if (good) {
        printf ("%s: %" PRId64 " places\n", out, count.places);
        if (count.twice)
            printf ("%s: %zu were there twice\n", file, count.twice);
        import_tell (&count, file, stdout);
    }
    else
        replace_give_up (fd, part);
    close (fd);
    return good ? 0 : EXIT_DATA;
}


static int
s_import (const options_t *options)
{
    const char *file = options->import;
    char *out =
        options->out ? strdup (options->out) : zsys_sprintf ("%s.places", file);
    char *part = zsys_sprintf ("%s.part", out);
    int status = s_import_to (options, out, part);
    zstr_free (&part);
    zstr_free (&out);
    return status;
}


static bool
s_read_port (const char *text, uint16_t *port)
{
    uint64_t number;
    if (!span_number (span_of (text), UINT16_MAX, &number) || number == 0)
        return false;
    *port = (uint16_t) number;
    return true;
}


static bool
s_read_layout (const char *text, layout_style_t *style)
{
    *style = streq (text, "current") ? LAYOUT_CURRENT : LAYOUT_CLASSIC;
    return streq (text, "current") || streq (text, "classic");
}


//  Of a name's addresses the first is served

static bool
s_look_up (const char *name, address_t *address)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    bool good = getaddrinfo (name, NULL, &hints, &found) == 0 &&
                sockaddr_read (found->ai_addr, address, NULL);
    if (found)
        freeaddrinfo (found);
    return good;
}


//  As in an endpoint, or an IPv6 address without brackets

static bool
s_read_address (const char *text, address_t *address)
{
    char copy [ENDPOINT_TEXT_SIZE];
    endpoint_t endpoint;
    if (address_read (address, span_of (text)))
        return true;
    snprintf (copy, sizeof (copy), "%s:1", text);
    if (endpoint_read (&endpoint, span_of (copy)))
        return false;
    *address = endpoint.address;
    return !endpoint.is_name || s_look_up (endpoint.host, address);
}


//  Take an option, as program_take_fn has it

static bool
s_take_option (void *context, int option)
{
    options_t *options = context;
    switch (option) {
    case 'a':
        return s_read_address (optarg, &options->http.address);
    case 'p':
        return s_read_port (optarg, &options->http.port);
    case 'L':
        return s_read_layout (optarg, &options->style);
    case 'I':
        options->import = optarg;
        return true;
    case 'o':
        options->out = optarg;
        return true;
    case 'C':
        options->credit = optarg;
        return true;
    default:
        return false;
    }
}


//  Add the file, or the folder's files, in the order of their names

static void
s_add_data (options_t *options, char *name)
{
    static const char *const ends [] = {"places", "tsv", "tsv.gz"};
    struct stat about;
    if (stat (name, &about) < 0 || !S_ISDIR (about.st_mode)) {
        zlistx_add_end (options->files, name);
        return;
    }
    for (size_t index = 0; index < sizeof (ends) / sizeof (*ends); index++) {
        char *pattern = zsys_sprintf ("%s/*.%s", name, ends [index]);
        glob_t found = {0};
        if (glob (pattern, GLOB_NOSORT, NULL, &found) == 0)
            for (size_t at = 0; at < found.gl_pathc; at++)
                zlistx_add_end (options->files, found.gl_pathv [at]);
        globfree (&found);
        zstr_free (&pattern);
    }
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read_options (int argc, char **argv, options_t *options)
{
    int status = program_read (&s_program, argc, argv, s_take_option, options);
    if (status >= 0)
        return status;
    if (options->import && optind < argc)
        return program_surplus (&s_program, argv [optind]);
    if (options->import && streq (options->import, "-") && !options->out)
        return program_misuse (&s_program, "--import - needs -o OUT");
    if (options->out && !options->import)
        return program_misuse (&s_program, "-o goes with --import");
    if (options->credit && !options->import)
        return program_misuse (&s_program, "--credit goes with --import");
    if (!options->import && optind == argc)
        return program_misuse (&s_program, "which files of places?");
    for (int index = optind; index < argc; index++)
        s_add_data (options, argv [index]);
    if (options->import || zlistx_size (options->files))
        return -1;
    fputs ("zherd-places: there are no files of places\n", stderr);
    return EXIT_DATA;
}


int
main (int argc, char **argv)
{
    options_t options = {
        .http = {.address = address_of_v4 (INADDR_LOOPBACK),
            .port = 14000,
            .connection_max = 1000,
            .request_seconds = 60},
        .files = zlistx_new (),
    };
    zlistx_set_duplicator (options.files, (zlistx_duplicator_fn *) strdup);
    zlistx_set_destructor (options.files, (zlistx_destructor_fn *) zstr_free);
    int status = s_read_options (argc, argv, &options);
    if (status < 0 && options.import)
        status = s_import (&options);
    else if (status < 0) {
        static const int ends [] = {SIGTERM, SIGINT};
        int signals = signals_take (ends, sizeof (ends) / sizeof (*ends));
        status = s_open_and_serve (&options, signals);
        close (signals);
    }
    zlistx_destroy (&options.files);
    return program_end (&s_program, status);
}
