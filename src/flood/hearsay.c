/*  =========================================================================
    hearsay - lines that a peer need not be passed on
    =========================================================================
*/

#include "flood/hearsay.h"

#include "base/base64num.h"
#include "flood/flooding.h"
#include "flood/state.h"

//  Who hears fewer has few copies of anything
#define HEARS_LEAST 3

//  A peer is heard well if we have its stream as it was so long ago, and no
//  other's as it was so much later: if we are late ourselves, others would
//  bring nothing earlier
#define LATE_MOST_MS (20 * (int64_t) FLOOD_BEAT_MS)
#define LATE_MS (4 * (int64_t) FLOOD_BEAT_MS)

//  It must have been so for so long
#define LONG_MS (8 * (int64_t) FLOOD_BEAT_MS)

//  Of two messages the one that left earlier does not come so much later
#define MARGIN_MS (4 * (int64_t) FLOOD_BEAT_MS)

//  Tables that did not change for so long have nothing on its way
#define STILL_MS (2 * (int64_t) FLOOD_BEAT_MS)

#define LONG_AGO_MS (INT64_MIN / 2)

_Static_assert(HEARSAY_CODES_SIZE == TABLE_PEERS_MAX * BASE64NUM_SIZE_48,
    "there is room for the codes of all peers");
_Static_assert(
    HEARSAY_BEATS *(int64_t) FLOOD_BEAT_MS > LATE_MOST_MS + 2 * MARGIN_MS,
    "what is sure is remembered");


static uint64_t
s_bit (const link_t *link)
{
    return UINT64_C (1) << link->index;
}


static span_t
s_write_codes (const flood_t *self, uint64_t peers, char *buffer)
{
    char *to = buffer;
    for (; peers; peers &= peers - 1)
        to = base64num_print (to,
            self->by_index [__builtin_ctzll (peers)]->hearsay.code,
            BASE64NUM_SIZE_48);
    return (span_t){buffer, (size_t) (to - buffer)};
}


static uint64_t
s_find_code (const flood_t *self, uint64_t code)
{
    for (const link_t *link = self->links; link; link = link->next)
        if (link_is_up (link) && link->hearsay.code == code)
            return s_bit (link);
    return 0;
}


//  Return those of our peers that the codes name.  Others may be peers of the
//  one who names them

static uint64_t
s_read_codes (const flood_t *self, span_t codes)
{
    uint64_t peers = 0;
    uint64_t code;
    for (unsigned count = 0;
         count < TABLE_PEERS_MAX && codes.size >= BASE64NUM_SIZE_48; count++) {
        span_t text = {codes.data, BASE64NUM_SIZE_48};
        if (base64num_parse (text, BASE64NUM_SIZE_48, &code))
            peers |= s_find_code (self, code);
        codes.data += BASE64NUM_SIZE_48;
        codes.size -= BASE64NUM_SIZE_48;
    }
    return peers;
}


static int64_t
s_lesser (int64_t one, int64_t other)
{
    return one < other ? one : other;
}


//  Return when we had the streams of all these peers as they were then

static int64_t
s_proved_ms (const flood_t *self, uint64_t peers)
{
    int64_t proved_ms = INT64_MAX;
    for (; peers; peers &= peers - 1)
        proved_ms = s_lesser (proved_ms,
            self->by_index [__builtin_ctzll (peers)]->hearsay.proved_ms);
    return proved_ms;
}


//  Return how far we had the peer's stream well before then: what it was sent
//  until then, we have.  It is the oldest we know if that is not so long ago

static uint64_t
s_had_before (const link_t *link, int64_t clock_ms)
{
    const hearsay_t *hearsay = &link->hearsay;
    unsigned beats = hearsay->beats;
    unsigned beat = beats > HEARSAY_BEATS ? beats - HEARSAY_BEATS : 0;
    uint64_t had = hearsay->had [beat % HEARSAY_BEATS];
    for (; beat < beats; beat++)
        if (hearsay->had_ms [beat % HEARSAY_BEATS] <= clock_ms - MARGIN_MS)
            had = hearsay->had [beat % HEARSAY_BEATS];
    return had < link->stream.got ? had : link->stream.got;
}


//  Return the same for the case that we hear these no more

static uint64_t
s_sure_without (const flood_t *self, const link_t *link, uint64_t peers)
{
    return s_had_before (
        link, s_lesser (s_proved_ms (self, peers), link->hearsay.lost_ms));
}


//  Return true if lines of the peer's stream may come from others, or might
//  have

static bool
s_relies (const hearsay_t *self)
{
    return self->asked || self->lost_ms < INT64_MAX;
}


uint64_t
hearsay_sure (const flood_t *self, const link_t *link)
{
    const hearsay_t *hearsay = &link->hearsay;
    return s_relies (hearsay) ? s_sure_without (self, link, hearsay->asked)
                              : link->stream.got;
}


static void
s_remember (link_t *link, int64_t clock_ms)
{
    hearsay_t *hearsay = &link->hearsay;
    unsigned beat = hearsay->beats++ % HEARSAY_BEATS;
    hearsay->had [beat] = link->stream.got;
    hearsay->had_ms [beat] = clock_ms;
}


//  Who leaves out nothing has sent all of what we have, at any time

static void
s_remember_all (link_t *link)
{
    link->hearsay.beats = 0;
    link->hearsay.lost_ms = INT64_MAX;
    s_remember (link, LONG_AGO_MS);
}


void
hearsay_init (hearsay_t *self)
{
    *self = (hearsay_t){.tail_ms = LONG_AGO_MS,
        .proved_ms = LONG_AGO_MS,
        .lost_ms = INT64_MAX,
        .had_ms [0] = LONG_AGO_MS,
        .beats = 1};
}


//  Who knows the incarnation could speak for the process: others are told a
//  hash of it, and may read that in a log

void
hearsay_meet (const flood_t *self, link_t *link)
{
    char letters [BASE64NUM_SIZE_64];
    base64num_print (letters, link->incarnation, sizeof (letters));
    link->hearsay.code =
        table_hash (self->table, (span_t){letters, sizeof (letters)}) >> 16;
}


void
hearsay_forget (flood_t *self, link_t *link)
{
    hearsay_t before = link->hearsay;
    link->stream.got = hearsay_sure (self, link);
    link->stream.spared = 0;
    hearsay_init (&link->hearsay);
    link->hearsay.code = before.code;
    link->hearsay.unasked = s_relies (&before) ? UINT64_MAX : before.unasked;
    s_remember_all (link);
    for (link_t *other = self->links; other; other = other->next) {
        if (other->hearsay.asked & s_bit (link))
            other->hearsay.lost_ms =
                s_lesser (other->hearsay.lost_ms, before.proved_ms);
        other->hearsay.asked &= ~s_bit (link);
        other->stream.spared &= ~s_bit (link);
        other->hearsay.hears &= ~s_bit (link);
    }
}


void
hearsay_doubt (flood_t *self)
{
    for (link_t *link = self->links; link; link = link->next)
        link->stream.spared_from = table_lsn (self->table);
}


//  Who was not heard well has to be for long: else, with a link that comes and
//  goes, all streams would go back again and again

static bool
s_is_heard (link_t *link, int64_t clock_ms, int64_t best_ms)
{
    hearsay_t *hearsay = &link->hearsay;
    bool well = link_is_up (link) && link->settled && !link->drawing &&
                best_ms - hearsay->proved_ms <= LATE_MS &&
                clock_ms - hearsay->proved_ms <= LATE_MOST_MS;
    if (!well)
        hearsay->well_ms = 0;
    else if (hearsay->well_ms == 0)
        hearsay->well_ms = clock_ms;
    return well && clock_ms - hearsay->well_ms >= LONG_MS;
}


void
hearsay_check (flood_t *self, int64_t clock_ms)
{
    uint64_t heard = 0;
    unsigned count = 0;
    int64_t best_ms = LONG_AGO_MS;
    for (const link_t *link = self->links; link; link = link->next)
        if (link->hearsay.proved_ms > best_ms)
            best_ms = link->hearsay.proved_ms;
    for (link_t *link = self->links; link; link = link->next)
        if (s_is_heard (link, clock_ms, best_ms)) {
            heard |= s_bit (link);
            count++;
        }
    if (count < HEARS_LEAST || self->loading)
        heard = 0;
    if (self->heard & ~heard)
        state_tell_all (self);
    self->heard = heard;
}


//  Return those of whom we want no lines from this peer.  One that is about to
//  end shall not keep anything to itself

static uint64_t
s_asked (const flood_t *self, const link_t *link)
{
    bool lasts = link->state == LINK_UP && !link->removed_ms && !link->drawing;
    return lasts ? self->heard & link->hearsay.hears & ~s_bit (link) : 0;
}


void
hearsay_tell (const flood_t *self, link_t *link, int64_t clock_ms,
    message_t *message, char *buffer)
{
    hearsay_t *hearsay = &link->hearsay;
    uint64_t asked = s_asked (self, link);
    uint64_t lost = hearsay->asked & ~asked;
    if (lost || hearsay->lost_ms < INT64_MAX) {
        link->stream.got = s_sure_without (self, link, lost);
        link->nak_due = true;
        link->nak_ms = clock_ms;
        link->seen.recalls++;
        hearsay->unasked = link->window.sent;
        hearsay->lost_ms = INT64_MAX;
    }
    else if (hearsay->unasked == UINT64_MAX)
        hearsay->unasked = link->window.sent;
    if (!hearsay->asked)
        s_remember_all (link);
    hearsay->asked = asked;
    if (!link_is_up (link))
        return;
    message->hears = s_write_codes (self, self->heard & ~s_bit (link), buffer);
    message->spare = s_write_codes (self, asked, buffer + HEARSAY_CODES_SIZE);
}


static void
s_take_words (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    link_t *link = taking->link;
    uint64_t spared = s_read_codes (self, taking->message->spare);
    link->hearsay.hears = s_read_codes (self, taking->message->hears);
    if (spared & ~link->stream.spared)
        link->stream.spared_from = table_lsn (self->table);
    link->stream.spared = spared;
    link->stream.spared_by = taking->message->sent + taking->event->text.size;
    if (link->hearsay.asked & ~s_asked (self, link))
        link->state_due = true;
}


//  Remember how far we have the stream, and what we had when

static void
s_take_positions (const taking_t *taking)
{
    link_t *link = taking->link;
    hearsay_t *hearsay = &link->hearsay;
    int64_t clock_ms = taking->event->clock_ms;
    if (link->stream.got >= hearsay->tail) {
        hearsay->proved_ms = hearsay->tail_ms;
        hearsay->tail = taking->message->tail;
        hearsay->tail_ms = clock_ms;
    }
    unsigned last = (hearsay->beats - 1) % HEARSAY_BEATS;
    if (clock_ms - hearsay->had_ms [last] >= FLOOD_BEAT_MS)
        s_remember (link, clock_ms);
}


static void
s_see_changes (const taking_t *taking)
{
    hearsay_t *hearsay = &taking->link->hearsay;
    uint64_t lsn = table_lsn (taking->flood->table);
    uint64_t tail = taking->message->tail;
    if (hearsay->still_lsn == lsn && hearsay->still_tail == tail)
        return;
    hearsay->still_lsn = lsn;
    hearsay->still_tail = tail;
    hearsay->still_ms = taking->event->clock_ms;
}


void
hearsay_hear (const taking_t *taking)
{
    s_take_words (taking);
    s_take_positions (taking);
    s_see_changes (taking);
}


bool
hearsay_allows (const taking_t *taking)
{
    uint64_t left = taking->message->left;
    return left == 0 || left > taking->link->hearsay.unasked;
}


bool
hearsay_is_before (const taking_t *taking)
{
    uint64_t unasked = taking->link->hearsay.unasked;
    return unasked && taking->message->taken <= unasked;
}


bool
hearsay_is_still (const link_t *link, int64_t clock_ms)
{
    const hearsay_t *hearsay = &link->hearsay;
    return (!s_relies (hearsay) && !link->stream.spared) ||
           clock_ms - hearsay->still_ms >= STILL_MS;
}
