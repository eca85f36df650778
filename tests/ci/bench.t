#!/usr/bin/env bash
#   A page about speed has readings of one machine and one commit.

#  shellcheck disable=SC2034  # no herd, no ports
BASE=0
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"

bench=$folder/bench

#  Lines of code take no time to read

measure () {
    "$top/tests/bench/bench" --folder "$bench" --work code --program twisted \
        "$@" >"$folder/said" 2>&1
}

#  Readings of a work that is not measured now

remember () {
    rm -f "$bench/runs.tsv"
    measure && printf '1\tchurn\tzherd\tthroughput\t75000\n' \
        >>"$bench/runs.tsv"
}

works () {
    tail -n +2 "$bench/runs.tsv" | cut -f 2 | sort -u | tr '\n' ' '
}

kept () {
    remember && measure && like "$(works)" '^churn code $'
}

dropped () {
    remember && sed -i "s/^$1\t.*/$1\t$2/" "$bench/machine.tsv" && measure &&
        like "$(works)" '^code $' && fails grep -q "^$1	$2\$" \
        "$bench/machine.tsv"
}

over () {
    remember && measure --minutes 0 && like "$(<"$folder/said")" \
        'time is up: 1 readings are left out' && like "$(works)" 'churn'
}

#  A single reading, and three

marked () {
    remember && printf '%s\tone-1000x1\tzherd\tthroughput\t%s\n' \
        1 10000 2 20000 3 40000 >>"$bench/runs.tsv" &&
        "$top/tests/bench/bench" --report --folder "$bench" &&
        like "$(<"$bench/README.md")" '\*\*75k†\*\*' &&
        like "$(<"$bench/README.md")" '\*\*20k \(10k–40k, n=3\)\*\*'
}

#  Where there is no git, or no such line in /proc/cpuinfo

silent () {
    remember && sed -i "/^commit\|^processor/d" "$bench/machine.tsv" &&
        "$top/tests/bench/bench" --report --folder "$bench" &&
        like "$(<"$bench/README.md")" 'commit unknown, '
}

holds "other works of the same run stay" kept
holds "readings of another commit go" dropped commit 0123456
holds "readings of another machine go" dropped processor 'Zilog Z80'
holds "when time is up, what was read stays" over
holds "a single reading is marked, and how many rounds there were" marked
holds "a machine that does not tell all has a page, too" silent
done_testing
