#!/usr/bin/env bash
#   Phones publish at a broker, and a bridge tells the herd: whoever is killed,
#   the herd has the newest of every device.

BASE=18250
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

servers=(One)

PATH=$PATH:/usr/sbin:/sbin
for program in mosquitto mosquitto_pub mosquitto_passwd; do
    command -v $program >/dev/null || {
        echo "1..0 # SKIP there is no $program: scripts/install-deps brokers"
        exit
    }
done

topology "$folder/one.zpl"
add_http "$folder/one.zpl"

#  A broker as docs/mqtt.md has it, but for ports and places of files

broker_port=$((BASE + 30)) tls_port=$((BASE + 31))
: >"$folder/passwords"
chmod 600 "$folder/passwords"
for user in bridge bob eve jane herd map; do
    mosquitto_passwd -b "$folder/passwords" "$user" 's:3 cret' 2>/dev/null
done
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
sed -n '/^1\. /,/^2\. / s/^       //p' "$top/docs/mqtt.md" |
    sed "s,/etc/mosquitto/certs/fullchain.pem,$folder/cert.pem,
        s,/etc/mosquitto/certs/privkey.pem,$folder/key.pem,
        s,/etc/mosquitto/,$folder/,; s,/var/lib/mosquitto/,$folder/,
        s/^listener 8883.*/listener $tls_port 127.0.0.1/
        s/^listener 1883/listener $broker_port/" >"$folder/recipe"
sed '/^pattern/,$ d' "$folder/recipe" >"$folder/broker.conf"
sed -n '/^pattern/,$ p' "$folder/recipe" >"$folder/acl"
chmod 600 "$folder/acl"
printf '%s\n' "user $(id -un)" "autosave_on_changes true" \
    "autosave_interval 1" >>"$folder/broker.conf"

start_broker () {
    mosquitto -c "$folder/broker.conf" >>"$folder/broker.log" 2>&1 &
    broker=$!
    eventually fails is_port_free "$broker_port"
}

kill_broker () {
    kill -KILL "$broker"
    wait "$broker" 2>/dev/null
}

#  What a phone publishes: DEVICE STAMP [LATITUDE]

publish () {
    publish_text "owntracks/$1" \
        '{"_type":"location","lat":'"${3:-1}"',"lon":2,"tst":'"$2"',"tid":"a"}'
}

publish_text () {
    local user
    user=$(cut -d / -f 2 <<<"$1")
    mosquitto_pub -p "$broker_port" -u "${3:-$user}" -P 's:3 cret' -q 1 -r \
        -t "$1" -m "$2"
}

#  A bridge, with these options

umask 077
echo 'bridge:s:3 cret' >"$folder/login"
start_bridge () {
    "$HERD_BIN/zherd-mqtt" -p "$folder/login" -l "$folder/bridge.log" "$@" &
    bridge=$!
}

said () {
    grep -E " zherd-mqtt \* $1" "$folder/bridge.log"
}

#  How often that was said

times () {
    said "$1" | wc -l
}

counts_are () {
    kill -USR1 "$bridge"
    said "$1" >/dev/null
}

#  It may not have read all messages when it is asked first

counts_say () {
    eventually counts_are "$1"
}

knows_newest () {
    local device=$1 place=$2 stamp=$3
    [[ $(at_line One "owntracks/$device") == \
        "AT One "*" owntracks/$device $place $stamp" ]]
}

#  Before anybody is there

chmod 644 "$folder/login"
holds "a password that others can read is refused" \
    like "$("$HERD_BIN/zherd-mqtt" -p "$folder/login" 2>&1)" \
    '^zherd-mqtt: .*/login: is open to others'
chmod 600 "$folder/login"
holds "so is a file of authorities that is not there" \
    like "$("$HERD_BIN/zherd-mqtt" --ca "$folder/none" 2>&1)" \
    '^zherd-mqtt: .*/none, .*: these are no readable'

start_bridge -b "127.0.0.1:$broker_port" -s "127.0.0.1:$((BASE + 1))" \
    -s "127.0.0.1:$BASE"
holds "the bridge says that there is no broker" \
    eventually said "broker .*:$broker_port can't be used: "
holds "and that there is no server" \
    eventually said "server .*:$BASE can't be reached: Connection refused"
start_broker
holds "it subscribes once there is a broker" \
    eventually said "broker .*:$broker_port is subscribed to"

#  While there is no server

for stamp in 11 15 13; do
    publish jane/phone $stamp $stamp
done
publish bob/phone 20
publish_text owntracks/bob/phone '{"_type":"lwt","tst":99}'
publish_text owntracks/eve/phone 'no JSON'
holds "what is no location, or no JSON, is counted" \
    counts_say '6 messages: 1 passed over, 1 bad, .* 1 replaced .* 1 older '
holds "the bridge finds the second server" herd up "$folder/one.zpl"
holds "the newest of each device is told" \
    eventually knows_newest jane/phone +15.0000000+2.0000000 15
holds "even if a will took its place at the broker" \
    eventually knows_newest bob/phone +1.0000000+2.0000000 20
publish_text owntracks/bob/phone \
    '{"_type":"location","lat":9,"lon":9,"tst":99}' jane
publish bob/phone 21
holds "what is published later is told, if it is the user's own" \
    eventually knows_newest bob/phone +1.0000000+2.0000000 21

#  The server loses all it knows

publish jane/phone 30
eventually knows_newest jane/phone +1.0000000+2.0000000 30
herd kill One >/dev/null
holds "it is noticed that the server is gone" \
    eventually said 'server .* is gone'
holds "a server that comes back" herd start One
holds "is told what the broker retains" \
    eventually knows_newest jane/phone +1.0000000+2.0000000 30
holds "of every device" \
    eventually knows_newest bob/phone +1.0000000+2.0000000 21

#  The broker is killed

kill_broker
holds "it is noticed that the broker is gone" \
    eventually said 'broker .* is gone'
start_broker
publish bob/phone 22
holds "of a broker that comes back the bridge hears" \
    eventually knows_newest bob/phone +1.0000000+2.0000000 22

#  The bridge is killed

kill -KILL "$bridge"
wait "$bridge" 2>/dev/null
publish bob/phone 23
mv "$folder/bridge.log" "$folder/first.log"
start_bridge -b "localhost:$tls_port" --ca "$folder/cert.pem" \
    -s "localhost:$BASE"
holds "a bridge that comes back tells what it missed, over TLS and by names" \
    eventually knows_newest bob/phone +1.0000000+2.0000000 23
holds "no log has the password" \
    fails grep -F 's:3 cret' "$folder/bridge.log" "$folder/first.log"
kill "$bridge"
wait "$bridge"
holds "it ends when it is told to" same $? 0
holds "and says what it did" said '[0-9]+ messages: .* 0 devices wait'

#  The other way: what the herd knows is published

echo 'herd:s:3 cret' >"$folder/publisher"
start_publisher () {
    "$HERD_BIN/zherd-mqtt" --publish -p "$folder/publisher" \
        -l "$folder/publisher.log" -b "127.0.0.1:$broker_port" \
        -s "127.0.0.1:$((BASE + 41))" -s "127.0.0.1:$((BASE + 40))" &
    publisher=$!
}

#  What the broker has retained: CLIENT COORDINATES

is_published () {
    mosquitto_sub -p "$broker_port" -u map -P 's:3 cret' -W 2 -C 1 \
        -t "zherd/$1" 2>/dev/null | grep -qF "\"coordinates\":$2}"
}

tell One "kiwi +1.5+2.5 50"
tell One "a+b#c +4+5 50"
start_publisher
holds "what the herd knows is published" \
    eventually is_published kiwi '[2.5,1.5]'
holds "and a client whose ID is no topic, at one" \
    eventually is_published 'a%2Bb%23c' '[5,4]'
tell One "kiwi +1.5+3.5 51"
holds "what changes is, too" eventually is_published kiwi '[3.5,1.5]'
kill_broker
rm -f "$folder/mosquitto.db"
tell One "kiwi +1.5+4.5 52"
start_broker
holds "a broker that lost all is told all" \
    eventually is_published 'a%2Bb%23c' '[5,4]'
holds "and what changed meanwhile" eventually is_published kiwi '[4.5,1.5]'
herd kill One >/dev/null
herd start One >/dev/null
tell One "kiwi +1.5+5.5 53"
holds "a server that comes back is listened to" \
    eventually is_published kiwi '[5.5,1.5]'
kill -KILL "$publisher"
wait "$publisher" 2>/dev/null
tell One "kiwi +1.5+6.5 54"
start_publisher
holds "who publishes and comes back publishes what it missed" \
    eventually is_published kiwi '[6.5,1.5]'
holds "of several servers each state is logged once" \
    same "$(grep -c "server .*:$((BASE + 41)) can't be reached" \
        "$folder/publisher.log")" 2
kill "$publisher"
wait "$publisher"
holds "it ends when it is told to" same $? 0

#  A transition, which has a topic below the phone's

start_bridge -b "127.0.0.1:$broker_port" -s "127.0.0.1:$BASE" -t 'owntracks/#'
publish_text owntracks/jane/phone/event \
    '{"_type":"transition","event":"enter","lat":7,"lon":8,"tst":60,"wtst":1}'
holds "a transition is told, as the recipe lets it be published" \
    eventually knows_newest jane/phone +7.0000000+8.0000000 60
kill "$bridge"
wait "$bridge"

#  Who is not to be trusted, and who does not trust us

start_bridge -b "localhost:$tls_port" --tls
holds "a broker whose certificate nobody vouches for is not used" \
    eventually said 'broker .* can.t be used: .*certificate verify failed'
kill "$bridge"
wait "$bridge"
echo 'bridge:wrong' >"$folder/login"
start_bridge -b "127.0.0.1:$broker_port" -s "127.0.0.1:$BASE"
holds "a broker that does not know us says so" \
    eventually said 'broker .* can.t be used: .*not authorised'
is_refused_again () {
    [ "$(grep -c 'disconnected, not authorised' "$folder/broker.log")" -ge 3 ]
}
holds "and is asked again" eventually is_refused_again
echo 'bridge:s:3 cret' >"$folder/login"
holds "a password that is put right counts at the next try" \
    eventually said 'broker .* is subscribed to'
holds "each state is said once" \
    same "$(times 'broker .*not authorised')" 1
done_testing
