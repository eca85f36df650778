#!/usr/bin/env bash
#   A crowd that shakes hands at a mesh port and says nothing takes neither the
#   descriptors that clients and the admin port need, nor a peer's place.

BASE=17900
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

CROWD=700
DESCRIPTORS=400

#  Clients that stay, until there are as many as get in

take_all_clients () {
    perl -MIO::Socket::INET -e '
        my ($port, $ready) = @ARGV;
        my @clients;
        while (1) {
            my $client = IO::Socket::INET->new (PeerAddr => "127.0.0.1",
                PeerPort => $port) or die $@;
            print $client "hello\n";
            last if <$client> ne "? hello\n";
            push @clients, $client;
        }
        open my $file, ">", $ready or die $!;
        print $file scalar @clients;
        close $file;
        select undef, undef, undef, 600' \
        "$(client_port Alford)" "$folder/clients" &
    eventually [ -s "$folder/clients" ]
}

descriptors () {
    local all=("/proc/$(pid_of Alford)/fd"/*)
    echo ${#all[@]}
}

stay_idle () {
    "$top/tests/herd/knock" "$(mesh_port Alford)" idle "$CROWD" \
        "$folder/crowd" 2>/dev/null &
    eventually [ -e "$folder/crowd" ]
}

has_sent_away () {
    [ "$(says Alford refused_crowded)" -ge "$1" ]
}

has_room () {
    is_between "$(descriptors)" 1 $((DESCRIPTORS - 1))
}

ring "$folder/herd.zpl" mesh "    security = plain"
(ulimit -n "$DESCRIPTORS" && herd up "$folder/herd.zpl" >/dev/null) || exit
all_links_up || exit

stay_idle
holds "$CROWD shake hands and say nothing" [ -e "$folder/crowd" ]
holds "most of them are sent away" eventually has_sent_away $((CROWD / 2))
holds "that is noted once" is_noted Alford 1 "too many, and it was"
holds "there is room for others" eventually has_room
holds "a client is answered" tell Alford "kiwi +1+1 1"
holds "its peers hear of it" eventually know kiwi Hamilton Welsh
herd kill Welsh
tell Alford "apple +1+1 1"
holds "a peer that was away comes back" herd start Welsh
holds "and is told what it missed" eventually knows Welsh apple
holds "the other link stood all the time" \
    same "$(link_says Alford Hamilton resumes)" 1
take_all_clients
holds "clients come until there is no room for more" [ -s "$folder/clients" ]
holds "there is still room for the mesh and the admin port" \
    is_between "$(says Alford connections)" 100 $((DESCRIPTORS - 100))
herd kill Hamilton
holds "and for a peer that was away" herd start Hamilton
holds "all links are up" eventually all_links_up

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
