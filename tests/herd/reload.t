#!/usr/bin/env bash
#   The topology file changes while servers run and clients talk to them: a
#   server comes, one goes, one moves, limits are others.  Nothing is forgotten,
#   and links that did not change notice nothing.

BASE=18150
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

file=$folder/herd.zpl
declare -A ports=([Alford]=0 [Ball]=1 [Hamilton]=2 [Holiday]=3 [Welsh]=4
    [Lima]=5)

find_port () {
    port=$((BASE + $2 + ${ports[$1]}))
}

#  Write the topology: servers of which is which, and then lines as they are

write () {
    local name
    {
        printf 'herd\n    name = test\nservers\n'
        for name in $1; do
            printf '    %s\n' "$name"
            printf '        clients = 127.0.0.1:%d\n' "$(client_port "$name")"
            printf '        mesh = 127.0.0.1:%d\n' "$(mesh_port "$name")"
            printf '        admin = 127.0.0.1:%d\n' "$(admin_port "$name")"
        done
        printf '%s\n' "${@:2}"
    } >"$file"
}

has_logged () {
    grep -q " \* .*$2" "$HERD_DIR/$1.log"
}

know_both () {
    know c1 Lima && know c999 Lima
}

has_strangers () {
    [ "$(says "$1" refused_strange)" -gt 0 ]
}

#  Have the server have so many more descriptors and none beyond, ever

leave_descriptors () {
    local pid next=0 left=$2
    pid=$(pid_of "$1")
    while [ "$left" -gt 0 ]; do
        [ -e "/proc/$pid/fd/$next" ] || left=$((left - 1))
        next=$((next + 1))
    done
    prlimit --pid "$pid" --nofile="$next:$next"
}

#  The link came up once, and never again

is_steady () {
    same "$(link_says "$1" "$2" resumes)" 1
}

#  Of the input, the last is this old or older

logs_no_input () {
    local before
    before=$(grep -c ' [<>] ' "$HERD_DIR/Welsh.log")
    tell Welsh 'quiet +1+1 1' &&
        same "$(grep -c ' [<>] ' "$HERD_DIR/Welsh.log")" "$before"
}

five='Alford Ball Hamilton Holiday Welsh'
links=(links '    Alford = Hamilton Welsh' '    Ball = Holiday Welsh'
    '    Hamilton = Holiday')
write "$five" "${links[@]}"
herd up "$file" >/dev/null || exit
tell_much Ball c 1000 1000 1000 >/dev/null
start_telling Alford c 1000 3000 "$(rate 200)"
holds "all are told what Alford and Ball are told" eventually has_told Alford 20

same_words=$(herd reload 2>&1)
holds "a file that did not change changes nothing" has_logged Welsh \
    "reloaded .*herd.zpl: nothing changed"
holds "and nobody complains" fails grep -v '^[A-Zsp]' <<<"$same_words"

write "$five Lima" "${links[@]}" '    Lima = Alford Holiday'
said=$(herd reload 2>&1)
code=$?
holds "a sixth server is in the file, and not there yet" \
    like "$said" "Lima is not running"
holds "nobody waits for it" same "$code" 0
holds "its peers know it" has_logged Alford "link to Lima added"
holds "those that are not its peers have nothing to do with it" \
    fails has_logged Welsh "link to Lima"
holds "it starts" herd start Lima
holds "it is told all there is to know" know_both
stay='    Alford = Hamilton Welsh Lima'
write 'Alford Ball Hamilton Welsh Lima' links "$stay" '    Ball = Welsh Lima'
said=$(herd reload 2>&1)
holds "who is not in the file any more is named" \
    like "$said" "Holiday runs, and is not in $file"
holds "its peers were told and told it" \
    eventually has_logged Holiday "link to Ball down: it left"
holds "it can be stopped" herd stop Holiday
tell Ball 'gone +1+1 1'
holds "those who stay hear of each other" \
    eventually know gone Alford Hamilton Welsh Lima

servers=(Alford Ball Hamilton Welsh Lima)
ports[Ball]=6
write 'Alford Ball Hamilton Welsh Lima' links "$stay" '    Ball = Welsh Lima'
#  Its peers' links to it do not come up until then: nobody waits for them
said=$(HERD_WAIT=0 herd reload 2>&1)
holds "who has to be started anew is named" like "$said" \
    "Ball changed, and not before the next start: servers/Ball.*restart Ball"
holds "a server that is to move does so when it starts anew" eventually \
    has_logged Ball \
    "changed, and not before the next start: servers/Ball/clients,"
holds "its peers look for it there" has_logged Welsh "link to Ball moves to"
holds "it starts there" herd restart Ball
holds "its links are up again" eventually all_links_up
tell Ball 'ball +1+1 1'
holds "what it is told the others know" \
    eventually know ball Alford Hamilton Welsh Lima

write 'Alford Ball Hamilton Welsh Lima' links "$stay" '    Ball = Welsh Lima' \
    limits '    line_size_max = 64' log '    level = notices'
holds "limits and what is logged may be others" herd reload
holds "the log says which" has_logged Welsh \
    "reloaded $file: limits/line_size_max, log/level"
long=$(printf '%0100d' 0)
holds "a line that was not too long is" \
    like "$(herd ask Welsh "$long" 2>&1)" "closed|^\? 0+$"
holds "no input is logged any more" logs_no_input

cp "$file" "$folder/good"
echo '   connections_max = 1' >>"$file"
said=$(herd reload 2>&1)
holds "a broken file is named, and its line" like "$said" "$file: line [0-9]+:"
kill -HUP "$(pid_of Welsh)"
holds "who reads it all the same changes nothing" eventually has_logged Welsh \
    "not reloaded, nothing is changed: $file: line"
cp "$folder/good" "$file"
sed -i 's/line_size_max = 64/line_size_max = 63/' "$file"
kill -HUP "$(pid_of Welsh)"
holds "a value that can't be is named by its key" eventually has_logged Welsh \
    "not reloaded, .*limits/line_size_max: must be a number from 64"
refused=$(notices Welsh reload-refused)
is_refused_again () {
    [ "$(notices Welsh reload-refused)" = $((refused + 1)) ]
}
are_refused () {
    for _ in {1..5}; do
        kill -HUP "$(pid_of Welsh)"
        eventually is_refused_again || return 1
        refused=$((refused + 1))
    done
}
holds "each time, however often that is" are_refused
cp "$folder/good" "$file"

holds "links that did not change did not blink" is_steady Alford Hamilton
holds "nor that of who moved elsewhere" is_steady Alford Welsh

#  Alone in knowing of it: the others go on calling, and are strangers then

sed -i '/^    Alford = /d' "$file"
kill -HUP "$(pid_of Alford)"
holds "who drops all its links at once cuts those who were there" \
    eventually has_strangers Alford
holds "and lives on" tell Alford 'alone +1+1 1'
cp "$folder/good" "$file"
kill -HUP "$(pid_of Alford)"
holds "links that are there again come up" eventually all_links_up
holds "clients were answered all the time" stop_telling
sed "s/^/#   /" "$folder/telling"
holds "and all agree in the end" eventually agree
print_outages 2

sed -i 's/    Ball = Welsh Lima/    Ball = Welsh Lima Hamilton/' "$file"
leave_descriptors Hamilton 2
kill -HUP "$(pid_of Hamilton)"
holds "who has no descriptors for a link says so" eventually has_logged \
    Hamilton "not reloaded, nothing is changed: .*links: there are no desc"
holds "and lives on" tell Hamilton 'crowded +1+1 1'
done_testing
