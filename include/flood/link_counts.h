/*  =========================================================================
    link_counts - what is known of one link, and counted
    =========================================================================
*/

#ifndef FLOOD_LINK_COUNTS_H
#define FLOOD_LINK_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

//  What is known of one link.  Numbers count from the start.
typedef struct {
    const char *name;             //  Of the peer, owned by the flood
    bool up;                      //  Both hear each other
    uint64_t behind;              //  Records of ours it may lack, at most
    uint64_t records_out;         //  AT lines sent in the stream
    uint64_t records_new;         //  AT lines got that were news
    uint64_t records_same;        //  AT lines got that we had
    uint64_t records_old;         //  AT lines got that we had newer
    uint64_t records_expired;     //  AT lines got that were below the floor
    uint64_t messages_out;        //  Of all kinds
    uint64_t messages_in;         //
    uint64_t bytes_out;           //
    uint64_t bytes_in;            //
    uint64_t naks;                //  Gaps seen in its stream
    uint64_t rewinds;             //  Times our stream went back
    uint64_t resumes;             //  Times the link came up
    uint64_t audits;              //  Descents begun by us
    uint64_t audit_out;           //  Bytes of them, both ways
    uint64_t audit_in;            //
    uint64_t repairs;             //  AT lines got by an audit that were news
    uint64_t roots_differ;        //  Times roots differed with nothing to send
    int64_t clock_difference_ms;  //  By which its clock is ahead of ours
} flood_link_t;

#endif
