/*  =========================================================================
    impostor - a peer that speaks in the name of another
    =========================================================================
*/

#include "sim/impostor.h"

#include "sim/weather.h"

#include <stdlib.h>
#include <string.h>


void
impostor_speak (
    chance_t *chance, box_t *box, const event_t *event, const char *name)
{
    message_t message;
    message_parse (&message, event->text);
    if (strcmp (name, event->speaker) == 0 || message.kind == MESSAGE_BAD ||
        message.kind == MESSAGE_OTHER)
        return;
    size_t size;
    char *forged = weather_forgery (chance, &message, &size);
    box_step (box, (event_t){.kind = EVENT_PEER_MESSAGE,
                       .speaker = name,
                       .text = {forged, size}});
    free (forged);
}
