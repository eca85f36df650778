#!/usr/bin/env bash
#   The scripts that judge the rest fail when they should: rules of style, the
#   border around the core, and the one that runs tests and counts.

#  shellcheck disable=SC2034  # no herd, no ports
BASE=0
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"

#  A test that does what standard input says

write () {
    { echo '#!/usr/bin/env bash'; cat; } >"$folder/$1.t"
    chmod +x "$folder/$1.t"
}

#  Run these tests; what is said goes to a file

run () {
    local names=("${@/#/$folder/}")
    env -u CI "$top/scripts/run-tests" "$folder" "${names[@]/%/.t}" \
        >"$folder/told" 2>&1
}

last_line () {
    tail -n 1 "$folder/told"
}

#  Of these tests so many cases pass and so many fail

counts () {
    local passed=$1 failed=$2
    shift 2
    run "$@"
    same "$? $(last_line)" \
        "$((failed > 0)) $passed passed, $failed failed" ||
        { cat "$folder/told"; return 1; }
}

write good <<'END'
echo "ok 1 - this"
echo "not an error" >&2
echo "ok 2 - that"
echo 1..2
END
write bad <<'END'
echo "ok 1 - this"
echo "not ok 2 - that"
echo "#   for a reason"
echo "a word" >&2
echo 1..2
exit 1
END
write short <<'END'
echo 1..3
echo "ok 1 - this"
END
write dead <<'END'
echo 1..1
echo "ok 1 - this"
kill -SEGV $$
END
write silent <<'END'
exit 0
END
write slow <<'END'
echo "ok 1 - this"
echo 1..1
exec perl -e 'select undef, undef, undef, 60'
END
write skips <<'END'
echo "ok 1 - this"
echo "ok 2 - that # SKIP not here"
echo 1..2
END
write absent <<'END'
echo "1..0 # SKIP not here"
END

holds "check-style's rules can fail" "$top/scripts/check-style" --self-test
holds "check-border notices what crosses it" \
    "$top/scripts/check-border" --self-test

holds "cases that pass are counted" counts 2 0 good
holds "what a good test says on standard error is not shown" \
    fails grep -q "not an error" "$folder/told"
holds "cases that fail are counted" counts 3 1 good bad
holds "and named, with a reason" \
    grep -A 1 "not ok 2 - that" "$folder/told"
holds "and what they said on standard error is shown" \
    grep "a word" "$folder/told"
holds "a test that ends too early has failed" counts 1 1 short
holds "so has one that dies" counts 1 1 dead
holds "so has one that says nothing" counts 0 1 silent
holds "so has one that is not there" counts 0 1 nowhere
export TEST_LIMIT=1
holds "so has one that takes too long" counts 1 1 slow
unset TEST_LIMIT
holds "what is skipped has neither passed nor failed" counts 1 0 skips absent
holds "and is named" grep "that # SKIP not here" "$folder/told"

export CI=true
run_in_ci () {
    "$top/scripts/run-tests" "$folder" "$folder/skips.t" "$folder/absent.t"
}
holds "but has failed in CI" fails run_in_ci
holds "each of them" same "$(run_in_ci | tail -n 1)" "1 passed, 2 failed"
unset CI

#  Who builds on a bare system is told what to do

mkdir "$folder/no"
printf '#!/bin/sh\nexit 1\n' >"$folder/no/pkg-config"
chmod +x "$folder/no/pkg-config"
without_packages () {
    PATH=$folder/no:$PATH MAKEFLAGS='' make --no-print-directory -C "$top" \
        "$@" 2>&1 | head -n 1
}
holds "make says how to get the packages that it builds with" \
    same "$(without_packages packages)" "zherd is built with packages that are \
not installed: run \"make deps\""
install_nonsense () {
    "$top/scripts/install-deps" nonsense
    same $? 2
}
holds "an unknown set of packages is a misuse" install_nonsense

#  Each has a network of its own

write network <<'END'
readlink /proc/self/ns/net >>"${0%/*}/networks"
echo "ok 1 - this"
echo 1..1
END
networks () {
    run network network
    sort -u "$folder/networks" <(readlink /proc/self/ns/net) | wc -l
}
holds "each test has a network of its own" same "$(networks)" 3

#  The one waits for a line of the other

mkfifo "$folder/told-pipe"
write first <<'END'
echo "ok 1 - this"
echo 1..1
END
write second <<END
read -r line <"$folder/go"
echo "ok 1 - that"
echo 1..1
END
mkfifo "$folder/go"
"$top/scripts/run-tests" "$folder" "$folder/first.t" "$folder/second.t" \
    >"$folder/told-pipe" 2>&1 &
exec 5<"$folder/told-pipe"
IFS= read -r -t 60 line <&5
holds "a line comes when a test ends, while others run, also in a pipe" \
    like "$line" "first.t .*1 passed"
echo go >"$folder/go"
holds "and the sum comes last" same "$(tail -n 1 <&5)" "2 passed, 0 failed"
done_testing
