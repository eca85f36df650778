#!/usr/bin/env bash
#   The secrets are for servers alone, and for nobody who looks at them.

BASE=18100
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

export HERD_SECRET=MARKER-of-the-herd PLACES_API_KEY=MARKER-of-the-key

#  What it was started with is no more to be seen

tells_no_secret () {
    local environment
    environment=/proc/$(pid_of "$1")/environ
    [ -e "$environment" ] && fails grep -q MARKER "$environment"
}

#  A debugger or a sanitizer has to see what others must not

writes_no_core () {
    [[ $real_bin == */release ]] || return 0
    like "$(grep "core file" "/proc/$(pid_of "$1")/limits")" "size +0 +0 "
}

ring "$folder/herd.zpl" places \
    "    url = http://127.0.0.1:$((BASE + 30))/nearby" mesh \
    "    security = plain"
few_places
herd up "$folder/herd.zpl" >/dev/null || exit
holds "the herd is up, with Places" herd status
for name in Alford _places; do
    holds "$name tells no secret" tells_no_secret "$name"
done
holds "Alford writes no core file" writes_no_core Alford
HERD_SECRET=other HERD_WAIT=0 herd restart Ball >/dev/null
holds "the herd's secret is in use" \
    eventually grep -q "another herd" "$HERD_DIR/Ball.log"
herd down >/dev/null
unset HERD_SECRET PLACES_API_KEY
herd up "$folder/herd.zpl" >/dev/null
holds "without secrets a herd comes up, too" herd status
herd down >/dev/null
holds "down leaves no process, port or file but the logs" \
    eventually nothing_left
done_testing
