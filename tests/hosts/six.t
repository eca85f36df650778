#!/usr/bin/env bash
#   A herd on five machines that have IPv6 alone, one of them with a clock that
#   is an hour ahead.

#  shellcheck source=tests/hosts/lib.sh
. "$(dirname "$0")/lib.sh"

endpoint () {
    local number=0 name
    for name in "${servers[@]}"; do
        number=$((number + 1))
        [ "$name" != "$1" ] || echo "[fd77::$number]:$2"
    done
}

new_hosts fd77::
write_topology endpoint "mesh" "    security = plain"
cp "$folder/herd.zpl" "$folder/narrow.zpl"

#  A topology that is wrong for its machine is refused in words that help

sed -i 's/mesh = \[fd77::1\]/mesh = [fd77::99]/' "$folder/narrow.zpl"
holds "an address of no machine is refused, and what to write is said" like \
    "$(HERD_WAIT=0 at Alford start Alford "$folder/narrow.zpl" 2>&1)" \
    'is no address of this machine: write below it "listen = \*:13000"'

#  Ball's machine is an hour ahead, with all that runs there

clocks=$folder/ahead.so
# shellcheck disable=SC2086  # a compiler may be words
holds "a clock that is wrong is made" ${CC:-cc} -shared -fPIC -o "$clocks" \
    "$top/tests/hosts/ahead.c"
ahead () {
    LD_PRELOAD=$clocks AHEAD_SECONDS=3600 \
        ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 "$@"
}
on_ball () {
    HERD_WAIT=0 ahead at Ball "$@"
}
holds "its machine comes up" on_ball up "$folder/herd.zpl"
for name in Alford Hamilton Holiday Welsh; do
    HERD_WAIT=0 at "$name" up "$folder/herd.zpl" >/dev/null 2>&1 &
    starting+=($!)
done
wait "${starting[@]}"
holds "all find each other" eventually all_agree Holiday
holds "no machine has an IPv4 address but loopback" \
    same "" "$(on Alford ip -4 -o addr show dev eth0)"

tells Welsh Welsh "$kiwi"
holds "what one hears all hear" eventually all_have_heard kiwi.cs.ucla.edu
holds "any host may ask any server" like \
    "$(at Hamilton ask Holiday 'WHATSAT kiwi.cs.ucla.edu 1 0')" '^AT Welsh '
holds "the wrong clock is noticed where it is" \
    eventually log_has Ball ' \* .*clock'
holds "what is told to it counts nevertheless" tells Alford Ball 'early +1+1 1'
holds "by all" eventually all_have_heard early
holds "the check names the machine with the wrong clock" \
    check_says Alford 'Ball: its clock is 3[56][0-9]{2} s ahead'
holds "all agree" eventually all_agree Welsh
holds "all end as they should" all_down
done_testing
