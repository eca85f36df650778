#   What shall happen to a package on a machine.  Who sources this has sourced
#   tests/herd/lib.sh, and has there, which runs a command on the machine,
#   install_package, and first and next, the package and a newer one.
#   shellcheck shell=bash disable=SC2154

traces () {
    there find /etc /usr /var /run /lib/systemd -name '*zherd*' \
        -not -path '/var/cache/*'
    there getent passwd zherd
}
before=$(traces)

#  The assignment's session: its lines to a server, and the first of its replies

session () {
    local reply places
    begin_session || return 1
    printf 'hello\r\n' >&3
    IFS= read -r -t 60 reply <&3
    same "$reply" '? hello' || return 1
    printf 'WHATSAT kiwi.cs.ucla.edu 10 5\r\n' >&3
    IFS= read -r -d '' -t 60 places < <(while IFS= read -r -t 60 reply <&3 &&
        [ -n "$reply" ]; do echo "$reply"; done) || true
    exec 3>&-
    like "$places" '"status" : "OK"'
}

asks () {
    like "$(there zherdctl ask "$1" 'WHATSAT kiwi.cs.ucla.edu 1 0')" \
        "^AT Alford .*kiwi"
}
keys_sum () {
    there sh -c 'cat /etc/zherd/keys/* /etc/zherd/herd.zpl | sha256sum'
}
is_up () {
    #  shellcheck disable=SC2016  # the other shell expands
    there sh -c 'test "$(zherdctl status | grep -c "2/2")" = 5'
}
runs_as_zherd () {
    same "$(there stat -c '%U %a' /var/lib/zherd /var/log/zherd \
        /etc/zherd/keys /var/lib/zherd/Alford.table | sort -u | xargs)" \
        "zherd 600 zherd 700"
}
logs_no_client () {
    there sh -c 'cat /var/log/zherd/*.log' >"$folder/logs"
    grep -q 'link to Hamilton up' "$folder/logs" &&
        fails grep -q kiwi "$folder/logs"
}

holds "the package is installed" install_package "$first"
holds "init writes a topology, and keys" there zherdctl init
holds "and leaves them at a second time" \
    like "$(there zherdctl init)" "is there already"
holds "a topology that is there is not made again" \
    fails there zherdctl init Left=192.0.2.1
holds "up brings five servers up" there zherdctl up
holds "the assignment's session goes as it should" session
holds "another server knows, too" asks Welsh
holds "what they keep is the user zherd's alone" runs_as_zherd
holds "no client is in a log" logs_no_client
sum=$(keys_sum)
holds "what logrotate does is good" there logrotate -d /etc/logrotate.d/zherd
holds "the package is upgraded" install_package "$next"
holds "topology and keys are as before" same "$(keys_sum)" "$sum"
there zherdctl down >"$folder/down" 2>&1
holds "after a start" there zherdctl up
holds "all are up" is_up
holds "the table is as before" asks Ball
holds "the package is removed" there dpkg -r zherd
none_runs () {
    #  shellcheck disable=SC2016  # the other shell expands
    there sh -c 'for file in /proc/[0-9]*/exe; do
        case $(readlink $file) in /usr/bin/zherd*) exit 1 ;; esac; done'
}
holds "no server runs then" eventually none_runs
holds "topology and keys are still there" same "$(keys_sum)" "$sum"
holds "and is purged" there dpkg -P zherd
holds "which leaves no trace" same "$(traces)" "$before"
