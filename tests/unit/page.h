/*  =========================================================================
    page - a Nearby Search answer in one of Google's two layouts

    Made up, with everything in it that could mislead who cuts it: brackets,
    quotes and escapes in strings, "results" at other depths.  Who makes it
    knows where its results are, so a cut can be foretold.
    =========================================================================
*/

#ifndef TESTS_UNIT_PAGE_H
#define TESTS_UNIT_PAGE_H

#include "base/span.h"
#include "unit/chance.h"

#define PAGE_RESULTS_MAX 21

typedef enum {
    PAGE_CLASSIC,  //  2011 to 2021: an opening bracket on its key's line
    PAGE_CURRENT,  //  Since then: on the next line
    PAGE_LAYOUTS
} page_layout_t;

typedef struct {
    char *text;                      //  The page, with its final LF
    size_t size;                     //  Bytes of text
    size_t count;                    //  Results
    size_t opened;                   //  Where text goes on after "results" [
    size_t ends [PAGE_RESULTS_MAX];  //  Where each result ends
    size_t closing;                  //  Where the ] of results stands
} page_t;

//  Make a page of so many results.
void
page_init (page_t *self, chance_t *chance, page_layout_t layout, size_t count);

void
page_clear (page_t *self);

//  Return the page cut to that many results, without its final LF, to be
//  freed, and its size: a piece of its start and one of its end.
char *
page_cut (const page_t *self, size_t bound, size_t *size);

#endif
