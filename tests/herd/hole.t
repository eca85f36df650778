#!/usr/bin/env bash
#   A link swallows what is said, without a word: that is noticed, lived with,
#   and over when it is over.

BASE=17150
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

is_down_at_both_ends () {
    fails is_up Alford Hamilton && fails is_up Hamilton Alford
}

ring "$folder/herd.zpl"
behind_proxies "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Alford c 100 100 1000
holds "all five agree" eventually agree

downs () {
    log_is_written "$1" && notices "$1" "link to (Alford|Hamilton) down"
}
holds "all links are up" eventually all_links_up
declare -A before
for name in Alford Hamilton; do
    before[$name]=$(downs $name)
done
tell_link hole Alford Hamilton
start=$(now_ms)
tell Alford "early +1+1 1"
holds "an update takes the other way round" eventually knows Hamilton early
holds "both ends notice" \
    eventually is_down_at_both_ends
echo "# noticed after $(($(now_ms) - start)) ms"
holds "updates go on" tell_much Alford c 100 1000 2000
holds "and take the other way round" eventually agree
holds "no connection comes to anything, however often it is tried" \
    stays 6 fails is_up Alford Hamilton
for name in Alford Hamilton; do
    holds "$name's log has it down once" \
        same "$(downs $name)" $((before[$name] + 1))
done
out=$(link_says Alford Hamilton records_out)

start=$(now_ms)
tell_link mend Alford Hamilton
holds "it heals by itself" eventually all_links_up
echo "# healed after $(($(now_ms) - start)) ms"
holds "all five agree" eventually agree
out=$(($(link_says Alford Hamilton records_out) - out))
holds "it was sent no more than had changed" is_between "$out" 0 110
echo "# $out records"
for name in Alford Hamilton; do
    holds "nothing is repaired at $name" same "$(links_sum $name repairs)" 0
done

holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
