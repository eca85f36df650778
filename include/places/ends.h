/*  =========================================================================
    ends - how Overture's categories end, and the tags of those that do

    Made by going through the lists that Overture has published: the categories
    of 2023 and the taxonomy of 2026.  A type of Google's legacy Table 1, if a
    category is one of that type, decides the tag.
    =========================================================================
*/

#ifndef PLACES_ENDS_H
#define PLACES_ENDS_H

#include <stddef.h>

typedef struct {
    const char *tag;   //  Of OpenStreetMap; empty for what is not what its end
                       //  says otherwise
    const char *ends;  //  With blanks in between.  Each begins where a word of
                       //  a category does, or anywhere if it begins with "-"
} ends_t;

//  Return the table, and its size.
const ends_t *
ends_table (size_t *size);

#endif
