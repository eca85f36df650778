/*  =========================================================================
    fold - texts compared as a reader would
    =========================================================================
*/

#include "places/fold.h"

#define LATIN_FIRST 0xc0

//  The plain letters of U+00C0 to U+017F; a dot for those that have none
static const char s_plain [] =
    "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"
    "lllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";


static uint32_t
s_decode (const char *text, size_t size)
{
    //  Bits of the first byte that count, by size
    static const unsigned char masks [] = {0, 0, 0x1f, 0x0f, 0x07};
    uint32_t letter = (unsigned char) *text & masks [size];
    for (size_t index = 1; index < size; index++)
        letter = letter << 6 | ((unsigned char) text [index] & 0x3f);
    return letter;
}


//  Capitals become small, and accents go where the plain letter is ASCII

static uint32_t
s_fold (uint32_t letter)
{
    if (letter >= LATIN_FIRST && letter < LATIN_FIRST + sizeof (s_plain) - 1) {
        char plain = s_plain [letter - LATIN_FIRST];
        return plain == '.' ? letter : (unsigned char) plain;
    }
    bool is_greek = letter >= 0x391 && letter <= 0x3a9;
    bool is_cyrillic = letter >= 0x410 && letter <= 0x42f;
    if (is_greek || is_cyrillic)
        return letter + 0x20;
    if (letter >= 0x400 && letter <= 0x40f)
        letter += 0x50;
    if (letter >= 0x460 && letter <= 0x52f)
        letter |= 1;
    return letter == 0x451 ? 0x435 : letter;
}


//  Cut the first letter off the text, which is not empty, and fold it.  A byte
//  that is no letter of UTF-8 is itself.

static uint32_t
s_next_letter (span_t *text)
{
    unsigned char byte = (unsigned char) *text->data;
    uint32_t letter = byte;
    size_t size = byte < 0x80 ? 1 : span_utf8 (*text);
    if (byte >= 'A' && byte <= 'Z')
        letter |= 0x20;
    else if (size > 1)
        letter = s_fold (s_decode (text->data, size));
    size += size == 0;
    *text = (span_t){text->data + size, text->size - size};
    return letter;
}


static bool
s_begins (span_t text, span_t part)
{
    while (part.size)
        if (!text.size || s_next_letter (&text) != s_next_letter (&part))
            return false;
    return true;
}


bool
fold_has (span_t text, span_t part)
{
    if (!part.size)
        return true;
    span_t after = part;
    uint32_t first = s_next_letter (&after);
    while (text.size)
        if (s_next_letter (&text) == first && s_begins (text, after))
            return true;
    return false;
}


static void
s_mark (fold_mark_t *mark, span_t text)
{
    uint32_t first = 0;
    uint32_t second = 0;
    while (text.size) {
        uint32_t third = s_next_letter (&text);
        if (first) {
            //  Any mixture will do, but images keep it
            uint64_t mixed =
                ((uint64_t) first << 42 ^ (uint64_t) second << 21 ^ third) *
                0x9e3779b97f4a7c15;
            mark->bits [mixed >> 63] |= UINT64_C (1) << (mixed >> 57 & 63);
        }
        first = second;
        second = third;
    }
}


fold_mark_t
fold_mark_of (span_t one, span_t other)
{
    fold_mark_t mark = {{0}};
    s_mark (&mark, one);
    s_mark (&mark, other);
    return mark;
}


bool
fold_mark_has (fold_mark_t mark, fold_mark_t part)
{
    return (part.bits [0] & ~mark.bits [0]) == 0 &&
           (part.bits [1] & ~mark.bits [1]) == 0;
}
