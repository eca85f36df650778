/*  =========================================================================
    import - reads a file of places into an image

    What kind of file it is, each record says itself: a GeoJSON Feature begins
    with a brace, all else is a line of columns.
    =========================================================================
*/

#ifndef PLACES_IMPORT_H
#define PLACES_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  What became of a file's records.
typedef struct {
    int64_t places;    //  In the image
    size_t bad_lines;  //  Left out
} import_count_t;

//  Read the file, "-" for standard input, into an image in the empty file fd.
//  A bad record is left out; the first of them, by number, and their count are
//  told on standard error, and with progress how far we are.  Returns -1, after
//  a line there, if there are no places or something can't be read or written.
int
import_file (const char *file, int fd, bool progress, import_count_t *count)
    __attribute__ ((warn_unused_result));

#endif
