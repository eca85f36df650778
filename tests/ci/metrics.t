#!/usr/bin/env bash
#   What Prometheus' own tools say of /metrics and of the alerts, and whether
#   docs/metrics.md has all that there is and nothing else.

BASE=28050
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"

command -v promtool >/dev/null || {
    echo "1..0 # SKIP there is no promtool: scripts/install-deps metrics"
    exit
}

page () {
    local port=$1 line
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
    while IFS= read -r line && [ "$line" != $'\r' ]; do :; done <&3
    cat <&3
    exec 3>&-
}

#  Names with their types, sorted: by the page; by the document, whose tables
#  have a name, its type and labels in the first three columns

names () {
    sed -n 's/^# TYPE //p' "$folder/page" | LC_ALL=C sort
}

documented () {
    #  shellcheck disable=SC2016  # backticks of Markdown
    sed -nE 's/^\| `((zherd|process)_[a-z_]+)` \| ([a-z]+) \|.*/\1 \3/p' \
        "$top/docs/metrics.md" | LC_ALL=C sort
}

#  Names with what they are

texts () {
    sed -n 's/^# HELP //p' "$folder/page" | LC_ALL=C sort
}

documented_texts () {
    #  shellcheck disable=SC2016  # the same
    sed -nE 's/^\| `([a-z_]+)` \|[^|]*\|[^|]*\| (.*) \|$/\1 \2/p' \
        "$top/docs/metrics.md" | LC_ALL=C sort
}

#  Names with the labels of their samples, those of buckets aside

labels () {
    sed -nE 's/^([a-z_]+)\{(.*)\} .*/\1 \2/p' "$folder/page" |
        sed -E 's/="[^"]*"//g; / le$/d' | LC_ALL=C sort -u
}

documented_labels () {
    #  shellcheck disable=SC2016  # the same
    sed -nE 's/^\| `([a-z_]+)` \| [a-z]+ \| (`[a-z`, ]+) \|.*/\1 \2/p' \
        "$top/docs/metrics.md" | tr -d '`' | sed 's/, /,/g' |
        grep -E '^(zherd|process)_' | LC_ALL=C sort -u
}

named_by_rules () {
    grep -oE '\b(zherd|process)_[a-z_]+' "$top/monitoring/zherd.rules.yml" |
        LC_ALL=C sort -u
}

are_all_there () {
    local name
    for name in $(named_by_rules); do
        grep -q "^# TYPE $name " "$folder/page" || { echo "$name"; return 1; }
    done
}

servers=(One Two)
topology "$folder/herd.zpl" links '    One = Two' \
    store "    folder = $folder/tables"
add_http "$folder/herd.zpl"
sed -i "/http = 127.0.0.1:$((BASE + 41))/d" "$folder/herd.zpl"
holds "a herd with a door of each kind starts" herd up "$folder/herd.zpl"
herd ask One "IAMAT $kiwi" >/dev/null
page $((BASE + 20)) >"$folder/page"
holds "promtool finds nothing wrong with its metrics" \
    promtool check metrics <"$folder/page"
page $((BASE + 21)) >"$folder/other"
holds "nor with those of a server without HTTP" \
    promtool check metrics <"$folder/other"
holds "the document has all names and types, and no others" \
    same "$(documented)" "$(names)"
holds "and says of each the same" same "$(documented_texts)" "$(texts)"
holds "and all their labels" same "$(documented_labels)" "$(labels)"
holds "the alerts are of metrics that there are" are_all_there
holds "promtool finds nothing wrong with the alerts" \
    promtool check rules "$top/monitoring/zherd.rules.yml"
holds "each alert fires when it should, and only then" \
    promtool test rules "$top/tests/ci/rules.yml"
holds "each alert is tested" same \
    "$(sed -n 's/^ *- alert: //p' "$top/monitoring/zherd.rules.yml" | sort)" \
    "$(grep -oE 'alertname: \w+' "$top/tests/ci/rules.yml" |
        cut -d ' ' -f 2 | sort -u)"
holds "down succeeds" herd down
done_testing
