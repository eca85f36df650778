#!/usr/bin/env bash
#   What all programs have in common: help, version, one clear word about a
#   misuse, and that no output is lost in silence.

BASE=17350
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

programs=(zherd zherd-places zherd-load)
ring "$folder/herd.zpl"
version=$(sed -n 's/^VERSION := //p' "$top/Makefile")

#  For each program: its name comes before the arguments

each () {
    local program
    for program in "${programs[@]}"; do
        "$1" "$program" "${@:2}" || { echo "that was $program"; return 1; }
    done
}

#  The program, started by a roundabout path

run () {
    "$HERD_BIN/../$(basename "$HERD_BIN")/$1" "${@:2}"
}

tells_its_version () {
    same "$(run "$1" "$2")" "$1 $version"
}
holds "-V and --version are a name and a version" each tells_its_version -V
holds "the two are the same" each tells_its_version --version

#  A version that is not in the changelog, or the other way around

is_in_the_changelog () {
    local newest
    newest=$(sed -n '/^## /{ s/^## //; s/ .*//; p; q }' "$top/CHANGELOG.md")
    same "$newest" "$version"
}
holds "the changelog begins with this version" is_in_the_changelog

helps () {
    local said
    said=$(run "$1" -h) && like "$said" "^usage: $1 " &&
        same "$(run "$1" --help)" "$said" &&
        like "$said" '-V.*--version' && like "$said" '-h.*--help'
}
holds "-h and --help tell the same, and name themselves" each helps

#  One line that says what is wrong, the usage, and where to read more

refuses () {
    local program=$1 wrong=$2 said
    shift 2
    said=$(run "$program" "$@" 2>&1 >/dev/null)
    same $? 2 && same "$(head -n 1 <<<"$said")" "$program: $wrong" &&
        like "$(sed -n 2p <<<"$said")" "^usage: $program " &&
        same "$(grep -c "^$program:" <<<"$said")" 1 &&
        same "$(tail -n 1 <<<"$said")" "\"$program -h\" tells more."
}
holds "an unknown letter is a misuse" each refuses \
    "invalid option -- 'Z'" -Z
holds "an unknown word is a misuse" each refuses \
    "unrecognized option '--nonsense'" --nonsense
holds "a letter that lacks its word is a misuse" \
    refuses zherd "option requires an argument -- 'l'" -l
holds "a value that can't be is named" \
    refuses zherd-places "-p can't be '70000'" -p 70000 x.tsv
holds "for a long option too" \
    refuses zherd-load "--pid can't be 'x'" --pid x 1
holds "a missing topology is asked for" refuses zherd "which topology?"
holds "a missing server is asked for" \
    refuses zherd "which server of x.zpl?" x.zpl
holds "a missing file is asked for" \
    refuses zherd-places "which files of places?"
holds "what is to be loaded is asked for" \
    refuses zherd-load "there is no server to load"
holds "a word too many is a misuse" \
    refuses zherd "unexpected argument 'Ball'" x.zpl Alford Ball
holds "with -n too" \
    refuses zherd "unexpected argument 'Ball'" -n x.zpl Alford Ball
holds "with --import too" \
    refuses zherd-places "unexpected argument 'more'" --import x more

loses () {
    local program=$1 said
    shift
    said=$(run "$program" "$@" 2>&1 >/dev/full)
    same $? 1 && like "$said" "^$program: standard output: No space left"
}
loses_all () {
    local program=$1 said
    shift
    said=$(run "$program" "$@" 2>&1 >&-)
    same $? 1 && like "$said" "^$program: standard output: Bad file"
}
for loss in loses loses_all; do
    holds "help that is lost ($loss) is an error" each $loss -h
    holds "so is a version" each $loss -V
    holds "so is a topology" $loss zherd -n "$folder/herd.zpl"
done
done_testing
