#!/usr/bin/env bash
#   Two regions meet in a stream that three servers of NATS keep: one of these
#   is killed, one hangs, and one is cut off, and tables become equal all the
#   same.  Each of the three is in a network of its own, on one wire.

PATH=$PATH:/usr/sbin:/sbin
#  shellcheck source=tests/hosts/apart.sh
. "$(dirname "$0")/../hosts/apart.sh"
ip link set lo up

BASE=28250
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"

#  Servers of NATS that lost one may take a minute to agree on who leads
PATIENCE=180

command -v nats-server >/dev/null || {
    echo "1..0 # SKIP there is no nats-server: scripts/install-deps brokers"
    exit
}

servers=(Alford Gate Welsh West)
nodes=()
holders=()  #  Of their networks

#  Node number N, one of three, is at the address 10.9.0.N; clients are served
#  there at 4222, others of the three at 6222, who watches at 8222

has_network () {
    [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

new_network () {
    local net
    unshare --net sleep infinity >/dev/null &
    holders[$1]=$!
    net=/proc/$!/ns/net
    eventually has_network "$!" &&
        ip link add "node$1" type veth peer name eth0 netns "$!" &&
        ip link set "node$1" master wire up &&
        nsenter --net="$net" ip link set eth0 up &&
        nsenter --net="$net" ip addr add "10.9.0.$1/24" dev eth0
}

#  What is killed is the server itself

start_node () {
    nsenter --net="/proc/${holders[$1]}/ns/net" -- \
        nats-server -c "$folder/node$1.conf" >>"$folder/node$1.log" 2>&1 &
    nodes[$1]=$!
}

ip link add wire type bridge
ip addr add 10.9.0.9/24 dev wire
ip link set wire up
for node in 1 2 3; do
    cat >"$folder/node$node.conf" <<END
server_name: node$node
host: 10.9.0.$node
port: 4222
http_port: 8222
jetstream { store_dir: "$folder/jetstream$node" }
cluster {
    name: test
    host: 10.9.0.$node
    port: 6222
    routes: [
        nats://10.9.0.1:6222, nats://10.9.0.2:6222, nats://10.9.0.3:6222
    ]
}
END
    new_network $node || { echo "Bail out! no network for node $node"; exit 1; }
    start_node $node
done

#  The topology of a region: NAME SERVER GATEWAY

region () {
    cat >"$folder/$1.zpl" <<END
herd
    name = test
    region = $1
mesh
    security = plain
nats
    url = "nats://10.9.0.1 nats://10.9.0.2 nats://10.9.0.3"
    replicas = 3
servers
    $2
        clients = 127.0.0.1:$(client_port "$2")
        mesh = 127.0.0.1:$(mesh_port "$2")
        admin = 127.0.0.1:$(admin_port "$2")
    $3
        gateway = yes
        mesh = 127.0.0.1:$(mesh_port "$3")
        admin = 127.0.0.1:$(admin_port "$3")
links
    $2 = $3
END
    HERD_DIR=$folder/run-$1 herd up "$folder/$1.zpl"
}

are_joined () {
    [ "$(says Gate joined)" = true ] && [ "$(says West joined)" = true ] &&
        [ "$(says Gate connected)" = true ] &&
        [ "$(says West connected)" = true ]
}

#  What a node says to who watches: NUMBER PATH

node_says () {
    local text
    {
        printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&5
        IFS= read -rd '' -t 10 text <&5
    } 5<>"/dev/tcp/10.9.0.$1/8222"
    printf '%s' "$text"
}

#  The last sequence that a node has of the stream

last_of () {
    [[ $(node_says "$1" '/jsz?streams=true') =~ \"last_seq\":\ *([0-9]+) ]] &&
        echo "${BASH_REMATCH[1]}"
}

#  Each node has all of the stream: NATS needs two of them, and what it calls
#  current may lack messages

is_kept_by_all () {
    local last
    last=$(last_of 1) && same "$(last_of 2) $(last_of 3)" "$last $last"
}

#  The number of the node that a gateway is connected to

node_of () {
    local node
    for node in 1 2 3; do
        [[ $(node_says $node /connz) != *"\"name\": \"$1\""* ]] || echo $node
    done
}

stamp=1000
tell_both () {
    tell Alford "a$stamp +1+2 $stamp" && tell Welsh "w$stamp +1+2 $stamp" &&
        tell Alford "both +1+2 $stamp" && tell Welsh "both +3+4 $stamp"
}

holds "region east comes up" region east Alford Gate
holds "region west comes up" region west Welsh West
holds "they use a stream of three" eventually are_joined
tell_both
holds "tables become equal" eventually agree

kill -KILL "${nodes[1]}"
wait "${nodes[1]}" 2>/dev/null
stamp=$((stamp + 1))
holds "clients are answered when node 1 is killed" tell_both
holds "and tables become equal without it" eventually agree
start_node 1
holds "it comes back to all" eventually is_kept_by_all

holds "all use the stream again" eventually are_joined
kill -STOP "${nodes[2]}"
stamp=$((stamp + 1))
holds "clients are answered while node 2 hangs" tell_both
holds "and tables become equal meanwhile" eventually agree
kill -CONT "${nodes[2]}"
holds "and when it goes on" eventually are_joined
stamp=$((stamp + 1))
tell_both
holds "tables become equal" eventually agree
are_calm () {
    same "$(says Gate in_flight) $(says West in_flight)" "0 0"
}
holds "nothing is on its way any more" eventually are_calm

#  Nothing tells those who speak with the node that it is cut off: what they
#  send vanishes

node=$(node_of West)
holds "a gateway uses one of the three" like "$node" '^[123]$'
ip link set "node$node" down
began=$SECONDS
stamp=$((stamp + 1))
holds "clients are answered when that is cut off" tell_both
holds "and tables become equal without it" eventually agree
echo "# equal $((SECONDS - began)) s after the cut"
ip link set "node$node" up
began=$SECONDS
holds "it is back when that is healed" eventually is_kept_by_all
echo "# kept by all $((SECONDS - began)) s after it was healed"
stamp=$((stamp + 1))
tell_both
holds "all use the stream again" eventually are_joined
holds "tables become equal" eventually agree
holds "nothing is on its way any more" eventually are_calm

for name in east west; do
    HERD_DIR=$folder/run-$name herd down >"$folder/said" 2>&1
done
kill -KILL "${nodes[@]}" "${holders[@]}"
wait 2>/dev/null

done_testing
