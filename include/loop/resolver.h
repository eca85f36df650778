/*  =========================================================================
    resolver - finds the addresses of names, and waits for nobody

    The system's resolver blocks, for half a minute if a DNS server does not
    answer.  So each question has a thread of its own, which nobody waits for:
    neither the loop, nor other questions, nor whoever ends the resolver.
    =========================================================================
*/

#ifndef LOOP_RESOLVER_H
#define LOOP_RESOLVER_H

#include "base/address.h"
#include "loop/poller.h"

//  So many addresses of a name are told at most.
#define RESOLVER_ADDRESSES_MAX 16

//  Questions at once: names of links that are gone may still be asked for.
#define RESOLVER_QUESTIONS_MAX 64

typedef struct resolver_t resolver_t;

//  An answer.  Addresses are in the order in which the system would try them,
//  each there once; those of one link alone are left out.
typedef struct {
    size_t asker;        //  As given to resolver_ask
    size_t count;        //  0 = the name has no address now
    const char *reason;  //  Why, in words; a constant
    address_t addresses [RESOLVER_ADDRESSES_MAX];
} resolved_t;

//  What is called with an answer, which is good during the call.
typedef void (resolved_fn) (void *context, const resolved_t *resolved);

//  Make a resolver, whose answers go to done with context.  Borrows the poller.
//  Returns NULL, errno set, when the system has no descriptor for it.
resolver_t *
resolver_new (poller_t *poller, resolved_fn *done, void *context);

//  Free the resolver and set *self_p to NULL.  Whatever was asked is forgotten.
void
resolver_destroy (resolver_t **self_p);

//  Ask for the addresses of the name, which is copied; never calls done itself.
//  Each question costs a thread until it is answered: while there are
//  RESOLVER_QUESTIONS_MAX the next is answered that there is no address now.
void
resolver_ask (resolver_t *self, const char *name, size_t asker);

#endif
