#!/usr/bin/env bash
#   In a herd with keys nobody else is heard or told anything: not whoever takes
#   the port of a server that is down, nor a server with other keys, or none.

BASE=18850
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

knock=$top/tests/herd/knock
zherd=$HERD_BIN/zherd
keys=$HERD_DIR/keys

#  Be Hamilton, with that topology and those keys, or none

pretend () {
    : >"$folder/pretender.log"
    "$zherd" -l "$folder/pretender.log" "${@:2}" "$folder/$1.zpl" Hamilton &
    pretender=$!
}

pretender_says () {
    grep -q " \* .*$1" "$folder/pretender.log"
}

has_noticed () {
    [ "$(notices "$1" "$2")" -ge 1 ]
}

#  However often it is tried

is_noticed_once () {
    [ "$(says "$1" "$2")" -ge 2 ] && same "$(notices "$1" "$3")" 1
}

hears_nothing () {
    fails timeout 60 "$knock" "$(mesh_port Hamilton)" hear
}

ring "$folder/herd.zpl"
ring "$folder/plain.zpl" mesh "    security = plain"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "a herd comes up with keys of its own making" all_links_up
holds "each server has one" \
    same "$(cut -d " " -f 2 "$keys/herd.pub" | sort -u | wc -l)" 5
holds "its log says so" is_noted Alford 1 "links have keys"
holds "clients are told of" tell_much Alford c 100 100 1000
holds "all five agree" eventually agree
digest=$(says Alford digest)

#  Alford and Holiday have links to Hamilton

herd kill Hamilton >/dev/null
holds "who takes its port without keys hears nothing" hears_nothing
pretend plain
holds "a plain server in its place is called that" \
    eventually has_noticed Alford "no link to Hamilton: it is plain"
holds "that calls it by its name, too" \
    eventually pretender_says "no link to Alford: it has keys"
holds "it is refused, and that is noted once" \
    eventually is_noticed_once Alford refused_unmet "mesh: it is plain"
stop_stranger "$pretender"

"$zherd" keys "$folder/herd.zpl" "$folder/others" >/dev/null
pretend herd -k "$folder/others"
holds "a server with other keys is not the one that is looked for" \
    eventually has_noticed Holiday "no link to Hamilton: who is there has not"
holds "nor does it find those that it looks for" \
    eventually pretender_says "no link to Alford: who is there has not"
stop_stranger "$pretender"

#  It knows all public keys, and has another secret: as if it was revoked

cp -r "$keys" "$folder/revoked"
holds "a server may get a new key" \
    "$zherd" keys --rotate Hamilton "$folder/herd.zpl" "$folder/revoked"
pretend herd -k "$folder/revoked"
holds "a key that no peer has is refused, and noted once" \
    eventually is_noticed_once Alford refused_unknown \
    "no peer has the key .{8}, from 127.0.0.1,"
holds "it is told that" eventually pretender_says "no link to .*: it refuses"
stop_stranger "$pretender"
holds "none of them was let in" \
    same "$(grep -c "link to .* up" "$folder/pretender.log")" 0
holds "nor told anything" same "$(says Alford digest)" "$digest"

herd start Hamilton >/dev/null
holds "the right one is" eventually agree

#  While all go on

start_telling Alford c 1000 3000 "$(rate 200)"
begun=$(date -u +%FT%T)
holds "herd keys --rotate gives a server a new key" herd keys --rotate Ball
holds "which has two now" same "$(grep -c "^Ball " "$keys/herd.pub")" 2
herd reload >/dev/null
holds "its peers' logs say so" \
    has_noticed Holiday "reloaded .*: new key of Ball"
holds "and its own" has_noticed Ball "reloaded .*: new key of Ball"
holds "but nobody else's" has_noticed Alford "reloaded .*: nothing changed"
holds "all links are up with it" eventually all_links_up
holds "herd keys --retire ends the old one" herd keys --retire Ball
holds "which has one now" same "$(grep -c "^Ball " "$keys/herd.pub")" 1
herd reload >/dev/null
holds "its peers' logs say that, too" \
    has_noticed Holiday "reloaded .*: no old key of Ball"
holds "all links are up with that" eventually all_links_up
holds "clients were answered all the time" stop_telling
sed "s/^/#   /" "$folder/telling"
holds "and all five agree" eventually agree
print_outages "$begun"

cp "$keys/herd.pub" "$folder/others"
holds "no key is ended for a secret that herd.pub does not know" \
    fails "$zherd" keys --retire Ball "$folder/herd.zpl" "$folder/others"

chmod 640 "$keys/Ball.secret"
holds "a secret that others can read is refused" \
    fails herd restart Ball
chmod 600 "$keys/Ball.secret"
herd start Ball >/dev/null

#  A key made on each machine would be another on each

sed -i "s/^links\$/    Lima\n        clients = lima.example:1\n\
        mesh = lima.example:2\n        admin = lima.example:3\n&/" \
    "$folder/herd.zpl"
holds "a server of another machine may come" \
    like "$(herd reload 2>&1)" "Lima +- +at lima.example:2"
holds "and is made no key here" fails grep -q "^Lima " "$keys/herd.pub"

holds "down succeeds" herd down
holds "down leaves no process, port or file but logs and keys" nothing_left
done_testing
