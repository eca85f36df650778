#   What herd tests share: a herd of one's own, TAP, and waiting for what shall
#   be true.  A test sets BASE, the first of fifty ports that are its own, and
#   sources this.
#   shellcheck shell=bash

set -uo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/zherd-test.XXXXXX")
export HERD_DIR=$folder/run
export HERD_WAIT=60  #  However slow the machine is
export HERD_BIN=${HERD_BIN:-$top/build/release}
servers=(Alford Ball Hamilton Holiday Welsh)
# shellcheck disable=SC2034  # some tests have no use for it
kiwi='kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450'
count=0

#  Take down all herds in our folder, and end processes of our own.  Of these
#  the shell knows which still run: another's pid may be somebody else's by now.

clean_up () {
    local run running
    for run in "$folder"/*/; do
        HERD_DIR=${run%/} herd down
    done >"$folder/down" 2>&1
    mapfile -t running < <(jobs -rp)
    [ ${#running[@]} -eq 0 ] || kill -KILL "${running[@]}"
    wait 2>/dev/null
    rm -rf "$folder"
}

trap clean_up EXIT
trap 'exit 1' INT TERM HUP


#   TAP

#  The sentence is true if the command succeeds

holds () {
    local sentence=$1 output
    shift
    count=$((count + 1))
    if output=$("$@" 2>&1); then
        echo "ok $count - $sentence"
    else
        echo "not ok $count - $sentence"
        echo "failed: $*"$'\n'"$output" | sed 's/^/#   /'
    fi
}

fails () {
    ! "$@"
}

same () {
    [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }
}

like () {
    [[ $1 =~ $2 ]] || { echo "'$1' is not like '$2'"; return 1; }
}

done_testing () {
    echo "1..$count"
}

#  Wait until the command succeeds.  Machines are slow and busy: how long that
#  takes proves nothing, and only what is broken takes PATIENCE seconds.

PATIENCE=60

eventually () {
    local deadline=$((SECONDS + PATIENCE))
    until "$@"; do
        [ $SECONDS -lt $deadline ] || return 1
        sleep 0.05
    done
}

#  The command goes on to succeed, for so many seconds

stays () {
    local end=$((SECONDS + $1))
    shift
    while [ $SECONDS -le $end ]; do
        "$@" || return 1
        sleep 0.05
    done
}

#  Tests that are not here yet

within () {
    eventually "${@:2}"
}


#   The herd

herd () {
    "$top/scripts/herd" "$@"
}

#  Write the assignment's topology, with this test's ports, to a file; what
#  follows the file is added to it

ring () {
    local file=$1 index
    shift
    {
        printf 'herd\n    name = test\nservers\n'
        for index in {0..4}; do
            printf '    %s\n' "${servers[index]}"
            printf '        clients = 127.0.0.1:%d\n' $((BASE + index))
            printf '        mesh = 127.0.0.1:%d\n' $((BASE + 10 + index))
            printf '        admin = 127.0.0.1:%d\n' $((BASE + 20 + index))
        done
        printf 'links\n    Alford = Hamilton Welsh\n'
        printf '    Ball = Holiday Welsh\n    Hamilton = Holiday\n'
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >"$file"
}

port_of () {
    local index
    for index in {0..4}; do
        [ "${servers[index]}" != "$1" ] || echo $((BASE + $2 + index))
    done
}

#  A test may have its servers elsewhere

host_of () {
    echo 127.0.0.1
}

client_port () {
    port_of "$1" 0
}

mesh_port () {
    port_of "$1" 10
}

admin_port () {
    port_of "$1" 20
}

pid_of () {
    cut -d ' ' -f 1 "$HERD_DIR/$1.pid"
}

tell () {
    herd ask "$1" "IAMAT $2" >/dev/null
}

#  Tell it much: PREFIX CLIENTS COUNT STAMP [RATE], as the program tell has it

tell_much () {
    "$top/tests/herd/tell" "$(host_of "$1"):$(client_port "$1")" "${@:2}"
}

#  Go on telling it: PREFIX CLIENTS STAMP RATE

start_telling () {
    "$top/tests/herd/tell" "$(client_port "$1")" "$2" "$3" 100000000 \
        "${@:4}" >"$folder/telling" &
    telling=$!
}

#  So many a second that is: HERD_RATE, if who runs a test by hand sets it

rate () {
    echo "${HERD_RATE:-$1}"
}

#  Print, for who reads along, by the logs which links were down for longer than
#  a second since then, and the longest of the others: from a notice that one
#  went down to that it is up

print_outages () {
    awk -v since="$1" '
        $1 >= since && $3 == "*" && $4 " " $5 == "link to" {
            split ($1, part, /[T:Z]/)
            now = part [2] * 3600 + part [3] * 60 + part [4]
            link = $2 " to " $6
            if ($7 == "down:") { down [link] = now; why [link] = $0 }
            if ($7 != "up" || !(link in down)) next
            took = now - down [link]
            if (took > 1) printf "#   %.3f s: %s\n", took, why [link]
            else if (took > most) { most = took; which = link }
            delete down [link]
        }
        END { printf "#   longest other outage: %.3f s %s\n", most, which }
        ' "$HERD_DIR"/*.log
}

#  At least so many updates were made there

has_told () {
    [ "$(says "$1" updates)" -ge "$2" ]
}

#  Stop that.  True if all was answered; "telling" in our folder has how quickly

stop_telling () {
    kill "$telling"
    eventually grep -q "replies in" "$folder/telling"
}

#  The AT line that the server has of the client

at_line () {
    herd ask "$1" "WHATSAT $2 1 0" | head -n 1
}

knows () {
    [[ $(at_line "$1" "$2") == "AT "* ]]
}

know () {
    local name client=$1
    shift
    for name; do
        knows "$name" "$client" || return 1
    done
}

#  All five are up and have the same count and digest

agree () {
    [ "$(herd status 2>&1 | awk 'NR > 1 && NF == 7 { print $5, $6 }' | sort |
        uniq -c | awk '{ print $1 }')" = 5 ]
}

all_links_up () {
    herd status >/dev/null 2>&1
}

#  The server's status as JSON, without a process for it

status_text () {
    local text=
    {
        printf 'GET /status HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' \
            "$1" >&4
        IFS= read -r -d '' -t 60 text <&4
    } 2>/dev/null 4<>"/dev/tcp/$(host_of "$1")/$(admin_port "$1")"
    printf '%s' "$text"
}

#  What /readyz at the admin port says: the status, and the JSON in one line

readyz () {
    local text=
    {
        printf 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n' >&4
        printf 'Connection: close\r\n\r\n' >&4
        IFS= read -r -d '' -t 60 text <&4
    } 2>/dev/null 4<>"/dev/tcp/127.0.0.1/$1"
    text="${text:9:3} $(tr -s '\n ' ' ' <<<"${text#*$'\r\n\r\n'}")"
    echo "${text% }"
}

#  What the server says of itself, or of its link to a peer, under that key

says () {
    [[ $(status_text "$1") =~ \"$2\":\ \"?([a-z0-9]+) ]] &&
        echo "${BASH_REMATCH[1]}"
}

link_says () {
    [[ $(status_text "$1") =~ \"name\":\ \"$2\"[^}]*\"$3\":\ ([a-z0-9-]+) ]] &&
        echo "${BASH_REMATCH[1]}"
}

is_up () {
    same "$(link_says "$1" "$2" up)" true
}

#  The sum of those keys over all of the server's links

links_sum () {
    local server=$1 IFS='|'
    shift
    status_text "$server" | grep -E "^ +\"($*)\": [0-9]+,?$" |
        awk '{ sum += $2 } END { print sum + 0 }'
}

#  The number is at least this, and at most that

is_between () {
    [[ $1 -ge $2 && $1 -le $3 ]] ||
        { echo "$1 is not between $2 and $3"; return 1; }
}

now_ms () {
    echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

#  The programs are slower when they are watched

is_watched () {
    grep -qa __asan_init "${real_bin:-$HERD_BIN}/zherd"
}

resident_kib () {
    awk '/^VmRSS/ { print $2 }' "/proc/$(pid_of "$1")/status"
}

#  How often the notice is in the server's log

notices () {
    grep -Ec " \* .*$2" "$HERD_DIR/$1.log"
}

stop_stranger () {
    ! jobs -rp | grep -qx "$1" || kill "$1"
    wait "$1" 2>/dev/null
}

#  Send standard input, half-close at once, print all that comes

pipe_to () {
    perl -MIO::Socket::INET -e '
        my $socket = IO::Socket::INET->new (PeerAddr => "127.0.0.1",
            PeerPort => $ARGV [0], Timeout => 60) or die "connect: $@";
        $SIG {PIPE} = "IGNORE";
        alarm 60;
        print $socket join ("", <STDIN>);
        $socket->flush;
        shutdown ($socket, 1);
        print while <$socket>;' "$(client_port "$1")"
}

is_port_free () {
    ! (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

#  Nothing of the herd is left but its logs

nothing_left () {
    local port file
    for port in $(seq "$BASE" $((BASE + 49))); do
        is_port_free "$port" || { echo "somebody is at port $port"; return 1; }
    done
    for file in "$HERD_DIR"/*; do
        [[ $file == *.log || $file == */keys || $file == "$HERD_DIR/*" ]] ||
            { echo "$file is left"; head "$file"; return 1; }
    done
    ! pgrep_folder
}

#  Does any process still have our folder in its command line?

pgrep_folder () {
    local line
    for line in /proc/[0-9]*/cmdline; do
        if tr '\0' ' ' <"$line" 2>/dev/null | grep -q "zherd.*$folder"; then
            echo "$line is still there"
            return 0
        fi
    done
    return 1
}


#   Links that can be cut.  Each server gets a topology of its own, in which its
#   peers' mesh ports are those of a proxy, by a zherd that looks for one.

#  Put proxies into the links of the ring in the file

behind_proxies () {
    local file=$1 name way one port=$((BASE + 30)) target routes=()
    mkdir -p "$folder/bin" "$folder/views"
    real_bin=$(cd "$HERD_BIN" && pwd)
    for name in "${servers[@]}"; do
        cp "$file" "$folder/views/$name"
    done
    for way in Alford-{Hamilton,Welsh} Ball-{Holiday,Welsh} \
        Hamilton-{Alford,Holiday} Holiday-{Ball,Hamilton} \
        Welsh-{Alford,Ball}; do
        one=${way%-*} target=$(mesh_port "${way#*-}")
        routes+=("$way=$port:$target")
        sed -i "s/mesh = 127.0.0.1:$target\$/mesh = 127.0.0.1:$port/" \
            "$folder/views/$one"
        port=$((port + 1))
    done
    cat >"$folder/bin/zherd" <<END
#!/usr/bin/env bash
name=\${!#}
if [ "\$1" = -l ] && [ -f "$folder/views/\$name" ]; then
    exec "$real_bin/zherd" "\${@:1:\$#-2}" "$folder/views/\$name" "\$name"
fi
exec "$real_bin/zherd" "\$@"
END
    chmod +x "$folder/bin/zherd"
    export HERD_BIN=$folder/bin
    "$top/tests/herd/link-proxy" $((BASE + 48)) "${routes[@]}" &
    # shellcheck disable=SC2034  # tests stop it
    proxy=$!
    eventually fails is_port_free $((BASE + 48))
}

#  Have the proxy do what it is told; its answer without the "ok"

tell_proxy () {
    local reply=
    {
        echo "$*" >&4
        IFS= read -r -t 60 reply <&4
    } 4<>"/dev/tcp/127.0.0.1/$((BASE + 48))"
    [ "${reply%% *}" = ok ] || { echo "link-proxy: $reply" >&2; return 1; }
    [ "$reply" = ok ] || echo "${reply#ok }"
}

#  The same for both ways of the link between two servers

tell_link () {
    tell_proxy "${@:1:$# - 2}" "${*: -2:1}-${*: -1}" "${*: -1}-${*: -2:1}"
}
