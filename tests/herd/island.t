#!/usr/bin/env bash
#   What an island was told is not lost when its server is told to stop just
#   after the links are up again, though those at their other ends started anew,
#   and clients go on at both sides.  ROUNDS=20 tries that so often.

BASE=18050
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

RATE=10000  #  For the island: what it has to give away is to take a while

is_apart () {
    fails is_up Alford Hamilton && fails is_up Welsh Ball &&
        fails is_up Hamilton Alford && fails is_up Ball Welsh
}

is_whole () {
    is_up Alford Hamilton && is_up Alford Welsh && is_up Welsh Ball
}

knows_as_many () {
    [ "$(says "$1" clients_known)" -ge "$2" ]
}

#  It starts, and is not waited for until all its links are up

comes_back () {
    HERD_WAIT=0 herd start "$1"
}

#  What tell heard until its server ended

was_answered () {
    grep -qE "closed after [0-9]+ replies|reset" "$folder/told"
}

answered () {
    sed -nE 's/.*closed after ([0-9]+) replies.*/\1/p' "$folder/told"
}

ring "$folder/herd.zpl"
behind_proxies "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit

start_telling Holiday here 1000 1000 $((RATE / 5))
holds "Holiday is told of clients" eventually has_told Holiday 4000
known=$(says Alford clients_known)
for ((round = 1; round <= ${ROUNDS:-1}; round++)); do
    tell_link cut Alford Hamilton
    tell_link cut Welsh Ball
    holds "round $round: Alford and Welsh are an island" eventually is_apart
    "$top/tests/herd/tell" "$(client_port Alford)" "r${round}c" 100000000 \
        100000000 1000 $RATE 2>"$folder/told" >/dev/null &
    holds "it is told of clients" \
        eventually knows_as_many Welsh $((known + RATE / 2))
    for name in Hamilton Ball; do
        holds "$name dies" herd kill $name
        holds "and comes back" comes_back $name
    done
    tell_link mend Alford Hamilton
    tell_link mend Welsh Ball
    holds "it is linked again" eventually is_whole
    holds "Alford is told to stop" herd stop Alford
    holds "its client sees that" eventually was_answered
    known=$((known + $(answered)))
    for name in Hamilton Holiday Ball Welsh; do
        holds "what it acknowledged, $name knows" \
            eventually knows_as_many "$name" "$known"
    done
    holds "Alford starts" herd start Alford
    holds "and knows it, too" eventually knows_as_many Alford "$known"
    known=$(says Alford clients_known)
done

holds "all who told were answered" stop_telling
holds "all five agree" eventually agree
holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
