#!/usr/bin/env bash
#   The manuals are true: they have each option that -h has, each command of
#   herd, and each key that servers read, with its range and default; and so has
#   completion.

#  shellcheck disable=SC2034  # no ports
BASE=0
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

man=$top/docs/man
page=$man/zherd.zpl.5
rules=$top/src/config/config.c

#  The options that a text of help describes: words at the start of a line

options_of_help () {
    grep -oE '^  +-[^ ,]+(, +-[^ ,]+)*' | grep -oE -- '--?[A-Za-z][a-z-]*' |
        sort -u
}

#  Those that a manual describes: items of a list, by their macro

options_of_manual () {
    awk '/^\.It Fl/ {
            for (at = 3; at <= NF; at++)
                if ($(at - 1) == "Fl" || ($(at - 1) == "," && $at ~ /^-/))
                    print "-" $at
        }' "$1" | sort -u
}

has_the_options () {
    diff <(options_of_manual "$man/$1") <(shift; for_each_help "$@")
}

for_each_help () {
    local words
    for words; do
        # shellcheck disable=SC2086  # words
        "$HERD_BIN"/$words -h
    done | options_of_help
}

holds "zherd(8) has the options of zherd" has_the_options zherd.8 \
    zherd "zherd keys" "zherd table" "zherd token"
holds "zherd-places(8) has those of zherd-places" \
    has_the_options zherd-places.8 zherd-places
holds "zherd-load(1) has those of zherd-load" \
    has_the_options zherd-load.1 zherd-load
holds "zherd-mqtt(8) has those of zherd-mqtt" \
    has_the_options zherd-mqtt.8 zherd-mqtt
holds "zherd-gateway(8) has those of zherd-gateway" \
    has_the_options zherd-gateway.8 zherd-gateway

commands_of_help () {
    herd -h | awk '/^herd [a-z]/ { print $2 }' | sort -u
}

commands_of_manual () {
    awk '/^The commands are:/ { on = 1 } /^\.Sh/ { on = 0 }
        on && /^\.It Cm/ { print $3 }' "$man/zherdctl.1" | sort -u
}
holds "zherdctl(1) has the commands of herd" \
    same "$(commands_of_manual)" "$(commands_of_help)"

#  The keys that servers read; of a number also its range and default

keys_of_code () {
    awk '
        /^#define LOCATION_CLIENT_SIZE_MAX/ { size = $3 }
        /s_rules \[\]/ { on = 1 }
        on && /{0}/ { on = 0 }
        on { text = text $0 }
        END {
            gsub(/[ \n]+/, " ", text)
            gsub(/LOCATION_CLIENT_SIZE_MAX/, size, text)
            while (match(text, /(TEXT|NUMBER) \([^)]*\)/)) {
                rule = substr(text, RSTART, RLENGTH)
                text = substr(text, RSTART + RLENGTH)
                split(rule, part, /[(),] */)
                gsub(/"| /, "", part [2])
                gsub(/\*/, "NAME", part [2])
                if (rule ~ /^NUMBER/)
                    print part [2], part [4] "-" part [5], part [6]
                else
                    print part [2]
            }
        }' "$top/include/table/location.h" "$rules" |
        grep -v '^limits/clients_max' | sort
}

keys_of_manual () {
    awk '
        function put() {
            for (at = 1; at <= count; at++)
                print key [at] (range ? " " range : "")
            count = 0
            range = ""
        }
        /^\.It Cm / {
            put()
            folder = $3
            sub(/[a-z]+(\/listen)?$/, "", folder)
            for (at = 3; at <= NF; at++)
                if ($at != ",") {
                    key [++count] = at == 3 ? $at : folder $at
                    if ($at ~ /^links/)
                        key [count] = $at
                }
        }
        count && /^\.Pq [0-9]+\\\(en[0-9]+; default [0-9]+/ {
            range = $2 " " $4
            sub(/\\\(en/, "-", range)
            gsub(/[;,]/, "", range)
        }
        /^\.El/ { put() }' "$1" | sort
}

has_the_keys () {
    diff <(sed '/^\.Sh ENV/,$ d' "$1" >"$folder/keys.5"
        keys_of_manual "$folder/keys.5") <(keys_of_code)
}
holds "zherd.zpl(5) has all keys, and no other, with ranges and defaults" \
    has_the_keys "$page"

#  The page with this done to it by sed

notices () {
    sed -E "$1" "$page" >"$folder/page.5"
    fails cmp -s "$folder/page.5" "$page" && fails has_the_keys "$folder/page.5"
}
holds "a key that is missing is noticed" notices '/^\.It Cm log\/level/d'
holds "one that is made up is noticed" notices 's/log\/level/log\/depth/'
holds "a range that is wrong is noticed" notices 's/64\\\(en65536/65\\(en65536/'
holds "a default that is wrong is noticed" \
    notices 's/default 268435456/default 268435455/'

#  What completion offers

completes () {
    # shellcheck disable=SC1091,SC2317  # who calls compopt is the completion
    (. "$top/service/completion.bash"
        COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2))
        compopt () { :; }
        "$1"
        printf '%s\n' "${COMPREPLY[@]}" | sort -u | xargs)
}
holds "completion offers the commands of herd" \
    same "$(completes _zherdctl zherdctl "")" \
    "$(commands_of_help | cat - <(printf '%s\n' --help --version) |
        sort -u | xargs)"
ring "$folder/herd.zpl"
mkdir -p "$HERD_DIR"
echo "$folder/herd.zpl" >"$HERD_DIR/topology"
holds "and the servers of the topology" \
    same "$(completes _zherdctl zherdctl ask "")" "${servers[*]}"
holds "and places, to start" \
    same "$(completes _zherdctl zherdctl start pl)" places
mv "$HERD_DIR/topology" "$folder/topology"
mv "$folder/herd.zpl" "$HERD_DIR"
holds "also of that in HERD_DIR, while none is up" \
    same "$(completes _zherdctl zherdctl ask "")" "${servers[*]}"
options_are_offered () {
    local program
    for program in zherd zherd-places zherd-load zherd-mqtt zherd-gateway; do
        diff <(completes _zherd "$program" - | tr ' ' '\n') \
            <(for_each_help "$program" | grep -vE '^-[hV]$') || return 1
    done
}
holds "and each program's options" options_are_offered
done_testing
