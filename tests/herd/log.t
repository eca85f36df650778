#!/usr/bin/env bash
#   A log that nobody reads, and a disk that is full, cost log lines and nothing
#   else: every client is answered, and the log says what it lacks.

BASE=18000
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

#  IAMATs whose lines find no room while nothing is written
MANY=40000 long=$(printf 'c%.0s' {1..400})

loses_lines () {
    [ "$(says "$1" log_lines_lost)" -gt 0 ]
}

#  How many lines a log, that may have been begun anew, says were lost

said_lost () {
    cat "$1.1" "$1" 2>/dev/null |
        sed -n 's/.* \* log-lost: \([0-9]*\) lines were lost$/\1/p' |
        awk '{ sum += $1 } END { print sum + 0 }'
}

says_what_it_lost () {
    [ "$(said_lost "$2")" -gt 0 ] &&
        same "$(said_lost "$2")" "$(says "$1" log_lines_lost)"
}

#  A limit on the size of its files stands for the full disk

fill_disk () {
    prlimit --pid "$(pid_of "$1")" --fsize=1000:
}

free_disk () {
    prlimit --pid "$(pid_of "$1")" --fsize=unlimited:
}

are_private () {
    local file mode
    for file in "$HERD_DIR"/*; do
        mode=$(stat -c %a "$file")
        [[ $mode == ?00 ]] || { echo "$file has mode $mode"; return 1; }
    done
}

are_bounded () {
    local file
    for file; do
        [ "$(stat -c %s "$file")" -le 65536 ] || return 1
    done
}

start_reading () {
    cat "$HERD_DIR/Alford.log" >>"$folder/read" &
    reader=$!
}

mkdir -p "$HERD_DIR"
mkfifo -m 600 "$HERD_DIR/Alford.log"
ring "$folder/herd.zpl" log "    size_max = 65536"
holds "a server starts though nobody reads its log" \
    herd up "$folder/herd.zpl"
holds "what it writes is its owner's alone" are_private

holds "though nobody reads, all are answered" \
    tell_much Alford "$long" 1000 $MANY 1000
holds "what finds no room is counted" eventually loses_lines Alford
start_reading
holds "who reads at last is told how many lines are missing" \
    eventually says_what_it_lost Alford "$folder/read"
echo "# $(said_lost "$folder/read") lines were lost"
tell Alford "after +1+1 1"
holds "and has what comes then" \
    eventually grep -q " < client .* IAMAT after" "$folder/read"
stop_stranger "$reader"
tell_much Alford c 1000 5000 2000 >/dev/null
holds "nobody needs to read for it to end" herd stop Alford
holds "it starts again" herd start Alford

fill_disk Ball
holds "though its disk is full, all are answered" \
    tell_much Ball c 1000 1000 3000
holds "what finds no room there is counted" eventually loses_lines Ball
free_disk Ball
holds "when there is room again, the log says what is missing" \
    eventually says_what_it_lost Ball "$HERD_DIR/Ball.log"
echo "# $(said_lost "$HERD_DIR/Ball.log") lines were lost"
holds "and standard error said why" \
    like "$(<"$HERD_DIR/Ball.err")" "Ball.log: .* are lost: File too large"

log=$HERD_DIR/Welsh.log
tell_much Welsh c 1000 2000 4000 >/dev/null
holds "a log that is large enough is begun anew" eventually [ -e "$log.1" ]
holds "neither is larger than it may be" eventually are_bounded "$log" "$log.1"
holds "nothing is lost by that" same "$(says Welsh log_lines_lost)" 0

log=$HERD_DIR/Holiday.log
mv "$log" "$log.old"
kill -HUP "$(pid_of Holiday)"
holds "a log that was renamed is begun anew on SIGHUP" \
    eventually grep -q ' \* log-reopened: ' "$log"

holds "all five agree" eventually agree
holds "no log has the herd's code" \
    fails grep -q NXC0plHn_fo "$folder/read" "$HERD_DIR"/[!A]*.log
holds "down succeeds" herd down
rm -f "$HERD_DIR"/*.log.* "$HERD_DIR"/*.err
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
