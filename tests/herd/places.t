#!/usr/bin/env bash
#   The provider is slow, wrong, or not there: whoever asks gets an answer in
#   time, and whoever doesn't ask notices nothing.  Each server has a breaker
#   of its own, so what opens one is asked of another.

BASE=17500
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

export PLACES_API_KEY=MARKER-not-for-your-eyes

provider () {
    "$top/tests/herd/fake-places" $((BASE + 30)) "$folder" &
    fake=$!
    eventually fails is_port_free $((BASE + 30))
}

#  At once: it may be read in the midst of it

mode () {
    echo "$1" >"$folder/new"
    mv "$folder/new" "$folder/mode"
}

requests () {
    grep -c '^GET' "$folder/requests"
}

#  The reply after its AT line; its end is marked, so that no newline gets lost

ask_places () {
    pipe_to "${2:-Ball}" <<<"WHATSAT kiwi.cs.ucla.edu 10 ${1:-20}" |
        tee -a "$folder/replies" | tail -n +2
    echo .
}

#  Google's frame around no results, in our own words, and the status; one
#  empty line, at its end.  A provider that says nothing would go on so for
#  longer than anybody waits here.

is_a_failure () {
    local reply
    reply=$(ask_places 20 "${2:-Ball}")
    like "$reply" "^\{"$'\n'" +\"error_message\" : \"${3:-[^\"]+}\"," &&
        like "$reply" "\"html_attributions\" : \[\]," &&
        like "$reply" "\"results\" : \[\]," &&
        like "$reply" "\"status\" : \"$1\""$'\n}\n\n\\.$' &&
        same "$(grep -c '^$' <<<"$reply")" 1
}

like_results () {
    like "$(ask_places 1 "${1:-Ball}")" '"place_id" : "id-1"'
}

#  Twenty places, no carriage return, and one empty line, at the end

is_a_page () {
    local reply
    reply=$(ask_places 20)
    same "$(grep -c '"place_id"' <<<"$reply")" 20 &&
        same "$(grep -c '^$' <<<"$reply")" 1 &&
        same "${reply: -4}" $'}\n\n.' &&
        fails grep -q $'\r' <<<"$reply"
}

#  Those of one connection wait at once, for answers that come in any order

ask_much () {
    local index
    for index in {1..200}; do
        echo "WHATSAT kiwi.cs.ucla.edu $((index % 9)) $((index % 4))"
    done | pipe_to Ball | awk -v RS= '{ print gsub(/"place_id"/, "") }' | xargs
}

#  In all lookups of the server, for as long as it says

is_held () {
    is_a_failure "$1" "$2" "The Places service refused the request\." || return
    before=$(requests)
    is_a_failure "$1" "$2" "The Places service refused the request\." &&
        same "$(requests)" "$before" &&
        is_noted "$2" 1 "HTTP status $3: nothing is asked for"
}

was_asked_after () {
    [ "$(requests)" -gt "$1" ]
}

#  An IAMAT is answered while a lookup waits, which is for a minute

iamat_does_not_wait () {
    local port=$1 radius=$2 asked asker
    asked=$(requests)
    #  What holds the output of a test open, holds up the test
    BASE=$port pipe_to Alford >"$folder/late" 2>&1 \
        <<<"WHATSAT kiwi.cs.ucla.edu $radius 20" &
    asker=$!
    eventually was_asked_after "$asked" || return
    like "$(BASE=$port pipe_to Alford <<<"IAMAT $kiwi")" "^AT Alford " &&
        kill "$asker"
}

#  No file below the folder has the key, and no command line

has_no_key () {
    ! grep -rl MARKER "$@"
}

#  A client may say what it likes, and is answered

say_the_key () {
    local said
    said=$(printf '%s\n' "IAMAT $PLACES_API_KEY +1+1 1" "$PLACES_API_KEY" |
        pipe_to Ball)
    like "$said" "^AT Ball [^ ]+ $PLACES_API_KEY \+1\+1 1"$'\n'"\? MARKER"
}

#  A herd of one, with another provider or time limit; its ports begin at that
#  number

solo () {
    local name=$1 port=$2 ms=$3
    shift 3
    {
        printf 'herd\n    name = solo\nservers\n    Alford\n'
        printf '        clients = 127.0.0.1:%d\n' "$port"
        printf '        mesh = 127.0.0.1:%d\n' $((port + 1))
        printf '        admin = 127.0.0.1:%d\n' $((port + 2))
        printf '%s\n' places "    timeout_ms = $ms" "$@"
    } >"$folder/$name.zpl"
    HERD_DIR=$folder/$name herd up "$folder/$name.zpl" >/dev/null || return
    BASE=$port pipe_to Alford <<<"IAMAT $kiwi" >/dev/null
}

solo_fails () {
    local port=$1
    shift
    BASE=$port is_a_failure "$1" Alford "${2:-}"
}

solo_succeeds () {
    BASE=$1 like_results Alford
}

#  Who waits for a provider that says nothing has its failure though the server
#  is stopped meanwhile, long before the provider's time is up

stop_while_asked () {
    local asked asker
    asked=$(requests)
    BASE=$1 is_a_failure UNKNOWN_ERROR Alford \
        "The Places service did not answer\." &
    asker=$!
    eventually was_asked_after "$asked" || return
    HERD_DIR=$folder/patient herd stop Alford || return
    wait "$asker"
}

#  A TLS server that nobody vouches for

stranger_with_tls () {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
        -keyout "$folder/tls.key" -out "$folder/tls.crt" 2>/dev/null || return
    openssl s_server -accept "127.0.0.1:$1" -key "$folder/tls.key" \
        -cert "$folder/tls.crt" -www >"$folder/tls.out" 2>&1 &
    tls=$!
    eventually fails is_port_free "$1"
}

mode good
provider
ring "$folder/herd.zpl" places \
    "    url = http://127.0.0.1:$((BASE + 30))/nearby" \
    "    timeout_ms = 30000" "    body_size_max = 1000000"
herd up "$folder/herd.zpl" >/dev/null || exit
tell Alford "$kiwi"
holds "kiwi is known everywhere" \
    eventually know kiwi.cs.ucla.edu Ball Hamilton Holiday Welsh

holds "twenty places are passed on" is_a_page
reply=$(ask_places 3)
holds "no more than the bound are passed on" \
    same "$(grep -o 'Place [0-9]*' <<<"$reply" | xargs)" \
    "Place 1 Place 2 Place 3"
holds "the provider is asked in metres, around kiwi, with the key" \
    like "$(cat "$folder/requests")" \
    "GET /nearby\?.*location=34.06893[0]*(,|%2C)-118.445127&.*radius=10000"
holds "the key goes to the provider" \
    grep -q "key=$PLACES_API_KEY" "$folder/requests"
for fine in newlines windows; do
    mode $fine
    holds "a page with $fine is passed on" is_a_page
done

mode good
holds "two hundred replies come in the order of their commands" \
    same "$(ask_much)" "$(for _ in {1..50}; do echo 1 2 3 0; done | xargs)"

for bad in error redirect garbage other words truncated huge bomb \
    latin deep twice nothing nonsense reset torn; do
    mode $bad
    holds "$bad is answered by UNKNOWN_ERROR" \
        is_a_failure UNKNOWN_ERROR
    mode good
    holds "$bad does not stick" like_results
done
mode good
solo hurried $((BASE + 15)) 500 \
    "    url = http://127.0.0.1:$((BASE + 30))/nearby"
for slow in stall halt drip; do
    mode $slow
    holds "$slow is answered by UNKNOWN_ERROR in time" \
        solo_fails $((BASE + 15)) UNKNOWN_ERROR
    mode good
    holds "$slow does not stick" eventually solo_succeeds $((BASE + 15))
done

solo patient $((BASE + 35)) 60000 \
    "    url = http://127.0.0.1:$((BASE + 30))/nearby" \
    limits "    drain_ms = 300"
radius=1
for slow in stall halt drip; do
    mode $slow
    holds "an IAMAT is answered while $slow goes on" \
        iamat_does_not_wait $((BASE + 35)) $((radius++))
done
mode stall
holds "a server that is stopped answers those who wait" \
    stop_while_asked $((BASE + 35))
mode good

mode denied
holds "a status of Google's is passed on, in our own words" \
    is_a_failure REQUEST_DENIED Welsh "The Places service refused the request\."
mode good
before=$(requests)
holds "the log has the provider's words" eventually \
    grep -q 'refused: REQUEST_DENIED, 192.0.2.7 must not' "$HERD_DIR/Welsh.log"
holds "for a while that is said at once" is_a_failure REQUEST_DENIED Welsh
holds "and nobody asked" same "$(requests)" "$before"

mode slower
holds "a provider that says when it may be asked is not asked before" \
    is_held OVER_QUERY_LIMIT Holiday 429
mode forbidden
holds "nor for a while one that says we may not" \
    is_held REQUEST_DENIED Alford 403
mode good

mode words
for _ in {1..5}; do
    is_a_failure UNKNOWN_ERROR Hamilton >/dev/null
done
mode good
before=$(requests)
holds "a provider that failed five times is left alone" \
    is_a_failure UNKNOWN_ERROR Hamilton
holds "and not asked at all" same "$(requests)" "$before"
holds "other servers still ask" like_results
holds "the status tells what became of lookups" \
    like "$(status_text Hamilton)" \
    '"places": \{[^}]*"lookups": 7,[^}]*"requests": 6,[^}]*"refused": 1'

kill "$fake"
wait "$fake" 2>/dev/null
holds "when it is gone, that is answered for" is_a_failure UNKNOWN_ERROR
mode good
provider
holds "when it is back, all is well" eventually like_results

solo budget $((BASE + 5)) 30000 "    per_day = 1" \
    "    url = http://127.0.0.1:$((BASE + 30))/nearby"
solo_succeeds $((BASE + 5)) >/dev/null
holds "a spent budget is told in our own words" \
    solo_fails $((BASE + 5)) OVER_QUERY_LIMIT \
    "The budget of Places requests is spent\."
solo share $((BASE + 25)) 30000 "    per_client_per_minute = 1" \
    "    url = http://127.0.0.1:$((BASE + 30))/nearby"
solo_fails $((BASE + 25)) OVER_QUERY_LIMIT >/dev/null
holds "so is an address's share" solo_fails $((BASE + 25)) OVER_QUERY_LIMIT \
    "Your address has had its Places requests of this minute\."
solo lost $((BASE + 40)) 500 "    url = https://no-such-host.invalid/nearby"
holds "a name that is not found is answered for in time" \
    solo_fails $((BASE + 40)) UNKNOWN_ERROR
stranger_with_tls $((BASE + 31))
solo tls $((BASE + 45)) 30000 \
    "    url = https://127.0.0.1:$((BASE + 31))/nearby"
holds "a certificate that nobody vouches for is answered for" \
    solo_fails $((BASE + 45)) UNKNOWN_ERROR
holds "and does not get the key" has_no_key "$folder/tls.out"

holds "no process shows the key" fails has_process MARKER-not
for name in hurried budget share lost tls; do
    HERD_DIR=$folder/$name herd down >/dev/null
done
holds "who says the key is answered" say_the_key
holds "and known to others" eventually knows Welsh "$PLACES_API_KEY"
status_text Ball >"$folder/status"
holds "down succeeds" herd down
holds "the key is in no reply" has_no_key "$folder/replies" "$folder/status"
holds "the key is in no log or error text" has_no_key "$HERD_DIR" \
    "$folder/"{budget,share,lost,tls}
holds "though it was said" grep -q "IAMAT \*\*\*" "$HERD_DIR/Ball.log"
stop_stranger "$fake"
stop_stranger "$tls"
holds "down leaves no process, port or file but the logs" \
    eventually nothing_left
done_testing
