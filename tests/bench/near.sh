#!/usr/bin/env bash
#   Measure who is near, of a million clients, beside Redis on the same places
#
#   near.sh PROGRAM    PROGRAM is build/bench/near; redis-server is in Debian
#
#   Redis's times are those of its own statistics, without sockets; it is asked
#   over one, many questions at a time.

set -euo pipefail

program=$1
folder=$(mktemp -d)
socket=$folder/socket
redis-server --port 0 --unixsocket "$socket" --save '' --dir "$folder" \
    >"$folder/log" &
redis=$!
# shellcheck disable=SC2064  # the process and the folder, as they are now
trap "kill $redis; wait $redis || true; rm -rf '$folder'" EXIT

ask () {
    redis-cli -s "$socket" "$@"
}

until ask ping >/dev/null 2>&1; do
    kill -0 $redis
    sleep 0.1
done

#  Give Redis all the commands, and say how long it took for each

tell () {
    ask config resetstat >/dev/null
    "$program" "$crowd" "${@:2}" | redis-cli -s "$socket" --pipe >/dev/null
    printf 'redis %s: ' "$*"
    ask info commandstats | grep "^cmdstat_$1:" |
        sed 's/.*usec_per_call=\([0-9.]*\).*/\1 us/'
}

for crowd in uniform city; do
    printf -- '-- %s\n' "$crowd"
    "$program" "$crowd"
    ask flushall >/dev/null
    tell geoadd geoadd
    tell geoadd geoadd
    tell geosearch geosearch 1 20
    tell geosearch geosearch 5 20
done
