/*  =========================================================================
    show - what a table on disk holds, for people and scripts

    Only reads: the server of the table may run meanwhile.
    =========================================================================
*/

#ifndef STORE_SHOW_H
#define STORE_SHOW_H

#include <stdbool.h>

//  Print the newest location of each client that the file has, in the order of
//  change: as an AT line, or as the IAMAT it was.  What was not written whole
//  is left out, and said on standard error.  Returns false, after one line
//  there, if the file can't be read or is no table, or after the rest if there
//  was no memory for some.
bool
show_records (const char *file, bool iamat);

//  Print what the server of that name would load from the folder, in words with
//  tabs between them: "table", the file, the generation's number, clients,
//  bytes, and of these how many were not written whole.  If there is no file,
//  the words from the number on are 0.  Returns false, after one line on
//  standard error, if the server would refuse the file or its folder; whether
//  another server has them now is not asked.
bool
show_table (const char *folder, const char *herd, const char *server);

#endif
