#!/usr/bin/env bash
#   A server is cut off for a while: when a link heals, what has changed flows
#   over it, once, as an ordinary stream; nothing has to be repaired.

BASE=17050
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

CLIENTS=1000
UPDATES=5000

is_cut_off () {
    fails is_up Alford Hamilton && fails is_up Holiday Hamilton &&
        fails is_up Hamilton Alford && fails is_up Hamilton Holiday
}

#  Two servers have the same table

are_equal () {
    same "$(says "$1" digest)" "$(says "$2" digest)"
}

sum_of_all () {
    local name sum=0
    for name in "${servers[@]}"; do
        sum=$((sum + $(links_sum "$name" "$@")))
    done
    echo $sum
}

ring "$folder/herd.zpl" log "    level = notices"
behind_proxies "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Alford c $CLIENTS $CLIENTS 1000
holds "all five agree" eventually agree

tell_link cut Alford Hamilton
tell_link cut Holiday Hamilton
holds "a server with both links cut is noticed" eventually is_cut_off
holds "it answers its clients" tell Hamilton "own +1+1 1"
holds "others are updated meanwhile" \
    tell_much Alford c $CLIENTS $UPDATES 2000
holds "and agree" eventually are_equal Alford Ball
holds "it doesn't know" fails are_equal Alford Hamilton
out=$(link_says Alford Hamilton records_out)

tell_link mend Alford Hamilton
holds "one link is mended: it catches up" eventually are_equal Alford Hamilton
out=$(($(link_says Alford Hamilton records_out) - out))
echo "# $out records for $UPDATES updates to $CLIENTS clients"
holds "each client that changed was sent once" is_between "$out" \
    $CLIENTS $((CLIENTS * 11 / 10))
holds "what it was told while alone is known" \
    eventually know own "${servers[@]}"

out=$(link_says Holiday Hamilton records_out)
tell_link mend Holiday Hamilton
holds "the other link is mended" eventually all_links_up
holds "all five agree" eventually agree
out=$(($(link_says Holiday Hamilton records_out) - out))
echo "# $out records over the other link"
holds "no more than what changed was sent there" is_between "$out" \
    0 $((CLIENTS * 11 / 10))
holds "nothing had to be repaired" same "$(sum_of_all repairs)" 0
holds "nor looked for" same "$(sum_of_all audits)" 0

holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
