#!/usr/bin/env bash
#   What the load generator says is what happened: the servers count too.

BASE=17800
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

#  Load these servers, by name, as the words before -- say; JSON goes to a
#  file, what is said to another

load () {
    local words=(--json) ports=() name
    while [ "$1" != -- ]; do
        words+=("$1")
        shift
    done
    shift
    for name; do
        ports+=("$(client_port "$name")")
    done
    "$HERD_BIN/zherd-load" "${words[@]}" "${ports[@]}" \
        >"$folder/json" 2>"$folder/said"
}

start_load () {
    load "$@" &
    loading=$!
}

#  The number under that key, cut to a whole one

result () {
    [[ $(<"$folder/json") =~ \"$1\":\ ([0-9]+|null) ]] &&
        echo "${BASH_REMATCH[1]}"
}

has_all_keys () {
    local key
    for key in workload speech connections depth ids seconds requests errors \
        throughput drained_seconds drained_throughput latency_us p50 p90 p99 \
        p999 max mean cpu_seconds cpu_seconds_per_100k rss_before rss_after; do
        grep -q "\"$key\": " "$folder/json" || { echo "no $key"; return 1; }
    done
}

#  The servers' own counts of IAMATs, or WHATSATs, together

heard () {
    local key=$1 name sum=0
    shift
    for name; do
        sum=$((sum + $(says "$name" "$key")))
    done
    echo $sum
}

has_heard () {
    [ "$(says "$1" "$2")" -ge "$3" ]
}

says_and_exits () {
    local code=$1 text=$2 output
    shift 2
    output=$("$HERD_BIN/zherd-load" "$@" 2>&1)
    same $? "$code" && like "$output" "$text"
}

processes () {
    local IFS=,
    echo "$*"
}

holds "-h is a manual" says_and_exits 0 'propagate \[options\] FROM TO' -h
holds "-V shows the version" says_and_exits 0 '^zherd-load [0-9]' -V
holds "no server is wrong usage" says_and_exits 2 'no server' -n 1
holds "a wrong number is wrong usage" says_and_exits 2 "-c can't be" -c 0 12000
holds "a wrong option is wrong usage" says_and_exits 2 'usage: ' --what 12000
holds "a server that isn't there is said" \
    says_and_exits 1 'Connection refused' -n 1 $((BASE + 49))

ring "$folder/herd.zpl" log "    level = notices"
herd up "$folder/herd.zpl" >/dev/null || exit
port=$(client_port Alford)

#  Counts

holds "questions for unknown clients are errors" \
    fails load -w whatsat -n 100 -- Alford
holds "each of them" same "$(result errors)" 100
holds "wrong replies are no throughput, and have no latency" \
    same "$(result throughput) $(result p50) $(result mean)" "0 null null"
holds "IAMATs are answered" load -n 20000 -c 20 -d 16 -k 1000 -- Alford
holds "without errors" same "$(result errors)" 0
holds "as many as were asked for" same "$(result requests)" 20000
holds "the server has heard as many" same "$(says Alford iamats)" 20000
holds "each was news" same "$(says Alford updates)" 20000
holds "of all clients" same "$(says Alford clients_known)" 1000
holds "the JSON has all keys" has_all_keys

load -n 2000 -c 10 -k 1000 -- Ball Welsh
holds "several servers share a load" same "$(heard iamats Ball Welsh)" 2000
load -n 1000 -c 10 -k 500 --load-ids -w whatsat -R 0 -B 0 -- Holiday
holds "ids are told before they are asked for" same \
    "$(result errors) $(says Holiday iamats) $(says Holiday whatsats)" \
    "0 500 1000"
told=$(says Alford iamats)
load -n 1000 -c 10 -w mixed --load-ids -k 1000 -R 0 -B 0 -- Alford
told=$(($(says Alford iamats) - told - 1000))
holds "a mixed load has nine IAMATs" is_between $told 850 950
holds "to a WHATSAT" same $((told + $(says Alford whatsats))) 1000
told=$(says Alford iamats)
load -n 300 -c 10 -w churn -- Alford
holds "churn is counted" same $(($(says Alford iamats) - told)) 300
holds "the table can be read by people" says_and_exits 0 \
    'requests +100.*throughput +[0-9,]+ /s.*latency p99' -n 100 "$port"
holds "progress is shown" says_and_exits 0 '/s  p99 +[0-9.]+ ms  0 errors' \
    -t 0.5 -p 0.1 "$port"

loses () {
    "$HERD_BIN/zherd-load" "$@" >/dev/full
    same $? 1
}
loses_all () {
    "$HERD_BIN/zherd-load" "$@" >&-
    same $? 1
}
for loss in loses loses_all; do
    holds "a lost report is an error ($loss)" $loss -n 100 "$port"
    holds "in JSON, too" $loss --json -n 100 "$port"
done

#  A rate is kept, or it is said that it was not

load -r 500 -t 1 -c 20 -- Alford
holds "what was due was sent, or is counted" \
    same $(($(result requests) + $(result unsent))) 500
holds "a rate isn't overdone" is_between "$(result throughput)" 1 510

#  What processes cost

load -n 20000 -d 16 --pid "$(processes "$(pid_of Alford)" "$(pid_of Ball)")" \
    -- Alford
holds "CPU time is told" like "$(<"$folder/json")" \
    '"cpu_seconds": [0-9]+\.?[0-9]*[1-9]'
holds "memory is told" is_between "$(result rss_before)" 1000000 10000000000
holds "a process that isn't there is said" \
    says_and_exits 1 'process 4194304: ' -n 1 --pid 4194304 "$port"

#  Those who could tell Holiday are stopped: there is no end until they go on

load -w idle -t 0.2 -c 100 --pid "$(pid_of Holiday)" -- Holiday
holds "idle connections make no requests" same "$(result requests)" 0
holds "they are opened, and stay open" \
    same "$(result opened) $(result open) $(result throughput)" "100 100 null"
holds "their memory is told" [ "$(result rss_after)" -gt 1000000 ]
holds "people see it, too" says_and_exits 0 \
    'connections opened +10.*open at the end +10.*each connection +[0-9-]+ b' \
    -w idle -t 0.1 -c 10 --pid "$(pid_of Holiday)" "$(client_port Holiday)"
refused=$(says Holiday invalid)
told=$(says Alford iamats)
kill -STOP "$(pid_of Ball)" "$(pid_of Hamilton)"
start_load -n 1000 -k 5000 --settle "$(client_port Holiday)" -- Alford
holds "servers are loaded" eventually has_heard Alford iamats $((told + 1001))
holds "then another one is asked again and again" \
    eventually has_heard Holiday invalid $((refused + 20))
holds "there is no end while it doesn't know" kill -0 "$loading"
kill -CONT "$(pid_of Ball)" "$(pid_of Hamilton)"
wait "$loading"
holds "when it knows there is" same $? 0
holds "all that was told" same "$(says Holiday clients_known)" \
    "$(says Alford clients_known)"
holds "draining takes its time" fails same "$(result drained_seconds)" null

#  Time until another server knows

propagation_is_measured () {
    local key
    "$HERD_BIN/zherd-load" propagate -r 500 -n 1500 --json "$port" \
        "$(client_port Holiday)" >"$folder/json" 2>"$folder/said" || return
    for key in samples p50_us p90_us round_trip_us; do
        [ "$(result $key)" -gt 0 ] || return
    done
    echo "# p50 $(result p50_us) us, p90 $(result p90_us) us"
}

#  On a machine that is busy, questions leave too late to count

it_says_what_it_lacks () {
    grep 'which tells too little' "$folder/said"
}

propagation_is_measured
measured=$?
[ $measured -eq 0 ] || it_says_what_it_lacks
holds "propagation is measured, or what is lacking is said" same $? 0

#  Servers fail

start_load -t 60 -c 10 -d 4 -- Ball Welsh
holds "two are loaded" eventually has_heard Ball iamats 3000
herd kill Ball
told=$(says Welsh iamats)
holds "when one dies the other's load goes on" \
    eventually has_heard Welsh iamats $((told + 1000))
herd kill Welsh
wait "$loading"
holds "when all are dead it ends, and fails" same $? 1
holds "and says why" like "$(<"$folder/said")" \
    "127.0.0.1:$(client_port Ball): (closed|Connection reset)"
holds "every connection is an error" is_between "$(result errors)" 10 50
kill -STOP "$(pid_of Alford)"
load -n 10 -c 2 -- Alford
holds "a silent server ends it, too" same $? 1
holds "and that is said" like "$(<"$folder/said")" 'silent for ten seconds'
holds "where nothing was answered there is no figure" \
    same "$(result seconds) $(result throughput) $(result p50) $(result max)" \
    "null null null null"
kill -CONT "$(pid_of Alford)"

herd down
holds "nothing is left" nothing_left
done_testing
