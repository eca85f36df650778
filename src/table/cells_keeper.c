/*  =========================================================================
    cells_keeper - where clients are, kept up with the changes
    =========================================================================
*/

#include "table/cells_keeper.h"

#include <assert.h>

//  Records that are put at a time
#define BATCH 64

//  Changes it may be behind, so that what was written is still in the cache.
//  Of few clients that may be all, and who asks first waits for them
#define BEHIND_MAX 256
#define FEW_CLIENTS 16384

//  Batches in a turn
#define BATCHES 4

//  A record that is to be put at a square
typedef struct {
    arena_ref_t ref;
    sphere_square_t square;
} move_t;


void
cells_keeper_init (
    cells_keeper_t *self, const index_t *index, change_list_t *changes)
{
    *self = (cells_keeper_t){.changes = changes,
        .cursor = change_list_cursor (changes),
        .lsn = CHANGE_LIST_BASE};
    assert (self->cursor);
    cells_init (&self->cells, changes->arena, index);
}


static sphere_square_t
s_square (const change_t *record)
{
    span_t rest = change_rest (record);
    span_until (&rest, ' ');
    return sphere_square (sphere_read (rest));
}


void
cells_keeper_add (cells_keeper_t *self, arena_ref_t ref, size_t spare)
{
    sphere_square_t square = s_square (changes_at (self->changes, ref));
    self->cells.spare = spare;
    if (!cells_stays (&self->cells, ref, square))
        cells_put (&self->cells, ref, square);
}


//  Return how many of the next records, a batch at most, are not in their cells

static size_t
s_read_batch (cells_keeper_t *self, move_t *moves)
{
    size_t count = 0;
    arena_ref_t last = self->cursor;
    for (int read = 0; read < BATCH; read++) {
        arena_ref_t ref = change_list_after (self->changes, last);
        if (!ref) {
            self->lsn = self->changes->last;
            break;
        }
        const change_t *record = changes_at (self->changes, ref);
        change_list_prefetch (self->changes, record->next);
        self->lsn = record->lsn;
        last = ref;
        moves [count] = (move_t){ref, s_square (record)};
        if (!cells_stays (&self->cells, ref, moves [count].square))
            count++;
    }
    if (last != self->cursor)
        change_list_follow (self->changes, self->cursor, last);
    return count;
}


static void
s_put_batch (cells_keeper_t *self)
{
    move_t moves [BATCH];
    size_t count = s_read_batch (self, moves);
    for (size_t move = 0; move < count; move++)
        cells_prefetch (&self->cells, moves [move].ref, moves [move].square);
    //  A cell may be one again since another left it: who stays is not put
    for (size_t move = 0; move < count; move++)
        if (!cells_stays (&self->cells, moves [move].ref, moves [move].square))
            cells_put (&self->cells, moves [move].ref, moves [move].square);
}


bool
cells_keeper_is_behind (const cells_keeper_t *self)
{
    return self->cells.index->count > FEW_CLIENTS &&
           self->changes->last - self->lsn >= BEHIND_MAX;
}


void
cells_keeper_follow (cells_keeper_t *self, size_t spare)
{
    self->cells.spare = spare;
    for (int batch = 0; batch < BATCHES; batch++)
        s_put_batch (self);
}


void
cells_keeper_catch_up (cells_keeper_t *self, size_t spare)
{
    self->cells.spare = spare;
    while (self->lsn < self->changes->last)
        s_put_batch (self);
}
