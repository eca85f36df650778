#!/usr/bin/env bash
#   Who starts servers hears when they are ready and linked, or what is missing;
#   and so does who asks their admin ports.

BASE=17950
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

says_ready () {
    same "$(readyz "$(admin_port "$1")")" \
        "200 { \"ready\": true, \"reasons\": [], \"links_down\": [$2] }"
}

#  The herd command exits with this code, and says this on standard error

herd_says () {
    local code=$1 text=$2 said
    shift 2
    said=$(herd "$@" 2>&1 >/dev/null)
    same $? "$code" && same "$said" "$text"
}

all_are_ready () {
    local name
    for name in "${servers[@]}"; do
        says_ready "$name" "" || return 1
    done
}

ring "$folder/herd.zpl"
holds "up has nothing to complain of" herd_says 0 "" up "$folder/herd.zpl"
holds "when it is over, all are ready and linked" all_are_ready

herd kill Ball
herd kill Welsh
holds "start names a peer that does not run" \
    herd_says 0 "herd: Welsh has no link to Ball, which is not running" \
    start Welsh
holds "without it one is ready, and says so" says_ready Welsh ' "Ball" '

frozen=$(pid_of Alford)
kill -STOP "$frozen"
export HERD_WAIT=1

#  It exits with 1, and names this, among other things

names () {
    local said
    said=$(herd "${@:2}" 2>&1 >/dev/null)
    same $? 1 && like "$said" "$1"
}
holds "start names a link that does not come up, and fails" \
    names "herd: Hamilton has no link to Alford" restart Hamilton
holds "but Hamilton stays" eventually says_ready Hamilton ' "Alford" '
holds "Welsh misses Alford, too" \
    eventually says_ready Welsh ' "Alford", "Ball" '
holds "up names all that is missing, and fails" \
    names "Alford does not answer.*Welsh has no link to Alford" up
holds "but what it started stays" eventually says_ready Ball ""
kill -CONT "$frozen"
export HERD_WAIT=0
holds "who does not want to wait is told nothing" herd_says 0 "" restart Welsh
export HERD_WAIT=60
holds "up is content when the one that was frozen is back" \
    herd_says 0 "" up
holds "all are ready and linked" all_are_ready

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
