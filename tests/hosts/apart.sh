#   Be in network and mount namespaces of one's own, or skip the test.  A test
#   sources this before all else, and begins anew in there.
#   shellcheck shell=bash

if [ "${IN_OWN_NAMESPACES:-}" != "$$" ]; then
    type -P ip nsenter >/dev/null ||
        { echo "1..0 # SKIP there is no ip or nsenter here"; exit; }
    for way in "" "--user --map-root-user"; do
        # shellcheck disable=SC2206  # words, or none
        apart=(unshare $way --net --mount --propagation private)
        # shellcheck disable=SC2016  # it is the other bash that expands
        if "${apart[@]}" bash -c '
            ip link add try type bridge && ip link del try &&
                unshare --net --mount true' 2>/dev/null; then
            # shellcheck disable=SC2093  # there is nothing to go on with
            IN_OWN_NAMESPACES=$$ exec "${apart[@]}" bash "$0" "$@"
        fi
    done
    echo "1..0 # SKIP no network and mount namespaces can be made here"
    exit
fi
