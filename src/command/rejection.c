/*  =========================================================================
    rejection - the reply to an invalid command
    =========================================================================
*/

#include "command/rejection.h"

#include <string.h>


span_t
rejection_print (span_t line, effects_t *effects)
{
    if (line.size && line.data [line.size - 1] == '\r')
        line.size--;
    char *text = effects_room (effects, line.size + 3);
    text [0] = '?';
    text [1] = ' ';
    if (line.size)
        memcpy (text + 2, line.data, line.size);
    text [line.size + 2] = '\n';
    return (span_t){text, line.size + 3};
}
