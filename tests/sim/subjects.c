/*  =========================================================================
    subjects - the messages of a stream that keeps the last of each subject
    =========================================================================
*/

#include "sim/subjects.h"

#include "table/location.h"

#include <assert.h>
#include <czmq.h>

//  So many are written at once
#define BATCH_MESSAGES 32

//  Beside the line of a message: its region
#define EXTRA_SIZE 16

typedef struct {
    unsigned region;
    char *line;         //  Of its last message
    uint64_t sequence;  //  0 = it has none
    int64_t came_us;    //  When it did
} subject_t;

struct subjects_t {
    zhashx_t *subjects;  //  By region and client
    subject_t **log;     //  By sequence: who had that number
    int64_t ttl_us;      //  0 = for ever
    int64_t now_us;
    uint64_t last;
    uint64_t expired;  //  All up to this one are gone
    uint64_t room;
    size_t count;
};


static void
s_destroy_subject (void **item_p)
{
    subject_t *subject = *item_p;
    free (subject->line);
    free (subject);
    *item_p = NULL;
}


subjects_t *
subjects_new (unsigned ttl_seconds)
{
    subjects_t *self = calloc (1, sizeof (subjects_t));
    assert (self);
    self->ttl_us = (int64_t) ttl_seconds * 1000000;
    self->subjects = zhashx_new ();
    zhashx_set_destructor (self->subjects, s_destroy_subject);
    return self;
}


void
subjects_destroy (subjects_t **self_p)
{
    subjects_t *self = *self_p;
    if (self) {
        zhashx_destroy (&self->subjects);
        free (self->log);
        free (self);
        *self_p = NULL;
    }
}


static subject_t *
s_subject (subjects_t *self, unsigned region, span_t line)
{
    location_t location = {0};
    if (line.size)
        location_reread (&location, line);
    char *key = zsys_sprintf (
        "%u %.*s", region, (int) location.client.size, location.client.data);
    assert (key);
    subject_t *subject = zhashx_lookup (self->subjects, key);
    if (!subject) {
        subject = calloc (1, sizeof (subject_t));
        assert (subject);
        subject->region = region;
        zhashx_insert (self->subjects, key, subject);
    }
    zstr_free (&key);
    return subject;
}


void
subjects_store (subjects_t *self, unsigned region, span_t line)
{
    if (self->last + 1 >= self->room) {
        self->room = self->room ? self->room * 2 : 256;
        self->log = realloc (self->log, self->room * sizeof (subject_t *));
        assert (self->log);
    }
    subject_t *subject = s_subject (self, region, line);
    char *copy = strndup (line.size ? line.data : "", line.size);
    assert (copy);
    free (subject->line);
    subject->line = copy;
    subject->came_us = self->now_us;
    self->count += subject->sequence == 0;
    subject->sequence = ++self->last;
    self->log [self->last] = subject;
}


uint64_t
subjects_first (const subjects_t *self)
{
    uint64_t first = self->expired + 1;
    while (first <= self->last && self->log [first]->sequence != first)
        first++;
    return first;
}


uint64_t
subjects_last (const subjects_t *self)
{
    return self->last;
}


size_t
subjects_count (const subjects_t *self)
{
    return self->count;
}


size_t
subjects_write (const subjects_t *self, uint64_t *position, unsigned left_out,
    char **text, unsigned *count)
{
    size_t size = 0;
    *text = NULL;
    for (*count = 0; *position < self->last && *count < BATCH_MESSAGES;) {
        const subject_t *subject = self->log [++*position];
        if (subject->sequence != *position || subject->region == left_out ||
            !*subject->line)
            continue;
        size_t room = strlen (subject->line) + EXTRA_SIZE;
        *text = realloc (*text, size + room);
        assert (*text);
        size += (size_t) snprintf (
            *text + size, room, "%u %s\n", subject->region, subject->line);
        ++*count;
    }
    return size;
}


static void
s_drop (subjects_t *self, uint64_t sequence)
{
    subject_t *subject = self->log [sequence];
    if (subject->sequence != sequence)
        return;
    subject->sequence = 0;
    self->count--;
}


void
subjects_set_time (subjects_t *self, int64_t now_us)
{
    self->now_us = now_us;
    while (self->ttl_us && self->expired < self->last) {
        uint64_t next = self->expired + 1;
        const subject_t *subject = self->log [next];
        if (subject->sequence == next &&
            now_us - subject->came_us <= self->ttl_us)
            break;
        s_drop (self, next);
        self->expired = next;
    }
}


void
subjects_purge (subjects_t *self)
{
    for (uint64_t sequence = 1; sequence <= self->last; sequence++)
        s_drop (self, sequence);
}


void
subjects_forget (subjects_t *self, unsigned count)
{
    for (; count && self->last; count--)
        s_drop (self, self->last--);
    if (self->expired > self->last)
        self->expired = self->last;
}
