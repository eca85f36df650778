/*  =========================================================================
    replace - puts a new file in the place of an old one

    Only a regular file is replaced, or what is not there: a name may be that
    of a device, a FIFO or a symbolic link, which renaming over would destroy.
    =========================================================================
*/

#ifndef LOG_REPLACE_H
#define LOG_REPLACE_H

//  Return what is in the way at the name, such as "a device", or NULL if a file
//  may be put there.
const char *
replace_obstacle (const char *name);

//  Give the file another name, in the place of the file there, if any.  Returns
//  -1, errno set, if it can't be: EEXIST if something is in the way.
int
replace_file (const char *from, const char *to)
    __attribute__ ((warn_unused_result));

//  Make an empty file, to be written and given another name, in the place of
//  one that was not finished.  Returns its descriptor, or -1, errno set.
int
replace_begin (const char *name);

//  Give what was begun its name once it is safe on the disk.  Returns -1, errno
//  set, if it can't be: ESTALE if somebody else has begun the same meanwhile.
int
replace_end (int fd, const char *from, const char *to)
    __attribute__ ((warn_unused_result));

//  Remove what was begun, unless somebody else has begun the same.
void
replace_give_up (int fd, const char *name);

#endif
