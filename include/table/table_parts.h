/*  =========================================================================
    table_parts - the parts of a table, for the rooms of its shelf
    =========================================================================
*/

#ifndef TABLE_TABLE_PARTS_H
#define TABLE_TABLE_PARTS_H

#include "table/cells.h"
#include "table/change_list.h"
#include "table/table_record.h"

//  Return the records in the order they changed, to move cursors there or to
//  read.
change_list_t *
table_changes (table_t *self);
const change_list_t *
table_read_changes (const table_t *self);

//  Return true if where clients are is kept; and where they are, which has to
//  be: it is brought up to date, for which the memory of records may move.
bool
table_keeps_near (const table_t *self);
cells_t *
table_cells (const table_t *self);

#endif
