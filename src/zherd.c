/*  =========================================================================
    zherd - one server of an application server herd
    =========================================================================
*/

#include "config/caveats.h"
#include "config/config.h"
#include "config/region.h"
#include "config/http_port.h"
#include "config/security.h"
#include "io/daemon.h"
#include "keys/keys.h"
#include "keys/keysmith.h"
#include "log/secret.h"
#include "tokens/mint.h"
#include "tokens/tokens.h"
#include "io/program.h"
#include "store/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  Exit codes
enum { EXIT_CONFIG = 1, EXIT_START = 3 };

static const program_t s_program = {
    .name = "zherd",
    .usage = "usage: zherd [-l LOG] [-k KEYS] TOPOLOGY SERVER\n"
             "       zherd -n [-k KEYS] TOPOLOGY [SERVER]\n"
             "       zherd keys [--rotate | --retire SERVER] TOPOLOGY [KEYS]\n"
             "       zherd table [--iamat] FILE\n"
             "       zherd token add TOPOLOGY NAME read | write [PREFIX]\n"
             "       zherd token list TOPOLOGY\n"
             "       zherd token remove TOPOLOGY NAME\n"
             "       zherd -h | -V\n",
    .help =
        "\n"
        "Serve as SERVER of the herd that the file TOPOLOGY describes.\n"
        "\n"
        "  -l LOG         append the log to this file, which must not be a\n"
        "                 symbolic link (default: standard output)\n"
        "  -k KEYS        take keys from this folder, not from that of "
        "mesh/keys\n"
        "  -n             check TOPOLOGY, print what it says, warn of likely\n"
        "                 mistakes, and exit; with SERVER, also check its "
        "keys\n"
        "                 and tokens, and print what it would load from the\n"
        "                 folder of store/folder\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n"
        "\n"
        "SIGTERM ends zherd once replies and updates are delivered; SIGHUP\n"
        "reopens the log and reads TOPOLOGY, keys and tokens again.\n"
        "PLACES_API_KEY holds the key of the Places provider, HERD_SECRET a\n"
        "password that all servers of a herd without keys share.\n"
        "See also \"zherd keys -h\", \"zherd token -h\" and \"zherd table "
        "-h\".\n"
        "Exit codes: 1 wrong topology, 2 usage error, 3 could not start.\n",
    .letters = PROGRAM_LETTERS "nl:k:",
    .options = (const struct option []){PROGRAM_OPTIONS},
};

static const program_t s_keys_program = {
    .name = "zherd keys",
    .usage = "usage: zherd keys [--rotate | --retire SERVER] TOPOLOGY [KEYS]\n"
             "       zherd keys -h | -V\n",
    .help =
        "\n"
        "Make the keys by which the servers of TOPOLOGY know each other, in\n"
        "the folder KEYS, or else that of mesh/keys, or else keys.  Keys that\n"
        "exist are kept.  Run this on one machine alone.  Other machines need\n"
        "herd.key, herd.pub and NAME.secret of their own servers; copy them\n"
        "in a way that nobody else can read.\n"
        "\n"
        "  --rotate SERVER  give SERVER a new key, and let peers accept both.\n"
        "                   Copy herd.pub to all machines and SERVER.secret "
        "to\n"
        "                   SERVER's, then reload the others first, SERVER "
        "last\n"
        "  --retire SERVER  let peers accept its new key alone; then copy\n"
        "                   herd.pub and reload all\n"
        "  -V, --version    print the version and exit\n"
        "  -h, --help       print this and exit\n"
        "\n"
        "For a new herd.key, take all servers down and remove all files of\n"
        "the folder.  Exit codes: 1 keys could not be made, 2 usage\n"
        "error.\n",
    .letters = PROGRAM_LETTERS,
    .options =
        (const struct option []){{"rotate", required_argument, NULL, 'r'},
            {"retire", required_argument, NULL, 'o'}, PROGRAM_OPTIONS},
};

static const program_t s_table_program = {
    .name = "zherd table",
    .usage = "usage: zherd table [--iamat] FILE\n"
             "       zherd table -h | -V\n",
    .help =
        "\n"
        "Print the AT line of each client in the table on disk FILE, which\n"
        "may be in use, or a copy of one.\n"
        "\n"
        "  --iamat        print IAMAT lines, which any server takes\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n"
        "\n"
        "Exit codes: 1 the table cannot be read, 2 usage error.\n",
    .letters = PROGRAM_LETTERS,
    .options = (const struct option []){{"iamat", no_argument, NULL, 'i'},
        PROGRAM_OPTIONS},
};

static const program_t s_token_program = {
    .name = "zherd token",
    .usage = "usage: zherd token add TOPOLOGY NAME read | write [PREFIX]\n"
             "       zherd token list TOPOLOGY\n"
             "       zherd token remove TOPOLOGY NAME\n"
             "       zherd token -h | -V\n",
    .help =
        "\n"
        "Manage the tokens of the HTTP port, in the file that http/tokens of\n"
        "TOPOLOGY names.  Servers read it when they start, and at SIGHUP.\n"
        "\n"
        "  add     make a token of that name and print it, once.  With write "
        "it may\n"
        "          report clients whose IDs begin with PREFIX, or all; with "
        "read\n"
        "          it may ask where all clients are\n"
        "  list    print each token's name, right and prefix\n"
        "  remove  remove a token\n"
        "\n"
        "  -V, --version  print the version and exit\n"
        "  -h, --help     print this and exit\n"
        "\n"
        "Exit codes: 1 it could not be done, 2 usage error.\n",
    .letters = PROGRAM_LETTERS,
    .options = (const struct option []){PROGRAM_OPTIONS},
};

typedef struct {
    const char *log;
    const char *topology;
    const char *server;
    const char *keys;
    bool check;
    bool (*change) (const char *keys, const char *server);
} options_t;


static bool
s_take_option (void *context, int option)
{
    options_t *self = context;
    if (option == 'n')
        self->check = true;
    else if (option == 'k')
        self->keys = optarg;
    else
        self->log = optarg;
    return true;
}


//  Read the command line.  Returns -1 to go on, else what to exit with.

static int
s_read_options (options_t *self, int argc, char *argv [])
{
    int status = program_read (&s_program, argc, argv, s_take_option, self);
    if (status < 0)
        status = program_words (
            &s_program, argc, argv, &self->topology, &self->server);
    if (status < 0 && !self->server && !self->check)
        status =
            program_misuse (&s_program, "which server of %s?", self->topology);
    return status;
}


//  Return false, all being said, if its keys are wrong

static bool
s_check_keys (const config_t *config, size_t server)
{
    keys_t *keys;
    bool good = keys_read (&keys, config, server);
    keys_destroy (&keys);
    return good;
}


//  Return false, all being said, if it could not read the tokens it needs

static bool
s_check_tokens (const config_t *config, size_t server)
{
    if (!config->servers [server].has_http || !config->http.tokens)
        return true;
    if (!http_port_has_tokens (config, false))
        return false;
    tokens_t *tokens = tokens_new (config->http.tokens);
    bool good = tokens;
    tokens_destroy (&tokens);
    return good;
}


//  Return false, all being said, if links can't have the keys of the option, or
//  may not be plain

static bool
s_is_secure (config_t *config, const options_t *options)
{
    return (!options->keys || security_use_keys (config, options->keys)) &&
           (options->check || security_permits (config));
}


//  Check the topology, and with a server its keys and tokens

static int
s_check (const config_t *config, const options_t *options, size_t server)
{
    caveats_tell (config);
    if (!options->server)
        http_port_has_tokens (config, true);
    else if (!s_check_keys (config, server) || !s_check_tokens (config, server))
        return EXIT_CONFIG;
    config_print (config);
    bool good = !options->server || !config->store_folder ||
                show_table (config->store_folder, config->name,
                    config->servers [server].name);
    return program_end (&s_program, good ? EXIT_SUCCESS : EXIT_CONFIG);
}


static int
s_serve (config_t **config_p, size_t server, const char *log)
{
    if (!region_permits (*config_p, server, false))
        return EXIT_CONFIG;
    if (!s_check_tokens (*config_p, server))
        return EXIT_START;
    daemon_t *daemon = daemon_new (config_p, server, log, NULL);
    if (!daemon)
        return EXIT_START;
    daemon_run (daemon);
    daemon_destroy (&daemon);
    return EXIT_SUCCESS;
}


static bool
s_take_change (void *context, int option)
{
    options_t *self = context;
    self->change = option == 'r' ? keysmith_rotate : keysmith_retire;
    self->server = optarg;
    return true;
}


//  As s_read_options

static int
s_read_keys_options (options_t *self, int argc, char *argv [])
{
    int status =
        program_read (&s_keys_program, argc, argv, s_take_change, self);
    return status < 0 ? program_words (&s_keys_program, argc, argv,
                            &self->topology, &self->keys)
                      : status;
}


//  Make or change the keys of the topology's servers

static bool
s_work_keys (const config_t *config, const options_t *options)
{
    const char *servers [CONFIG_SERVERS_MAX];
    const char *folder = options->keys ? options->keys : config->keys;
    config_names (config, servers);
    folder = folder ? folder : "keys";
    return options->change
               ? options->change (folder, options->server)
               : keysmith_make (folder, servers, config->server_count);
}


static int
s_keys (int argc, char *argv [])
{
    options_t options = {.check = false};
    int code = s_read_keys_options (&options, argc, argv);
    if (code >= 0)
        return code;
    config_t *config = config_new (options.topology);
    if (!config)
        return EXIT_CONFIG;
    bool good = !options.server || config_seek (config, options.server) >= 0;
    good = good && s_work_keys (config, &options);
    code = good ? EXIT_SUCCESS : EXIT_CONFIG;
    config_destroy (&config);
    return program_end (&s_keys_program, code);
}


static bool
s_take_iamat (void *context, int option)
{
    bool *iamat = context;
    (void) option;
    *iamat = true;
    return true;
}


static int
s_table (int argc, char *argv [])
{
    bool iamat = false;
    int code =
        program_read (&s_table_program, argc, argv, s_take_iamat, &iamat);
    if (code >= 0)
        return code;
    if (optind == argc)
        return program_misuse (&s_table_program, "which file?");
    if (optind + 1 < argc)
        return program_surplus (&s_table_program, argv [optind + 1]);
    bool good = show_records (argv [optind], iamat);
    return program_end (&s_table_program, good ? EXIT_SUCCESS : EXIT_CONFIG);
}


static int
s_work_tokens (const char *file, int argc, char *argv [])
{
    bool good = false;
    bool writes = argc > 3 && strcmp (argv [3], "write") == 0;
    bool reads = argc == 4 && strcmp (argv [3], "read") == 0;
    const char *verb = argv [0];
    if (strcmp (verb, "add") == 0 && (reads || (writes && argc <= 5)))
        good = mint_add (file, argv [2], writes, argc == 5 ? argv [4] : NULL);
    else if (strcmp (verb, "list") == 0 && argc == 2)
        good = mint_list (file);
    else if (strcmp (verb, "remove") == 0 && argc == 3)
        good = mint_remove (file, argv [2]);
    else
        return program_misuse (&s_token_program, "what is to be done?");
    return good ? EXIT_SUCCESS : EXIT_CONFIG;
}


static int
s_miss_tokens (const config_t *config)
{
    fprintf (stderr, "%s: %s: http/tokens: names no file\n", s_program.name,
        config->file);
    return EXIT_CONFIG;
}


static int
s_token (int argc, char *argv [])
{
    int code = program_read (&s_token_program, argc, argv, NULL, NULL);
    if (code >= 0)
        return code;
    int left = argc - optind;
    if (left < 2)
        return program_misuse (&s_token_program, "which topology?");
    config_t *config = config_new (argv [optind + 1]);
    if (!config)
        return EXIT_CONFIG;
    code = config->http.tokens
               ? s_work_tokens (config->http.tokens, left, argv + optind)
               : s_miss_tokens (config);
    config_destroy (&config);
    return program_end (&s_token_program, code);
}


int
main (int argc, char *argv [])
{
    if (argc > 1 && strcmp (argv [1], "table") == 0)
        return s_table (argc - 1, argv + 1);
    if (argc > 1 && strcmp (argv [1], "token") == 0)
        return s_token (argc - 1, argv + 1);
    if (argc > 1 && strcmp (argv [1], "keys") == 0)
        return s_keys (argc - 1, argv + 1);
    options_t options = {.check = false};
    int code = s_read_options (&options, argc, argv);
    if (code >= 0)
        return code;
#ifdef ZHERD_CLOSED
    secret_close_memory ();
#endif
    config_t *config = config_new (options.topology);
    if (!config)
        return EXIT_CONFIG;
    int server = options.server ? config_seek (config, options.server) : 0;
    if (server < 0 || !s_is_secure (config, &options))
        code = EXIT_CONFIG;
    else if (options.check)
        code = s_check (config, &options, (size_t) server);
    else
        code = s_serve (&config, (size_t) server, options.log);
    config_destroy (&config);
    return code;
}
