/*  =========================================================================
    test_generation - the file of a table, as it is written and read

    Whatever is cut off or altered, what is read is what was written elsewhere,
    block by block, and nothing else.
    =========================================================================
*/

#include "store/generation.h"
#include "store/reader.h"

#include <czmq.h>
#include <sys/mman.h>

#include <setjmp.h>
#include <cmocka.h>

#define BLOCKS 6
#define LINE "AT Alford +0.263873386 kiwi +34.068930-118.445127 1479413884.3\n"

//  A file in memory
typedef struct {
    generation_t file;
    uint64_t ends [BLOCKS + 1];  //  Offsets where the title and blocks end
} stage_t;

static const block_title_t s_title = {"zherd", "Alford", 3, 0x123456789abcdef};


//  Block n has n + 1 lines, the last is a mark

static void
s_write_block (stage_t *self, size_t block)
{
    char buffer [BLOCK_HEAD_SIZE + BLOCKS * sizeof LINE];
    size_t size = 0;
    for (size_t line = 0; line <= block; line++) {
        memcpy (buffer + BLOCK_HEAD_SIZE + size, LINE, sizeof LINE - 1);
        buffer [BLOCK_HEAD_SIZE + size] = (char) ('A' + block);
        size += sizeof LINE - 1;
    }
    assert_int_equal (
        generation_write (&self->file,
            block + 1 == BLOCKS ? BLOCK_MARK : BLOCK_RECORDS, buffer, size),
        0);
}


static int
s_new (void **state)
{
    static stage_t stage;
    int fd = memfd_create ("table", MFD_CLOEXEC);
    assert_true (fd >= 0);
    assert_int_equal (
        generation_begin (&stage.file, &calls_of_system, fd, &s_title), 0);
    for (size_t block = 0; block < BLOCKS; block++) {
        stage.ends [block] = stage.file.offset;
        s_write_block (&stage, block);
    }
    stage.ends [BLOCKS] = stage.file.offset;
    *state = &stage;
    return 0;
}


static int
s_free (void **state)
{
    stage_t *self = *state;
    generation_close (&self->file);
    return 0;
}


//  Read all that can be read: it must be the first blocks, as they were
//  written, but for one.  Returns the number of the block that would be next

static size_t
s_read_without (stage_t *self, size_t left_out, reader_result_t *result)
{
    const char *why;
    block_kind_t kind;
    span_t text;
    size_t blocks = 0;
    reader_t *reader = reader_new (&calls_of_system, self->file.fd, &why);
    assert_non_null (reader);
    while ((*result = reader_next (reader, &kind, &text)) == READER_BLOCK) {
        blocks += blocks == left_out;
        assert_true (blocks < BLOCKS);
        assert_int_equal (
            kind, blocks + 1 == BLOCKS ? BLOCK_MARK : BLOCK_RECORDS);
        assert_int_equal (text.size, (blocks + 1) * (sizeof LINE - 1));
        for (size_t at = 0; at < text.size; at += sizeof LINE - 1) {
            assert_int_equal (text.data [at], 'A' + blocks);
            assert_memory_equal (
                &text.data [at + 1], &LINE [1], sizeof LINE - 2);
        }
        blocks++;
        assert_int_equal (reader_offset (reader), self->ends [blocks]);
    }
    assert_int_equal (reader_next (reader, &kind, &text), *result);
    assert_int_equal (reader_offset (reader), self->ends [blocks]);
    assert_int_equal (reader_skipped (reader),
        blocks > left_out ? self->ends [left_out + 1] - self->ends [left_out]
                          : 0);
    reader_destroy (&reader);
    return blocks;
}


static size_t
s_read (stage_t *self, reader_result_t *result)
{
    return s_read_without (self, BLOCKS, result);
}


static void
what_is_written_is_read (void **state)
{
    reader_result_t result;
    const char *why;
    stage_t *self = *state;
    assert_int_equal (s_read (self, &result), BLOCKS);
    assert_int_equal (result, READER_END);
    reader_t *reader = reader_new (&calls_of_system, self->file.fd, &why);
    const block_title_t *title = reader_title (reader);
    assert_string_equal (title->herd, "zherd");
    assert_string_equal (title->server, "Alford");
    assert_int_equal (title->number, 3);
    assert_int_equal (title->salt, s_title.salt);
    reader_destroy (&reader);
}


static void
a_file_cut_anywhere_is_read_up_to_there (void **state)
{
    stage_t *self = *state;
    for (uint64_t size = self->ends [BLOCKS] - 1;
         size >= self->ends [BLOCKS - 2]; size--) {
        reader_result_t result;
        assert_int_equal (ftruncate (self->file.fd, (off_t) size), 0);
        size_t whole =
            size >= self->ends [BLOCKS - 1] ? BLOCKS - 1 : BLOCKS - 2;
        assert_int_equal (s_read (self, &result), whole);
        assert_int_equal (
            result, size == self->ends [whole] ? READER_END : READER_BAD);
    }
}


static void
s_flip (stage_t *self, uint64_t at)
{
    char byte;
    assert_int_equal (pread (self->file.fd, &byte, 1, (off_t) at), 1);
    byte = (char) (byte ^ 1 << at % 8);
    assert_int_equal (pwrite (self->file.fd, &byte, 1, (off_t) at), 1);
}


//  And all others are

static void
a_block_with_a_bit_flipped_is_not_read (void **state)
{
    stage_t *self = *state;
    for (size_t block = 0; block < BLOCKS; block++)
        for (uint64_t at = self->ends [block]; at < self->ends [block + 1];
             at++) {
            reader_result_t result;
            bool is_last = block + 1 == BLOCKS;
            s_flip (self, at);
            assert_int_equal (s_read_without (self, block, &result),
                is_last ? BLOCKS - 1 : BLOCKS);
            assert_int_equal (result, is_last ? READER_BAD : READER_END);
            s_flip (self, at);
        }
}


static void
a_title_with_a_bit_flipped_is_read_from_its_copy (void **state)
{
    stage_t *self = *state;
    for (uint64_t at = 0; at < self->ends [0]; at++) {
        reader_result_t result;
        s_flip (self, at);
        assert_int_equal (s_read (self, &result), BLOCKS);
        s_flip (self, at);
    }
    const char *why;
    s_flip (self, 15);
    s_flip (self, self->ends [0] / 2 + 15);
    assert_null (reader_new (&calls_of_system, self->file.fd, &why));
    assert_string_equal (why, "a table whose first line is damaged");
}


//  A power cut may leave what an earlier file had at some place, or put a block
//  where another should be

static void
a_block_of_another_place_or_file_is_not_read (void **state)
{
    stage_t *self = *state;
    char block [BLOCK_HEAD_SIZE + sizeof LINE];
    reader_result_t result;
    size_t size = self->ends [1] - self->ends [0];
    assert_int_equal (
        pread (self->file.fd, block, size, (off_t) self->ends [0]), size);
    assert_int_equal (
        pwrite (self->file.fd, block, size, (off_t) self->ends [3]), size);
    assert_int_equal (s_read_without (self, 3, &result), BLOCKS);

    unsigned char key [BLOCK_KEY_SIZE] = "of another file";
    block_seal (key, self->ends [0], BLOCK_RECORDS, block, sizeof LINE - 1);
    assert_int_equal (
        pwrite (self->file.fd, block, size, (off_t) self->ends [0]), size);
    assert_int_equal (ftruncate (self->file.fd, (off_t) self->ends [1]), 0);
    assert_int_equal (s_read (self, &result), 0);
}


static void
a_title_is_of_this_format_or_says_what_it_is (void **state)
{
    static const struct {
        const char *line;
        const char *why;
    } rows [] = {
        {"ZHERD-TABLE/1 zherd Alford 3 AAAAAAAAAAA",
            "a table in the format of another version of zherd"},
        {"ZHERD-TABLE/0 whatever it was",
            "a table in the format of another version of zherd"},
        {"ZHERD-TABLE/ zherd Alford 3 AAAAAAAAAAA", "no table of zherd's"},
        {"", "no table of zherd's"},
        {"AT Alford", "no table of zherd's"},
        {"ZHERD-TABLE/2 zherd Alford 3 AAAAAAAAAA",
            "a table whose first line is damaged"},
        {"ZHERD-TABLE/2 zherd Alford 3 AAAAAAAAAAA 0123456789abcdef",
            "a table whose first line is damaged"},
        {"ZHERD-TABLE/2 zherd Alford x AAAAAAAAAAA",
            "a table whose first line is damaged"},
        {"ZHERD-TABLE/2 zherd -Alford 3 AAAAAAAAAAA",
            "a table whose first line is damaged"},
    };
    (void) state;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        block_title_t title;
        const char *why = block_parse_title (&title, span_of (rows [row].line));
        assert_non_null (why);
        assert_string_equal (why, rows [row].why);
    }
}


//  How much is to come is known before all is read, and never from a bad mark

static void
the_last_mark_is_found_before_what_is_read (void **state)
{
    stage_t *self = *state;
    const char *why;
    char text [BLOCK_TEXT_SIZE_MAX];
    size_t size = BLOCKS * (sizeof LINE - 1);
    for (int bad = 0; bad < 2; bad++) {
        block_kind_t kind;
        span_t first;
        reader_t *reader = reader_new (&calls_of_system, self->file.fd, &why);
        assert_non_null (reader);
        assert_int_equal (reader_last_mark (reader, text), bad ? 0 : size);
        assert_int_equal (reader_next (reader, &kind, &first), READER_BLOCK);
        assert_int_equal (first.size, sizeof LINE - 1);
        reader_destroy (&reader);
        s_flip (self, self->ends [BLOCKS] - 1);
    }
    assert_int_equal (text [0], 'A' + BLOCKS - 1);
}


static void
what_is_no_table_is_not_read (void **state)
{
    stage_t *self = *state;
    const char *why = NULL;
    assert_int_equal (ftruncate (self->file.fd, 0), 0);
    assert_null (reader_new (&calls_of_system, self->file.fd, &why));
    assert_string_equal (why, "no table of zherd's");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test_setup_teardown (
            what_is_written_is_read, s_new, s_free),
        cmocka_unit_test_setup_teardown (
            a_file_cut_anywhere_is_read_up_to_there, s_new, s_free),
        cmocka_unit_test_setup_teardown (
            a_block_with_a_bit_flipped_is_not_read, s_new, s_free),
        cmocka_unit_test_setup_teardown (
            a_title_with_a_bit_flipped_is_read_from_its_copy, s_new, s_free),
        cmocka_unit_test_setup_teardown (
            a_block_of_another_place_or_file_is_not_read, s_new, s_free),
        cmocka_unit_test_setup_teardown (
            a_title_is_of_this_format_or_says_what_it_is, s_new, s_free),
        cmocka_unit_test_setup_teardown (
            the_last_mark_is_found_before_what_is_read, s_new, s_free),
        cmocka_unit_test_setup_teardown (
            what_is_no_table_is_not_read, s_new, s_free),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
