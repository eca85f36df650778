#!/usr/bin/env bash
#   A server that knows many clients is killed under load, and comes back with
#   nothing: it serves at once, and is sent all there is to know, once.
#
#   LOAD_CLIENTS is how many clients there are, LOAD_RATE how many updates a
#   second, LOAD_LEVEL what is logged.

BASE=17700
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

if is_watched; then
    many=${LOAD_CLIENTS:-20000} rate=${LOAD_RATE:-300}
else
    many=${LOAD_CLIENTS:-100000} rate=${LOAD_RATE:-1000}
fi

knows_all () {
    [ "$(says "$1" clients_known)" = "$many" ]
}

all_know_all () {
    local name
    for name in "${servers[@]}"; do
        knows_all "$name" || return 1
    done
}

#  It is started, and serves, and knows all: when, since it was started, and
#  what it has heard by then

start_again () {
    local start
    start=$(now_ms)
    herd start Hamilton || return 1
    eventually tell_much Hamilton c 1 1 1 >/dev/null || return 1
    serves_ms=$(($(now_ms) - start))
    eventually knows_all Hamilton || return 1
    knows_ms=$(($(now_ms) - start))
    heard=$(links_sum Hamilton records_new records_same records_old)
    echo "# serves after $serves_ms ms, knows all after $knows_ms ms," \
        "heard $heard records to know $many clients"
}

repaired () {
    local name sum=0
    for name in "${servers[@]}"; do
        sum=$((sum + $(links_sum "$name" repairs)))
    done
    echo $sum
}

ring "$folder/herd.zpl" log "    level = ${LOAD_LEVEL:-notices}"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "$many clients are told of" tell_much Ball c "$many" "$many" 1000
holds "all know them" eventually all_know_all

#  What it is like with nothing wrong, then without a server

said=$(links_sum Alford messages_out)
tell_much Alford c "$many" $((3 * rate)) 2000 "$rate" | sed 's/^/# /'
said=$(($(links_sum Alford messages_out) - said))
is_watched || holds "updates that come fast share messages to both peers" \
    is_between $said 1 $((3 * rate))

start_telling Alford c "$many" 3000 "$rate"
holds "clients are answered" eventually has_told Alford $((4 * rate))
holds "a server is killed under load" herd kill Hamilton
told=$(says Alford updates)
start_again
again=$?
told=$(($(says Alford updates) - told))
holds "it serves when it is started again, and knows all" same $again 0
holds "it was sent what there is once, and the $told updates" \
    is_between "$heard" "$many" $((many * 102 / 100 + 2 * told))
holds "the load goes on" \
    eventually has_told Alford $(($(says Alford updates) + rate))
holds "others' clients were answered all the time" stop_telling
echo "# $(<"$folder/telling")"
holds "all five agree" eventually agree

holds "it is killed at rest" herd kill Hamilton
start_again
holds "it serves when it is started again, and knows all" same $? 0
holds "it was sent what there is once" \
    is_between "$heard" "$many" $((many * 102 / 100))
holds "all five agree" eventually agree
holds "nothing had to be repaired" same "$(repaired)" 0

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
