#!/usr/bin/env bash
#   A link comes and goes five times a second: the others don't mind, the log
#   stays readable, and it heals.

BASE=17450
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

FLAPPING=8  #  Seconds
PERIOD_MS=200

#  p99 of a paced load at a server that has no part in it

p99_us () {
    tell_much Ball c 1000 $(($2 * 300)) "$1" 300 >"$folder/told" || return 1
    echo "# $(<"$folder/told")" >&2
    sed 's/.*p99 \([0-9]*\)\.\([0-9]*\) ms.*/\1\20/; s/^0*//' "$folder/told"
}

others () {
    link_says Ball Holiday resumes
    link_says Ball Welsh resumes
    link_says Welsh Alford resumes
    link_says Holiday Hamilton resumes
}

ring "$folder/herd.zpl"
behind_proxies "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Ball c 1000 1000 1000
holds "all five agree" within 10 agree
calm=$(p99_us 2000 3)

resumes=$(others)
alford=$(notices Alford "") hamilton=$(notices Hamilton "")
tell_link flap $((PERIOD_MS / 2)) Alford Hamilton
flapping=$(p99_us 3000 $FLAPPING)
alford=$(($(notices Alford "") - alford))
hamilton=$(($(notices Hamilton "") - hamilton))
echo "# in $FLAPPING s: $alford notices of Alford, $hamilton of Hamilton," \
    "$(tell_proxy count Alford-Hamilton) bytes there and back, connections"
holds "others' clients are answered as quickly as before" \
    is_between "$flapping" 0 $((2 * calm + 10000))
holds "other links stay up" same "$(others)" "$resumes"
holds "Alford's log tells each change once, and a resync in two lines" \
    is_between "$alford" 0 $((4 * FLAPPING * 1000 / PERIOD_MS))
holds "Hamilton's, too" \
    is_between "$hamilton" 0 $((4 * FLAPPING * 1000 / PERIOD_MS))

tell_link mend Alford Hamilton
holds "it heals" within 10 all_links_up
holds "all five agree" within 5 agree
for name in "${servers[@]}"; do
    holds "nothing had to be repaired at $name" \
        same "$(links_sum "$name" repairs)" 0
done

holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
