/*  =========================================================================
    places_case - a talk with a provider that the test plays
    =========================================================================
*/

#include "io/places_case.h"

#define PORT_BASE 16400
//  Whoever ends sooner than a test gives up does not end because of this
#define TIMEOUT_MS 600000


//  Ask for places around one that has so many millionths of a degree more

static void
s_ask_at (places_case_t *self, unsigned place)
{
    char text [64];
    snprintf (text, sizeof (text), "+34.%06u-118.445127", 68930 + place);
    effect_t effect = {.kind = EFFECT_FETCH,
        .connection = self->asked + 1000,
        .request = self->asked,
        .radius_mm = 10000000,
        .address = self->address,
        .text = span_of (text)};
    assert (self->asked < LOOKUPS_MAX);
    self->asked++;
    places_fetch (self->places, &effect);
}


void
places_case_ask (places_case_t *self)
{
    s_ask_at (self, (unsigned) self->asked);
}


void
places_case_ask_again (places_case_t *self)
{
    s_ask_at (self, 0);
}


static void
s_event (void *context, const event_t *event)
{
    places_case_t *self = context;
    if (event->kind == EVENT_NOTED) {
        self->held++;
        snprintf (self->why, sizeof (self->why), "%.*s", (int) event->text.size,
            event->text.data);
        return;
    }
    assert (event->request < self->asked);
    assert (event->connection == event->request + 1000);
    assert (event->now.seconds > 0);
    self->ends [event->request]++;
    self->ended_ms [event->request] = event->clock_ms;
    self->ended++;
    if (event->kind == EVENT_PLACES_ANSWER)
        self->answered++;
    else {
        assert (event->kind == EVENT_PLACES_FAILED ||
                event->kind == EVENT_PLACES_ABSENT ||
                event->kind == EVENT_PLACES_SPENT ||
                event->kind == EVENT_PLACES_RATIONED);
        if (event->kind == EVENT_PLACES_RATIONED) {
            assert (address_equal (&event->address, &self->address));
            self->rationed++;
        }
        self->failed++;
        self->spent += event->kind == EVENT_PLACES_SPENT;
        self->absent += event->kind == EVENT_PLACES_ABSENT;
        self->status = google_status_word (event->status);
    }
    assert (event->text.size <= BODY_SIZE_MAX);
    if (event->text.size)
        memcpy (self->text, event->text.data, event->text.size);
    self->text [event->text.size] = '\0';
    self->text_size = event->text.size;
    if (self->again) {
        self->again = false;
        places_case_ask (self);
    }
}


static void
s_turn (void *context)
{
    places_case_t *self = context;
    if (self->places)
        places_turn (self->places);
}


static void
s_tick (void *context)
{
    places_case_t *self = context;
    if (self->places)
        places_tick (self->places);
}


void
places_case_start (places_case_t *self)
{
    places_destroy (&self->places);
    self->places =
        places_new (self->stage->poller, &self->options, s_event, self);
    assert_non_null (self->places);
}


int
places_case_new (void **state)
{
    places_case_t *self = zmalloc (sizeof (places_case_t));
    self->stage = loop_case_new (PORT_BASE);
    self->stage->context = self;
    self->stage->tick = s_tick;
    self->stage->turn = s_turn;
    self->upstream = upstream_new (self->stage);
    snprintf (self->url, sizeof (self->url), "http://127.0.0.1:%u/nearby",
        self->upstream->port);
    self->options = (places_options_t){.url = self->url,
        .api = &api_nearby,
        .key = KEY,
        .timeout_ms = TIMEOUT_MS,
        .body_size_max = BODY_SIZE_MAX,
        .connections_max = 4,
        .queue_max = LOOKUPS_MAX};
    places_case_start (self);
    *state = self;
    return 0;
}


int
places_case_free (void **state)
{
    places_case_t *self = *state;
    places_destroy (&self->places);
    upstream_destroy (&self->upstream);
    loop_case_destroy (&self->stage);
    free (self);
    return 0;
}


void
places_case_answers (places_case_t *self, const char *body)
{
    size_t answered = self->answered;
    places_case_ask (self);
    REACH (self->stage, &self->ended, self->asked);
    if (self->answered == answered)
        fail_msg ("no answer: %s", self->text);
    assert_string_equal (self->text, body);
    assert_int_equal (self->answered, answered + 1);
}


void
places_case_fails (places_case_t *self, const char *why)
{
    size_t failed = self->failed;
    places_case_ask (self);
    REACH (self->stage, &self->ended, self->asked);
    if (!strstr (self->text, why))
        fail_msg ("\"%s\" is not in \"%s\"", why, self->text);
    assert_int_equal (self->failed, failed + 1);
    assert_null (strstr (self->text, KEY));
    assert_null (strstr (self->text, "127.0.0.1"));
    assert_null (strstr (self->text, "http:"));
    assert_null (strstr (self->text, "location"));
}
