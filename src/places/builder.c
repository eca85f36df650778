/*  =========================================================================
    builder - makes an image of places, one by one
    =========================================================================
*/

#include "places/builder.h"

#include "base/buffer.h"
#include "places/image.h"

#include <czmq.h>

#define STREAM_SIZE (1 << 20)

//  A place that waits for its turn
typedef struct {
    uint64_t text;
    uint64_t id;  //  Its hash, to know it again by
    fold_mark_t mark;
    globe_point_t at;
    uint32_t cell;
    uint32_t prominence;
    uint16_t kind;
    uint16_t credit;
} draft_t;

//  Words that many places have in common, by number
typedef struct {
    zhashx_t *numbers;  //  Word to its number
    zlistx_t *words;
    size_t size;     //  Bytes, with a NUL each
    char *last;      //  The word asked for last, and its number: it is
    uint16_t found;  //  likely to be the next, too
} words_t;

struct builder_t {
    FILE *stream;
    int error;  //  The first that writing met, or 0
    image_header_t header;
    draft_t *drafts;
    size_t size_max;
    words_t kinds;
    words_t credits;
};


static void
s_free (void **number_p)
{
    free (*number_p);
    *number_p = NULL;
}


static void
s_words_init (words_t *self)
{
    self->numbers = zhashx_new ();
    zhashx_set_destructor (self->numbers, s_free);
    self->words = zlistx_new ();
    zlistx_set_duplicator (self->words, (zlistx_duplicator_fn *) strdup);
    zlistx_set_destructor (self->words, (zlistx_destructor_fn *) zstr_free);
}


static void
s_words_free (words_t *self)
{
    zhashx_destroy (&self->numbers);
    zlistx_destroy (&self->words);
    free (self->last);
}


//  Return the word's number.  Words beyond those that can be numbered are
//  taken for the first.

static uint16_t
s_number (words_t *self, span_t word)
{
    if (self->last && span_equal (word, span_of (self->last)))
        return self->found;
    free (self->last);
    self->last = strndup (word.data ? word.data : "", word.size);
    assert (self->last);
    uint16_t *number = zhashx_lookup (self->numbers, self->last);
    if (!number && zlistx_size (self->words) <= UINT16_MAX) {
        number = zmalloc (sizeof (uint16_t));
        *number = (uint16_t) zlistx_size (self->words);
        zlistx_add_end (self->words, self->last);
        zhashx_insert (self->numbers, self->last, number);
        self->size += word.size + 1;
    }
    self->found = number ? *number : 0;
    return self->found;
}


static void
s_write_bytes (builder_t *self, const void *data, size_t size)
{
    if (size && fwrite (data, size, 1, self->stream) != 1 && !self->error)
        self->error = errno;
}


builder_t *
builder_new (int fd)
{
    builder_t *self = zmalloc (sizeof (builder_t));
    self->stream = fdopen (dup (fd), "w");
    assert (self->stream);
    setvbuf (self->stream, NULL, _IOFBF, STREAM_SIZE);
    memcpy (self->header.magic, IMAGE_MAGIC, sizeof (self->header.magic));
    self->header.order = IMAGE_ORDER;
    s_words_init (&self->kinds);
    s_words_init (&self->credits);
    //  Its place; it is written again once all is known
    s_write_bytes (self, &self->header, sizeof (self->header));
    return self;
}


void
builder_destroy (builder_t **self_p)
{
    builder_t *self = *self_p;
    if (self) {
        if (self->stream)
            fclose (self->stream);
        s_words_free (&self->kinds);
        s_words_free (&self->credits);
        free (self->drafts);
        free (self);
        *self_p = NULL;
    }
}


static void
s_put_text (builder_t *self, span_t text)
{
    s_write_bytes (self, text.data, text.size);
    s_write_bytes (self, "", 1);
    self->header.texts_size += text.size + 1;
}


bool
builder_add (builder_t *self, const place_t *place)
{
    size_t size = self->header.entries;
    if (size == BUILDER_PLACES_MAX) {
        errno = EFBIG;
        return false;
    }
    self->drafts =
        buffer_grow (self->drafts, &self->size_max, size + 1, sizeof (draft_t));
    self->drafts [self->header.entries++] = (draft_t){
        .text = self->header.texts_size,
        .id = span_fnv (place->id, SPAN_FNV),
        .at = place->at,
        .cell = (uint32_t) (image_row (place->at.lat) * IMAGE_COLUMNS) +
                image_column (place->at.lng),
        .prominence = place->prominence,
        .kind = s_number (&self->kinds, place->types),
        .credit = s_number (&self->credits, place->credit),
        .mark = fold_mark_of (place->name, place->vicinity),
    };
    s_put_text (self, place->id);
    s_put_text (self, place->name);
    s_put_text (self, place->vicinity);
    errno = self->error;
    return !self->error;
}


size_t
builder_size (const builder_t *self)
{
    return self->header.entries;
}


//  By cell, then most prominent first; what may be the same comes together

static int
s_compare (const void *one_p, const void *other_p)
{
    const draft_t *one = one_p;
    const draft_t *other = other_p;
    if (one->cell != other->cell)
        return one->cell < other->cell ? -1 : 1;
    if (one->prominence != other->prominence)
        return one->prominence > other->prominence ? -1 : 1;
    if (one->id != other->id)
        return one->id < other->id ? -1 : 1;
    return (one->text > other->text) - (one->text < other->text);
}


static bool
s_is_same (const draft_t *one, const draft_t *other)
{
    return one->id == other->id && one->at.lat == other->at.lat &&
           one->at.lng == other->at.lng && one->cell == other->cell &&
           one->prominence == other->prominence && one->kind == other->kind;
}


static void
s_sort (builder_t *self)
{
    size_t count = self->header.entries;
    qsort (self->drafts, count, sizeof (draft_t), s_compare);
    size_t kept = 0;
    for (size_t index = 0; index < count; index++)
        if (!kept ||
            !s_is_same (&self->drafts [kept - 1], &self->drafts [index]))
            self->drafts [kept++] = self->drafts [index];
    self->header.entries = kept;
}


//  Fill up to a multiple of eight

static void
s_pad (builder_t *self, uint64_t size)
{
    for (; size % 8; size++)
        s_write_bytes (self, "", 1);
}


static void
s_put_entries (builder_t *self)
{
    for (size_t index = 0; index < self->header.entries; index++) {
        const draft_t *draft = &self->drafts [index];
        image_entry_t entry = {
            .vector = globe_vector (draft->at),
            .at = draft->at,
            .text = draft->text,
            .prominence = draft->prominence,
            .kind = draft->kind,
            .credit = draft->credit,
            .mark = draft->mark,
        };
        s_write_bytes (self, &entry, sizeof (entry));
    }
}


static void
s_put_cells (builder_t *self)
{
    image_cell_t cell = {0};
    for (size_t index = 0; index < self->header.entries; index++) {
        uint32_t key = self->drafts [index].cell;
        if (index && key == cell.key)
            continue;
        cell = (image_cell_t){key, (uint32_t) index};
        s_write_bytes (self, &cell, sizeof (cell));
        self->header.cells++;
    }
    cell = (image_cell_t){UINT32_MAX, (uint32_t) self->header.entries};
    s_write_bytes (self, &cell, sizeof (cell));
}


static uint64_t
s_put_words (builder_t *self, words_t *words)
{
    for (char *word = zlistx_first (words->words); word;
         word = zlistx_next (words->words))
        s_write_bytes (self, word, strlen (word) + 1);
    self->header.words_size += words->size;
    return zlistx_size (words->words);
}


int64_t
builder_end (builder_t *self)
{
    s_sort (self);
    s_pad (self, self->header.texts_size);
    s_put_entries (self);
    s_put_cells (self);
    self->header.kinds = s_put_words (self, &self->kinds);
    self->header.credits = s_put_words (self, &self->credits);
    s_pad (self, self->header.words_size);
    rewind (self->stream);
    s_write_bytes (self, &self->header, sizeof (self->header));
    if (fclose (self->stream) != 0 && !self->error)
        self->error = errno;
    self->stream = NULL;
    errno = self->error;
    return self->error ? -1 : (int64_t) self->header.entries;
}
