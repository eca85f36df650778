/*  =========================================================================
    retry - when to try a connection again that was lost, or never came

    After a quarter of a second, then twice as long each time, 8 s at most; and
    from the start again after a connection that stood for longer than 8 s.
    =========================================================================
*/

#ifndef MQTT_RETRY_H
#define MQTT_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#define RETRY_FIRST_MS 250
#define RETRY_LAST_MS 8000

//  Part of the owner's structure; all zero = try at once.
typedef struct {
    int64_t delay_ms;  //  The last that was waited
    int64_t due_ms;    //  When it may be tried
    int64_t since_ms;  //  When it was connected; 0 = it is not
} retry_t;

//  Return true if it may be tried now.  Times are those of clock_ms.
bool
retry_is_due (const retry_t *self, int64_t now_ms);

//  It is connected.
void
retry_connected (retry_t *self, int64_t now_ms);

//  It is not, any more or at all: retry_is_due tells when to try again.
void
retry_failed (retry_t *self, int64_t now_ms);

#endif
