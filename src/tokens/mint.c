/*  =========================================================================
    mint - makes, lists and removes tokens
    =========================================================================
*/

#include "tokens/mint.h"

#include "config/zpl.h"
#include "keys/folder.h"
#include "tokens/tokens.h"

#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>

//  Bytes of a secret, and room for its text
#define SECRET_SIZE 32
#define SECRET_TEXT_SIZE                                                       \
    sodium_base64_ENCODED_LEN (                                                \
        SECRET_SIZE, sodium_base64_VARIANT_URLSAFE_NO_PADDING)


//  Open the folder that the file is in, and wait until nobody else is at work
//  in it

static int
s_open_folder (const char *file)
{
    const char *slash = strrchr (file, '/');
    char *folder = slash ? zsys_sprintf ("%.*s/", (int) (slash - file), file)
                         : strdup (".");
    assert (folder);
    int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1 || flock (fd, LOCK_EX) == -1) {
        zpl_wrong (folder, "cannot be opened", "%s", strerror (errno));
        if (fd != -1)
            close (fd);
        fd = -1;
    }
    free (folder);
    return fd;
}


//  Find the token of that name; its index, or how many there are

static size_t
s_find (const tokens_t *tokens, const char *name)
{
    size_t index = 0;
    size_t count = tokens ? tokens_count (tokens) : 0;
    while (index < count && !streq (tokens_at (tokens, index)->name, name))
        index++;
    return index;
}


static void
s_print (FILE *out, const token_t *token)
{
    char hash [TOKENS_HASH_TEXT_SIZE];
    sodium_bin2hex (hash, sizeof (hash), token->hash, TOKENS_HASH_SIZE);
    fprintf (out, "%s %s %s%s%s\n", token->name,
        token->writes ? "write" : "read", hash, *token->prefix ? " " : "",
        token->prefix);
}


//  Write all tokens but one, and one more, if there are

static bool
s_write (int folder, const char *file, const tokens_t *tokens, size_t without,
    const token_t *more)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    assert (out);
    fputs ("#  Made by \"zherd token\": name, right, hash of the token, prefix "
           "of IDs\n",
        out);
    for (size_t at = 0; tokens && at < tokens_count (tokens); at++)
        if (at != without)
            s_print (out, tokens_at (tokens, at));
    if (more)
        s_print (out, more);
    fclose (out);
    assert (text);
    bool good = folder_write (folder, file, text, S_IRUSR | S_IWUSR);
    free (text);
    return good;
}


//  Make a secret, and put its hash into the token

static void
s_make_secret (token_t *token, char text [SECRET_TEXT_SIZE])
{
    unsigned char secret [SECRET_SIZE];
    randombytes_buf (secret, sizeof (secret));
    sodium_bin2base64 (text, SECRET_TEXT_SIZE, secret, sizeof (secret),
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    tokens_hash (span_of (text), token->hash);
    sodium_memzero (secret, sizeof (secret));
}


static bool
s_add (int folder, const char *file, token_t *token)
{
    char text [SECRET_TEXT_SIZE];
    bool there = folder_has (file);
    tokens_t *tokens = there ? tokens_new (file) : NULL;
    bool good = !there || tokens;
    size_t count = tokens ? tokens_count (tokens) : 0;
    if (good && s_find (tokens, token->name) < count)
        good = zpl_wrong (file, token->name, "is there already");
    else if (good && count == TOKENS_MAX)
        good =
            zpl_wrong (file, token->name, "there are %d already", TOKENS_MAX);
    if (good) {
        s_make_secret (token, text);
        good = s_write (folder, file, tokens, count, token);
    }
    if (good)
        puts (text);
    sodium_memzero (text, sizeof (text));
    tokens_destroy (&tokens);
    return good;
}


bool
mint_add (const char *file, const char *name, bool writes, const char *prefix)
{
    token_t token = {.writes = writes};
    span_t rest = span_of (prefix ? prefix : "");
    span_t word = span_field (&rest);
    if (!span_is_name (span_of (name)))
        return zpl_wrong (file, name,
            "a name is 1 to 64 of A-Z a-z 0-9 _ - . and begins with a letter "
            "or digit");
    if (word.size > TOKENS_PREFIX_SIZE_MAX ||
        (prefix && word.size != strlen (prefix)))
        return zpl_wrong (file, name, "no ID begins with that");
    int folder = s_open_folder (file);
    if (folder == -1)
        return false;
    memcpy (token.name, name, strlen (name) + 1);
    token.prefix = strdup (prefix ? prefix : "");
    assert (token.prefix);
    bool good = s_add (folder, file, &token);
    free (token.prefix);
    close (folder);
    return good;
}


bool
mint_list (const char *file)
{
    tokens_t *tokens = tokens_new (file);
    for (size_t index = 0; tokens && index < tokens_count (tokens); index++) {
        const token_t *token = tokens_at (tokens, index);
        printf ("%s\t%s\t%s\n", token->name, token->writes ? "write" : "read",
            token->writes && !*token->prefix ? "*" : token->prefix);
    }
    bool good = tokens;
    tokens_destroy (&tokens);
    return good;
}


bool
mint_remove (const char *file, const char *name)
{
    int folder = s_open_folder (file);
    if (folder == -1)
        return false;
    tokens_t *tokens = tokens_new (file);
    bool good = tokens;
    size_t index = s_find (tokens, name);
    if (good && index == tokens_count (tokens))
        good = zpl_wrong (file, name, "there is no such token");
    if (good)
        good = s_write (folder, file, tokens, index, NULL);
    tokens_destroy (&tokens);
    close (folder);
    return good;
}
