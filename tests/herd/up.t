#!/usr/bin/env bash
#   The herd as a newcomer meets it: up, a session over telnet, down.

BASE=17000
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

ring "$folder/herd.zpl" places \
    "    url = http://127.0.0.1:$((BASE + 30))/maps/api/place/nearbysearch/json"

table=$(herd up "$folder/herd.zpl") || exit

five_lines_with_all_peers () {
    same "$(grep -Ec '^(Alford|Ball|Hamilton|Holiday|Welsh) .* 2/2 ' \
        <<<"$table")" 5 || { echo "$table"; return 1; }
}
holds "up shows five servers with all their peers" five_lines_with_all_peers
holds "up says that the herd is up already" \
    like "$(herd up "$folder/herd.zpl" 2>&1)" "already"
holds "up, when all are up, succeeds" herd up "$folder/herd.zpl"
holds "status says that all is well" herd status -v
holds "check finds all links well" like "$(herd check)" 'is well\.$'

#  As telnet does: one connection, lines ended by CR LF, a reply for each

session () {
    local reply
    begin_session || return 1
    printf 'hello,  world\r\n' >&3
    IFS= read -r -t 60 reply <&3
    same "$reply" '? hello,  world' || return 1
    printf '\r\n  IAMAT\tapple   +1.5-2.25 1  \r\n' >&3
    IFS= read -r -t 60 reply <&3
    like "$reply" '^AT Alford \+[0-9]+\.[0-9]{9} apple \+1\.5-2\.25 1$'
}
holds "a telnet session goes as the assignment says" session

alford=$(at_line Alford kiwi.cs.ucla.edu)
has_the_line () {
    same "$(at_line "$1" kiwi.cs.ucla.edu)" "$alford"
}
for name in Ball Hamilton Holiday Welsh; do
    holds "$name has kiwi's line, byte for byte" eventually has_the_line "$name"
done

#  What follows the AT line; its end is marked, so that no newline gets lost

places=$(pipe_to Welsh <<<'WHATSAT kiwi.cs.ucla.edu 10 5'; echo .)
holds "there are places around UCLA" like "$places" '"status" : "OK"'
holds "there are five of them at most" \
    same "$(grep -c '"place_id"' <<<"$places")" 5
holds "the reply ends with an empty line" same "${places: -4}" $'}\n\n.'
holds "which is the only one" same "$(grep -c '^$' <<<"$places")" 1

#  As the assignment's example does, nearer

first=$(pipe_to Welsh <<<'WHATSAT kiwi.cs.ucla.edu 1 5' |
    sed -n '/"name"/{ s/^ *//; p; q }')
holds "around kiwi there is the university, first" \
    same "$first" '"name" : "University of California, Los Angeles",'

#  Half-closed at once, in one segment, no newline at the end

replies=$(printf 'IAMAT %s\nhello\nWHATSAT %s 10 5' "$kiwi" kiwi.cs.ucla.edu |
    pipe_to Ball | grep -E '^(AT|\?)' | cut -d ' ' -f 1,2 | xargs)
holds "a client that half-closes gets all replies, in order" \
    same "$replies" "AT Ball ? hello AT Alford"

holds "all five agree" eventually agree

log=$HERD_DIR/Alford.log
holds "the log has what came in" eventually \
    grep -q " < .*IAMAT kiwi.cs.ucla.edu" "$log"
holds "the log has what went out" eventually \
    grep -q " > .*AT Alford .* kiwi.cs.ucla.edu" "$log"
herd ask Holiday 'IAMAT quiet +1+1 1' >"$folder/asked"
holds "also if nothing else happens" eventually \
    grep -q " < .*IAMAT quiet" "$HERD_DIR/Holiday.log"
holds "the log has its links come up, once each" \
    same "$(grep -c ' \* link-up: ' "$log")" 2

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
holds "down, when all is down, succeeds" herd down
holds "status says that no herd is up" fails herd status
done_testing
