/*  =========================================================================
    story - effects as text that a case can state
    =========================================================================
*/

#include "unit/story.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


char *
story_tell (const effects_t *effects, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream (&text, size);
    assert (out);
    for (size_t at = 0; at < effects_count (effects); at++) {
        effect_t effect = *effects_at (effects, at);
        if (effect.kind == EFFECT_HEARD)
            continue;
        if (effect.kind == EFFECT_NOTE)
            fputs ("* ", out);
        else if (effect.kind == EFFECT_PARTED)
            fprintf (out, "%u parted", effect.peer);
        else
            fprintf (out, "%" PRIu64, effect.connection);
        if (effect.kind == EFFECT_REPLY)
            fputs ("> ", out);
        else if (effect.kind == EFFECT_HOLD)
            fputs (" hold", out);
        else if (effect.kind == EFFECT_RELEASE)
            fputs (" release", out);
        else if (effect.kind == EFFECT_CLOSE)
            fputs (" close", out);
        else if (effect.kind == EFFECT_FETCH)
            fprintf (out, " fetch %" PRIu64 " %" PRIu32 " mm ", effect.request,
                effect.radius_mm);
        fwrite (effect.text.data, 1, effect.text.size, out);
        if (effect.kind != EFFECT_REPLY)
            fputc ('\n', out);
    }
    fclose (out);
    return text;
}


size_t
story_notes (const effects_t *effects, const char *text)
{
    size_t count = 0;
    for (size_t at = 0; at < effects_count (effects); at++) {
        effect_t effect = *effects_at (effects, at);
        count += effect.kind == EFFECT_NOTE &&
                 memmem (effect.text.data, effect.text.size, text,
                     strlen (text)) != NULL;
    }
    return count;
}


void
story_check (effects_t *effects, span_t expected, const char *file, int line)
{
    size_t size;
    char *text = story_tell (effects, &size);
    effects_clear (effects);
    bool same = span_equal ((span_t){text, size}, expected);
    if (!same)
        print_error ("# told:\n%s# expected:\n%.*s", text, (int) expected.size,
            expected.data);
    free (text);
    if (!same)
        _fail (file, line);
}
