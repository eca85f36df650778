#!/usr/bin/env bash
#   A server that has no descriptor left, whoever took them, serves those who
#   are there, and finds its peers again when it has some.

BASE=18350
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

#  Let Alford open nothing more, by a limit at its first free descriptor

starve () {
    local free=1
    while [ -e "/proc/$alford/fd/$free" ]; do
        free=$((free + 1))
    done
    prlimit --pid "$alford" --nofile="$free:"
}

is_running () {
    [[ $(<"/proc/$alford/stat") == *") "[^Z]" "* ]]
}

#  What it closes for a moment is gone, too

is_starved () {
    starve && is_running
}

has_noted () {
    [ "$(notices Alford "$1")" -gt 0 ]
}

#  It may just have closed some

refuses_to_reload () {
    starve
    kill -HUP "$alford"
    has_noted "reload-refused: .*: Too many open files"
}

client_is_answered () {
    local line
    printf 'IAMAT %s\n' "$1" >&3
    IFS= read -rt 60 line <&3
    [[ $line == "AT Alford "*" $1" ]]
}

has_moved () {
    [[ $(at_line "$1" kiwi) == *" kiwi +2+2 2" ]]
}

ring "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
all_links_up || exit
alford=$(pid_of Alford)
[ -e "/proc/$alford/fd/0" ] || {
    echo "1..0 # SKIP we may not see which descriptors a server has"
    exit
}
exec 3<>"/dev/tcp/127.0.0.1/$(client_port Alford)"
holds "a client is answered" client_is_answered "kiwi +1+1 1"

herd kill Hamilton
holds "it notices that a peer is gone" eventually has_noted \
    "link to Hamilton down"
holds "a server that has no descriptor left looks for a peer in vain" \
    stays 3 is_starved
holds "a client that is there is answered" client_is_answered "kiwi +2+2 2"
holds "the other peer hears of it" \
    eventually has_moved Welsh
holds "what it cannot read anew it leaves as it is" \
    eventually refuses_to_reload
holds "it is the same process all the time" is_running

prlimit --pid "$alford" --nofile=1000:
herd start Hamilton
holds "when it has some again all links are up" eventually all_links_up
holds "all five agree" eventually agree
exec 3>&-

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
