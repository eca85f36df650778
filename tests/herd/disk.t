#!/usr/bin/env bash
#   All servers end at once, and what they acknowledged is on their disks.
#   DISK_ROUNDS=20 DISK_RATE=1000 has that happen more often, and three servers
#   told that much a second; DISK_HASTY=yes has it happen at once, and not once
#   the disks have what was acknowledged before a moment: an idle machine must
#   hold sync_ms.

BASE=27700
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

ROUNDS=${DISK_ROUNDS:-2}
RATE=${DISK_RATE:-500}
HASTY=${DISK_HASTY:-no}
SYNC_MS=200
MARGIN_MS=100

ring "$folder/herd.zpl" store "    folder = tables" "    sync_ms = $SYNC_MS"

#  Tell a server of new clients, RATE in a second, until it is gone.  Prints
#  each that was acknowledged, after when that was, in ms

ledger () {
    exec perl -MIO::Socket::INET -MTime::HiRes=time,sleep -e '
        my ($port, $prefix, $rate) = @ARGV;
        my $socket = IO::Socket::INET->new (PeerAddr => "127.0.0.1:$port")
            or die "$@\n";
        my $start = time;
        my ($made, $seen, $input) = (0, 0, "");
        local $SIG{PIPE} = "IGNORE";
        $socket->blocking (0);
        while (1) {
            my $output = "";
            $output .= sprintf "IAMAT %s%d +1+1 %d\n", $prefix, $made++, $start
                while $made < (time - $start) * $rate;
            $socket->syswrite ($output) if $output ne "";
            my $size = $socket->sysread ($input, 65536, length $input);
            last if defined $size ? $size == 0 : !$!{EAGAIN};
            my $now = int (time * 1000);
            printf "%d %s%d\n", $now, $prefix, $seen++
                while $input =~ s/^AT .*\n//;
            sleep 0.002;
        }' "$(client_port "$1")" "$2" "$3"
}

#  All that was acknowledged before that time, in ms, is known to the server

knows_all_before () {
    local server=$1 asked known
    asked=$(sort -u "$folder"/ledger.* |
        awk -v end="$2" '$1 < end { print $2 }')
    known=$(awk '{ print "WHATSAT " $0 " 1 0" }' <<<"$asked" |
        pipe_to "$server" | awk '/^AT / { print $4 }')
    [ -n "$asked" ] || { echo "nothing was acknowledged"; return 1; }
    same "$known" "$asked"
}

told () {
    [ "$(cat "$folder"/ledger.* | wc -l)" -ge "$1" ]
}

tell_three () {
    local name
    rm -f "$folder"/ledger.*
    for name in Alford Ball Holiday; do
        ledger "$name" "$1-$name-" "$RATE" >"$folder/ledger.$name" &
    done
}

kill_all () {
    local name pids=()
    for name in "${servers[@]}"; do
        pids+=("$(pid_of "$name")")
    done
    killed=$(now_ms)
    kill -KILL "${pids[@]}"
    wait
}

herd up "$folder/herd.zpl" >/dev/null || exit

#  What all acknowledged before that time, in ms, is on their disks

all_synced () {
    local name
    for name in "${servers[@]}"; do
        [ "$(says "$name" synced)" -gt $(($1 / 1000)) ] || return 1
    done
}

for ((round = 1; round <= ROUNDS; round++)); do
    tell_three $round
    eventually told $((3 * RATE))
    safe=$(now_ms)
    [ "$HASTY" = yes ] || eventually all_synced "$safe"
    kill_all
    [ "$HASTY" = no ] || safe=$((killed - SYNC_MS - MARGIN_MS))
    holds "all start again, killed in round $round" herd up
    started=$(now_ms)
    holds "all five agree after round $round" eventually agree
    echo "# that took $(($(now_ms) - started)) ms"
    for name in Alford Welsh; do
        holds "$name knows what was acknowledged in round $round" \
            knows_all_before "$name" "$safe"
    done
done

tell_three end
eventually told 1000
herd down
wait
holds "all start again after they were stopped" herd up "$folder/herd.zpl"
for name in Alford Welsh; do
    holds "$name knows all that was acknowledged before it was stopped" \
        knows_all_before "$name" "$(now_ms)"
done

before=$(says Hamilton clients_known)
holds "Hamilton is killed" herd kill Hamilton
tell Alford "meanwhile +1+1 5"
holds "it starts again" herd start Hamilton
holds "it knows what was told meanwhile" eventually knows Hamilton meanwhile
holds "and all that it knew" same "$(says Hamilton clients_known)" \
    $((before + 1))
holds "of which its peers sent nothing again" \
    is_between "$(links_sum Hamilton records_new records_same repairs)" 1 2

second=$(cd "$HERD_DIR" && "$HERD_BIN/zherd" "$folder/herd.zpl" Hamilton 2>&1)
holds "a second one on its table is refused" \
    like "$second" "another Hamilton is running on it"
known=$(says Alford clients_known)
holds "down succeeds" herd down

#  What is left

table=$HERD_DIR/tables/Alford.table
zherd=$HERD_BIN/zherd
lines=$("$zherd" table "$table" | sort)
holds "zherd table has a line for each client" \
    same "$(grep -c '^AT ' <<<"$lines")" "$known"
holds "and IAMATs of the same clients" \
    same "$("$zherd" table --iamat "$table" | awk '{ print $2 }' | sort)" \
    "$(cut -d ' ' -f 4 <<<"$lines" | sort)"
would=$(cd "$HERD_DIR" && "$zherd" -n "$folder/herd.zpl" Alford | tail -n 1)
holds "zherd -n says what would be loaded" \
    like "$would" "^table.tables/Alford\\.table.[1-9][0-9]*.$known.[0-9]+.0$"
chmod 640 "$table"
would=$(cd "$HERD_DIR" && "$zherd" -n "$folder/herd.zpl" Alford 2>&1)
holds "and that a table which others may read would not be" \
    like "$would" "tables: Alford.table is open to others: its mode must be 600"
chmod 600 "$table"
printf 'R000000' >>"$table"
holds "of a table that is torn zherd table has the rest" \
    same "$("$zherd" table "$table" 2>"$folder/torn" | sort)" "$lines"
holds "and says what is missing" \
    grep -q "7 bytes were not written whole" "$folder/torn"
holds "zherd table refuses what is none" fails "$zherd" table "$folder/herd.zpl"
done_testing
