#!/usr/bin/env bash
#   Three regions meet in a stream of NATS: what one hears all know, whatever
#   fails between them, and in the end all tables are equal.

#  shellcheck disable=SC2016  # subjects of NATS begin with a dollar
BASE=28200
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
command -v nats-server >/dev/null || {
    echo "1..0 # SKIP there is no nats-server: scripts/install-deps brokers"
    exit
}

#  A region's servers, and then its gateways; north has two of these

servers=(Alford Gate Welsh West North Nora Nils)
gateways=(Gate West Nora Nils)
nats_port=$((BASE + 40))

#  Write the topology of a region: NAME SERVER GATEWAY...

region () {
    local name=$1 server=$2 gateway
    shift 2
    {
        printf 'herd\n    name = test\n    region = %s\n' "$name"
        printf 'mesh\n    security = plain\n'
        printf 'nats\n    url = nats://127.0.0.1:%d\n' "$nats_port"
        printf 'servers\n    %s\n' "$server"
        printf '        clients = 127.0.0.1:%d\n' "$(client_port "$server")"
        printf '        mesh = 127.0.0.1:%d\n' "$(mesh_port "$server")"
        printf '        admin = 127.0.0.1:%d\n' "$(admin_port "$server")"
        for gateway; do
            printf '    %s\n        gateway = yes\n' "$gateway"
            printf '        mesh = 127.0.0.1:%d\n' "$(mesh_port "$gateway")"
            printf '        admin = 127.0.0.1:%d\n' "$(admin_port "$gateway")"
        done
        printf 'links\n    %s = %s\n' "$server" "$*"
    } >"$folder/$name.zpl"
}

region east Alford Gate
region west Welsh West
region north North Nora Nils

in_region () {
    HERD_DIR=$folder/run-$1 herd "${@:2}"
}

up () {
    in_region "$1" up "$folder/$1.zpl"
}

region_of () {
    case $1 in
    Alford | Gate) echo east ;;
    Welsh | West) echo west ;;
    *) echo north ;;
    esac
}

region_pid () {
    HERD_DIR=$folder/run-$(region_of "$1") pid_of "$1"
}

notices_of () {
    HERD_DIR=$folder/run-$(region_of "$1") notices "$1" "$2"
}

has_noticed () {
    [ "$(notices_of "$1" "$2")" -gt 0 ]
}

start_nats () {
    nats-server -c "$folder/nats.conf" >>"$folder/nats.log" 2>&1 &
    nats=$!
    eventually fails is_port_free "$nats_port"
}

kill_nats () {
    kill -KILL "$nats"
    wait "$nats" 2>/dev/null
}

printf 'host: 127.0.0.1\nport: %d\njetstream { store_dir: "%s" }\n' \
    "$nats_port" "$folder/jetstream" >"$folder/nats.conf"

say_nats () {
    nats_say "$nats_port" "$@" >"$folder/said"
}

#  A number of the stream's state

stream_has () {
    local state
    state=$(nats_say "$nats_port" '$JS.API.STREAM.INFO.herd') &&
        [[ $state == *\"state\":*\"$1\":* ]] || return 1
    state=${state#*\"state\":*\""$1"\":}
    echo "${state%%[^0-9]*}"
}

count_is () {
    local count
    count=$(says "$1" "$2") && same "$count" "$3"
}

are_joined () {
    local name
    for name in "${gateways[@]}"; do
        [ "$(says "$name" connected)" = true ] &&
            [ "$(says "$name" joined)" = true ] || return 1
    done
}

#  The gateway has published all that it has to

is_calm () {
    count_is "$1" in_flight 0
}

line_of () {
    printf 'AT %s +0.000000000 %s +1+2 %s' "$1" "$2" "$3"
}


#   Before there is a stream

holds "zherd is no gateway" like \
    "$("$HERD_BIN/zherd" "$folder/east.zpl" Gate 2>&1)" \
    'line [0-9]+: servers/Gate/gateway: is yes: zherd-gateway serves it'
holds "zherd-gateway is nothing else" like \
    "$("$HERD_BIN/zherd-gateway" "$folder/east.zpl" Alford 2>&1)" \
    'servers/Alford/gateway: is not yes: zherd serves it'
holds "it says which server may be meant" like \
    "$("$HERD_BIN/zherd-gateway" "$folder/east.zpl" gate 2>&1)" \
    'servers: there is no server gate; did you mean Gate\?'
for name in east west north; do
    holds "region $name comes up without NATS" up "$name"
done
holds "and answers its clients" tell Alford "$kiwi"
holds "a gateway says that there is no NATS" \
    eventually has_noticed Gate 'stream-fails: .*no connection to NATS'
holds "it has no clients of its own" like \
    "$(in_region east ask Gate 'IAMAT a +1+2 3' 2>&1)" 'is a gateway, and has'
start_nats
holds "they use the stream once it is there" eventually are_joined
holds "what one region hears the others know" eventually know "${kiwi%% *}" \
    Welsh North
holds "and all tables are equal" eventually agree

#   Each location is published once by a gateway, and delivered once to those of
#   the other regions

count_passed () {
    before=()
    for name in "${gateways[@]}"; do
        before+=("$(says "$name" published) $(says "$name" delivered)")
    done
}

#  Published and delivered since then: GATEWAY-INDEX PUBLISHED DELIVERED [MOST]

has_passed () {
    local was published delivered
    read -ra was <<<"${before[$1]}"
    published=$(($(says "${gateways[$1]}" published) - was[0]))
    delivered=$(($(says "${gateways[$1]}" delivered) - was[1]))
    same "$published" "$2" && is_between "$delivered" "$3" "${4:-$3}"
}

count_passed
for client in {1..20}; do
    tell Alford "a$client +1+2 $client"
    tell Welsh "w$client +1+2 $client"
done
holds "tables are equal again" eventually agree
holds "Gate published each once, and was brought each of west once" \
    eventually has_passed 0 20 20
holds "so did and was West" eventually has_passed 1 20 20
holds "both of north were brought all, and published nothing" \
    eventually has_passed 2 0 40
holds "for nothing is echoed" eventually has_passed 3 0 40
count_passed
for client in {1..20}; do
    tell North "n$client +1+2 $client"
done
holds "of two gateways each publishes once" eventually has_passed 2 20 0
holds "both do" eventually has_passed 3 20 0
holds "others are brought that once or twice" eventually has_passed 0 0 20 40

#   Any ID

long=$(printf 'x%.0s' {1..1000})
for id in a.b '*' '>' '=2E' '$JS.API.STREAM.DELETE.herd' "$long" $'\xff\x01'; do
    tell Welsh "$id +1+2 100" || echo "# not told: $id"
    holds "ID $(printf %.20q "$id") is known elsewhere" eventually \
        know "$id" Alford North
done
holds "all of them have subjects of their own" \
    same "$(stream_has messages)" $((3 + 1 + 60 + 7))

#   Names that two regions have, and forgers

say_nats herd.south 'Southey Alford'
holds "a name that two regions have is noticed" \
    eventually has_noticed Gate \
    'region-names: region south has a server Alford, too'
forged=$(line_of Alford "${kiwi%% *}" 5)
say_nats "herd.south.${kiwi%%.*}=2Ecs=2Eucla=2Eedu" "$forged"
say_nats herd.south.else "$(line_of Southey other 5)"
say_nats herd.south.none 'AT'
say_nats herd.south.soon "$(line_of Southey soon 99999999999)"
say_nats herd.south.mine "$(line_of Southey mine 5)"
holds "what it heard is refused" eventually count_is Gate refused_origin 1
holds "as is what is under another's subject" \
    eventually count_is Gate refused_subject 1
holds "and what was heard in the future" \
    eventually count_is Gate refused_future 1
holds "the rest of the region is taken" eventually know mine Alford Welsh North
holds "tables are equal" eventually agree

#   Faults

tell_all () {
    local name
    for name in Alford Welsh North; do
        tell "$name" "$1-$name +3+4 $2" && tell "$name" "both +3+4 $2" ||
            return 1
    done
}

kill_nats
holds "without NATS clients are answered" tell_all killed 1000
holds "a gateway notices" eventually has_noticed West 'stream-fails: '
start_nats
holds "after NATS was killed tables become equal" eventually agree

kill -STOP "$nats"
holds "while NATS hangs clients are answered" tell_all hung 2000
kill -CONT "$nats"
holds "after it hung tables become equal" eventually agree
holds "nobody publishes any more" eventually is_calm Gate

joins=$(says Gate joins)
say_nats '$JS.API.STREAM.PURGE.herd'
has_joined_again () {
    [ "$(says Gate joins)" -gt "$1" ] && are_joined
}
holds "a purge is noticed" eventually has_joined_again "$joins"
stream_has_all () {
    local messages
    messages=$(stream_has messages) && [ "$messages" -ge "$1" ]
}
holds "and all is published again" eventually stream_has_all 50
tell_all purged 3000
holds "after a purge tables become equal" eventually agree

say_nats '$JS.API.STREAM.DELETE.herd'
tell_all deleted 4000
holds "a stream that was deleted is made again" eventually stream_has_all 50
holds "and tables become equal" eventually agree
holds "when all is published" eventually is_calm Gate

for name in "${gateways[@]}"; do
    kill -KILL "$(region_pid "$name")"
done
tell_all lonely 5000
for name in "${gateways[@]}"; do
    in_region "$(region_of "$name")" start "$name" >"$folder/said" 2>&1
done
holds "gateways that were killed join again" eventually are_joined
holds "and tables become equal once more" eventually agree
holds "they publish only what the stream lacks" \
    is_between "$(says Gate published)" 1 4

in_region north down >"$folder/said" 2>&1
tell Alford "late +5+6 6000" && tell Welsh "later +5+6 6000"
#  Of the south nobody is there to publish it again
tell Alford "mine +5+6 6000"
up north >"$folder/said" 2>&1
holds "a region that was away, and lost all, knows all" eventually agree
holds "and so what the others heard meanwhile" know later North

in_region east down >"$folder/said" 2>&1
holds "a gateway ends in good order" eventually has_noticed Gate 'end: '
for name in west north; do
    in_region "$name" down >"$folder/said" 2>&1
done
kill_nats

done_testing
