#!/usr/bin/env bash
#   Every measured number of the report comes out of a data file.

#  shellcheck disable=SC2034  # no herd, no ports
BASE=0
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"

bench=$top/docs/bench
copy=$folder/report
cp -r "$top/docs/report" "$copy"

numbers () {
    "$top/docs/report/numbers" --bench "$bench" --report "$copy" "$@"
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
    fails numbers >"$folder/said" 2>&1 &&
        like "$(<"$folder/said")" "report.tex:[0-9]+: $2\$"
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

holds "no number is typed by hand" numbers --typed
holds "every number is found" numbers
holds "other readings give other numbers" double
holds "a number typed by hand is refused" \
    refuses 'It answers 1.2 million.' '1.2 is typed by hand'
holds "also with a unit" refuses 'After 14~ms' '14 is typed by hand'
holds "also beside one that is looked up" \
    refuses '\fig{one-1x1}{zherd}{p50_us} or 9' '9 is typed by hand'
holds "a number that isn't there is named" \
    refuses '\fig{one-1x1}{zherd}{p42_us}' \
    'there is no fig:one-1x1:zherd:p42_us'
holds "a claim that isn't so is refused" \
    refuses '\claim{code}{zherd}{lines}{< floor}' 'it is not so: .*'
holds "a claim that is so may stand" \
    takes '\claim{code}{zherd}{lines}{> floor}'
holds "years, names and what was set may be typed" \
    takes 'C11 of 2011 at p99 with \set{7}.'
done_testing
