#   What herd tests share: a herd of one's own, TAP, and waiting for what shall
#   be true.  A test sets BASE, the first of fifty ports that are its own, and
#   sources this.
#   shellcheck shell=bash

set -uo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/zherd-test.XXXXXX") || exit
mkfifo "$folder/nothing"
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
        echo "failed: $*"$'\n'"$output" | uniq | sed 's/^/#   /'
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
        pause
    done
}

#  Let others work for a moment.  No process is begun for that: nobody writes to
#  that pipe

pause () {
    ! read -rt 0.05 <>"$folder/nothing"
}

#  The command goes on to succeed, for so many seconds

stays () {
    local end=$((SECONDS + $1))
    shift
    while [ $SECONDS -le $end ]; do
        "$@" || return 1
        pause
    done
}


#   The herd

herd () {
    "$top/scripts/herd" "$@"
}

#  Write a topology of these servers, with this test's ports, to a file; what
#  follows the file is added to it

topology () {
    local file=$1 index
    shift
    {
        printf 'herd\n    name = test\nservers\n'
        for index in "${!servers[@]}"; do
            printf '    %s\n' "${servers[index]}"
            printf '        clients = 127.0.0.1:%d\n' $((BASE + index))
            printf '        mesh = 127.0.0.1:%d\n' $((BASE + 10 + index))
            printf '        admin = 127.0.0.1:%d\n' $((BASE + 20 + index))
        done
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >"$file"
}

#  The same, with the assignment's links

ring () {
    topology "$1" links '    Alford = Hamilton Welsh' \
        '    Ball = Holiday Welsh' '    Hamilton = Holiday' "${@:2}"
}

#  Each server in the file gets an HTTP port, from BASE + 40 on

add_http () {
    awk -v port=$((BASE + 40)) '{ print }
        /^        admin = / { print "        http = 127.0.0.1:" port++ }' \
        "$1" >"$1.http"
    mv "$1.http" "$1"
}

http_ring () {
    ring "$@"
    add_http "$1"
}

#  The server's port, of those so many after BASE, into "port", and its host
#  into "host": no process is begun for that.  A test may have its servers
#  elsewhere.

find_port () {
    local index
    for index in "${!servers[@]}"; do
        [ "${servers[index]}" != "$1" ] || port=$((BASE + $2 + index))
    done
}

find_host () {
    host=127.0.0.1
}

port_of () {
    local port
    find_port "$@"
    echo "$port"
}

host_of () {
    local host
    find_host "$1"
    echo "$host"
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

#  Connect to that port of a server, and send it text; what it answers is read
#  from 4.  Who closes the connection meanwhile does not end us.

call () {
    local host port
    find_host "$1"
    find_port "$1" "$2"
    { exec 4<>"/dev/tcp/$host/$port"; } 2>/dev/null || return 1
    trap '' PIPE
    printf '%s' "$3" 2>/dev/null >&4
    trap - PIPE
}

#  Have a server answer a line: "reply" is the answer's first line, or nothing.
#  That to a WHATSAT goes on until an empty line

ask_line () {
    local rest=
    reply=
    call "$1" 0 "$2"$'\n' || return 1
    IFS= read -rt 60 reply <&4
    [[ $2 != WHATSAT* || $reply != "AT "* ]] || rest=$reply
    while [ -n "$rest" ]; do
        IFS= read -rt 60 rest <&4
    done
    exec 4>&-
    [ -n "$reply" ]
}

tell () {
    local reply
    ask_line "$1" "IAMAT $2"
}

#  Begin the assignment's session with Alford, at 3, as telnet does: lines end
#  with CR LF

begin_session () {
    local reply
    exec 3<>"/dev/tcp/127.0.0.1/$(client_port Alford)"
    printf 'IAMAT %s\r\n' "$kiwi" >&3
    IFS= read -r -t 60 reply <&3
    like "$reply" "^AT Alford \+[0-9]+\.[0-9]{9} ${kiwi//[.+]/.}$"
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
        $1 >= since && $3 == "*" && $4 ~ /^link-(up|down):$/ {
            split ($1, part, /[T:Z]/)
            now = part [2] * 3600 + part [3] * 60 + part [4]
            link = $2 " to " $7
            if ($4 == "link-down:") { down [link] = now; why [link] = $0 }
            if ($4 != "link-up:" || !(link in down)) next
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
    local told
    told=$(says "$1" updates) && [ "$told" -ge "$2" ]
}

#  Stop that.  True if all was answered; "telling" in our folder has how quickly

stop_telling () {
    kill "$telling"
    eventually grep -q "replies in" "$folder/telling"
}

#  The AT line that the server has of the client

at_line () {
    local reply
    ask_line "$1" "WHATSAT $2 1 0"
    echo "$reply"
}

knows () {
    local reply
    ask_line "$1" "WHATSAT $2 1 0" && [[ $reply == "AT "* ]]
}

know () {
    local name client=$1
    shift
    for name; do
        knows "$name" "$client" || return 1
    done
}

#  The server's status, JSON, into "status"; false if it says none

ask_status () {
    status=
    call "$1" 20 $'GET /status HTTP/1.1\r\nConnection: close\r\nHost: '"$1"\
$'\r\n\r\n' || return 1
    IFS= read -r -d '' -t 60 status <&4
    exec 4>&-
    [[ $status == *"\"server\": \"$1\""* ]]
}

status_text () {
    local status
    ask_status "$1"
    printf '%s' "$status"
}

#  All five are up and have the same count and digest

agree () {
    local name status known first=
    for name in "${servers[@]}"; do
        ask_status "$name" &&
            [[ $status =~ \"clients_known\":\ ([0-9]+) ]] || return 1
        known=${BASH_REMATCH[1]}
        [[ $status =~ \"digest\":\ \"([0-9a-f]+) ]] || return 1
        known+=" ${BASH_REMATCH[1]}"
        same "$known" "${first:=$known}" || return 1
    done
}

all_links_up () {
    local name status
    for name in "${servers[@]}"; do
        ask_status "$name" && [[ $status == *'"up": true'* ]] &&
            [[ $status != *'"up": false'* ]] || return 1
    done
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
    local status
    ask_status "$1" && [[ $status =~ \"$2\":\ \"?([a-z0-9]+) ]] &&
        echo "${BASH_REMATCH[1]}"
}

link_says () {
    local status
    ask_status "$1" &&
        [[ $status =~ \"name\":\ \"$2\"[^}]*\"$3\":\ ([a-z0-9-]+) ]] &&
        echo "${BASH_REMATCH[1]}"
}

is_up () {
    local status
    ask_status "$1" &&
        [[ $status =~ \"name\":\ \"$2\"[^}]*\"up\":\ true ]]
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

#  All that the server has noted so far is in its log: a thread writes it, in
#  order.  That is for a log that has what clients say

log_is_written () {
    local mark=mark-$RANDOM$RANDOM
    eventually echoes "$1" "$mark" &&
        eventually grep -q " < client .* $mark\$" "$HERD_DIR/$1.log"
}

echoes () {
    local reply
    ask_line "$1" "$2" && [ "$reply" = "? $2" ]
}

#  It has noted so many by now: NAME COUNT PATTERN

is_noted () {
    log_is_written "$1" && same "$(notices "$1" "$3")" "$2"
}

#  Send NATS a message, and print what answers it: PORT SUBJECT [TEXT]

nats_say () {
    local line='' text=${3:-}
    {
        printf 'CONNECT {"verbose":false,"headers":true}\r\n' >&5
        printf 'SUB _INBOX.test 1\r\nPUB %s _INBOX.test %d\r\n%s\r\n' \
            "$2" ${#text} "$text" >&5
        until [[ $line == '{'* ]]; do
            IFS= read -rt 10 line <&5 || return 1
        done
        printf '%s\n' "$line"
    } 5<>"/dev/tcp/127.0.0.1/$1"
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
    local file
    is_nobody_there || return 1
    for file in "$HERD_DIR"/*; do
        [[ $file == *.log || $file == */keys || $file == "$HERD_DIR/*" ]] ||
            { echo "$file is left"; head "$file"; return 1; }
    done
    fails has_process "zherd*$folder"
}

#  Nobody takes connections at our ports

is_nobody_there () {
    local own state port
    while read -r _ own _ state _; do
        port=$((16#${own##*:}))
        if [[ $state == 0A && $port -ge $BASE && $port -lt $((BASE + 50)) ]]
        then
            echo "somebody is at port $port"
            return 1
        fi
    done < <(tail -qn +2 /proc/net/tcp /proc/net/tcp6)
}

#  Does any process have that pattern in its command line?

has_process () {
    local file words
    for file in /proc/[0-9]*/cmdline; do
        { mapfile -d '' -t words <"$file"; } 2>/dev/null || continue
        # shellcheck disable=SC2053  # it is a pattern
        if [[ ${words[*]} == *$1* ]]; then
            echo "$file: ${words[*]}"
            return 0
        fi
    done
    return 1
}


#  Have Places read a file of few places: two hundred thousand take it seconds

few_places () {
    real_bin=$(cd "$HERD_BIN" && pwd)
    mkdir -p "$folder/bin"
    ln -s "$real_bin/zherd" "$folder/bin"
    cat >"$folder/bin/zherd-places" <<END
#!/usr/bin/env bash
exec "$real_bin/zherd-places" "\${@:1:\$#-1}" "$top/data/ucla.tsv"
END
    chmod +x "$folder/bin/zherd-places"
    export HERD_BIN=$folder/bin
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
