#!/usr/bin/env bash
#   The herd command, as its users mistype, pipe and read it.

BASE=17700
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

topology=$folder/herd.zpl
ring "$topology" places \
    "    url = http://127.0.0.1:$((BASE + 30))/maps/api/place/nearbysearch/json"

few_places

#  The command exits with that code and says that, on both outputs

says () {
    local code=$1 text=$2 said
    shift 2
    said=$(herd "$@" 2>&1)
    same $? "$code" && same "$said" "$text"
}

#  It is a misuse: what is wrong, the usage of the command, where to read more

misuses () {
    local text="herd: $1" usage=$2 more='"herd -h" tells more.'
    shift 2
    [ -z "$usage" ] || text+=$'\n'"usage: herd $usage"
    says 2 "$text"$'\n'"$more" "$@"
}

before_it_is_up () {
    local server="NAME [TOPOLOGY]"
    misuses "unexpected argument 'Ball'" down down Ball &&
        misuses "unexpected argument 'b'" "up [TOPOLOGY]" up a b &&
        misuses "unexpected argument 'x'" "start $server" \
            start Ball "$topology" x &&
        misuses "unexpected argument 'x'" "stop NAME" stop Ball x &&
        misuses "unexpected argument 'x'" "kill NAME" kill -9 Ball x &&
        misuses "unexpected argument 'x'" "restart NAME" restart Ball x &&
        misuses "unexpected argument 'x'" "log NAME [-f]" log Ball -f x &&
        misuses "unexpected argument 'x'" "telnet NAME" telnet Ball x &&
        misuses "unexpected argument 'x'" "status [-v | --json]" status -v x &&
        misuses "unexpected argument 'x'" "" help x &&
        misuses "unexpected argument 'x'" "-V | --version" -V x
}
holds "a word too many is a misuse of every command" before_it_is_up
holds "nothing was done then" [ ! -e "$HERD_DIR" ]

holds "-h and --help say the same" same "$(herd -h)" "$(herd --help)"
holds "so do they behind a command" same "$(herd ask -h)" "$(herd -h)"
ln -s "$top/scripts/herd" "$folder/zherdctl"
columns_meet () {
    "$1" -h | awk '/ check \[/ { column = match($0, /look/) }
        /^ +to do/ { met = match($0, /to do/) == column }
        END { exit !met }' && fails grep -E '.{81}' <("$1" -h)
}
holds "its columns meet" columns_meet "$top/scripts/herd"
holds "under any name" columns_meet "$folder/zherdctl"
version=$(sed -n 's/^VERSION := //p' "$top/Makefile")
holds "-V is the version" says 0 "herd $version" -V
holds "so is --version" says 0 "herd $version" --version
loses () {
    herd "$@" >/dev/full 2>"$folder/lost"
    same $? 1 || return 1
    herd "$@" >&- 2>"$folder/lost"
    same $? 1
}
holds "help that is lost is an error" loses -h
holds "so is a version" loses -V

#  One server, of a topology that is not up

others_are_down () {
    local said
    said=$(herd status)
    same $? 1 && like "$said" "Ball +[0-9]+ +2" &&
        same "$(grep -Ec '^(Alford|Hamilton|Holiday|Welsh) +- +down$' \
            <<<"$said")" 4
}
said=$(herd start Ball "$topology" 2>"$folder/lacks")
holds "start says one line" like "$said" '^Ball is up, process [0-9]+\.$'
holds "and what it lacks" same "$(grep -c "Ball has no link to" \
    "$folder/lacks")" 2
holds "it starts that topology's server, and no other" others_are_down
holds "whose topology is kept" says 0 "Ball is up already." start Ball
holds "status says that Places is down" like "$(herd status)" \
    $'\n''places +- +down$'
holds "another topology is refused meanwhile" says 1 "herd: $HERD_DIR has the \
herd of $topology: down with it, or set HERD_DIR" \
    start Left "$top/topology/pair.zpl"
holds "stop says one line" says 0 "Ball is stopped." stop Ball
holds "also if there was nothing to stop" says 0 "Ball was not running." \
    stop Ball

herd up "$topology" >/dev/null || exit
holds "a name in lower case is recognised" misuses \
    "there is no server ball in $topology; did you mean Ball?" \
    "ask NAME LINE..." ask ball x
holds "so is one mistyped" misuses \
    "there is no server Hamliton in $topology; did you mean Hamilton?" \
    "log NAME [-f]" log Hamliton
holds "one like none gets the list" misuses \
    "there is no server X in $topology: ${servers[*]}" "kill NAME" kill X
holds "a command is recognised too" misuses \
    "there is no command stauts; did you mean status?" "" stauts
holds "Places is one of what can be started" misuses \
    "there is no server Places in $topology; did you mean places?" \
    "start NAME [TOPOLOGY]" start Places

#  Status

holds "status has a row for Places" like "$(herd status)" \
    $'\n''places +[0-9]+ +20[0-9-]+T[0-9:]+Z$'
json_says () {
    same "$(herd status --json | perl -MJSON::PP -0777 -ne '
        my $all = decode_json $_;
        my @servers = @{$all->{servers}};
        print "$all->{topology} $all->{places}{state} ", join " ", map {
            "$_->{name}:$_->{state}:" . ($_->{status}{server} // "")
        } @servers')" "$1"
}
holds "status --json is JSON, and has all servers" json_says "$topology up \
Alford:up:Alford Ball:up:Ball Hamilton:up:Hamilton Holiday:up:Holiday \
Welsh:up:Welsh"
says_which_are_down () {
    json_says "$topology down Alford:up:Alford Ball:up:Ball \
Hamilton:down: Holiday:up:Holiday Welsh:up:Welsh"
}
herd kill places >/dev/null
holds "kill says one line" says 0 "Hamilton is killed." kill Hamilton
holds "and which are down" says_which_are_down
holds "its exit code is that of status" fails herd status --json

tell Ball "pear +1+1 1"
blocks=$(herd status -v)
holds "status -v has a block for each server, and a line for each link" \
    same "$(grep -Ec '^[A-Z][a-z]+$|^    [A-Z][a-z]+ (up|down)' <<<"$blocks")" \
    13
holds "and no zeros" fails grep -E '[a-z] 0(,|$)' <<<"$blocks"
holds "and no line of more than 100 columns" fails grep -E '.{101}' <<<"$blocks"

#  Asking

holds "a dead server has refused, and can be started" says 1 "herd: Hamilton \
refused the connection at 127.0.0.1:$((BASE + 2)): it is not running; \
\"$top/scripts/herd start Hamilton\"?" ask Hamilton hello
few_of_many () {
    local lines=() line
    for line in {1..2000}; do
        lines+=("hello, world, for the ${line}th time")
    done
    same "$(herd ask Ball "${lines[@]}" 2>"$folder/lost" | head -n 3 |
        tail -n 1)" "? hello, world, for the 3th time" &&
        same "$(<"$folder/lost")" ""
}
holds "who reads three lines only hears of no mistake" few_of_many
holds "a status that is lost is an error" loses status
holds "as JSON too" loses status --json
loses_answers () {
    local said
    said=$(herd ask Ball x 2>&1 >/dev/full)
    same $? 1 && like "$said" "^herd: standard output: "
}
holds "answers that are lost are an error" loses_answers
odd=$'\e[31m\x07 \xc3\xa9 \xc2\x9b2J \xff \xe2\x80\xae\x7f \\x'
holds "ask passes bytes on as they are" same "$(herd ask Ball "$odd")" "? $odd"
on_a_terminal () {
    local words
    words=$(printf '%q ' "$top/scripts/herd" ask Ball "$odd")
    SHELL=$BASH script -qec "$words" "$folder/typescript" </dev/null |
        tr -d '\r'
}
holds "but escapes what a terminal obeys" same "$(on_a_terminal)" \
    $'? \\x1b[31m\\x07 \\xc3\\xa9 \\xc2\\x9b2J \\xff \\xe2\\x80\\xae\\x7f \\x'
odd=$'\e[31m\x07 caf\xc3\xa9 \xc2\x9b2J \xe2\x80\xae\x7f \\x\tx'
holds "and leaves text as it is" same "$(on_a_terminal)" \
    $'? \\x1b[31m\\x07 caf\xc3\xa9 \\xc2\\x9b2J \\xe2\\x80\\xae\\x7f \\x\tx'

#  Pid files that got lost

herd start places >/dev/null
pid=$(pid_of Ball)
: >"$HERD_DIR/Ball.pid"
rm "$HERD_DIR/Welsh.pid"
: >"$HERD_DIR/_places.pid"
holds "a server whose pid file is empty is still there" \
    like "$(herd status)" "Ball +$pid "
holds "start does not start another" says 0 "Ball is up already." start Ball
holds "kill kills it" says 0 "Ball is killed." kill Ball
holds "down finds those without a pid file" says 0 "The herd is down." down
holds "all of them" nothing_left
holds "down, when all is down, says so" says 0 "No herd is up in $HERD_DIR." \
    down

#  A herd that is down, and whose topology is in its folder

cp "$topology" "$HERD_DIR/herd.zpl"
herd start Ball >/dev/null 2>&1
holds "start finds the topology that is in HERD_DIR" \
    like "$(herd status --json)" "\"topology\": \"$HERD_DIR/herd.zpl\""
"$HERD_BIN/zherd" -l "$folder/direct.log" -k "$HERD_DIR/keys" "$topology" \
    Welsh &
direct=$!
status_says () {
    like "$(herd status)" "$1"
}
holds "status tells of a server that somebody else started" eventually \
    status_says $'\n''Welsh +- +up, but not started by herd'$'\n'
stop_stranger "$direct"
herd stop Ball >/dev/null
reloads_nobody () {
    local said
    said=$(herd reload 2>&1)
    same $? 1 && like "$said" "Ball is not running" &&
        like "$said" "Ball +- +[0-9]+ +[0-9]+ +down"
}
holds "reload fails where no server runs, and says so" reloads_nobody
herd down >/dev/null
rm "$HERD_DIR/herd.zpl"
holds "without one there start says which it takes" like \
    "$(herd start Nobody 2>&1)" "nor is there $HERD_DIR/herd.zpl: it is $top"

#  A folder in which nothing is built

mkdir -p "$folder/bare/scripts" "$folder/bare/topology"
cp "$top/scripts/herd" "$folder/bare/scripts"
not_built () {
    local said
    said=$(cd "$folder/bare/scripts" && env -u HERD_BIN ./herd status 2>&1)
    same "$?: $said" "1: herd: no herd is up in $HERD_DIR" || return 1
    said=$(cd "$folder/bare/scripts" && env -u HERD_BIN ./herd up 2>&1)
    same "$?: $said" \
        "1: herd: zherd is not built: run \"make up\" in $folder/bare"
}
holds "where nothing is built, one is told how to" not_built
done_testing
