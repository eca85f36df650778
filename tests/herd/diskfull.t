#!/usr/bin/env bash
#   A server's disk is full for a while, under load: it goes on, says so, and
#   what it acknowledged is on the disk when there is room again.

BASE=27750
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

cat >"$folder/herd.zpl" <<TEXT
herd
    name = test
servers
    Alford
        clients = 127.0.0.1:$BASE
        mesh = 127.0.0.1:$((BASE + 10))
        admin = 127.0.0.1:$((BASE + 20))
log
    level = notices
store
    folder = small/tables
    sync_ms = 100
TEXT
small=$folder/run/small
mkdir -p "$small"

unshare --mount --map-root-user true 2>/dev/null ||
    { echo "1..0 # SKIP no mount namespaces can be made here"; exit; }

#  A server with a disk of two megabytes, which others see through it only

start_alone () {
    cd "$folder/run" && exec unshare --mount --map-root-user bash -c \
        'mount -t tmpfs -o size=2m none small && exec "$@"' start \
        "$HERD_BIN/zherd" -l Alford.log "$folder/herd.zpl" Alford 2>/dev/null
}

#  The first line of what it answers

answer () {
    pipe_to Alford <<<"$1" | head -n 1
}

is_kept () {
    [ "$(says Alford good)" = true ] && [ "$(says Alford behind)" = 0 ]
}

has_noted () {
    [ "$(notices Alford "$1")" -gt 0 ]
}

start_alone &
server=$!
seen=/proc/$server/root$small
holds "a server has its table on a disk" eventually is_kept
start_telling Alford c 200 1000000000 1000
holds "what it is told comes there" eventually has_told Alford 1000
cat /dev/zero 2>/dev/null >"$seen/fill"
holds "when the disk is full it says what is at stake" eventually has_noted \
    "what is acknowledged now is not on it: write: No space left"
holds "a client is answered" \
    like "$(answer "IAMAT meanwhile +1+1 5")" "^AT Alford "
rm "$seen/fill"
holds "when there is room again it says so" eventually has_noted \
    "table on disk again: generation"
holds "all this time clients were answered" stop_telling
holds "all is on the disk" eventually is_kept
"$HERD_BIN/zherd" table "$seen/tables/Alford.table" >"$folder/kept"
holds "each client once" same "$(wc -l <"$folder/kept")" \
    "$(says Alford clients_known)"
for client in meanwhile c0 c199; do
    holds "as it was last: $client" \
        grep -qxF "$(answer "WHATSAT $client 1 0")" "$folder/kept"
done
stop_stranger $server
done_testing
