#!/usr/bin/env bash
#   Servers die without a word, or leave, and come back with nothing: those left
#   go on, and in the end all know everything.

BASE=17100
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

hamilton_knows_all () {
    know before Hamilton && know east Hamilton && know west Hamilton
}

#  All five have that location of the client

all_have () {
    local name
    for name in "${servers[@]}"; do
        [[ $(at_line "$name" "$1") == *" $1 $2" ]] || return 1
    done
}

ring "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit

tell Alford "before +1+1 1"
holds "all know what one was told" eventually know before "${servers[@]}"

holds "Hamilton is killed" herd kill Hamilton
holds "status says so" fails herd status
tell Alford "east +1+1 2"
holds "Holiday still hears of Alford's clients" eventually knows Holiday east
tell Holiday "west +1+1 3"
holds "Alford still hears of Holiday's clients" eventually knows Alford west

holds "Hamilton starts again" herd start Hamilton
holds "it knows what was told before and meanwhile" \
    eventually hamilton_knows_all
holds "all links are up again" eventually all_links_up
holds "all five agree" eventually agree

for name in Alford Holiday; do
    log=$HERD_DIR/$name.log
    holds "$name's log has one dropped connection to Hamilton" \
        same "$(grep -c ' \* link-down: link to Hamilton' "$log")" 1
    holds "$name's log has one new connection to Hamilton after it" \
        same "$(sed -n '/ \* link-down: link to Hamilton/,$ p' "$log" |
            grep -c ' \* link-up: link to Hamilton')" 1
done

#  Two peers leave: the rest is a line, told things at both its ends

herd stop Alford
herd stop Hamilton
tell Welsh "north +1+1 10"
tell Holiday "south +1+1 11"
holds "the three that are left know what either end was told" \
    eventually know south Welsh Ball
herd start Alford
herd start Hamilton
holds "all links are up when Alford and Hamilton are back" \
    eventually all_links_up
holds "all five agree then" eventually agree
holds "Hamilton knows what was told far from it" knows Hamilton north

#  Two that are no peers leave, and what is left falls apart; both sides
#  are told of the same client

herd stop Hamilton
herd stop Ball
tell Holiday "both +3+3 30"
tell Alford "both +4+4 25"
tell Welsh "alone +1+1 12"
holds "a server cut off from another doesn't hear of its clients" \
    fails knows Holiday alone
herd start Hamilton
herd start Ball
holds "all links are up when Hamilton and Ball are back" \
    eventually all_links_up
holds "all five agree on all that either side was told" eventually agree
holds "of two locations all have the newer" eventually all_have both "+3+3 30"

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
