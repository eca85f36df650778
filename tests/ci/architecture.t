#!/usr/bin/env bash
#   docs/architecture.md is true: its table has the rooms that there are, and
#   allows what check-border allows.

#  shellcheck disable=SC2034,SC2016  # no herd, no ports; backquotes of Markdown
BASE=0
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"

page=$top/docs/architecture.md

#  The rows of the table of shelves: shelf, open rooms, "/", inner rooms, "<",
#  shelves it may include

rows () {
    grep '^| `' "$1" | tr -d '`' | awk -F '|' 'NF == 7 {
        row = $2 " " $4 " / " $5 " < " $6
        gsub(/ +/, " ", row)
        gsub(/^ | $/, "", row)
        print row
    }'
}

rooms_of_page () {
    rows "$1" | awk '{
        count = 0
        for (at = 2; $at != "<"; at++)
            if ($at != "/") {
                print $1 "/" $at
                count++
            }
        if (!count)
            print $1
    }' | sort
}

rooms_of_tree () {
    (cd "$top" && find src include -name '*.[ch]') |
        sed -E 's/^(src|include)\///; s/\.[ch]$//' | sort -u
}

has_the_rooms () {
    diff <(rooms_of_page "$1") <(rooms_of_tree)
}

has_the_border () {
    diff <(rows "$1" | sed 's/ \/.*</ </') \
        <("$top/scripts/check-border" --shelves)
}

#  Names of rooms and relative links, wherever they are in the text

names_what_there_is () {
    local room link lost=0
    while read -r room; do
        [ -f "$top/src/$room.c" ] || [ -f "$top/include/$room.h" ] ||
            { echo "there is no $room"; lost=1; }
    done < <(grep -oE '`[a-z]+/[a-z_]+`' "$1" | tr -d '`' |
        grep -vE '^(limits|tests)/' | sort -u)
    while read -r link; do
        [ -e "$top/docs/$link" ] || { echo "there is no $link"; lost=1; }
    done < <(grep -oE '\]\([^)]+\)' "$1" | sed 's/^](//; s/)$//')
    return "$lost"
}

#  Each walk, and through how many rooms it goes

walks () {
    awk '/^## / { walks = /Four walks/ }
        /^### / { walk = substr($0, 5) }
        walks && walk {
            while (match($0, /`[a-z]+\/[a-z_]+`/)) {
                room = substr($0, RSTART + 1, RLENGTH - 2)
                $0 = substr($0, RSTART + RLENGTH)
                if (room !~ /^limits\// && !seen[walk, room]++)
                    count[walk]++
            }
        }
        END { for (walk in count) print count[walk], walk }' "$1"
}

four_short_walks () {
    same "$(walks "$1" | wc -l)" 4 &&
        same "$(walks "$1" | awk '$1 > 10')" ""
}

#  The rooms that each section of the protocol names, and the sections that each
#  room names in its header

rooms_of_sections () {
    awk '/^#+ 4\./ { section = $2 }
        /^In zherd: / {
            while (match($0, /`[a-z_\/]+`/)) {
                print section, substr($0, RSTART + 1, RLENGTH - 2)
                $0 = substr($0, RSTART + RLENGTH)
            }
        }' "$1" | sort
}

sections_of_rooms () {
    (cd "$top/include" && grep -rEo 'Section 4[0-9.]+ of docs/protocol.md' .) |
        sed -E 's/^\.\/(.*)\.h:Section ([0-9.]+) .*/\2 \1/' | sort
}

sections_are_rooms () {
    diff <(rooms_of_sections "$1") <(sections_of_rooms)
}

#  Sections with text of their own, and none of them without a room

sections_have_rooms () {
    same "$(awk '/^#+ [0-9]/ {
            if (section ~ /^4\.[0-9]/ && !rooms && index($2, section ".") != 1)
                print section
            section = $2
            rooms = 0
        }
        /^In zherd: / { rooms = 1 }' "$1")" ""
}

protocol=$top/docs/protocol.md

#  The page with this done to it by sed fails the check

notices () {
    local page=${3:-$page}
    sed -E "$2" "$page" >"$folder/page.md"
    fails cmp -s "$folder/page.md" "$page" && fails "$1" "$folder/page.md"
}

holds "each room has its place in the table" has_the_rooms "$page"
holds "the table is that of check-border" has_the_border "$page"
holds "names and links lead somewhere" names_what_there_is "$page"
holds "four walks go through ten rooms each at most" four_short_walks "$page"
holds "a room that is missing is noticed" \
    notices has_the_rooms 's/ `arena`//'
holds "a room that is made up is noticed" \
    notices has_the_rooms 's/`arena`/& `lofts`/'
holds "an inner room that is called open is noticed" \
    notices has_the_border 's/`span` `spare`/`span`/'
holds "an arrow that is not there is noticed" \
    notices has_the_border 's/`base` `table` `wire` \|$/`base` `table` |/'
holds "a name that leads nowhere is noticed" \
    notices names_what_there_is 's/`page\/answer`/`page\/answers`/'
holds "a walk that grows is noticed" \
    notices four_short_walks 's/`mesh\/dealer`/& `base\/span` `base\/swar`/'
holds "each room of the protocol names its section" \
    sections_are_rooms "$protocol"
holds "each section of the protocol names its rooms" \
    sections_have_rooms "$protocol"
holds "a room that names another section is noticed" \
    notices sections_are_rooms 's/`flood\/link`/`flood\/take`/' "$protocol"
holds "a section without a room is noticed" \
    notices sections_have_rooms '/^In zherd: `wire\/window`/d' "$protocol"
done_testing
