#!/usr/bin/env bash
#   A peer that has gone wrong, or in a plain herd somebody in its name, sends
#   AT lines that no server writes: the first server that hears them refuses and
#   counts them, and no server or client is the worse for it.

BASE=17850
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

#  So many bytes of a word

word () {
    printf '%0*d' "$1" 0
}

#  Say lines to Alford as Hamilton, in a life that nobody has heard of

forge () {
    local life="Hamilton BERERERERER AAAAAAAAAAA"
    "$knock" "$(mesh_port Alford)" 1 \
        "$version $code $life 0 0 BATCH 0 0 0 0\\n$1\\n"
}

has_refused () {
    same "$(says "$1" refused)" "$2"
}

pids () {
    local name
    for name in Alford Ball Holiday Welsh; do
        pid_of "$name"
    done
}

knock=$top/tests/herd/knock
ring "$folder/herd.zpl" mesh "    security = plain"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Alford c 100 100 1000
holds "all five agree" eventually agree
herd kill Hamilton >/dev/null
read -r version code _ < <("$knock" "$(mesh_port Hamilton)" hear)
holds "Hamilton's peers call it" like "$version" '^ZHERD/[0-9]+$'
before=$(pids)

#  The client's own words are good, or it is the words that are not

refused=0
for size in 65 127 128 239 240 241 250 255 256 500 60000; do
    holds "a server's name of $size bytes is sent" \
        forge "AT $(word $size) +0.000000000 victim +1+1 2000"
    refused=$((refused + 1))
done
for line in "AT  +0.000000000 victim +1+1 2000" \
    "AT _ +0.000000000 victim +1+1 2000" \
    "AT Hamil+ton +0.000000000 victim +1+1 2000" \
    "AT Hamilton +$(word 40).000000000 victim +1+1 2000" \
    "AT Hamilton +9999999999999999.000000000 victim +1+1 2000" \
    "AT Hamilton +999999999999999.000000000 victim +1+1 2000" \
    "AT Hamilton -2000.000000001 victim +1+1 2000" \
    "AT Hamilton +0.000000000 $(word 1025) +1+1 2000" \
    "AT Hamilton +0.000000000 victim +1.$(word 128)+1 2000" \
    "AT Hamilton +0.000000000 victim +1+1 2000.$(word 64)"; do
    holds "so is ${line:0:60}" forge "$line"
    refused=$((refused + 1))
done
holds "Alford refuses all $refused, and counts them" \
    eventually has_refused Alford "$refused"
holds "it says so once" \
    is_noted Alford 1 "refused a record that is no AT line"
for name in Ball Holiday Welsh; do
    holds "$name has heard of none" has_refused "$name" 0
    holds "$name does not know the client" fails knows "$name" victim
done
holds "Alford does not know it either" fails knows Alford victim

#  Only now does the client come

told=0
for name in Holiday Welsh Ball Alford; do
    for stamp in 3000 3001; do
        holds "$name is told of the client" \
            tell "$name" "victim +1+1 $stamp.$((++told))"
    done
done
holds "a line that a server can have written is taken" \
    forge "AT Hamilton +0.000000000 $(word 1024) +1+1 2000"
holds "that gets around" \
    eventually know "$(word 1024)" Alford Ball Holiday Welsh
holds "so does where the client is" eventually know victim Ball Holiday Welsh
holds "none of the four has ended" same "$(pids)" "$before"

herd start Hamilton >/dev/null
holds "all five agree when Hamilton is back" eventually agree
holds "and none of their sums is wrong" \
    same "$(for name in "${servers[@]}"; do says "$name" wrong_sums; done |
        sort -u)" 0
holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
