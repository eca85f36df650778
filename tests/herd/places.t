#!/usr/bin/env bash
#   The provider is slow, wrong, or not there: whoever asks gets an answer in
#   time, and whoever doesn't ask notices nothing.

BASE=17500
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

export PLACES_API_KEY=not-for-your-eyes
LIMIT_MS=500
waiting=()

provider () {
    "$top/tests/herd/fake-places" $((BASE + 30)) "$folder" &
    fake=$!
    strangers+=("$fake")
    within 5 fails is_port_free $((BASE + 30))
}

mode () {
    echo "$1" >"$folder/mode"
}

#  The reply after its AT line; its end is marked, so that no newline gets lost

ask_places () {
    pipe_to Ball <<<"WHATSAT kiwi.cs.ucla.edu 10 ${1:-20}" | tail -n +2
    echo .
}

#  Google's frame around no results, in our own words, and the status

is_a_failure () {
    local reply
    reply=$(ask_places)
    like "$reply" "^\{"$'\n'" +\"error_message\" : \"[^\"]+\"," &&
        like "$reply" "\"html_attributions\" : \[\]," &&
        like "$reply" "\"results\" : \[\]," &&
        like "$reply" "\"status\" : \"$1\""$'\n}\n\n\\.$'
}

like_results () {
    like "$(ask_places 1)" '"place_id" : "id-1"'
}

mode good
provider
ring "$folder/herd.zpl" places \
    "    url = http://127.0.0.1:$((BASE + 30))/nearby" \
    "    timeout_ms = $LIMIT_MS" "    body_size_max = 1000000"
herd up "$folder/herd.zpl" >/dev/null || exit
tell Alford "$kiwi"
within 2 knows Ball kiwi.cs.ucla.edu

reply=$(ask_places 20)
holds "twenty places are passed on" \
    same "$(grep -c '"place_id"' <<<"$reply")" 20
holds "there is one empty line" same "$(grep -c '^$' <<<"$reply")" 1
holds "which is the last" same "${reply: -4}" $'}\n\n.'
reply=$(ask_places 3)
holds "no more than the bound are passed on" \
    same "$(grep -o 'Place [0-9]*' <<<"$reply" | xargs)" \
    "Place 1 Place 2 Place 3"
holds "the provider is asked in metres, around kiwi, with the key" \
    like "$(cat "$folder/requests")" \
    "GET /nearby\?.*location=34.06893[0]*(,|%2C)-118.445127&.*radius=10000"
holds "the key goes to the provider" \
    grep -q "key=$PLACES_API_KEY" "$folder/requests"

for bad in error garbage other truncated huge nothing nonsense reset; do
    mode $bad
    holds "$bad is answered by UNKNOWN_ERROR" is_a_failure UNKNOWN_ERROR
done
mode denied
holds "a status of Google's is passed on, its message is not" \
    is_a_failure REQUEST_DENIED
holds "its message, which tells addresses, is not" \
    fails grep -q 192.0.2 <<<"$(ask_places)"

mode stall
holds "a stalled provider is answered for within the limit" \
    takes_at_most $((LIMIT_MS + 1000)) is_a_failure UNKNOWN_ERROR
for _ in {1..20}; do
    ask_places >/dev/null &
    waiting+=($!)
done
holds "an IAMAT is answered at once while others wait for places" \
    takes_at_most 300 tell Ball "quick +1+1 1"
holds "and is flooded" within 1 knows Welsh quick
wait "${waiting[@]}"

mode good
holds "when it works again, so do we" within 2 like_results

kill "$fake"
wait "$fake" 2>/dev/null
holds "when it is gone, that is answered for" is_a_failure UNKNOWN_ERROR
mode good
provider
holds "when it is back, all is well" within 2 like_results

holds "down succeeds" herd down
holds "the key is in no log" fails grep -r "$PLACES_API_KEY" "$HERD_DIR"
kill "$fake"
wait "$fake" 2>/dev/null
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
