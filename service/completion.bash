#   Completion for zherd's programs: commands, options, names of servers.
#   shellcheck shell=bash

#  The topology that the words name, or the machine's own

_zherd_topology () {
    local word
    for word in "${COMP_WORDS[@]:1}"; do
        [[ $word != *.zpl || ! -f $word ]] || { echo "$word"; return; }
    done
    if [ -n "${HERD_DIR:-}" ] && [ -f "$HERD_DIR/topology" ]; then
        cat "$HERD_DIR/topology"
    elif [ -n "${HERD_DIR:-}" ] && [ -f "$HERD_DIR/herd.zpl" ]; then
        echo "$HERD_DIR/herd.zpl"
    else
        echo /etc/zherd/herd.zpl
    fi
}

_zherd_servers () {
    awk '/^[^ #]/ { servers = $1 == "servers" }
        servers && /^    [^ #]/ { print $1 }' "$(_zherd_topology)" 2>/dev/null
}

#  Fill in what the words are that begin as the present one; files, too, if the
#  second argument says so

_zherd_reply () {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"
        [ -z "${3:-}" ] || compgen -f -- "$2")
    [ -z "${3:-}" ] || compopt -o filenames 2>/dev/null
}

_zherd () {
    local now=${COMP_WORDS[COMP_CWORD]} options=
    case ${COMP_WORDS[0]##*/}:${COMP_WORDS[1]:-} in
    zherd:keys) options="--rotate --retire --help --version" ;;
    zherd:table) options="--iamat --help --version" ;;
    zherd:token) options="add list remove read write --help --version" ;;
    zherd:*) options="-l -k -n --help --version keys table token" ;;
    zherd-places:*) options="-a -p -L --import -o --credit --help --version" ;;
    zherd-load:*)
        options="propagate listen -c -d -k -w -t -n -r -R -B -s -p --walk --feed
            --deaf --load-ids --settle --pid --json --help --version"
        ;;
    zherd-mqtt:*)
        options="-b -s -t -p -i -l --tls --ca --cert --key --publish --prefix
            --token --help --version"
        ;;
    zherd-gateway:*) options="-l -k --help --version" ;;
    esac
    [[ ! ${COMP_WORDS[0]##*/} =~ ^zherd(-gateway)?$ || $COMP_CWORD -eq 1 ]] ||
        options+=" $(_zherd_servers)"
    _zherd_reply "$options" "$now" files
}

_zherdctl () {
    local now=${COMP_WORDS[COMP_CWORD]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        _zherd_reply "up down status check start stop kill restart reload ask
            log telnet keys init --help --version" "$now"
        return
    fi
    case ${COMP_WORDS[1]} in
    up | check) _zherd_reply "" "$now" files ;;
    status) _zherd_reply "-v --json" "$now" ;;
    log) _zherd_reply "-f $(_zherd_servers)" "$now" ;;
    keys) _zherd_reply "--rotate --retire $(_zherd_servers)" "$now" files ;;
    start | stop | kill | restart)
        _zherd_reply "places $(_zherd_servers)" "$now" files
        ;;
    ask | telnet) _zherd_reply "$(_zherd_servers)" "$now" ;;
    esac
}

complete -F _zherd zherd zherd-places zherd-load zherd-mqtt zherd-gateway
complete -F _zherdctl zherdctl
