#!/usr/bin/env bash
#   Every measured number of the report comes out of a data file.

#  shellcheck disable=SC2034  # no herd, no ports
BASE=0
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"

bench=$top/docs/bench
copy=$folder/report
cp -r "$top/docs/report" "$copy"

#  make report wants all of them; here some may not be read yet

numbers () {
    "$top/docs/report/numbers" --draft --bench "$bench" --report "$copy" \
        "$@" 2>>"$folder/unread"
}

#  Put a line into the text

insert () {
    sed "s/^\\\\section{Introduction.*/&\n${1//\\/\\\\}/" \
        "$top/docs/report/report.tex" >"$copy/report.tex"
    fails cmp -s "$copy/report.tex" "$top/docs/report/report.tex"
}

#  With this line in it, the report is refused for this reason

refuses () {
    insert "$1"
    : >"$folder/unread"
    fails numbers && like "$(<"$folder/unread")" "report.tex:[0-9]+: $2\$"
}

#  With this line in it, it is no more than a draft

waits () {
    insert "$1"
    fails "$top/docs/report/numbers" --bench "$bench" --report "$copy" \
        2>"$folder/said" &&
        like "$(<"$folder/said")" "report.tex:[0-9]+: $2" && numbers
}

#  With this line in it, it is not

takes () {
    insert "$1"
    numbers
}

#  Twice as much of all that was read of zherd in the herd of five

double () {
    mkdir "$folder/bench"
    cp "$bench"/*.tsv "$folder/bench"
    awk -F '\t' -v OFS='\t' '$2 ~ /^herd-/ && $3 == "zherd" { $5 *= 2 } 1' \
        "$bench/runs.tsv" >"$folder/bench/runs.tsv"
    numbers --output "$folder/once" &&
        bench=$folder/bench numbers --output "$folder/twice" &&
        fails cmp -s "$folder/once" "$folder/twice"
}

#  Readings of a single round

alone () {
    mkdir "$folder/first"
    cp "$bench"/*.tsv "$folder/first"
    awk -F '\t' 'NR == 1 || $1 == 1' "$bench/runs.tsv" >"$folder/first/runs.tsv"
    insert '\fig{one-50x1}{zherd}{p50_us}, \wide{one-50x1}{zherd}{p50_us}'
    bench=$folder/first numbers --output "$folder/marked" &&
        like "$(grep -c 'one-50x1:zherd:p50_us.*alone' "$folder/marked")" '^2$'
}

holds "no number is typed by hand" numbers --typed
holds "every number is found, or named as not read yet" numbers
holds "other readings give other numbers" double
holds "a number typed by hand is refused" \
    refuses 'It answers 1.2 million.' '1.2 is typed by hand'
holds "also with a unit" refuses 'After 14~ms' '14 is typed by hand'
holds "also beside one that is looked up" \
    refuses '\fig{one-50x1}{zherd}{p50_us} or 9' '9 is typed by hand'
holds "a number that isn't there is named" \
    refuses '\fig{one-50x1}{zherd}{p42_us}' \
    'there is no fig:one-50x1:zherd:p42_us'
holds "a claim that isn't so is refused" \
    refuses '\claim{code}{zherd}{lines}{< floor}' 'it is not so: .*'
holds "a claim that is so may stand" \
    takes '\claim{code}{zherd}{lines}{> floor}'
holds "years, names and what was set may be typed" \
    takes 'C11 of 2011 at p99 with \set{7}.'
holds "what was not read yet is named, and is an error but in a draft" \
    waits '\fig{one-50x1}{nats}{throughput}' \
    'not read yet: fig:one-50x1:nats:throughput'
holds "a number that is one reading is marked" alone
done_testing
