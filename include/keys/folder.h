/*  =========================================================================
    folder - the folder that keys are in

    It and every file in it belong to our user, and those with secrets are
    closed to all others.  What is wrong is said in one line on standard error,
    "zherd: FILE: KEY: reason".
    =========================================================================
*/

#ifndef KEYS_FOLDER_H
#define KEYS_FOLDER_H

#include "keys/keys.h"

#include <stdbool.h>
#include <sys/types.h>

//  In the folder: who has which key, and what the whole herd shares
#define FOLDER_ROLL "herd.pub"
#define FOLDER_HERD "herd.key"

//  Return true if the folder is there, ours, and closed to others.
bool
folder_check (const char *folder);

//  Make the folder, with mode 0700, if there is nothing of the name; check it;
//  and wait until nobody else is at work in it.  Returns a descriptor, or -1:
//  to be closed when done.
int
folder_open (const char *folder);

//  Return the path of a file in the folder, NAME and SUFFIX, as a fresh string.
char *
folder_path (const char *folder, const char *name, const char *suffix);

//  Return true if there is something of that path.
bool
folder_has (const char *path);

//  The same; if there is not, say in a line that it is to be copied here.
bool
folder_needs (const char *path);

//  Write the text to the path, whole or not at all, and safe on the disk when
//  it returns.  Replaces a file that is there.  The folder is that of
//  folder_open.  Returns false after a line.
bool
folder_write (int folder, const char *path, const char *text, mode_t mode);

//  Return true if the string is a key in Z85.
bool
folder_is_key (const char *text);

//  Read the file with the herd's key into the buffer, as a string.
bool
folder_read_herd (const char *path, char text [KEYS_STRING_SIZE]);

#endif
