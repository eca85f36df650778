#!/usr/bin/env bash
#   The herd falls apart, two here and three there; both sides are told of the
#   same clients.  When it is one again, all have the newest of each.

BASE=17350
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

CLIENTS=60

is_apart () {
    fails is_up Alford Welsh && fails is_up Welsh Alford &&
        fails is_up Hamilton Holiday && fails is_up Holiday Hamilton
}

#  Of every third client the newest is told here, there, or at both sides at
#  once: then that counts which was heard later.  Nobody knows of the last ones
#  but one side.

tell_side () {
    local name=$1 side=$2 client stamp lines=()
    for ((client = 0; client < CLIENTS; client++)); do
        stamp=1000.5
        [ $((client % 3)) -ne "$side" ] || stamp=1001
        lines+=("IAMAT c$client +$client.$side+$side $stamp")
    done
    lines+=("IAMAT only$side +1+1 1")
    herd ask "$name" "${lines[@]}" >/dev/null
}

#  What the server knows of all of them, but for the differences

all_of () {
    local client lines=()
    for ((client = 0; client < CLIENTS; client++)); do
        lines+=("WHATSAT c$client 1 0")
    done
    herd ask "$1" "${lines[@]}" "WHATSAT only0 1 0" "WHATSAT only1 1 0" |
        awk '/^AT / { print $2, $4, $5, $6 }'
}

#  Side 1 is told later, so it has those that are equal but for the place

all_it_should () {
    local client
    for ((client = 0; client < CLIENTS; client++)); do
        case $((client % 3)) in
        0) echo "Hamilton c$client +$client.0+0 1001" ;;
        1) echo "Ball c$client +$client.1+1 1001" ;;
        2) echo "Ball c$client +$client.1+1 1000.5" ;;
        esac
    done
    echo "Hamilton only0 +1+1 1"
    echo "Ball only1 +1+1 1"
}

ring "$folder/herd.zpl"
behind_proxies "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Welsh c $CLIENTS $CLIENTS 900
holds "all five agree" eventually agree

tell_link cut Alford Welsh
tell_link cut Hamilton Holiday
holds "the herd falls apart" eventually is_apart
holds "one side is told" tell_side Hamilton 0
holds "then the other" tell_side Ball 1
holds "the first side knows" eventually knows Alford only0
holds "so does the other" eventually know only1 Welsh Holiday
holds "neither knows of the other" fails knows Alford only1
holds "nor the other way round" fails knows Holiday only0

tell_link mend Alford Welsh
tell_link mend Hamilton Holiday
holds "it is one again" eventually all_links_up
holds "all five agree" eventually agree
for name in "${servers[@]}"; do
    holds "$name has the newest of each" same "$(all_of "$name")" \
        "$(all_it_should)"
    holds "nothing had to be repaired at $name" \
        same "$(links_sum "$name" repairs audits)" 0
done

holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
