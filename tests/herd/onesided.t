#!/usr/bin/env bash
#   Servers read different topologies: a link that only one of them knows of
#   does no harm, and both say what is wrong.

BASE=17750
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

#  Alford is told of a link to Ball, as no other server is

ring "$folder/herd.zpl" mesh "    security = plain"
behind_proxies "$folder/herd.zpl"
sed -i 's/Alford = Hamilton Welsh/Alford = Hamilton Welsh Ball/' \
    "$folder/views/Alford"
herd up "$folder/herd.zpl" >/dev/null
refused=$?

has_refused () {
    [ "$(says Ball refused)" -ge "$1" ]
}

ring_is_up () {
    is_up Alford Hamilton && is_up Alford Welsh && is_up Ball Holiday &&
        is_up Ball Welsh
}

holds "up waits for no link that nobody else knows of" same $refused 0
holds "the links of both are up" eventually ring_is_up
holds "the link of one is not" fails is_up Alford Ball
holds "clients are told of" tell_much Alford c 100 1000 1000
holds "others' clients, too" tell_much Ball c 100 1000 2000
holds "all five agree" eventually agree
holds "who knows of no link refuses what comes by it" eventually has_refused 4
holds "says so once" is_noted Ball 1 refused
holds "and why" is_noted Ball 1 "a server we have no link to"
holds "no link was lost" same "$(notices Ball "link to .* down")" 0
holds "who believes in it is still without it" fails is_up Alford Ball

holds "down succeeds" herd down
stop_stranger "$proxy"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
