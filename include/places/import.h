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
#include <stdio.h>

//  There are no more reasons for passing records over.
#define IMPORT_REASONS 8

//  What became of a file's records.
typedef struct {
    int64_t places;      //  In the image
    size_t twice;        //  Left out, being there once already
    size_t bad_lines;    //  Left out, being none that can be read
    size_t passed_over;  //  Left out, being no places
    struct {
        const char *why;             //  "no name"; NULL after the last
        size_t count;                //
    } reasons [IMPORT_REASONS + 1];  //  For passing over
} import_count_t;

//  Read the file, "-" for standard input, into an image in the empty file fd.
//  A bad record is left out; the first of them, by number, and their count are
//  told on standard error, and with progress how far we are.  Returns -1, after
//  a line there, if there are no places or something can't be read or written.
//  *count is what became of the records so far, either way.  All places are
//  credited to the credit, in HTML; or if that is NULL to whom the file says.
int
import_file (const char *file, const char *credit, int fd, bool progress,
    import_count_t *count) __attribute__ ((warn_unused_result));

//  Write a line, of the name and how many records were passed over and why, if
//  any were.
void
import_tell (const import_count_t *count, const char *name, FILE *out);

#endif
