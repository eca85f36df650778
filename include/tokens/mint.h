/*  =========================================================================
    mint - makes, lists and removes tokens

    The file is replaced as a whole, and closed to others.  What is wrong is
    said in one line on standard error, "zherd: FILE: KEY: reason".
    =========================================================================
*/

#ifndef TOKENS_MINT_H
#define TOKENS_MINT_H

#include <stdbool.h>

//  Add a token of that name to the file, which is made if it is not there, and
//  print its secret, which is kept nowhere.  prefix counts for one that writes;
//  NULL = any ID.
bool
mint_add (const char *file, const char *name, bool writes, const char *prefix);

//  Print all names, what they may, and their prefixes.
bool
mint_list (const char *file);

//  Remove the token of that name.
bool
mint_remove (const char *file, const char *name);

#endif
