#!/usr/bin/env bash
#   Many clients, and some that behave badly: nobody else notices.

BASE=17600
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

#  As many idle clients as we may have, up to 10,000

crowd () {
    perl -MIO::Socket::INET -e '
        my ($port, $count, $ready) = @ARGV;
        my @clients = map {
            IO::Socket::INET->new (PeerAddr => "127.0.0.1", PeerPort => $port)
                or die "client $_: $@";
        } 1 .. $count;
        open my $file, ">", $ready or die $!;
        close $file;
        select undef, undef, undef, 600' \
        "$(client_port Alford)" "$1" "$folder/ready" &
    crowd=$!
    eventually [ -e "$folder/ready" ]
}

#  Ask and ask, and read nothing, until we are cut

never_read () {
    perl -MIO::Socket::INET -e '
        $SIG {PIPE} = "IGNORE";
        alarm 60;
        my $socket = IO::Socket::INET->new (PeerAddr => "127.0.0.1",
            PeerPort => $ARGV [0]) or die $@;
        1 while syswrite $socket, ("x" x 999 . "\n") x 64;
        ' "$(client_port Alford)"
}

connected () {
    herd status | awk '$1 == "Alford" { print $4 }'
}

is_crowded () {
    [ "$(connected)" -gt 0 ]
}

ring "$folder/herd.zpl" limits "    output_size_max = 65536" \
    "    output_stall_seconds = 1" "    connections_max = 10001"
ulimit -S -n "$(ulimit -H -n)"
herd up "$folder/herd.zpl" >/dev/null || exit

most=$(ulimit -n)
[ "$most" != unlimited ] && [ "$most" -lt 11000 ] || most=11000
many=$((most - 1000))
crowd $many
holds "$many idle clients are let in" [ -e "$folder/ready" ]
holds "all of them are counted" same "$(connected)" $many
holds "one more is answered" tell Alford "quick +1+1 1"
holds "its peer hears of it" eventually knows Hamilton quick
stop_stranger "$crowd"
holds "when they leave they are forgotten" eventually fails is_crowded

never_read &
greedy=$!
holds "others are answered while one reads nothing" \
    tell Alford "quick +1+1 2"
wait "$greedy"
holds "a client that reads nothing is cut" same $? 0

#  A MiB without a newline: 1 KiB of it comes back, and that is all

long=$(printf '%01048576d' 0)
reply=$(printf '%s' "$long" | pipe_to Alford)
holds "a line that is too long is answered by its start" \
    same "$reply" "? ${long:0:1024}"
holds "and others are answered" tell Alford "quick +1+1 3"

#  Strangers' limits

connect_and_say () {
    perl -MIO::Socket::INET -e '
        my ($port, $count) = @ARGV;
        my @clients = map {
            IO::Socket::INET->new (PeerAddr => "127.0.0.1", PeerPort => $port)
                or die "client $_: $@";
        } 1 .. $count;
        alarm 60;
        for my $client (@clients) {
            print $client "hello\n";
            print scalar <$client>;
        }' "$(client_port Ball)" "$1" | sort | uniq -c | xargs
}

#  The minute may end meanwhile

has_noted_newcomers () {
    log_is_written Ball && is_between \
        "$(notices Ball "new_clients_per_minute, from 127.0.0.1")" 1 2
}

tell_newcomers () {
    local index
    for index in {1..20}; do
        echo "IAMAT newcomer$index +1+1 1"
    done | pipe_to Ball | grep -c "^? IAMAT newcomer"
}

holds "down succeeds" herd down
ring "$folder/herd.zpl" limits "    connections_per_address = 3" \
    "    new_clients_per_minute = 5"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "an address has so many connections" same "$(connect_and_say 8)" \
    "3 ? hello 5 ? too many connections from your address"
holds "the others are counted" same "$(says Ball refused_addresses)" 5
holds "and noted" \
    is_noted Ball 1 "connections_per_address, from 127.0.0.1"

#  Unless the minute ends meanwhile, fifteen are
refused=$(tell_newcomers)
holds "an address brings so many new clients a minute" \
    is_between "$refused" 10 15
holds "the others are counted" \
    same "$(says Ball refused_newcomers)" "$refused"
holds "and noted" has_noted_newcomers
holds "one that is known may move" \
    like "$(herd ask Ball "IAMAT newcomer1 +2+2 2")" "^AT Ball "

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
