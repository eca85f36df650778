#!/usr/bin/env bash
#   What an operator gets wrong: one clear line, a code, and nothing that is
#   half started.

BASE=17300
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

file=$folder/herd.zpl
zherd=$HERD_BIN/zherd

#  zherd with those arguments exits with that code and says that one line

says () {
    local code=$1 text=$2 said
    shift 2
    said=$("$zherd" "$@" 2>&1 >/dev/null)
    same $? "$code" && same "$said" "$text"
}

exits () {
    local code=$1
    shift
    "$zherd" "$@"
    same $? "$code"
}

#  Change the good topology by sed, and read it

refuses () {
    ring "$file"
    sed -i "$1" "$file"
    says 1 "zherd: $file: $2" -n "$file" || return 1
    says 1 "zherd: $file: $2" "$file" Alford
}

ring "$file"
holds "a good file is good" says 0 "" -n "$file"
holds "-n shows it, lines for places, keys, a heading and each server" \
    same "$("$zherd" -n "$file" | cut -f 1,6 | xargs)" \
    "places keys server peers Alford Hamilton,Welsh Ball Holiday,Welsh \
Hamilton Alford,Holiday Holiday Ball,Hamilton Welsh Alford,Ball"
holds "the file of the repository is good" exits 0 -n "$top/topology/herd.zpl"
holds "-h helps" exits 0 -h
holds "-V tells the version" exits 0 -V
holds "no arguments are a misuse" exits 2
holds "an unknown option is a misuse" exits 2 -Z "$file" Alford
holds "a missing server is a misuse" exits 2 "$file"
holds "a server too many is a misuse" exits 2 "$file" Alford Ball
holds "an unknown server is an error" says 1 \
    "zherd: $file: line 3: servers: there is no server Nobody" "$file" Nobody
holds "one in lower case is recognised" says 1 "zherd: $file: line 3: \
servers: there is no server alford; did you mean Alford?" -n "$file" alford

holds "a file that isn't there is refused" says 1 \
    "zherd: $folder/none: cannot be read: No such file or directory" \
    -n "$folder/none"
holds "an unknown key is refused" refuses 's/mesh/mush/' \
    "line 6: servers/Alford/mush: there is no such key"
holds "an unknown name is refused" refuses 's/= Hamilton Welsh/= Hamiltom/' \
    "line 25: links/Alford: there is no server Hamiltom"
holds "a repeated name is refused" refuses 's/    Ball$/    Alford/' \
    "line 8: servers/Alford: is there twice"
holds "a link to oneself is refused" refuses 's/= Holiday$/= Hamilton/' \
    "line 27: links/Hamilton: a link to itself"
holds "a port said twice is refused" refuses "s/:$((BASE + 11))/:$BASE/" \
    "line 10: servers/Ball/mesh: is the same as servers/Alford/clients"

up_refuses () {
    local said
    said=$(herd up "$file" 2>&1)
    same $? 1 && same "$said" "$1" && [ ! -e "$HERD_DIR" ]
}
ring "$file"
sed -i 's/mesh/mush/' "$file"
holds "up says what is wrong with a file, and starts nothing" up_refuses \
    "zherd: $file: line 6: servers/Alford/mush: there is no such key"

#  Take a port, of each kind in turn, of the last server to be started

take_port () {
    perl -MIO::Socket::INET -e '
        my $socket = IO::Socket::INET->new (Listen => 1, ReuseAddr => 1,
            LocalAddr => "127.0.0.1", LocalPort => $ARGV [0]) or die $@;
        open my $ready, ">", $ARGV [1] or die $!;
        close $ready;
        1 while $socket->accept' "$1" "$folder/taken" &
    taker=$!
    eventually [ -e "$folder/taken" ]
    rm "$folder/taken"
}

names_the_culprit () {
    local said
    said=$(herd up "$file" 2>&1)
    same $? 1 && like "$said" \
        "Welsh.*servers/Welsh/$1.*address.* in use: if Welsh is running already"
}

ring "$file"
for key in clients mesh admin; do
    port=$BASE
    [ $key = mesh ] && port=$((BASE + 10))
    [ $key = admin ] && port=$((BASE + 20))
    take_port $((port + 4))
    holds "up says whose $key port is taken" names_the_culprit $key
    stop_stranger "$taker"
    holds "nothing is half started then" nothing_left
done
holds "up succeeds when the port is free again" herd up "$file"

#  What the herd script itself is asked

herd_exits () {
    local code=$1
    shift
    herd "$@"
    same $? "$code"
}
holds "ask an unknown server is a misuse" herd_exits 2 ask Nobody hello
holds "start an unknown server is a misuse" herd_exits 2 start Nobody
holds "an unknown command is a misuse" herd_exits 2 dance
holds "another topology in the same directory is refused" \
    herd_exits 1 up "$top/topology/pair.zpl"
holds "start one that is up succeeds" herd start Alford
holds "log shows a log" like "$(herd log Alford)" "link to Welsh up"
holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
