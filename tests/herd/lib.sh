#   What herd tests share: a herd of one's own, TAP, and waiting for what shall
#   be true.  A test sets BASE, the first of fifty ports that are its own, and
#   sources this.
#   shellcheck shell=bash

set -uo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/zherd-test.XXXXXX")
export HERD_DIR=$folder/run
export HERD_BIN=${HERD_BIN:-$top/build/release}
servers=(Alford Ball Hamilton Holiday Welsh)
# shellcheck disable=SC2034  # some tests have no use for it
kiwi='kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450'
strangers=()  #  Processes of the test itself, by pid
count=0

clean_up () {
    herd down >"$folder/down" 2>&1
    for pid in "${strangers[@]}"; do
        kill -KILL "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
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

#  Wait until the command succeeds, no longer than so many seconds

within () {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        [ "${EPOCHREALTIME/[.,]/}" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

#  The command succeeds, and takes so many milliseconds at most

takes_at_most () {
    local start=${EPOCHREALTIME/[.,]/} ms=$1 took
    shift
    "$@" || return 1
    took=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
    [ "$took" -le "$ms" ] || { echo "it took $took ms"; return 1; }
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

client_port () {
    local index
    for index in {0..4}; do
        [ "${servers[index]}" != "$1" ] || echo $((BASE + index))
    done
}

pid_of () {
    cut -d ' ' -f 1 "$HERD_DIR/$1.pid"
}

tell () {
    herd ask "$1" "IAMAT $2" >/dev/null
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
    [ "$(herd status 2>&1 | awk 'NR > 1 { print NF, $5, $6 }' | sort |
        uniq -c | awk '{ print $1, $2 }')" = "5 7" ]
}

all_links_up () {
    herd status >/dev/null 2>&1
}

#  Send standard input, half-close at once, print all that comes

pipe_to () {
    perl -MIO::Socket::INET -e '
        my $socket = IO::Socket::INET->new (PeerAddr => "127.0.0.1",
            PeerPort => $ARGV [0], Timeout => 5) or die "connect: $@";
        $SIG {PIPE} = "IGNORE";
        alarm 10;
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
        [[ $file == *.log || $file == "$HERD_DIR/*" ]] ||
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
