/*  =========================================================================
    rota - which listener is visited next

    Each is, ten times a second; where there are more than a hundred, one each
    millisecond: so what listeners cost is spread over time, and has a limit.
    Who had to leave something for another turn comes after those who are due:
    a few who always do would keep all others from their visits.
    =========================================================================
*/

#ifndef WEB_ROTA_H
#define WEB_ROTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

//  How often each is visited, at most.
#define ROTA_MS 100

//  Part of the owner's structure, and its first field.
typedef struct rota_member_t rota_member_t;

TAILQ_HEAD (rota_members_t, rota_member_t);

struct rota_member_t {
    TAILQ_ENTRY (rota_member_t) in_all;
    TAILQ_ENTRY (rota_member_t) in_late;
    struct rota_members_t *late;  //  In which list it is; NULL = in none
};

//  Part of the owner's structure, from rota_init on.
typedef struct {
    struct rota_members_t all;       //  Who was visited last is last
    struct rota_members_t late [2];  //  Who was put off first is first: those
    unsigned now;                    //  of this turn, and of the next
    size_t count;
    int64_t credit;  //  To which each member adds one a millisecond
} rota_t;

//  Make it one of nobody.
void
rota_init (rota_t *self);

//  Add a member, which is visited once all others were; or take it out.
void
rota_add (rota_t *self, rota_member_t *member);
void
rota_drop (rota_t *self, rota_member_t *member);

//  Have the member visited in a later turn, even if no time passes, after those
//  who were put off before.  Or no more.
void
rota_put_off (rota_t *self, rota_member_t *member);
void
rota_take_back (rota_t *self, rota_member_t *member);

//  A turn begins, and so much time has passed.  Members who were not visited in
//  all of it are visited once.
void
rota_spend (rota_t *self, int64_t ms);

//  Return who is to be visited next in this turn; or NULL.
rota_member_t *
rota_next (rota_t *self);

//  Return true if somebody is to be visited, in this turn or the next, even if
//  no time passes.
bool
rota_has_more (const rota_t *self);

#endif
