/*  =========================================================================
    files - where the tables on disk are

    Of a server Alford the folder has Alford.table, the present generation,
    Alford.table.next, the one that is being written, Alford.lock, which keeps a
    second server of the name away, and Alford.table.bad, the last present one
    that was found damaged.  Locations are personal data:
    folder and files are their owner's alone, and no symbolic link in the folder
    is followed.
    =========================================================================
*/

#ifndef STORE_FILES_H
#define STORE_FILES_H

#include "base/span.h"
#include "store/calls.h"

#define FILES_NAME_SIZE (SPAN_NAME_SIZE_MAX + sizeof ".table.next")
#define FILES_WHY_SIZE 256

//  Part of the owner's structure.
typedef struct {
    const calls_t *calls;
    int fd;
    int lock;
    char table [FILES_NAME_SIZE];
    char next [FILES_NAME_SIZE];
    char bad [FILES_NAME_SIZE];
} files_t;

//  Open the folder for the server, after making it if it is not there, and lock
//  what is the server's in it.  Borrows the calls.  Returns false, with nothing
//  open and what is wrong in why, if that can't be had or is not ours alone.
bool
files_open (files_t *self, const calls_t *calls, const char *path,
    const char *server, char why [FILES_WHY_SIZE]);

//  Close it.  To be called once after files_open succeeded.
void
files_close (files_t *self);

//  Open the present generation to read and write.  Returns its descriptor, or
//  -1: if there is none why is empty, else it says what is wrong.
int
files_open_table (files_t *self, char why [FILES_WHY_SIZE]);

//  The same without files_open: nothing is made, locked or left open beside it.
//  To be read only, since a server may have it.
int
files_look (const char *path, const char *server, char why [FILES_WHY_SIZE]);

//  Make the file of the next generation, which will have so many bytes.  It is
//  not made if there is no room for it and something beside it, lest it take
//  the room of the present one.  Returns -1, errno set, if that fails.
int
files_begin (files_t *self, uint64_t size);

//  Remove the file of the next generation, if there is one.
void
files_give_up (files_t *self);

//  Let the next generation take the place of the present one, for good.  Sets
//  *installed if it has, though that may not be for good.  Returns -1, errno
//  set, and which call that was in *call, if it is not.
int
files_install (files_t *self, bool *installed, const char **call);

//  Keep the present generation by another name, too, when the next takes its
//  place.  Returns -1, errno set, if that fails.
int
files_keep_bad (files_t *self);

#endif
