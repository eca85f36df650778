/*  =========================================================================
    zpl - a ZPL file, read strictly

    zconfig reads ZeroMQ's property language (RFC 4) and keeps whatever it
    finds; this adds that only known keys are there, each once, and that
    numbers are in range.  What is wrong is said in one line on standard
    error, "zherd: FILE: line N: KEY: reason", and there is nothing to return
    then.
    =========================================================================
*/

#ifndef CONFIG_ZPL_H
#define CONFIG_ZPL_H

#include <czmq.h>

//  A key that may be in the file.
typedef struct {
    const char *key;  //  Path; an asterisk stands for any one name
    bool section;     //  Holds keys and no value
    size_t offset;    //  Of a number, in what zpl_numbers fills
    uint64_t least;   //  Of a number
    uint64_t most;    //  Of a number; 0 if it is no number
    uint64_t preset;  //  Of a number that the file doesn't say
} zpl_rule_t;

//  Whom a file may belong to, and be open to.
typedef enum {
    ZPL_ANYBODYS,  //
    ZPL_CLOSED,    //  To nobody but its owner
    ZPL_OURS       //  The same, and its owner must be our user
} zpl_privacy_t;

//  Read the file, of at most size_max bytes, whose keys must be those of the
//  rules, up to one without a key.  Returns the tree, for zconfig_destroy, or
//  NULL when the file can't be read, is not as private as it must be, is no
//  ZPL, or holds a key that is unknown or there twice.
zconfig_t *
zpl_load (const char *file, size_t size_max, zpl_privacy_t privacy,
    const zpl_rule_t *rules);

//  Put every number of the rules into the uint64_t at its offset in target.
//  Returns false when one is no number or out of range.
bool
zpl_numbers (
    const char *file, zconfig_t *root, const zpl_rule_t *rules, void *target);

//  Set *is_first to whether the key has the first of two words; leave it alone
//  if there is no such key.  Returns false when the key has neither.
bool
zpl_choice (const char *file, zconfig_t *root, const char *key,
    const char *const words [2], bool *is_first);

extern const char *const zpl_yes_or_no [2];

//  Return the bytes of a plain file as a string, for the caller to free, or
//  NULL and the reason, in words.  The reason is a constant or good until the
//  next error.  Refuses a file with a NUL byte, one of more than size_max
//  bytes, and one that is not as private as it must be.
char *
zpl_slurp (const char *path, size_t size_max, zpl_privacy_t privacy,
    const char **reason_p);

//  Return the path, which if it is relative is so to the file's folder, as a
//  fresh string.
char *
zpl_beside (const char *file, const char *path);

//  From now on say what is wrong to this stream; NULL = to standard error.
void
zpl_say_to (FILE *stream);

//  Say what is wrong with the key, in one line, and which line of the file has
//  it: the last one of two; of a key that is missing, the section's.  What has
//  no place in the file, as a key of none, is said without.  Returns false, for
//  the caller to return in turn.
bool
zpl_wrong (const char *file, const char *key, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

#endif
