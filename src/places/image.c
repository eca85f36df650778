/*  =========================================================================
    image - a file of places that is searched where it lies

    The file may be damaged, so no number in it is believed: the cells, which
    are few, are looked through on opening, and an entry's when it is used.
    =========================================================================
*/

#include "places/image.h"

#include <czmq.h>
#include <sys/mman.h>

struct image_t {
    char *data;
    size_t data_size;
    const char *texts;
    size_t texts_size;
    const image_entry_t *entries;
    size_t size;
    const image_cell_t *cells;
    size_t cell_count;
    span_t *words;  //  Lists of types, then credits
    size_t kinds;
    size_t credits;
};


//  Cut a part off the rest of the file.  Returns NULL if there is no room.

static const void *
s_cut (span_t *rest, uint64_t count, size_t size)
{
    if (count > rest->size / size)
        return NULL;
    const void *part = rest->data;
    size_t bytes = (count * size + 7) / 8 * 8;
    if (bytes > rest->size)
        return NULL;
    *rest = (span_t){rest->data + bytes, rest->size - bytes};
    return part;
}


static bool
s_read_words (image_t *self, const char *words, uint64_t size)
{
    size_t count = self->kinds + self->credits;
    self->words = zmalloc ((count + 1) * sizeof (span_t));
    span_t rest = {words, size};
    for (size_t index = 0; index < count; index++) {
        if (!rest.size || words [size - 1])
            return false;
        self->words [index] = span_until (&rest, '\0');
    }
    return self->kinds > 0 && self->credits > 0;
}


static bool
s_has_good_cells (const image_t *self)
{
    const image_cell_t *cells = self->cells;
    uint32_t key_max = (uint32_t) (IMAGE_ROWS * IMAGE_COLUMNS);
    for (size_t index = 0; index < self->cell_count; index++)
        if (cells [index].key >= key_max ||
            cells [index].first >= cells [index + 1].first ||
            (index && cells [index].key <= cells [index - 1].key))
            return false;
    return cells [0].first == 0 && cells [self->cell_count].first == self->size;
}


static bool
s_read_sections (image_t *self)
{
    span_t rest = {self->data, self->data_size};
    const image_header_t *header = s_cut (&rest, 1, sizeof (image_header_t));
    if (!header ||
        memcmp (header->magic, IMAGE_MAGIC, sizeof (header->magic)) != 0 ||
        header->order != IMAGE_ORDER || header->entries > UINT32_MAX ||
        header->cells > header->entries || header->kinds > UINT16_MAX + 1 ||
        header->credits > UINT16_MAX + 1)
        return false;
    self->texts_size = header->texts_size;
    self->size = header->entries;
    self->cell_count = header->cells;
    self->kinds = header->kinds;
    self->credits = header->credits;
    self->texts = s_cut (&rest, self->texts_size, 1);
    self->entries = s_cut (&rest, self->size, sizeof (image_entry_t));
    self->cells = s_cut (&rest, self->cell_count + 1, sizeof (image_cell_t));
    const char *words = s_cut (&rest, header->words_size, 1);
    return self->texts && self->entries && self->cells && words &&
           rest.size == 0 && self->size && self->texts_size &&
           self->texts [self->texts_size - 1] == '\0' &&
           s_read_words (self, words, header->words_size) &&
           s_has_good_cells (self);
}


image_t *
image_new (int fd)
{
    struct stat about;
    if (fstat (fd, &about) < 0 || about.st_size <= 0)
        return NULL;
    image_t *self = zmalloc (sizeof (image_t));
    self->data_size = (size_t) about.st_size;
    self->data = mmap (NULL, self->data_size, PROT_READ, MAP_SHARED, fd, 0);
    if (self->data == MAP_FAILED)
        self->data = NULL;
    if (!self->data || !s_read_sections (self))
        image_destroy (&self);
    return self;
}


void
image_destroy (image_t **self_p)
{
    image_t *self = *self_p;
    if (self) {
        if (self->data)
            munmap (self->data, self->data_size);
        free (self->words);
        free (self);
        *self_p = NULL;
    }
}


bool
image_is_one (int fd)
{
    char magic [sizeof (IMAGE_MAGIC)];
    return pread (fd, magic, sizeof (magic), 0) == sizeof (magic) &&
           memcmp (magic, IMAGE_MAGIC, sizeof (magic)) == 0;
}


size_t
image_size (const image_t *self)
{
    return self->size;
}


const image_entry_t *
image_entries (const image_t *self)
{
    return self->entries;
}


uint32_t
image_row (int32_t lat)
{
    return (uint32_t) ((lat + 90LL * DEGREE) / IMAGE_CELL);
}


uint32_t
image_column (int32_t lng)
{
    return (uint32_t) ((lng + 180LL * DEGREE) / IMAGE_CELL);
}


//  Return the first cell whose key is not less

static size_t
s_seek (const image_t *self, uint64_t key)
{
    size_t low = 0;
    for (size_t high = self->cell_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (self->cells [middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}


const image_cell_t *
image_cells (const image_t *self, uint32_t first, uint32_t last, size_t *count)
{
    size_t from = s_seek (self, first);
    *count = from;
    while (*count < self->cell_count && self->cells [*count].key <= last)
        ++*count;
    *count -= from;
    return self->cells + from;
}


size_t
image_kinds (const image_t *self)
{
    return self->kinds;
}


span_t
image_types (const image_t *self, size_t kind)
{
    return self->words [kind];
}


size_t
image_kind (const image_t *self, const image_entry_t *entry)
{
    return entry->kind < self->kinds ? entry->kind : 0;
}


//  The texts end with a NUL, so one more can't run out of them

static span_t
s_text (const image_t *self, uint64_t *at)
{
    const char *text = self->texts;
    text += *at < self->texts_size ? *at : self->texts_size - 1;
    span_t span = span_of (text);
    *at = (uint64_t) (text - self->texts) + span.size + 1;
    return span;
}


place_t
image_place (const image_t *self, const image_entry_t *entry)
{
    size_t credit = entry->credit < self->credits ? entry->credit : 0;
    uint64_t at = entry->text;
    place_t place = {
        .types = image_types (self, image_kind (self, entry)),
        .credit = self->words [self->kinds + credit],
        .at = entry->at,
        .prominence = entry->prominence,
    };
    place.id = s_text (self, &at);
    place.name = s_text (self, &at);
    place.vicinity = s_text (self, &at);
    return place;
}
