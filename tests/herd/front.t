#!/usr/bin/env bash
#   What stands in front of the HTTP port as docs/http.md says: nginx, which
#   ends TLS, and Traccar, whose request curl sends.

BASE=18300
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

servers=(One Two)

PATH=$PATH:/usr/sbin:/sbin
for program in nginx curl; do
    command -v $program >/dev/null || {
        echo "1..0 # SKIP there is no $program: scripts/install-deps brokers"
        exit
    }
done

PER_MINUTE=20
topology "$folder/two.zpl" links '    One = Two' http \
    '    hosts = herd.example' '    proxies = 127.0.0.1' \
    '    tokens = tokens' "    per_minute = $PER_MINUTE"
add_http "$folder/two.zpl"
token () {
    "$HERD_BIN/zherd" token add "$folder/two.zpl" "$@"
}
writer=$(token writer write)
reader=$(token reader read)
herd up "$folder/two.zpl" >"$folder/up" || { cat "$folder/up"; exit 1; }

#  nginx with docs/nginx.conf, but for ports and places of files

port=$((BASE + 42))
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=herd.example \
    -addext subjectAltName=DNS:herd.example \
    -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
sed "s,/etc/ssl/certs/herd.example.pem,$folder/cert.pem,
    s,/etc/ssl/private/herd.example.key,$folder/key.pem,
    s,/var/log/nginx/,$folder/,
    s/127.0.0.1:16000/127.0.0.1:$((BASE + 40))/
    s/127.0.0.1:16001/127.0.0.1:$((BASE + 41))/
    s/listen 443/listen 127.0.0.1:$port/; /listen \[/ d" \
    "$top/docs/nginx.conf" >"$folder/site"
cat >"$folder/nginx.conf" <<EOF
daemon off;
master_process off;
pid $folder/nginx.pid;
error_log $folder/error.log;
events {
}
http {
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    include $folder/site;
}
EOF
[ "$(id -u)" -ne 0 ] || sed -i '1 i user root;' "$folder/nginx.conf"
nginx -e "$folder/error.log" -c "$folder/nginx.conf" &
eventually fails is_port_free "$port" || cat "$folder/error.log"

#  A request for the path: status, version of HTTP and what was answered

ask () {
    local path=$1
    shift
    curl --silent --max-time 60 --cacert "$folder/cert.pem" \
        --resolve "herd.example:$port:127.0.0.1" \
        --write-out '\n%{http_code} %{http_version}\n' \
        "https://herd.example:$port$path" "$@" >"$folder/answer" 2>&1
    tail -n 1 "$folder/answer"
}

asks () {
    same "$(ask "${@:2}")" "$1" ||
        { cat "$folder/answer" "$folder/error.log"; return 1; }
}

write="Authorization: Bearer $writer"
read="Authorization: Bearer $reader"
holds "an application speaks HTTP/2 over TLS" asks '200 2' /v1/clients/kiwi \
    --http2 -X PUT -d '{"latitude":1.50,"longitude":2}' -H "$write"
holds "and is answered by any server" eventually asks '200 2' \
    /v1/clients/kiwi --http2 -H "$read"
holds "as if it had asked zherd" grep -q '"coordinates":\[2,1.50\]' \
    "$folder/answer"
holds "a phone speaks HTTP/1.1" asks '200 1.1' '/pub?u=jane&d=phone' \
    --http1.1 -u "writer:$writer" -H 'Content-Type: application/json' \
    -d '{"_type":"location","lat":1,"lon":2,"tst":1479413884,"tid":"a"}'
holds "and is answered what lets it forget" same \
    "$(head -n 1 "$folder/answer")" '[]'
printf '{"locations":[]%1500000s}' '' >"$folder/batch"
holds "a batch of Overland goes through" asks '200 1.1' /overland --http1.1 \
    -H "$write" -H 'Content-Type: application/json' \
    --data-binary "@$folder/batch"
holds "who has no token is refused" asks '401 2' /v1/clients/kiwi --http2
holds "so is a host that is not ours" asks '421 2' /v1/clients/kiwi --http2 \
    -H "$read" -H 'Host: evil.example'
holds "and a page of somebody else" asks '403 2' /v1/clients/kiwi --http2 \
    -H "$read" -H 'Origin: https://evil.example'
holds "a page of that host is not" asks '200 2' /v1/clients/kiwi --http2 \
    -H "$read" -H 'Origin: https://herd.example'
ask "/osmand?id=a&lat=1&lon=2&token=$writer" >"$folder/status"
holds "a token in the query is taken" same "$(cat "$folder/status")" '200 2'
holds "and is not in nginx's log" fails grep -qF "$writer" "$folder/zherd.log"
holds "which has the request" grep -q 'GET /osmand 200$' "$folder/zherd.log"

#  Shares of an address are those of who asks nginx, whatever it says.  A
#  minute may end between two requests

second="Authorization: Bearer $(token second read)"
herd reload >"$folder/reload"
is_over () {
    same "$(ask "/v1/clients/kiwi?[1-$((2 * PER_MINUTE + 1))]" --http2 \
        -H "$read")" '429 2'
}
is_over_and () {
    is_over && asks "$1" /v1/clients/kiwi --http2 -H "$second" "${@:2}"
}
holds "an address has its share of requests, whoever asks from there" \
    eventually is_over_and '429 2'
holds "a header does not give it another" eventually is_over_and '429 2' \
    -H 'X-Forwarded-For: 192.0.2.7'
holds "another address has another" eventually is_over_and '200 2' \
    --interface 127.0.0.2

#  Traccar's request, as docs/http.md has Traccar make it

forward_url=$(sed -n 's/^    forward.url=//p' "$top/docs/http.md")
forward_header=$(sed -n 's/^    forward.header=//p' "$top/docs/http.md")

#  What Traccar makes of a URL: ID, time of the fix in ms, place, valid

forward () {
    local url=${forward_url#https://herd.example}
    url=${url//"{uniqueId}"/$1}
    url=${url//"{fixTime}"/$2}
    url=${url//"{latitude}"/$3}
    url=${url//"{longitude}"/$4}
    url=${url//"{valid}"/$5}
    ask "$url" --http1.1 -H "${forward_header/TOKEN/$writer}"
}
says_of () {
    [[ $(at_line "$1" "$2") == "AT "*" $2 $3" ]]
}
holds "Traccar's position is taken" same \
    "$(forward 123456789012345 1442068686579 34.06893 -1.2E-4 true)" '200 1.1'
holds "and known" eventually says_of Two 123456789012345 \
    '+34.06893-0.00012 1442068686.579'
holds "one without a fix is answered so that Traccar forgets it" same \
    "$(forward 123456789012345 1442068687579 0.0 0.0 false)" '200 1.1'
holds "and changes nothing" says_of Two 123456789012345 \
    '+34.06893-0.00012 1442068686.579'

#  A server dies

herd kill One >"$folder/killed"
holds "a server that is gone is passed by" asks '200 1.1' \
    '/pub?u=jane&d=phone' --http1.1 -u "writer:$writer" \
    -H 'Content-Type: application/json' \
    -d '{"_type":"location","lat":1,"lon":2,"tst":1479413999,"tid":"a"}'
holds "by every request" asks '200 1.1' '/pub?u=jane&d=phone' --http1.1 \
    -u "writer:$writer" -H 'Content-Type: application/json' \
    -d '{"_type":"location","lat":1,"lon":2,"tst":1479414000,"tid":"a"}'
holds "and what comes is known" eventually says_of Two owntracks/jane/phone \
    '+1.0000000+2.0000000 1479414000'
done_testing
