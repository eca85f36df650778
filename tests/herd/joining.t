#!/usr/bin/env bash
#   Two regions are joined as docs/regions.md has it, word by word: its
#   certificates, NATS, topology and reader.

#  shellcheck disable=SC2016  # subjects of NATS begin with a dollar
BASE=28300
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
for program in nats-server python3 openssl; do
    command -v $program >/dev/null || {
        echo "1..0 # SKIP there is no $program: scripts/install-deps"
        exit
    }
done

servers=(Alford EastGate Welsh WestGate)
nats_port=$((BASE + 40))
certs=$folder/certs
mkdir "$certs" "$folder/jetstream"

#  What is printed between two lines of the page, with hosts and ports of ours

recipe () {
    sed -n "/$1/,/$2/ s/^    //p" "$top/docs/regions.md" |
        sed "s,/etc/nats/,$certs/,; s,/var/lib/nats,$folder/jetstream,
            s,nats1.example:4222,localhost:$nats_port,
            s,nats1.example,localhost,; s,0.0.0.0:4222,127.0.0.1:$nats_port,"
}

in_region () {
    HERD_DIR=$folder/run-$1 herd "${@:2}"
}

#  The topology of a region of a server, with what the page adds

region () {
    local name=$1 server=$2 gate=$3
    {
        recipe '^\*\*3' '^\*\*4' |
            sed "s/east/$name/; s/EastGate/$gate/; s/Alford/$server/
                s/mesh = .*/mesh = 127.0.0.1:$(mesh_port "$gate")/
                s/admin = .*/admin = 127.0.0.1:$(admin_port "$gate")/
                /region/a\\    name = $name
                /^servers/a\\    $server\\
        clients = 127.0.0.1:$(client_port "$server")\\
        mesh = 127.0.0.1:$(mesh_port "$server")\\
        admin = 127.0.0.1:$(admin_port "$server")"
        printf 'mesh\n    security = plain\n'
    } >"$certs/$name.zpl"
}

logs_of () {
    cat "$folder/run-$1/$2.log" 2>/dev/null
}

has_logged () {
    like "$(logs_of "$1" "$2")" "$3"
}

start_nats () {
    nats-server -c "$folder/nats.conf" >>"$folder/nats.log" 2>&1 &
    nats=$!
    eventually fails is_port_free "$nats_port"
}

#  Have a user send NATS a text, and print the answer: USER SUBJECT [TEXT]

say_as () {
    {
        sed "/^nats.sendall/,$ d; s/feed\.\(pem\|key\)/$1.\1/g" "$folder/feed"
        printf '%s\n' "nats.sendall(f'CONNECT {{}}\\r\\nSUB {inbox} 1\\r\\n'" \
            "    .encode())" "send('$2', '${3:-}', inbox)" \
            "print(receive()[1].decode())"
    } >"$folder/say"
    python3 "$folder/say" localhost "$nats_port" "$certs" 2>&1
}

start_feed () {
    python3 "$folder/feed" localhost "$nats_port" "$certs" \
        >>"$folder/$1" 2>>"$folder/feed.err" &
    feed=$!
}

is_fed () {
    grep -qx -- "$2" "$folder/$1"
}

line_of () {
    printf 'AT %s +0.000000000 probe +1+2 1400000000' "$1"
}

recipe '^\*\*1' '^\*\*2' >"$folder/certify"
recipe '^\*\*2' '^\*\*3' >"$folder/nats.conf"
recipe '^## Read' '^JetStream remembers' >"$folder/feed"
region east Alford EastGate
region west Welsh WestGate
holds "certificates are made as the page has it" \
    bash -c "cd '$certs' && bash -e '$folder/certify'"
start_nats


#   Who is refused

sed 's,tls://localhost,tls://127.0.0.1,' "$certs/east.zpl" >"$certs/wrong.zpl"
"$HERD_BIN/zherd-gateway" -l "$folder/wrong.log" "$certs/wrong.zpl" EastGate \
    2>"$folder/wrong.err" &
wrong=$!
is_distrusted () {
    like "$(cat "$folder/wrong.log" 2>/dev/null)" \
        'no connection to NATS: .*(verif|host|certificate|SSL)'
}
holds "a gateway refuses a server of another name than its certificate's" \
    eventually is_distrusted
kill "$wrong"
wait "$wrong"
holds "and ends in good order" same $? 0
holds "the regions come up" in_region east up "$certs/east.zpl"
holds "both" in_region west up "$certs/west.zpl"
holds "the stream is joined" \
    eventually has_logged east EastGate 'stream herd is joined'
holds "and the other region is there" \
    eventually has_logged east EastGate 'region west is there'
holds "what a client tells in one region is known in the other" \
    tell Alford "$kiwi"
holds "at its server" eventually know "${kiwi%% *}" Welsh
tell Welsh "koala -3+4 1479413885"
holds "and the other way" eventually know koala Alford

holds "a region may publish its own locations" \
    like "$(say_as east herd.east.probe "$(line_of Alford)")" '"seq"'
sed -i '/load_cert_chain/ d' "$folder/say"
holds "but not without its certificate" fails \
    python3 "$folder/say" localhost "$nats_port" "$certs"
holds "and no other's" \
    like "$(say_as east herd.west.probe "$(line_of Welsh)")" 'Permissions'
holds "nor say that another is there" \
    like "$(say_as east herd.west Welsh)" 'Permissions'
holds "nor delete the stream" \
    like "$(say_as east '$JS.API.STREAM.DELETE.herd')" 'Permissions'
holds "nor purge it" \
    like "$(say_as east '$JS.API.STREAM.PURGE.herd')" 'Permissions'
holds "a reader may publish nothing" \
    like "$(say_as feed herd.east.probe "$(line_of Alford)")" 'Permissions'
holds "who is no user is refused" \
    like "$(say_as localhost herd.east.probe)" 'Authorization'


#   Who reads the stream

start_feed first
holds "a reader gets what is there" \
    eventually is_fed first "${kiwi% *} ${kiwi##* }"
holds "of all regions" eventually is_fed first 'koala -3+4 1479413885'
tell Welsh "emu -5+6 1479413886"
holds "and what comes" eventually is_fed first 'emu -5+6 1479413886'
tell Alford "moa -7+8 1479413887"
holds "as it comes" eventually is_fed first 'moa -7+8 1479413887'
kill -KILL "$feed"
wait "$feed" 2>/dev/null
tell Alford "emu -5+7 1479413888"
start_feed second
holds "a reader that was killed goes on" \
    eventually is_fed second 'emu -5+7 1479413888'
holds "with what it did not print" fails grep -E 'kiwi|koala|-5\+6' \
    "$folder/second"
kill -KILL "$nats"
wait "$nats" 2>/dev/null
wait "$feed"
holds "it fails when NATS is gone" fails same $? 0
tell Welsh "emu -5+8 1479413889"
#  One who may do anything
sed -i 's/users = \[/&\n{ user: localhost }/' "$folder/nats.conf"
start_nats
start_feed third
holds "and goes on when that is back" \
    eventually is_fed third 'emu -5+8 1479413889'
holds "with what it did not print" fails grep -E 'kiwi|koala|-5\+6' \
    "$folder/third"
has_acknowledged_all () {
    like "$(say_as localhost '$JS.API.CONSUMER.INFO.herd.feed')" \
        '"num_ack_pending":0,.*"num_pending":0'
}
holds "having acknowledged all" eventually has_acknowledged_all
in_region east down >"$folder/said" 2>&1
in_region west down >"$folder/said" 2>&1
done_testing
