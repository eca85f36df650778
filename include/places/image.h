/*  =========================================================================
    image - a file of places that is searched where it lies

    Made by a builder and mapped into memory: opening one costs nothing, and
    only what is asked for is read.  The places of a cell, a tenth of a degree
    each way, stand together, most prominent first.  Only machines of the same
    byte order understand each other's.
    =========================================================================
*/

#ifndef PLACES_IMAGE_H
#define PLACES_IMAGE_H

#include "places/fold.h"
#include "places/place.h"

#define IMAGE_MAGIC "zherd-places 1\n"

//  Cells go from south to north, in there from west to east; the rows of the
//  pole and the column of the date line are all but empty.
#define IMAGE_CELL (DEGREE / 10)
#define IMAGE_ROWS (180 * DEGREE / IMAGE_CELL + 1)
#define IMAGE_COLUMNS (360LL * DEGREE / IMAGE_CELL + 1)

//  No point is farther from its cell's middle, as a chord of the unit sphere.
#define IMAGE_CELL_RADIUS 0.001235

//  A place.
typedef struct {
    globe_vector_t vector;  //
    globe_point_t at;       //
    uint64_t text;          //  In the texts: id, name and vicinity
    uint32_t prominence;    //
    uint16_t kind;          //  Which of the lists of types
    uint16_t credit;        //  Which of the credits
    fold_mark_t mark;       //  Of name and vicinity
} image_entry_t;

//  A cell that is not empty: entries from first to the next cell's first.
typedef struct {
    uint32_t key;    //  Row * IMAGE_COLUMNS + column
    uint32_t first;  //
} image_cell_t;

//  The file's first bytes.  Parts follow each other in this order, each at a
//  multiple of eight; after the last cell is one that only says where it ends.
typedef struct {
    char magic [16];
    uint64_t order;  //  IMAGE_ORDER
    uint64_t texts_size;
    uint64_t entries;
    uint64_t cells;       //  Without the last
    uint64_t words_size;  //  Lists of types, then credits
    uint64_t kinds;
    uint64_t credits;
} image_header_t;

#define IMAGE_ORDER 0x0102030405060708

typedef struct image_t image_t;

//  Map the file.  Returns NULL if it is not a whole image.
image_t *
image_new (int fd);

//  Free the image and set *self_p to NULL.
void
image_destroy (image_t **self_p);

//  Return true if the file begins as an image does.
bool
image_is_one (int fd);

//  Return how many places there are.
size_t
image_size (const image_t *self);

//  Return the places, in the order of the cells.
const image_entry_t *
image_entries (const image_t *self);

//  Return the row and the column of a point's cell.
uint32_t
image_row (int32_t lat);

uint32_t
image_column (int32_t lng);

//  Return the cells with keys from first to last, and how many.
const image_cell_t *
image_cells (const image_t *self, uint32_t first, uint32_t last, size_t *count);

//  Return how many lists of types there are, one of them by its number, and the
//  number of a place's.
size_t
image_kinds (const image_t *self);

span_t
image_types (const image_t *self, size_t kind);

size_t
image_kind (const image_t *self, const image_entry_t *entry);

//  Return what is known of the place.  It is good as long as the image.
place_t
image_place (const image_t *self, const image_entry_t *entry);

#endif
