#!/usr/bin/env bash
#   Listeners over HTTP: told at any server what was said at another, resumed
#   where they were, and ended when the server stops.

BASE=18600
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

http_ring "$folder/herd.zpl"
sed -i 's/^    name = .*/&\n    ttl_seconds = 16/' "$folder/herd.zpl"
herd up "$folder/herd.zpl" >"$folder/up" || { cat "$folder/up"; exit 1; }

#  Listen at a server, what comes into a file; the process goes to $!

listen () {
    local port
    port=$(port_of "$1" 40)
    {
        printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&4
        exec cat <&4
    } 4<>"/dev/tcp/127.0.0.1/$port" >"$3" &
}

has () {
    grep -qF -- "$2" "$1"
}

listen Welsh '/v1/events?near=10,20&km=50' "$folder/near"
near=$!
listen Ball '/v1/feed' "$folder/feed"
feed=$!
holds "a listener begins with who is inside" \
    eventually has "$folder/near" 'data: {"inside":0}'
told=$(date +%s)
tell Alford "kiwi +10.0+20.0 $told"
holds "a client told elsewhere enters" \
    eventually has "$folder/near" 'event: enter'
tell Hamilton "fig +50+50 $told"
tell Alford "kiwi +10.1+20.0 $((told + 1))"
holds "moves" eventually has "$folder/near" '[20.0,10.1]'
tell Holiday "kiwi +11+20.0 $((told + 2))"
holds "and leaves" eventually has "$folder/near" 'event: leave'
holds "nobody else is told of" fails has "$folder/near" fig
holds "a feed has all clients" eventually has "$folder/feed" '"id":"fig"'

is_alone () {
    same "$(links_sum Alford streams)" 0
}

position=$(grep '"fig"' "$folder/feed" | tail -n 1 |
    sed 's/.*"position":"\([^"]*\)".*/\1/')
kill "$feed"
tell Alford "plum +1+1 $((told + 3))"
holds "the herd knows of a change that no listener saw" \
    eventually like "$(herd ask Ball 'WHATSAT plum 1 0')" '^AT .* plum '
listen Ball "/v1/feed?since=$position" "$folder/more"
feed=$!
holds "who goes on where it was is told that" \
    eventually has "$folder/more" '"id":"plum"'
holds "and nothing it knows" fails has "$folder/more" '"id":"fig"'

tell Alford "kiwi +10.2+20.0 $((told + 4))"
holds "who comes back enters again" \
    eventually has "$folder/near" '[20.0,10.2]'
holds "and is gone when it expires" \
    eventually has "$folder/near" 'data: {"id":"kiwi"}'
holds "the status counts streams" like "$(herd status --json)" \
    '"streams": *[1-9]'

#  While clients move, a crowd listens at all servers, and some read nothing

crowd_hears () {
    local port ports=()
    for port in 0 1 2 3 4; do
        ports+=($((BASE + 40 + port)))
    done
    "$HERD_BIN/zherd-load" -t 100 -c 10 -r 300 -k 300 "$BASE" \
        >"$folder/load" 2>&1 &
    loading=$!
    "$HERD_BIN/zherd-load" listen --json -t 2 -c 100 --deaf 5 -R 3 \
        "${ports[@]}" >"$folder/heard"
    local status=$?
    kill "$loading"
    return $status
}
holds "a crowd listens, and nobody is cut" crowd_hears
holds "all who read have begun" \
    grep -q '"begun": 95,' "$folder/heard"
holds "they are told of many" \
    grep -Eq '"events": [0-9]{3,},' "$folder/heard"
holds "those who hung up are seen to have" eventually is_alone
holds "a server with listeners stops" herd stop Welsh
holds "and they are at their end" wait "$near"
holds "down succeeds" herd down
wait "$feed"
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
