/*  =========================================================================
    arena - many small pieces of memory, 4 bytes a reference

    Locations are many and small: an allocator's header and an 8-byte pointer
    for each would be a third of their memory.  A piece is a multiple of 8
    bytes, named by a number that stays as it is while the arena grows.  When
    the system has no memory it does not grow, and says so.
    =========================================================================
*/

#ifndef TABLE_ARENA_H
#define TABLE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  References count in units of so many bytes: what stands n units into a piece
//  is named by its reference + n.
#define ARENA_UNIT 8

//  The largest piece.
#define ARENA_SIZE_MAX 2048

typedef struct arena_t arena_t;

//  The name of a piece; 0 is none.
typedef uint32_t arena_ref_t;

//  Make an empty arena.  Never returns NULL.
arena_t *
arena_new (void);

//  Free the arena with all pieces and set *self_p to NULL.
void
arena_destroy (arena_t **self_p);

//  Return true if a piece of that size can be taken, and so many bytes more
//  would be left beside it; false, and all is as it was, if there is no memory
//  for that, or if it is beyond the 32 GiB that references reach.
bool
arena_reserve (arena_t *self, size_t size, size_t more);

//  Return a piece of at least size bytes, not cleared; its memory may move on
//  the next arena_take or arena_reserve.  To take what arena_reserve refuses is
//  a broken promise.
arena_ref_t
arena_take (arena_t *self, size_t size);

//  Give a piece back, with the size it was taken for.
void
arena_give (arena_t *self, arena_ref_t ref, size_t size);

//  Return where the piece is, aligned to 8.  Good until the next arena_take or
//  arena_reserve.
void *
arena_at (const arena_t *self, arena_ref_t ref);

//  Return true if a piece taken for one size serves for the other as it is.
bool
arena_same_room (size_t one, size_t other);

//  Return how many bytes arena_used would grow by for a piece of this size: 0
//  if one that was given back can serve.
size_t
arena_growth (const arena_t *self, size_t size);

//  Return the bytes in use or given back and kept.
size_t
arena_used (const arena_t *self);

#endif
