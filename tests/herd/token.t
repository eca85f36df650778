#!/usr/bin/env bash
#   Who may use the HTTP port: tokens are made, used, and removed while in use.

BASE=18200
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

servers=(One)
zherd=$HERD_BIN/zherd
topology "$folder/one.zpl" http '    tokens = tokens'
add_http "$folder/one.zpl"

token () {
    "$zherd" token "$1" "$folder/one.zpl" "${@:2}"
}

#  The command says that, and no more, and exits with that code

no_file="zherd: $folder/one.zpl: line 10: http/tokens: "
lacks="there is no $folder/tokens: make it with \
\"zherd token add $folder/one.zpl NAME write\", or copy it from another machine"
says () {
    local said
    said=$("${@:3}" 2>&1 >/dev/null)
    same $? "$1" && same "$said" "$2"
}
holds "-n warns if the file of tokens is not there" \
    says 0 "${no_file}warning: $lacks" "$zherd" -n "$folder/one.zpl"
holds "for a server that is an error" \
    says 1 "$no_file$lacks" "$zherd" -n "$folder/one.zpl" One
holds "without it a server does not start, and says nothing of its port" \
    says 3 "$no_file$lacks" "$zherd" -l "$folder/log" -k "$folder/keys" \
    "$folder/one.zpl" One
holds "nor does the herd" \
    like "$(herd up "$folder/one.zpl" 2>&1)" "One can't start: $no_file$lacks"
: >"$folder/tokens"
chmod 644 "$folder/tokens"
closed="zherd: $folder/tokens: cannot be read"
holds "a file that others can read is all that is complained of, too" \
    like "$(herd up "$folder/one.zpl" 2>&1)" "One can't start: $closed"
holds "-n says so as well" \
    like "$("$zherd" -n "$folder/one.zpl" One 2>&1)" "^$closed"
rm "$folder/tokens"
jane=$(token add jane write owntracks/jane/)
map=$(token add map read)
wall=$(token add wall read)
holds "tokens are long" like "$jane" '^[A-Za-z0-9_-]{43}$'
holds "they are listed, and not told again" \
    same "$(token list | xargs)" 'jane write owntracks/jane/ map read wall read'
holds "the file does not have them" fails grep -qF "$jane" "$folder/tokens"
holds "a name is there once" fails token add jane read
holds "with them the server starts" herd up "$folder/one.zpl"

#  The status that a request gets: its first line, how it says its token, its
#  body

status_of () {
    {
        printf '%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n' "$1"
        [ -z "$2" ] || printf 'Authorization: %s\r\n' "$2"
        printf 'Content-Length: %d\r\n\r\n%s' "${#3}" "$3"
    } >"$folder/request"
    {
        cat "$folder/request" >&4
        timeout 60 cat <&4 | sed -n '1 s/^HTTP\/1.1 \([0-9]*\) .*/\1/p'
    } 4<>"/dev/tcp/127.0.0.1/$((BASE + 40))"
}

location='{"_type":"location","lat":1,"lon":2,"tst":7,"tid":"a"}'
mine='PUT /v1/clients/owntracks%2Fjane%2Fphone'
basic=$(printf 'jane:%s' "$jane" | base64 -w 0)
here='{"latitude":1,"longitude":2}'

gets () {
    same "$(status_of "${@:2}")" "$1"
}
holds "without a token nobody reports" gets 401 'POST /pub?u=jane&d=phone' \
    '' "$location"
holds "nor with a wrong one" gets 401 'POST /pub?u=jane&d=phone' \
    "Bearer x$jane" "$location"
holds "a phone says its name and token" gets 200 'POST /pub?u=jane&d=phone' \
    "Basic $basic" "$location"
holds "or its token in the query" gets 200 \
    "GET /?id=owntracks/jane/bike&lat=1&lon=2&token=$jane" '' ''
holds "an application does so as a bearer" gets 200 "$mine" "Bearer $jane" \
    "$here"
holds "another's prefix is not to be crossed by a phone" \
    gets 403 'POST /pub?u=bob&d=phone' "Basic $basic" "$location"
holds "nor by an application" gets 403 'PUT /v1/clients/bob' "Bearer $jane" \
    "$here"
holds "who writes does not read" gets 403 'GET /v1/clients' "Bearer $jane" ''
holds "who reads reads" gets 200 'GET /v1/clients' "Bearer $map" ''
holds "and does not write" gets 403 "$mine" "Bearer $map" "$here"

#  Listen with a token, what comes into a file, and a word at its end

listen () {
    {
        printf 'GET /v1/events HTTP/1.0\r\nHost: localhost\r\n%s\r\n\r\n' \
            "Authorization: Bearer $1" >&4
        cat <&4
        echo ended
    } 4<>"/dev/tcp/127.0.0.1/$((BASE + 40))" >"$2" &
}

listen "$map" "$folder/mapped"
listen "$wall" "$folder/walled"
holds "who reads listens" eventually grep -q '^retry: ' "$folder/mapped"
holds "and so does another" eventually grep -q '^retry: ' "$folder/walled"

#  A connection on which the token was good, once it is no more

log=$HERD_DIR/One.log
removed_while_in_use () {
    local first second
    exec 5<>"/dev/tcp/127.0.0.1/$((BASE + 40))"
    for _ in 1 2; do
        printf 'GET /v1/clients/x HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n' \
            "Authorization: Bearer $map" >&5
        IFS= read -r -t 60 second <&5
        first=${first:-$second}
        while IFS= read -r -t 60 line <&5 && [ "$line" != $'\r' ]; do :; done
        IFS= read -r -t 60 _ <&5
        [ "$first" != "$second" ] || {
            token remove map
            kill -HUP "$(pid_of One)"
            eventually grep -q ' \* tokens-read: ' "$log"
        }
    done
    exec 5>&-
    like "$first" ' 404 ' && like "$second" ' 401 '
}
holds "a token that is removed is out from the next request on" \
    removed_while_in_use
holds "its stream ends" eventually grep -qx ended "$folder/mapped"
tell One "kiwi +1+2 9"
holds "another's goes on" eventually grep -q '"kiwi"' "$folder/walled"
holds "the log has no token" fails grep -qF -e "$jane" -e "$map" "$log"

holds "down succeeds" herd down
done_testing
