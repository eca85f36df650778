#!/usr/bin/env bash
#   Pids are used again, and pid files stay behind after a crash: whatever they
#   hold, no stranger is killed.

BASE=17400
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

stranger_lives () {
    kill -0 "$stranger"
}

kill_all () {
    local name
    for name in "${servers[@]}"; do
        kill -KILL "$(pid_of "$name")"
    done
}

all_down () {
    same "$(herd status 2>&1 | grep -Ec '^[A-Z][a-z]+ +- +down$')" 5
}

perl -e 'select undef, undef, undef, 600' &
stranger=$!

ring "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "every pid file holds a pid and a time" \
    same "$(cat "$HERD_DIR"/*.pid | grep -Ec '^[0-9]+ [0-9]+$')" 5
holds "all servers are killed behind the herd's back" kill_all
holds "status says that all are down" eventually all_down
holds "status fails then" fails herd status

#  Of a stranger's pid, of a time that isn't its own, of no time, of no sense

for text in "$stranger 1" "$stranger" "1 1" "-1 1" "0 0" "" "../.. 1" \
    "$stranger $stranger $stranger"; do
    echo "$text" >"$HERD_DIR/Alford.pid"
    holds "kill kills nobody for '$text'" fails herd kill Alford
    echo "$text" >"$HERD_DIR/Alford.pid"
    holds "stop stops nobody for '$text'" herd stop Alford
    holds "the stranger lives" stranger_lives
done
echo "$stranger 1" >"$HERD_DIR/Ball.pid"
holds "a herd that died comes up again" herd up "$folder/herd.zpl"
holds "and is well" herd status
holds "the stranger lives" stranger_lives

herd kill Ball
echo "$stranger 1" >"$HERD_DIR/Ball.pid"
holds "down succeeds with a stale pid file there" herd down
holds "the stranger lives" stranger_lives
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
