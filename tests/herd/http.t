#!/usr/bin/env bash
#   Phones report over HTTP: what each app sends, the answer it needs, and that
#   the herd knows it.

BASE=18150
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

http_ring "$folder/herd.zpl" limits '    drain_ms = 60000' places \
    "    url = http://127.0.0.1:$((BASE + 30))/maps/api/place/nearbysearch/json"
herd up "$folder/herd.zpl" >"$folder/up" || { cat "$folder/up"; exit 1; }

#  Send a request to a server: its first line, its headers, one a line, and its
#  body; print the whole response

web () {
    local port host='Host: 127.0.0.1' headers=${3:-} body=${4:-}
    port=$(port_of "$1" 40)
    local size="Content-Length: ${#body}"
    [[ $headers != Host:* ]] || host=
    [[ $headers != *Content-Length:* ]] || size=
    {
        printf '%s HTTP/1.1\r\nConnection: close\r\n' "$2"
        printf '%s\n' "$host" "$size" "$headers" |
            awk 'NF { printf "%s\r\n", $0 }'
        printf '\r\n%s' "$body"
    } >"$folder/request"
    {
        cat "$folder/request" >&4
        timeout 60 cat <&4
    } 4<>"/dev/tcp/127.0.0.1/$port"
}

status_of () {
    web "$@" | sed -n '1 s/^HTTP\/1.1 \([0-9]*\) .*/\1/p'
}

body_of () {
    web "$@" | sed '1,/^\r$/ d'
}

#  What the app is answered, and what another server says of the client then

takes () {
    local answer=$1 id=$2 place=$3 stamp=$4
    shift 4
    same "$(status_of Alford "$@")" 200 || return 1
    same "$(body_of Alford "$@")" "$answer" || return 1
    eventually knows_at Holiday "$id" "$place $stamp"
}

knows_at () {
    local line
    line=$(at_line "$1" "$2")
    [[ $line == "AT Alford "*" $2 $3" ]]
}

sample () {
    cat "$top/tests/herd/phones/$1"
}

json='Content-Type: application/json'
owntracks=$json$'\nX-Limit-U: jane\nX-Limit-D: phone'
form='Content-Type: application/x-www-form-urlencoded; charset=UTF-8'
place='&lat=34.06893&lon=-118.445127'
old='timestamp=1442068686&lat=34.06893&lon=-118.445127&speed=0.0&bearing=0.0'
old+='&altitude=5.0&accuracy=5.0&batt=100.0&charge=true'

holds "OwnTracks for Android reports" \
    takes '[]' owntracks/jane/phone +34.0689300-118.4451270 1774028001 \
    'POST /pub' "$owntracks" "$(sample owntracks-android.json)"
holds "OwnTracks for iOS reports" \
    takes '[]' owntracks/5 +34.0689300-118.4451270 1616985985 \
    'POST /owntracks' "$json" "$(sample owntracks-ios.json)"
holds "Traccar Client to 8 reports, in the query" \
    takes '' 48241179 +34.06893-118.445127 1442068686 \
    "POST /?id=48241179&$old"
holds "Traccar Client 9 reports, in JSON" \
    takes '' 658765 +34.0689300-118.4451270 1746763890.579 \
    'POST /' "$json" "$(sample traccar-client-9.json)"
holds "Traccar Client 10 reports, in a form" \
    takes '' form +34.06893-118.445127 1442068686 \
    'POST /' "$form" "id=form&$old"
holds "GPSLogger reports" \
    takes '' logger +51.4779-0.00032 1442068686 \
    'GET /osmand?id=logger&lat=51.4779&lon=-3.2E-4&timestamp=1442068686'
holds "Traccar forwards" \
    takes '' 123456789012345 +34.06893-118.445127 1442068686.579 \
    "GET /osmand?id=123456789012345&timestamp=1442068686579$place&valid=true"
holds "Overland reports" \
    takes '{"result":"ok"}' overland +34.0689300-118.4451270 1443711600 \
    'POST /overland' "$json" "$(sample overland.json)"

holds "what is stale is taken, and changes nothing" \
    same "$(status_of Alford \
        'GET /osmand?id=logger&lat=1&lon=2&timestamp=1442068685')" 200
holds "the newest stays" knows_at Alford logger '+51.4779-0.00032 1442068686'

#  The table of docs/http.md: request, headers, body and answer

answers_as_said () {
    local count=0 request headers body answer
    while IFS='|' read -r _ request headers body answer _; do
        request=$(xargs -d '\n' <<<"${request//\`/}" | sed 's/^ *//; s/ *$//')
        headers=$(sed 's/^ *//; s/ *$//' <<<"${headers//\`/}")
        body=$(sed 's/^ *//; s/ *$//' <<<"${body//\`/}")
        same "$(status_of Ball "$request" "$headers" "$body")" \
            "${answer// /}" || { echo "$request $headers"; return 1; }
        count=$((count + 1))
    done < <(grep -E '^\| `[A-Z]+ /([^|]*\|){4} ' "$top/docs/http.md")
    [ "$count" -ge 34 ]
}
holds "each row of docs/http.md is true" answers_as_said

#  What is put at one server, others have

put () {
    same "$(status_of Alford 'PUT /v1/clients/kiwi' "$json" \
        '{"latitude": 34.068930, "longitude": -118.445127, "stamp": 7.50}')" 200
}
feature='{"type":"Feature","id":"kiwi","geometry":{"type":"Point",'
feature+='"coordinates":[-118.445127,34.068930]},'
holds "an application puts a location" put
holds "the herd has its digits" \
    eventually knows_at Holiday kiwi '+34.068930-118.445127 7.50'
holds "another server shows it, longitude first" \
    same "$(body_of Holiday 'GET /v1/clients/kiwi' | grep -o '^.*]},')" \
    "$feature"
holds "and lists it" \
    grep -qF "$feature" <(body_of Holiday 'GET /v1/clients?limit=1000')

#  Asked at another server than it was told to

near_at () {
    body_of "$1" "GET /v1/clients?$2" |
        sed -n 's/^{"type":"Feature","id":"\([^"]*\)".*/\1/p' | xargs
}
is_near () {
    same "$(near_at Welsh "$1")" "$2"
}
puts () {
    same "$(status_of "$1" "PUT /v1/clients/$2" "$json" \
        "{\"latitude\":$3,\"longitude\":179.99}")" 200
}
holds "a client is put at a server" puts Alford kea -17.01
holds "one near to it at another" puts Ball moa -17.02
holds "a third one knows who is near" \
    eventually is_near 'near=kea&km=2' moa
holds "and how far that is" grep -q '"distance_metres":1111.95}' \
    <(body_of Welsh 'GET /v1/clients?near=kea&km=2')
holds "and who is in a box across the date line" \
    is_near 'bbox=179,-18,-179,-17.015' moa

etag_at () {
    web "$1" 'GET /v1/clients/kiwi' | grep '^ETag: '
}
holds "its ETag is the same at both" \
    same "$(etag_at Alford)" "$(etag_at Holiday)"

places_as_told () {
    same "$(body_of Ball 'GET /v1/clients/kiwi/places?km=10&limit=5')" \
        "$(herd ask Ball 'WHATSAT kiwi 10 5' | sed '1 d')"
}
holds "places are those of WHATSAT" places_as_told
holds "the description is served as it is" \
    same "$(body_of Ball 'GET /openapi.json')" "$(cat "$top/docs/openapi.json")"

#  zherd-load speaks as applications and phones do, all its replies are right,
#  and another server knows of all: 300 each, 100 before, three to know that

loads () {
    "$HERD_BIN/zherd-load" -n 300 -c 10 -k 100 "${@:2}" \
        --settle "$(client_port Holiday)" "$1:$(port_of Alford 40)" \
        >"$folder/load" || return 1
    like "$(sed -n 's/  requests *//p' "$folder/load")" '^300$'
}
before=$(says Alford locations)
holds "a load is put" loads 127.0.0.1 -w http -d 3
holds "a load of phones reports" loads localhost -w phones -r 2000 --load-ids
holds "all of it is counted" \
    same $(($(says Alford locations) - before)) 703

log=$HERD_DIR/Alford.log
holds "the log has each request" eventually \
    grep -q ' < request [0-9]* POST /overland from 127.0.0.1, [0-9]* bytes$' \
    "$log"
holds "and what it was answered" eventually \
    grep -q ' > request [0-9]* 200$' "$log"
holds "the status counts requests" \
    like "$(herd status --json)" '"owntracks": *[1-9]'

#  Whoever reads slowly while the server stops has all of it: it is far more
#  than sockets hold

is_past () {
    [ $SECONDS -ge "$1" ]
}

reads_to_the_end () {
    local size line pid
    tell_much Alford slow 10000 10000 1000 >"$folder/told" || return 1
    exec 5<>"/dev/tcp/127.0.0.1/$(port_of Alford 40)"
    printf 'GET /v1/clients?limit=10000 HTTP/1.1\r\nHost: localhost\r\n\r\n' >&5
    while IFS= read -r -t 60 line <&5 && [ "$line" != $'\r' ]; do
        [[ $line != Content-Length:* ]] || size=${line//[!0-9]/}
    done
    pid=$(pid_of Alford)
    kill "$pid"
    eventually grep -q ' \* stop: ' "$log" || return 1
    eventually is_past $((SECONDS + 2)) || return 1
    same "$(timeout 60 cat <&5 | wc -c)" "$size"
}
holds "who reads slowly while a server stops reads all" reads_to_the_end
exec 5>&-

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
