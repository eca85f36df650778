#!/usr/bin/env bash
#   A herd on five machines that know each other by name: it comes up, answers
#   everywhere, and goes on when a machine is cut off, restarted or moved, and
#   when a DNS server does not answer.

#  shellcheck source=tests/hosts/lib.sh
. "$(dirname "$0")/lib.sh"

endpoint () {
    echo "$(hostname_of "$1"):$2"
}

path=/maps/api/place/nearbysearch/json

#  All names but those given

addresses () {
    local name number=0
    for name in "${servers[@]}"; do
        number=$((number + 1))
        [[ " $* " == *" $name "* ]] ||
            echo "$(hostname_of "$name") 10.77.0.$number"
    done
}

new_hosts 10.77.0.
names_are < <(addresses)
write_topology endpoint "mesh" "    security = plain" \
    "places" "    url = http://$(endpoint Ball 14000)$path" \
    "    allow_http = yes"

printf 'id\tname\tlatitude\tlongitude\n1\tKiwi bar\t34.0689\t-118.4451\n' \
    >"$folder/bar.tsv"
serve_on Ball "$HERD_BIN/zherd-places" -a '*' "$folder/bar.tsv"
holds "a Places service serves all" eventually grep -q serving "$folder/served"

holds "each host starts its own server" all_up
holds "all find each other by name" eventually all_agree Holiday
holds "who is elsewhere is said" grep -Eq 'Welsh +- +at welsh.example:13000' \
    "$folder/Alford/up"
holds "names and numbers are logged" eventually \
    log_has Alford ' \* peer-name: welsh.example is 10.77.0.5$'

holds "a client speaks to one server" tells Alford Alford "$kiwi"
holds "all others hear of it" eventually all_have_heard kiwi.cs.ucla.edu
holds "any host may ask any server" like \
    "$(at Welsh ask Hamilton 'WHATSAT kiwi.cs.ucla.edu 10 5')" \
    'AT Alford .*"name" : "Kiwi bar"'
holds "the check finds all well, seen from anywhere" at Ball check

cut_off Hamilton
holds "a client speaks while a machine is cut off" \
    tells Holiday Holiday 'cut +1+1 1'
holds "the others hear of it another way" eventually has_heard Alford cut
holds "the check names the machine that cannot be reached" \
    eventually check_says Alford 'Hamilton does not answer'
mend Hamilton
holds "it learns what it missed" eventually has_heard Hamilton cut
holds "all agree again" eventually all_agree Ball

at Holiday kill Holiday >/dev/null
holds "a server is started again" at Holiday start Holiday
holds "it knows all that the others do" eventually has_heard Holiday cut

#  A silent DNS server, asked for the one name that is in no file

# shellcheck disable=SC2016  # it is Perl that expands
serve_on Welsh perl -MIO::Socket::INET -e '
    my $socket = IO::Socket::INET->new (Proto => "udp", LocalPort => 53,
        LocalAddr => "127.0.0.1") or die;
    sleep'
printf 'nameserver 127.0.0.1\noptions timeout:2 attempts:1\n' \
    >"$folder/Welsh/resolv.conf"
at Welsh stop Welsh >/dev/null
names_are Welsh < <(addresses Ball)
holds "a DNS server that is silent delays no start" start_on Welsh
holds "nor another link" eventually is_linked Welsh Alford
tells Alford Alford 'dns +1+1 1'
holds "nor what is heard over that" eventually has_heard Welsh dns
holds "the name that it does not tell is logged" \
    eventually log_has Welsh 'ball.example cannot be resolved: '
holds "the link that needs it is down" fails is_linked Welsh Ball
holds "the end does not wait for it" at Welsh stop Welsh
start_on Welsh >/dev/null 2>&1
names_are Welsh < <(addresses)
holds "once the name is known the link comes up" eventually is_linked Welsh Ball

#  Ball gets another address, and its name with it

move_to Ball 10.77.0.99
names_are < <(addresses Ball; echo "$(hostname_of Ball) 10.77.0.99")
holds "a machine with a new address is found by its name" \
    eventually log_has Holiday ' \* peer-name: ball.example is 10.77.0.99$'
tells Ball Ball 'moved +1+1 1'
holds "it is heard, and hears" eventually all_have_heard moved
holds "all agree in the end" eventually all_agree Alford
holds "status, at any host, has all" at Welsh status

holds "all end as they should" all_down
done_testing
