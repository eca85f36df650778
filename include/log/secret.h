/*  =========================================================================
    secret - a key that must not be told

    It leaves the environment when it is read, and no core file holds it.  The
    last filter before a log is written: nothing in it should be the key;
    where it is all the same, be it that a client said it, asterisks are.
    =========================================================================
*/

#ifndef LOG_SECRET_H
#define LOG_SECRET_H

#include <stddef.h>

typedef struct secret_t secret_t;

//  Return what the environment has under the name, as a fresh string, or NULL,
//  and wipe it there: neither a child nor a reader of /proc finds it any more.
//  To be called before there are threads.
char *
secret_take (const char *name);

//  Wipe and free a secret, and set *secret_p to NULL.
void
secret_forget (char **secret_p);

//  From now on no core file is written of this process, and no other process of
//  its user can read its memory.
void
secret_close_memory (void);

//  Make a filter for the key, of printable ASCII without blanks.  Copies it.
//  Returns NULL if the key is.
secret_t *
secret_new (const char *key);

//  Let the filter hide the other's key, too.  Takes the other over, and sets
//  *other_p to NULL.  Either may be NULL.
void
secret_join (secret_t **self_p, secret_t **other_p);

//  Wipe the keys, free the filter and set *self_p to NULL.
void
secret_destroy (secret_t **self_p);

//  Overwrite the key, as a log, JSON or a URL escapes it, wherever it is in the
//  text.  Does nothing if self is NULL.
void
secret_hide (const secret_t *self, char *text, size_t size);

#endif
