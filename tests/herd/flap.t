#!/usr/bin/env bash
#   A link comes and goes five times a second: the others don't mind, the log
#   stays readable, and it heals.

BASE=17450
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

UPDATES=2400
RATE=300
PERIOD_MS=200

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
holds "all five agree" eventually agree

resumes=$(others)
alford=$(notices Alford "") hamilton=$(notices Hamilton "")
out=$(links_sum Ball records_out)
start=$(now_ms)
tell_link flap $((PERIOD_MS / 2)) Alford Hamilton
holds "others' clients are answered" \
    tell_much Ball c 1000 $UPDATES 2000 $RATE
most=$((4 * ($(now_ms) - start) / PERIOD_MS + 4))
alford=$(($(notices Alford "") - alford))
hamilton=$(($(notices Hamilton "") - hamilton))
out=$(($(links_sum Ball records_out) - out))
echo "# $alford notices of Alford, $hamilton of Hamilton; $out records of" \
    "Ball; $(tell_proxy count Alford-Hamilton) bytes there and back," \
    "connections"
holds "other links stay up" same "$(others)" "$resumes"
holds "what is new is told to others once" is_between $out 1 $((2 * UPDATES))
holds "Alford's log tells each change once, and a resync in two lines" \
    is_between "$alford" 0 $most
holds "Hamilton's, too" is_between "$hamilton" 0 $most

tell_link mend Alford Hamilton
holds "it heals" eventually all_links_up
holds "all five agree" eventually agree
for name in "${servers[@]}"; do
    holds "nothing had to be repaired at $name" \
        same "$(links_sum "$name" repairs)" 0
done

holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
