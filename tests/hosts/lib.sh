#   What tests of several machines share: five hosts, each with its own network,
#   loopback, addresses, names and files, on one wire.  Sourced like the herd
#   tests' library, all of which is here, too.
#
#   A host is a network and a mount namespace.  All are made inside namespaces
#   of the test's own, so nothing is left behind whatever happens, and what is
#   under /etc stays as it is: hosts see files of the test there.
#   shellcheck shell=bash

#  shellcheck source=tests/hosts/apart.sh
. "$(dirname "${BASH_SOURCE[0]}")/apart.sh"

BASE=12000  #  All hosts have the same ports
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../herd/lib.sh"

declare -A holder=()  #  Of a host's namespaces, a process, by name
declare -A host_at=()  #  The host of a server's endpoints, by name


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
    for name in "${servers[@]}"; do
        host_at[$name]=$("$endpoint" "$name" 0)
    done
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

find_host () {
    host=${host_at[$1]%:*}
    host=${host#[} host=${host%]}
}

find_port () {
    local ports=([0]=12000 [20]=15000)
    port=${ports[$2]}
}

#  Run functions of the herd tests' library on a host, as they are here

do_on () {
    local functions=(call ask_line ask_status tell knows know same agree
        all_links_up find_host find_port)
    on "$1" "$BASH" -c "$(declare -p servers host_at)
        $(declare -f "${functions[@]}")
        $(printf '%q ' "${@:2}")"
}

#  All servers are linked and have the same count and digest, as one host sees

all_agree () {
    do_on "$1" all_links_up && do_on "$1" agree
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
    do_on "$1" tell "$2" "$3"
}

#  The check, made at a host, says that

check_says () {
    like "$(at "$1" check 2>&1)" "$2"
}

#  A host's own server knows the client

has_heard () {
    do_on "$1" knows "$1" "$2"
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
        $4 == "start:" { up = 0 }
        index($0, "* link-up: " link) { up = 1 }
        index($0, "* link-down: " link) { up = 0 }
        END { exit !up }' "$folder/run-$1/$1.log"
}
