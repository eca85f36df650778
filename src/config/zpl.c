/*  =========================================================================
    zpl - a ZPL file, read strictly
    =========================================================================
*/

#include "config/zpl.h"
#include "base/span.h"

#include <fnmatch.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define PATH_SIZE 256  //  Of a key; longer ones are cut, and unknown

//  Where a key is looked for: in so much of a file, at so many levels
#define SEARCH_SIZE_MAX 1048576
#define INDENT 4
#define LEVELS_MAX 8

static FILE *s_stream = NULL;


void
zpl_say_to (FILE *stream)
{
    s_stream = stream;
}


//  Return how many letters of the key are behind the name that the line begins
//  with, and the slash; 0 if it begins with another

static size_t
s_match (span_t line, const char *key)
{
    static const char ends [] = {' ', '=', '#', '\r'};
    size_t size = strcspn (key, "/");
    if (size == 0 || line.size < size || memcmp (line.data, key, size) != 0 ||
        (line.size > size && !memchr (ends, line.data [size], sizeof ends)))
        return 0;
    return key [size] ? size + 1 : size;
}


//  Return the number of the last line that has the key, or as much of the path
//  to it as there is; 0 if there is nothing of it.  zconfig keeps no numbers

static unsigned
s_find_line (const char *text, const char *key)
{
    size_t passed [LEVELS_MAX + 1] = {0};  //  Letters of the key, by level
    size_t level = 0, most = 0;            //  Where the path to it has led
    unsigned found = 0, number = 0;
    span_t rest = span_of (text);
    while (rest.size) {
        span_t line = span_until (&rest, '\n');
        size_t blanks = 0;
        number++;
        while (blanks < line.size && line.data [blanks] == ' ')
            blanks++;
        line = (span_t){line.data + blanks, line.size - blanks};
        if (blanks / INDENT > level || line.size == 0 || line.data [0] == '#')
            continue;
        level = blanks / INDENT;
        size_t size = s_match (line, key + passed [level]);
        if (size == 0 || level == LEVELS_MAX)
            continue;
        passed [level + 1] = passed [level] + size;
        if (passed [++level] >= most) {
            most = passed [level];
            found = number;
        }
    }
    return found;
}


//  Print "line N: " to the buffer, or nothing

static void
s_print_line (const char *file, const char *key, char *buffer, size_t size)
{
    const char *reason;
    char *text = zpl_slurp (file, SEARCH_SIZE_MAX, ZPL_ANYBODYS, &reason);
    *buffer = 0;
    if (!text)
        return;
    bool marked = strncmp (text, BYTE_ORDER_MARK, 3) == 0;
    unsigned line = s_find_line (marked ? text + 3 : text, key);
    if (line)
        snprintf (buffer, size, "line %u: ", line);
    explicit_bzero (text, strlen (text));
    free (text);
}


//  What the file says may be in the reason, so control bytes are replaced: it
//  is one line whatever happens.

bool
zpl_wrong (const char *file, const char *key, const char *format, ...)
{
    char reason [512], where [32];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (reason, sizeof reason, format, arguments);
    va_end (arguments);

    s_print_line (file, key, where, sizeof where);
    char *line = zsys_sprintf ("zherd: %s: %s%s: %s", file, where, key, reason);
    assert (line);
    for (char *byte = line; *byte; byte++)
        if ((unsigned char) *byte < ' ' || *byte == 127)
            *byte = '?';
    fprintf (s_stream ? s_stream : stderr, "%s\n", line);
    zstr_free (&line);
    return false;
}


//  Return what the open file holds.  We learn that it is too large by asking
//  for one byte more, and about NULs by what a string sees of it.

static char *
s_read (int file, size_t size_max, const char **reason_p)
{
    char *text = zmalloc (size_max + 2);
    ssize_t size = read (file, text, size_max + 1);
    if (size == -1)
        *reason_p = strerror (errno);
    else if ((size_t) size > size_max)
        *reason_p = "is too large";
    else if (strlen (text) < (size_t) size)
        *reason_p = "holds a NUL byte";
    else
        return text;

    explicit_bzero (text, size_max + 1);
    free (text);
    return NULL;
}


//  Return what is wrong with an open file, or NULL

static const char *
s_objection (const struct stat *status, zpl_privacy_t privacy)
{
    if (!S_ISREG (status->st_mode))
        return "is not a plain file";
    if (privacy == ZPL_OURS && status->st_uid != geteuid ())
        return "belongs to another user";
    if (privacy != ZPL_ANYBODYS && status->st_mode & (S_IRWXG | S_IRWXO))
        return "is open to others than its owner (chmod 600 closes it)";
    return NULL;
}


//  Without O_NONBLOCK, opening a fifo would wait for its writer.

char *
zpl_slurp (const char *path, size_t size_max, zpl_privacy_t privacy,
    const char **reason_p)
{
    char *text = NULL;
    struct stat status;
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file == -1 || fstat (file, &status) == -1)
        *reason_p = strerror (errno);
    else if (!(*reason_p = s_objection (&status, privacy)))
        text = s_read (file, size_max, reason_p);

    if (file != -1)
        close (file);
    return text;
}


char *
zpl_beside (const char *file, const char *path)
{
    const char *slash = strrchr (file, '/');
    char *beside =
        *path == '/' ? strdup (path)
        : slash ? zsys_sprintf ("%.*s/%s", (int) (slash - file), file, path)
                : zsys_sprintf ("./%s", path);
    assert (beside);
    return beside;
}


//  Return what indents the line and is no blank, or NULL.  A reader sees no
//  difference, and zconfig shows none.

static const char *
s_find_indent (const char *text, uint64_t number)
{
    span_t rest = span_of (text), line = {0};
    while (number-- > 0)
        line = span_until (&rest, '\n');
    size_t blanks = 0;
    while (blanks < line.size && line.data [blanks] == ' ')
        blanks++;
    line = (span_t){line.data + blanks, line.size - blanks};
    if (line.size && line.data [0] == '\t')
        return "a tab";
    if (line.size > 1 && memcmp (line.data, "\xc2\xa0", 2) == 0)
        return "a no-break space";
    return NULL;
}


//  Pass on zconfig's complaint about the text, which looks like this:
//  26-11-23 17:14:05 E (zconfig): (2) indent 4 spaces at once

static void
s_complain (const char *file, const char *text, const char *said)
{
    const char *number = strstr (said, "): (");
    span_t rest = span_of (number ? number + 4 : said);
    span_t line = span_until (&rest, ')');
    span_until (&rest, ' ');
    span_t reason = span_until (&rest, '\n');
    uint64_t at = 0;
    char key [32];
    snprintf (key, sizeof key, "line %.*s", (int) line.size, line.data);
    const char *indent = span_number (line, strlen (text), &at)
                             ? s_find_indent (text, at)
                             : NULL;
    if (indent)
        zpl_wrong (
            file, key, "%s indents it: indent by 4 spaces a level", indent);
    else
        zpl_wrong (file, key, "%.*s", (int) reason.size, reason.data);
}


//  zconfig tells what it has against a file on standard output, and nowhere
//  else, so we put a string in its place for the moment.

static zconfig_t *
s_parse (const char *file, const char *text)
{
    char *said = NULL;
    size_t size = 0;
    FILE *output = stdout;
    FILE *listener = open_memstream (&said, &size);
    assert (listener);
    stdout = listener;
    zconfig_t *root = zconfig_str_load (text);
    stdout = output;
    fclose (listener);

    if (!root)
        s_complain (file, text, said);
    free (said);
    return root;
}


static const zpl_rule_t *
s_find_rule (const zpl_rule_t *rules, const char *key)
{
    for (const zpl_rule_t *rule = rules; rule->key; rule++)
        if (fnmatch (rule->key, key, FNM_PATHNAME) == 0)
            return rule;
    return NULL;
}


//  Return true if there are keys below that of the rule

static bool
s_is_parent (const zpl_rule_t *rules, const zpl_rule_t *rule)
{
    size_t size = strlen (rule->key);
    while (rules->key && (strncmp (rules->key, rule->key, size) != 0 ||
                             rules->key [size] != '/'))
        rules++;
    return rules->key;
}


static bool
s_is_repeated (zconfig_t *first, zconfig_t *item)
{
    while (first != item && !streq (zconfig_name (first), zconfig_name (item)))
        first = zconfig_next (first);
    return first != item;
}


//  Check all that is below the parent, at path.  A name may hold a slash, and
//  would then look like a key of a section.

static bool
s_check (const char *file, const zpl_rule_t *rules, zconfig_t *parent,
    const char *path)
{
    zconfig_t *first = zconfig_child (parent);
    for (zconfig_t *item = first; item; item = zconfig_next (item)) {
        char key [PATH_SIZE];
        snprintf (key, sizeof key, "%s%s%s", path, *path ? "/" : "",
            zconfig_name (item));
        const zpl_rule_t *rule = s_find_rule (rules, key);
        if (!rule || strchr (zconfig_name (item), '/'))
            return zpl_wrong (file, key, "there is no such key");
        if (s_is_repeated (first, item))
            return zpl_wrong (file, key, "is there twice");
        if (rule->section && *zconfig_value (item))
            return zpl_wrong (file, key, "is a section and takes no value");
        if (!rule->section && zconfig_child (item) &&
            !s_is_parent (rules, rule))
            return zpl_wrong (file, key, "takes a value and is no section");
        if (!s_check (file, rules, item, key))
            return false;
    }
    return true;
}


zconfig_t *
zpl_load (const char *file, size_t size_max, zpl_privacy_t privacy,
    const zpl_rule_t *rules)
{
    const char *reason;
    char *text = zpl_slurp (file, size_max, privacy, &reason);
    if (!text) {
        zpl_wrong (file, "cannot be read", "%s", reason);
        return NULL;
    }
    //  Some editors begin a file with a byte order mark
    bool marked = strncmp (text, BYTE_ORDER_MARK, 3) == 0;
    zconfig_t *root = s_parse (file, marked ? text + 3 : text);
    if (root && !s_check (file, rules, root, ""))
        zconfig_destroy (&root);
    explicit_bzero (text, strlen (text));
    free (text);
    return root;
}


bool
zpl_numbers (
    const char *file, zconfig_t *root, const zpl_rule_t *rules, void *target)
{
    for (const zpl_rule_t *rule = rules; rule->key; rule++) {
        if (rule->most == 0)
            continue;
        uint64_t number = rule->preset;
        const char *text = zconfig_get (root, rule->key, NULL);
        if (text && (!span_number (span_of (text), rule->most, &number) ||
                        number < rule->least))
            return zpl_wrong (file, rule->key,
                "must be a number from %" PRIu64 " to %" PRIu64, rule->least,
                rule->most);
        memcpy ((char *) target + rule->offset, &number, sizeof number);
    }
    return true;
}


const char *const zpl_yes_or_no [2] = {"yes", "no"};


bool
zpl_choice (const char *file, zconfig_t *root, const char *key,
    const char *const words [2], bool *is_first)
{
    const char *word = zconfig_get (root, key, NULL);
    if (!word)
        return true;
    *is_first = streq (word, words [0]);
    return *is_first || streq (word, words [1]) ||
           zpl_wrong (file, key, "must be %s or %s", words [0], words [1]);
}
