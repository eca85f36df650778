/*  =========================================================================
    test_telnet - the commands that a telnet client sends before its user types

    What is left of a connection's bytes, sent at once, one by one, and cut at
    random, is always the same.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "command/telnet.h"

#include <string.h>

#define LEFT_SIZE_MAX 4096

//  As PuTTY begins: WILL NAWS, WILL TSPEED, WILL TTYPE, WILL NEW-ENVIRON,
//  DO ECHO, WILL SGA, DO SGA
#define PUTTY                                                                  \
    "\377\373\37\377\373\40\377\373\30\377\373\47\377\375\1\377\373\3\377\375" \
    "\3"


//  Pass the text on in pieces, and its end; return what is left of it

static span_t
s_left (span_t text, size_t piece_max, chance_t *chance)
{
    static char left [LEFT_SIZE_MAX];
    telnet_t telnet = {.held = NULL};
    size_t size = 0;
    for (bool more = true; more;) {
        span_t piece = text;
        if (piece.size > piece_max)
            piece.size =
                chance ? 1 + chance_below (chance, piece_max) : piece_max;
        text.data += piece.size;
        text.size -= piece.size;
        more = piece.size != 0;

        //  A copy just as large, so that reading beyond it is seen
        char *copy = test_malloc (piece.size + 1);
        span_t bytes = {copy + 1, piece.size};
        memcpy (copy + 1, piece.data, piece.size);
        if (telnet_pass (&telnet, &bytes)) {
            assert_in_range (size + bytes.size, 0, LEFT_SIZE_MAX);
            size = (size_t) (spans_write (left + size, bytes) - left);
            more |= bytes.size != 0;
        }
        else
            assert_in_range (telnet.size, 0, TELNET_SIZE_MAX - 1);
        if (telnet.over)
            telnet_clear (&telnet);
        test_free (copy);
    }
    assert_null (telnet.held);
    return (span_t){left, size};
}


static void
s_check_left (span_t text, span_t expected)
{
    assert_span (s_left (text, SIZE_MAX, NULL), expected);
    assert_span (s_left (text, 1, NULL), expected);
    assert_span (s_left (text, 2, NULL), expected);
}


typedef struct {
    span_t said;
    span_t left;
} row_t;


//  Options and data may be any byte, an LF too: NAWS tells of 10 rows

static void
whole_commands_at_the_start_are_passed_over (void **state)
{
    (void) state;
    static const row_t rows [] = {
        {BYTES (""), BYTES ("")},
        {BYTES ("IAMAT\n"), BYTES ("IAMAT\n")},
        {BYTES (PUTTY "IAMAT p1 +1+1 1\r\n"), BYTES ("IAMAT p1 +1+1 1\r\n")},
        {BYTES (PUTTY), BYTES ("")},
        {BYTES ("\377\361"), BYTES ("")},
        {BYTES ("\377\361\377\361\n"), BYTES ("\n")},
        {BYTES ("\377\373\12\377\374\12\377\375\12\377\376\12x"), BYTES ("x")},
        {BYTES ("\377\373\377x"), BYTES ("x")},
        {BYTES ("\377\373\0x"), BYTES ("x")},
        {BYTES ("\377\372\37\0\120\0\12\377\360x\n"), BYTES ("x\n")},
        {BYTES ("\377\372\30\0XTERM\377\360\377\361x"), BYTES ("x")},
        {BYTES ("\377\372\37\377\377\377\377\0\30\377\360x"), BYTES ("x")},
        {BYTES ("\377\372\377\360x"), BYTES ("x")},
        {BYTES ("\377\372\1\360\372\361\377\360x"), BYTES ("x")},
    };
    for (size_t at = 0; at < COUNT (rows); at++)
        s_check_left (rows [at].said, rows [at].left);
}


//  Not only in text: commands that ask for something, or are none, and those
//  that never end

static void
any_other_255_is_an_ordinary_byte (void **state)
{
    (void) state;
    static const row_t rows [] = {
        {BYTES ("\377"), BYTES ("\377")},
        {BYTES ("\377\n"), BYTES ("\377\n")},
        {BYTES ("\377\377\361x"), BYTES ("\377\377\361x")},
        {BYTES ("\377\366x"), BYTES ("\377\366x")},
        {BYTES ("\377\360x"), BYTES ("\377\360x")},
        {BYTES ("\377\362x"), BYTES ("\377\362x")},
        {BYTES ("\377\371x"), BYTES ("\377\371x")},
        {BYTES ("\377\373"), BYTES ("\377\373")},
        {BYTES ("\377\361\377\376"), BYTES ("\377\376")},
        {BYTES ("\377\372"), BYTES ("\377\372")},
        {BYTES ("\377\372a\nb\n"), BYTES ("\377\372a\nb\n")},
        {BYTES ("\377\372a\377"), BYTES ("\377\372a\377")},
        {BYTES ("\377\372a\377\377\360"), BYTES ("\377\372a\377\377\360")},
        {BYTES ("\377\372a\377\361b\377\360"),
            BYTES ("\377\372a\377\361b\377\360")},
        {BYTES ("x\377\361"), BYTES ("x\377\361")},
        {BYTES ("\n\377\361"), BYTES ("\n\377\361")},
        {BYTES ("\377\361x\377\361"), BYTES ("x\377\361")},
        {BYTES ("\377\361\377\377\361"), BYTES ("\377\377\361")},
    };
    for (size_t at = 0; at < COUNT (rows); at++)
        s_check_left (rows [at].said, rows [at].left);
}


//  Return IAC SB, so many bytes, IAC SE

static span_t
s_long_command (size_t size)
{
    static char text [2 * TELNET_SIZE_MAX];
    assert_in_range (size, 4, sizeof (text));
    memset (text, 'a', size);
    text [0] = text [size - 2] = '\377';
    text [1] = '\372';
    text [size - 1] = '\360';
    return (span_t){text, size};
}


static void
a_command_has_a_largest_size (void **state)
{
    (void) state;
    s_check_left (s_long_command (TELNET_SIZE_MAX), SPAN (""));
    span_t text = s_long_command (TELNET_SIZE_MAX + 1);
    s_check_left (text, text);
    text = s_long_command (TELNET_SIZE_MAX + 2);
    s_check_left (text, text);
}


//  Bytes that are likely to be commands, or nearly

static void
commands_in_any_slices_are_the_same_commands (void **state)
{
    (void) state;
    static const char letters [] =
        "\377\377\377\377\372\372\360\360\361\373\374\375\376\12\0x";
    chance_t chance = chance_new (2550240);
    char text [64], whole [64];
    for (int round = 0; round < 20000; round++) {
        span_t said = {text, chance_below (&chance, sizeof (text) + 1)};
        for (size_t at = 0; at < said.size; at++)
            text [at] = letters [chance_below (&chance, sizeof (letters) - 1)];
        span_t left = s_left (said, SIZE_MAX, NULL);
        left = (span_t){whole, (size_t) (spans_write (whole, left) - whole)};
        assert_span (
            s_left (said, 1 + chance_below (&chance, 9), &chance), left);

        //  What is passed over is at the front, and what is left no command
        assert_in_range (left.size, 0, said.size);
        said.data += said.size - left.size;
        said.size = left.size;
        assert_span (left, said);
        assert_span (s_left (left, SIZE_MAX, NULL), left);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (whole_commands_at_the_start_are_passed_over),
        cmocka_unit_test (any_other_255_is_an_ordinary_byte),
        cmocka_unit_test (a_command_has_a_largest_size),
        cmocka_unit_test (commands_in_any_slices_are_the_same_commands),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
