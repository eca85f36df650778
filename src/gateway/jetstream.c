/*  =========================================================================
    jetstream - the requests of NATS JetStream, and its answers, as text
    =========================================================================
*/

#include "gateway/jetstream.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS 1000000
#define NS_PER_SECOND 1000000000

//  A consumer that nobody pulls from
#define INACTIVE_NS (INT64_C (30) * NS_PER_SECOND)

//  The longest AT line must fit
#define LEAST_SIZE_MAX 2048

//  By so many, and this part of all, a stream may have fewer messages
#define SPARE_MESSAGES 16
#define SPARE_PART 64

//  The next one is a number that JSON has, too
#define SEQUENCE_MAX (INT64_MAX - 1)

//  Error codes of its API
#define CODE_NO_STREAM 10059

//  "$JS.ACK.stream.consumer.delivered.sequence.count.time.pending", or with a
//  domain and an account before the stream, and a token behind
#define TOKENS_SHORT 9
#define TOKENS_LONG 11
#define TOKENS_MAX 13


//  Give the text of the object, and that up

static char *
s_text (json_t *json)
{
    char *text = json_dumps (json, JSON_COMPACT);
    json_decref (json);
    assert (text);
    return text;
}


char *
jetstream_make_stream (const char *name, uint64_t replicas, uint64_t seconds)
{
    char subjects [JETSTREAM_NAME_SIZE];
    snprintf (subjects, sizeof subjects, "%s.>", name);
    json_t *json =
        json_pack ("{s:s, s:[s], s:s, s:s, s:i, s:I, s:i, s:s, s:I, s:I, s:b}",
            "name", name, "subjects", subjects, "retention", "limits",
            "storage", "file", "max_msgs_per_subject", 1, "max_age",
            (json_int_t) seconds * NS_PER_SECOND, "max_msg_size",
            JETSTREAM_MESSAGE_SIZE_MAX, "discard", "old", "num_replicas",
            (json_int_t) replicas, "duplicate_window",
            (json_int_t) 100 * NS_PER_MS, "allow_direct", 1);
    assert (json);
    return s_text (json);
}


char *
jetstream_make_consumer (
    const char *stream, const char *subjects, uint64_t sequence)
{
    assert (sequence <= INT64_MAX);
    json_t *json =
        json_pack ("{s:s, s:{s:s, s:I, s:s, s:s, s:s, s:I, s:i, s:b}}",
            "stream_name", stream, "config", "deliver_policy",
            "by_start_sequence", "opt_start_seq", (json_int_t) sequence,
            "ack_policy", "none", "filter_subject", subjects, "replay_policy",
            "instant", "inactive_threshold", (json_int_t) INACTIVE_NS,
            "num_replicas", 1, "mem_storage", 1);
    assert (json);
    return s_text (json);
}


char *
jetstream_pull (unsigned messages)
{
    return s_text (json_pack ("{s:i, s:I, s:I}", "batch", (int) messages,
        "expires", (json_int_t) JETSTREAM_PULL_MS * NS_PER_MS, "idle_heartbeat",
        (json_int_t) JETSTREAM_BEAT_MS * NS_PER_MS));
}


static uint64_t
s_number (const json_t *object, const char *key)
{
    json_int_t number = json_integer_value (json_object_get (object, key));
    return number > 0 ? (uint64_t) number : 0;
}


//  Read the answer.  Returns its object, or NULL and why not

static json_t *
s_read (span_t text, jetstream_result_t *result, char *why)
{
    json_t *json = json_loadb (text.data, text.size, 0, NULL);
    const json_t *error = json_object_get (json, "error");
    *result = JETSTREAM_GOOD;
    if (json_is_object (json) && !error)
        return json;
    const char *words =
        json_string_value (json_object_get (error, "description"));
    *result = s_number (error, "err_code") == CODE_NO_STREAM ? JETSTREAM_MISSING
                                                             : JETSTREAM_ERROR;
    snprintf (why, JETSTREAM_WHY_SIZE, "%s",
        words ? words : "an answer that can't be read");
    json_decref (json);
    return NULL;
}


static bool
s_has_subjects (const json_t *config, const char *name)
{
    char wanted [JETSTREAM_NAME_SIZE];
    size_t index;
    const json_t *subject;
    snprintf (wanted, sizeof wanted, "%s.>", name);
    json_array_foreach (json_object_get (config, "subjects"), index, subject)
    {
        const char *text = json_string_value (subject);
        if (text && (strcmp (text, wanted) == 0 || strcmp (text, ">") == 0))
            return true;
    }
    return false;
}


static bool
s_is (const json_t *config, const char *key, const char *value)
{
    const char *text = json_string_value (json_object_get (config, key));
    return text && strcmp (text, value) == 0;
}


static const char *
s_fault (const json_t *config, const char *name)
{
    uint64_t size_max = s_number (config, "max_msg_size");
    if (s_number (config, "max_msgs_per_subject") != 1)
        return "its max_msgs_per_subject is not 1";
    if (!s_has_subjects (config, name))
        return "its subjects are not its name and .>";
    if (!s_is (config, "retention", "limits"))
        return "its retention is not limits";
    if (!s_is (config, "discard", "old"))
        return "its discard is not old";
    if (size_max && size_max < LEAST_SIZE_MAX)
        return "its max_msg_size is less than 2048";
    return NULL;
}


jetstream_result_t
jetstream_read_info (span_t text, const char *name, jetstream_info_t *info,
    char why [JETSTREAM_WHY_SIZE])
{
    jetstream_result_t result;
    json_t *json = s_read (text, &result, why);
    if (!json)
        return result;
    const json_t *config = json_object_get (json, "config");
    const json_t *state = json_object_get (json, "state");
    const char *created = json_string_value (json_object_get (json, "created"));
    if (!config || !state || !created ||
        strlen (created) >= sizeof info->created) {
        snprintf (why, JETSTREAM_WHY_SIZE, "an answer that can't be read");
        json_decref (json);
        return JETSTREAM_ERROR;
    }
    *info = (jetstream_info_t){.messages = s_number (state, "messages"),
        .first = s_number (state, "first_seq"),
        .last = s_number (state, "last_seq"),
        .replicas = s_number (config, "num_replicas"),
        .seconds = s_number (config, "max_age") / NS_PER_SECOND,
        .shrinks = s_number (config, "max_age") ||
                   s_number (config, "max_bytes") ||
                   s_number (config, "max_msgs"),
        .fault = s_fault (config, name)};
    memcpy (info->created, created, strlen (created) + 1);
    json_decref (json);
    return JETSTREAM_GOOD;
}


//  The last of a subject and the one that it replaces both count for a moment

bool
jetstream_is_intact (const jetstream_info_t *before,
    const jetstream_info_t *now, uint64_t greatest, uint64_t there)
{
    bool purged = there && now->first > there;
    uint64_t spare = SPARE_MESSAGES + before->messages / SPARE_PART;
    bool fewer = now->messages + spare < before->messages && !now->shrinks;
    return strcmp (before->created, now->created) == 0 &&
           now->last >= greatest && !purged && !fewer;
}


//  A name becomes a part of subjects

static bool
s_is_name (const char *name)
{
    return name && *name && strlen (name) < JETSTREAM_NAME_SIZE &&
           !strpbrk (name, ".*> \t\r\n");
}


jetstream_result_t
jetstream_read_consumer (span_t text, char name [JETSTREAM_NAME_SIZE],
    uint64_t *pending, char why [JETSTREAM_WHY_SIZE])
{
    jetstream_result_t result;
    json_t *json = s_read (text, &result, why);
    if (!json)
        return result;
    const char *given = json_string_value (json_object_get (json, "name"));
    bool good = s_is_name (given);
    if (good) {
        memcpy (name, given, strlen (given) + 1);
        *pending = s_number (json, "num_pending");
    }
    else
        snprintf (why, JETSTREAM_WHY_SIZE, "a consumer without a name");
    json_decref (json);
    return good ? JETSTREAM_GOOD : JETSTREAM_ERROR;
}


jetstream_result_t
jetstream_read_ack (
    span_t text, uint64_t *sequence, char why [JETSTREAM_WHY_SIZE])
{
    jetstream_result_t result;
    json_t *json = s_read (text, &result, why);
    if (!json)
        return result;
    *sequence = s_number (json, "seq");
    json_decref (json);
    if (*sequence)
        return JETSTREAM_GOOD;
    snprintf (why, JETSTREAM_WHY_SIZE, "an answer without a sequence");
    return JETSTREAM_ERROR;
}


bool
jetstream_read_place (span_t reply, jetstream_place_t *place)
{
    span_t tokens [TOKENS_MAX];
    size_t count = 0;
    while (reply.size && count < TOKENS_MAX)
        tokens [count++] = span_until (&reply, '.');
    if (reply.size || (count != TOKENS_SHORT && count < TOKENS_LONG) ||
        !span_equal (tokens [0], span_of ("$JS")) ||
        !span_equal (tokens [1], span_of ("ACK")))
        return false;
    const span_t *at = tokens + (count == TOKENS_SHORT ? 2 : 4);
    place->consumer = at [1];
    return span_number (at [3], SEQUENCE_MAX, &place->sequence) &&
           span_number (at [4], UINT64_MAX, &place->count) &&
           span_number (at [6], UINT64_MAX, &place->pending);
}
