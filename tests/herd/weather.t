#!/usr/bin/env bash
#   Each server is in a network of its own, and lines are slow: a server that
#   starts is sent the table once, over a link that stays up although it takes
#   long, and what clients say meanwhile does not wait for it.

BASE=12000
ADDRESSES=10.77.0
NEEDS="namespaces with /dev/net/tun, which root has"

#  Begin anew in a network of our own; or say that there is none to be had

for way in "" "--user --map-root-user"; do
    # shellcheck disable=SC2086  # words, or none
    [ -n "${WEATHER_APART:-}" ] || ! unshare $way --net \
        sh -c ': 9<>/dev/net/tun' 2>/dev/null ||
        WEATHER_APART=1 exec unshare $way --net "$0"
done
[ -n "${WEATHER_APART:-}" ] || { echo "1..0 # SKIP it takes $NEEDS"; exit; }
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

CLIENTS=10000
SLOW="rate=256000 delay=20"
FAST="rate=10000000 delay=20"
links=("Alford Hamilton" "Alford Welsh" "Ball Holiday" "Ball Welsh"
    "Hamilton Holiday")

find_host () {
    local index
    for index in {0..4}; do
        [ "${servers[index]}" != "$1" ] || host=$ADDRESSES.$((index + 2))
    done
}

#  The switch makes a network for each server; a zherd is started in its own

into_networks () {
    local name path words=()
    for name in "${servers[@]}"; do
        words+=("$name=$(host_of "$name")")
    done
    real_bin=$(cd "$HERD_BIN" && pwd)
    mkdir "$folder/bin"
    {
        # shellcheck disable=SC2016  # it is the script that expands
        printf '#!/usr/bin/env bash\ncase ${!#} in\n'
        coproc "$real_bin/tests/weather/switch" $ADDRESSES.1 "${words[@]}"
        while read -r name path <&"${COPROC[0]}" && [ "$name" != ok ]; do
            printf '%s) set -- nsenter --net=%s %s "$@" ;;\n' \
                "$name" "$path" "$real_bin/zherd"
        done
        printf '*) set -- %s "$@" ;;\nesac\nexec "$@"\n' "$real_bin/zherd"
    } >"$folder/bin/zherd"
    chmod +x "$folder/bin/zherd"
    export HERD_BIN=$folder/bin
    [ "$name" = ok ]
}

#  All lines of the ring are like this

set_lines () {
    local link one other answer
    for link in "${links[@]}"; do
        read -r one other <<<"$link"
        printf 'line %s %s %s\n' "$one" "$other" "$*" "$other" "$one" "$*" \
            >&"${COPROC[1]}"
        read -r answer <&"${COPROC[0]}" && [ "$answer" = ok ] || return 1
        read -r answer <&"${COPROC[0]}" && [ "$answer" = ok ] || return 1
    done
}

knows_some () {
    [ "$(says "$1" clients_known)" -ge "$2" ]
}

knows_all () {
    [ "$(says "$1" clients_known)" = "$2" ]
}

all_know_all () {
    local name
    for name in "${servers[@]}"; do
        knows_all "$name" "$1" || return 1
    done
}

is_noticed () {
    fails is_up Alford Welsh && fails is_up Ball Welsh
}

#  How often links were called down, streams went back, by all servers

downs () {
    cat "$HERD_DIR"/*.log | grep -c ' \* .*link to .* down'
}

rewinds () {
    local name sum=0
    for name in "${servers[@]}"; do
        sum=$((sum + $(links_sum "$name" rewinds)))
    done
    echo $sum
}

into_networks || exit
ring "$folder/herd.zpl" log "    level = notices" mesh "    security = plain"
for name in "${servers[@]}"; do
    sed -i "s/127.0.0.1:\(120[0-2]$(($(client_port "$name") % 10))\)\$/$(
        host_of "$name"):\1/" "$folder/herd.zpl"
done
for name in "${servers[@]}"; do
    HERD_WAIT=0 herd start "$name" "$folder/herd.zpl" >/dev/null || exit
done
holds "clients are told of" tell_much Ball c $CLIENTS $CLIENTS 1000
holds "all know them" eventually all_know_all $CLIENTS

holds "a server is killed" herd kill Welsh
holds "its peers notice" eventually is_noticed
holds "the lines become slow" set_lines "$SLOW"
downs=$(downs) rewinds=$(rewinds)
holds "it is started" env HERD_WAIT=0 "$top/scripts/herd" start Welsh
holds "it is sent the table slowly" eventually knows_some Welsh 2000
holds "a client says meanwhile where it is" tell Hamilton "meanwhile +1+1 1"
holds "all know at once, and it too, by the link that is idle" \
    eventually know meanwhile "${servers[@]}"
holds "long before it knows all" fails knows_some Welsh $((CLIENTS * 9 / 10))
holds "the lines become faster" set_lines "$FAST"
holds "it knows all" eventually knows_all Welsh $((CLIENTS + 1))

heard=$(links_sum Welsh records_new records_same records_old)
echo "# heard $heard records to know $CLIENTS clients"
holds "it was sent what there is once" is_between "$heard" $CLIENTS \
    $((CLIENTS * 13 / 10))
holds "no link went down" same "$(downs)" "$downs"
holds "hardly any stream went back" is_between $(($(rewinds) - rewinds)) 0 3

holds "down succeeds" herd down
done_testing
