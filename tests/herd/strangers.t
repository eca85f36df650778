#!/usr/bin/env bash
#   Whoever knocks at a mesh port and is no peer is refused, noted once,
#   and changes nothing.

BASE=17550
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

#  A server of its own topology, with the herd's name, that has a link to a
#  server of ours

intrude () {
    local name=$1 as=$2 at=$3
    cat >"$folder/intruder" <<END
herd
    name = $name
servers
    $as
        clients = 127.0.0.1:$((BASE + 40))
        mesh = 127.0.0.1:$((BASE + 41))
        admin = 127.0.0.1:$((BASE + 42))
    $at
        clients = 127.0.0.1:$((BASE + 43))
        mesh = 127.0.0.1:$(mesh_port "$at")
        admin = 127.0.0.1:$((BASE + 44))
links
    $as = $at
END
    rm -f "$folder/intruder.log"
    "$HERD_BIN/zherd" -l "$folder/intruder.log" "$folder/intruder" "$as" &
    intruder=$!
}

has_refused () {
    [ "$(says "$1" refused)" -ge "$2" ]
}

has_one_notice () {
    is_noted "$1" 1 refused && is_noted "$1" 1 "$2"
}

digest_stays () {
    same "$(says "$1" digest)" "$digest"
}

raw_all () {
    local seed
    for seed in {1..20}; do
        "$knock" "$(mesh_port "$1")" raw "$seed" || return 1
    done
}

resumes () {
    local name
    for name in "${servers[@]}"; do
        links_sum "$name" resumes
    done
}

knock=$top/tests/herd/knock
ring "$folder/herd.zpl" mesh "    security = plain"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Alford c 100 100 1000
holds "all five agree" eventually agree
digest=$(says Alford digest)
resumes=$(resumes)

#  Servers

intrude other Alford Welsh
holds "a server of another herd is refused" eventually has_refused Welsh 3
stop_stranger "$intruder"
holds "that is noted once" has_one_notice Welsh "a message of another herd"
holds "it was never let in" fails grep -q "link to Welsh up" \
    "$folder/intruder.log"

HERD_SECRET=other intrude test Alford Hamilton
holds "a server with another secret is refused" \
    eventually has_refused Hamilton 3
stop_stranger "$intruder"
holds "that is noted once" has_one_notice Hamilton "a message of another herd"
holds "it was never let in" fails grep -q "link to Hamilton up" \
    "$folder/intruder.log"

#  Messages: of another version, none at all, in nobody's and in Ball's own
#  name.  They have a client in them that nobody shall know.

key="ZHERD/2 NXC0plHn_fo"  #  Of a herd named test, without a secret
record='AT Alford +0.000000000 bad +1+1 2000'
batch="BERERERERER AAAAAAAAAAA 0 0 BATCH 0 1000000000001 0 0\\n$record\\n"
state="BERERERERER AAAAAAAAAAA 0 0 STATE 0 0 9 0 9 BERERERERER 0"
port=$(mesh_port Ball)
holds "another version is refused" \
    "$knock" "$port" 100 "${key/2/1} Welsh $batch"
holds "so is what has none" "$knock" "$port" 100 "$record"
holds "and what is empty" "$knock" "$port" 10 ""
holds "and another version of several frames" \
    "$knock" "$port" 100 "${key/2/3} Welsh $batch" "$key Welsh $batch"
holds "all that is counted" eventually has_refused Ball 310
holds "what is none is noted once" \
    is_noted Ball 1 "none of this protocol"
holds "so are other versions" is_noted Ball 1 "message of ZHERD/1"
holds "a stranger's name is refused" \
    "$knock" "$port" 100 "$key Nobody $batch" ""
holds "that is counted" eventually has_refused Ball 410
holds "and noted once" \
    is_noted Ball 1 "no link to, [0-9]+ bytes, 1 so far"
holds "without a word of its own" same "$(notices Ball Nobody)" 0
holds "one's own name is refused" "$knock" "$port" 100 "$key Ball $state -\\n"
holds "that is counted" eventually has_refused Ball 510
holds "and noted once" is_noted Ball 1 "in our own name"
holds "there are four notices now" is_noted Ball 4 refused

#  Bytes

holds "bytes that are no messages are taken as nothing" raw_all Holiday
long=$(printf '%0100000d' 0)
holds "a frame that is too large ends the connection" fails \
    "$knock" "$(mesh_port Holiday)" 1 "$long$long"

holds "none of it is taken for a message" \
    same "$(notices Holiday "refused a message")" 0

#  From an address that is no peer's; this machine has many

greet_all () {
    local count
    for count in {1..20}; do
        FROM=127.0.0.9 "$knock" "$port" 1 "$key Welsh $batch" 2>/dev/null
    done
    same "$(says Ball refused_strange)" 20
}
refused=$(says Ball refused)
holds "whoever calls from elsewhere is refused" greet_all
holds "and noted once" \
    is_noted Ball 1 "no peer has this address, from 127.0.0.9, 1 "
holds "before anything is read" same "$(says Ball refused)" "$refused"

#  Messages without an end, from where a peer might call

is_cut () {
    "$knock" "$port" endless "$1" && same "$(says Ball refused_endless)" "$2"
}
is_no_larger () {
    is_between "$(resident_kib Ball)" 1 $((resident * 105 / 100)) || is_watched
}
resident=$(resident_kib Ball)
holds "empty frames without an end are cut" is_cut 0 1
holds "so are larger ones" is_cut 250 2
holds "that is noted once" is_noted Ball 1 "much came and no message"
holds "the memory that they took is given back" eventually is_no_larger

holds "nobody knows more than before" agree
holds "nor less" digest_stays Ball
holds "nor of the stranger's client" fails knows Ball bad
holds "no link was lost" same "$(resumes)" "$resumes"
tell Alford "after +1+1 1"
holds "what is new gets around" eventually know after "${servers[@]}"

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
