#   What tests of several machines share: five hosts, each with its own network,
#   loopback, addresses, names and files, on one wire.  Sourced like the herd
#   tests' library, all of which is here, too.
#
#   A host is a network and a mount namespace.  All are made inside namespaces
#   of the test's own, so nothing is left behind whatever happens, and what is
#   under /etc stays as it is: hosts see files of the test there.
#   shellcheck shell=bash

#  Be in namespaces of one's own

if [ "${IN_OWN_NAMESPACES:-}" != "$$" ]; then
    type -P ip nsenter >/dev/null ||
        { echo "1..0 # SKIP there is no ip or nsenter here"; exit; }
    for way in "" "--user --map-root-user"; do
        # shellcheck disable=SC2206  # words, or none
        apart=(unshare $way --net --mount --propagation private)
        # shellcheck disable=SC2016  # it is the other bash that expands
        if "${apart[@]}" bash -c '
            ip link add try type bridge && ip link del try &&
                unshare --net --mount true' 2>/dev/null; then
            # shellcheck disable=SC2093  # there is nothing to go on with
            IN_OWN_NAMESPACES=$$ exec "${apart[@]}" bash "$0" "$@"
        fi
    done
    echo "1..0 # SKIP no network and mount namespaces can be made here"
    exit
fi

BASE=12000  #  All hosts have the same ports
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../herd/lib.sh"

declare -A holder=()  #  Of a host's namespaces, a process, by name


#   Hosts

#  Run a command on a host

on () {
    nsenter --net="/proc/${holder[$1]}/ns/net" \
        --mount="/proc/${holder[$1]}/ns/mnt" --wd="$PWD" -- "${@:2}"
}

#  Have it run on until the test ends: it is a job of the shell's, which ends it

serve_on () {
    nsenter --net="/proc/${holder[$1]}/ns/net" \
        --mount="/proc/${holder[$1]}/ns/mnt" --wd="$PWD" -- "${@:2}" \
        >"$folder/served" 2>&1 &
}

has_namespace () {
    [ -e "/proc/$1/ns/mnt" ] &&
        [ "$(readlink "/proc/$1/ns/mnt")" != "$(readlink /proc/self/ns/mnt)" ]
}

#  Give a host another address in place of those that it has

move_to () {
    local name=$1 address
    shift
    on "$name" ip addr flush dev eth0
    for address; do
        case $address in
        *:*) on "$name" ip addr add "$address/64" dev eth0 nodad ;;
        *) on "$name" ip addr add "$address/24" dev eth0 ;;
        esac
    done
}

#  Have hosts read a file of the test's in place of one of /etc's

put_in_etc () {
    [ ! -e "/etc/$2" ] || on "$1" mount --bind "$folder/$1/$2" "/etc/$2"
}

new_host () {
    local name=$1
    mkdir -p "$folder/$name"
    unshare --net --mount --propagation private sleep infinity >/dev/null &
    holder[$name]=$!
    eventually has_namespace "$!" || return 1
    ip link add "$name" type veth peer name eth0 netns "$!"
    ip link set "$name" master wire up
    on "$name" ip link set lo up
    on "$name" ip link set eth0 up
    move_to "$name" "${@:2}"
    echo "hosts: files dns" >"$folder/$name/nsswitch.conf"
    echo "127.0.0.1 localhost" >"$folder/$name/hosts"
    : >"$folder/$name/resolv.conf"
    put_in_etc "$name" nsswitch.conf
    put_in_etc "$name" hosts
    put_in_etc "$name" resolv.conf
}

#  Make five hosts with these addresses, PREFIX1 to PREFIX5.  Not inside holds:
#  that would wait for the end of their namespaces

new_hosts () {
    local name number=0 prefix addresses
    ip link add wire type bridge
    ip link set wire up
    for name in "${servers[@]}"; do
        number=$((number + 1)) addresses=()
        for prefix; do
            addresses+=("$prefix$number")
        done
        new_host "$name" "${addresses[@]}" ||
            { echo "Bail out! $name could not be made"; exit 1; }
    done
}

#  Cut a host off, and mend that

cut_off () {
    ip link set "$1" down
}

mend () {
    ip link set "$1" up
}

#  Say on all hosts, or those named, where names are: NAME ADDRESS, a line each,
#  from standard input.  A file that is mounted must be written, not replaced

names_are () {
    local name lines
    lines=$(awk 'BEGIN { print "127.0.0.1 localhost" } { print $2, $1 }')
    [ $# -gt 0 ] || set -- "${servers[@]}"
    for name; do
        echo "$lines" >"$folder/$name/hosts"
    done
}

hostname_of () {
    echo "${1,,}.example"
}

#  Write a topology in which host N's endpoints are what the function prints for
#  its name and a port; what follows is added to it

write_topology () {
    local endpoint=$1 name
    {
        printf 'herd\n    name = test\nservers\n'
        for name in "${servers[@]}"; do
            printf '    %s\n        clients = %s\n' "$name" \
                "$("$endpoint" "$name" 12000)"
            printf '        mesh = %s\n        admin = %s\n' \
                "$("$endpoint" "$name" 13000)" "$("$endpoint" "$name" 15000)"
        done
        printf 'links\n    Alford = Hamilton Welsh\n'
        printf '    Ball = Holiday Welsh\n    Hamilton = Holiday\n'
        [ $# -eq 1 ] || printf '%s\n' "${@:2}"
    } >"$folder/herd.zpl"
    for name in "${servers[@]}"; do
        cp "$folder/herd.zpl" "$folder/$name/herd.zpl"
    done
}


#   The herd, as an operator at one of the hosts sees it

at () {
    on "$1" env HERD_DIR="$folder/run-$1" "$top/scripts/herd" "${@:2}"
}

#  Bring all up, each host its own, at once

all_up () {
    local name pid code=0 pids=()
    for name in "${servers[@]}"; do
        HERD_WAIT=0 at "$name" up "$folder/$name/herd.zpl" \
            >"$folder/$name/up" 2>&1 &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || code=1
    done
    [ $code -eq 0 ] || cat "$folder"/*/up
    return $code
}

#  All servers are linked and have the same count and digest, as one host sees

all_agree () {
    [ "$(at "$1" status 2>&1 |
        awk -F '  +' '$7 == "2/2" { print $5, $6 }' | sort | uniq -c |
        awk '{ print $1 }')" = 5 ]
}

#  Start a host's server, which may lack links

start_on () {
    HERD_WAIT=0 at "$1" start "$1" "$folder/$1/herd.zpl"
}

all_down () {
    local name code=0
    for name in "${servers[@]}"; do
        at "$name" down || code=1
    done
    return $code
}

tells () {
    at "$1" ask "$2" "IAMAT $3" >/dev/null
}

#  The check, made at a host, says that

check_says () {
    like "$(at "$1" check 2>&1)" "$2"
}

#  A host's own server knows the client

has_heard () {
    [[ $(at "$1" ask "$1" "WHATSAT $2 1 0" | head -n 1) == "AT "* ]]
}

all_have_heard () {
    local name
    for name in "${servers[@]}"; do
        has_heard "$name" "$1" || return 1
    done
}

log_has () {
    grep -Eqs "$2" "$folder/run-$1/$1.log"
}

#  By the log of a host's server, which may not be its first, its link to a peer
#  is up

is_linked () {
    awk -v link="link to $2 " '
        / \* zherd .* starts, / { up = 0 }
        index($0, link "up") { up = 1 }
        index($0, link "down") { up = 0 }
        END { exit !up }' "$folder/run-$1/$1.log"
}
