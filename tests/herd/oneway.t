#!/usr/bin/env bash
#   A link on which only one of the two is heard is none: neither end takes it
#   for one, nobody shouts, and what is new takes the other way round.

BASE=17250
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

SECONDS_WATCHED=5

is_down_at_both_ends () {
    fails is_up Alford Hamilton && fails is_up Hamilton Alford
}

is_up_at_an_end () {
    is_up Alford Hamilton || is_up Hamilton Alford
}

naks () {
    echo $(($(link_says Alford Hamilton naks) +
        $(link_says Hamilton Alford naks)))
}

notices_of_it () {
    echo $(($(notices Alford "link to Hamilton down") +
        $(notices Hamilton "link to Alford down")))
}

#  Of one way to have a one-way link, and how it comes about

goes_one_way () {
    local what=$1 name=${1// /-} before noted naks start=$SECONDS
    before=$(naks) noted=$(notices_of_it)
    shift
    "$@"
    tell Alford "here-$name +1+1 1"
    tell Hamilton "there-$name +1+1 1"
    holds "$what: both ends notice" eventually is_down_at_both_ends
    start_telling Alford a 500 $((++stamp)) 300
    holds "it isn't taken for a link again" \
        stays $SECONDS_WATCHED fails is_up_at_an_end
    holds "clients are answered" stop_telling
    holds "all know what either end was told" \
        eventually know "here-$name" "${servers[@]}"
    holds "from the other end, too" \
        eventually know "there-$name" "${servers[@]}"
    holds "all five agree" eventually agree
    naks=$(($(naks) - before)) noted=$(($(notices_of_it) - noted))
    echo "# $naks naks, $noted notices"
    holds "there is one NAK a second at most" \
        is_between "$naks" 0 $((SECONDS - start + 2))
    holds "the log has it once" is_between "$noted" 1 2

    tell_link mend Alford Hamilton
    holds "it is mended" eventually all_links_up
    holds "all five agree" eventually agree
}

nothing_comes_back () {
    tell_proxy there Alford-Hamilton
    tell_proxy back Hamilton-Alford
}

stamp=2000
ring "$folder/herd.zpl"
behind_proxies "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Holiday a 500 500 1000
holds "all five agree" eventually agree

goes_one_way "bytes pass one way" nothing_comes_back
goes_one_way "one cannot connect" tell_proxy cut Hamilton-Alford
for name in "${servers[@]}"; do
    holds "nothing had to be repaired at $name" \
        same "$(links_sum "$name" repairs)" 0
done

holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
