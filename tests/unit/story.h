/*  =========================================================================
    story - effects as text that a case can state

    A reply is told as "7> " and its text, line ends and all; the rest in a
    line each: "7 hold", "7 release", "7 close", "7 fetch 1 500 mm +34-118" and
    "* a note".  That a peer was heard is left out.
    =========================================================================
*/

#ifndef TESTS_UNIT_STORY_H
#define TESTS_UNIT_STORY_H

#include "core/event.h"
#include "unit/spans.h"

//  The effects are just these; they are forgotten then.
#define assert_story(effects, text)                                            \
    story_check (effects, span_of (text), __FILE__, __LINE__)

//  Return the effects as text, to be freed.  Its size, which may include NULs,
//  goes to *size.
char *
story_tell (const effects_t *effects, size_t *size);

//  Return how many notes there are with that text in them.
size_t
story_notes (const effects_t *effects, const char *text);

//  Compare the story with what was expected, and forget the effects.
void
story_check (effects_t *effects, span_t expected, const char *file, int line);

#endif
