#!/usr/bin/env bash
#   zherd installs like any Debian software: manuals, units and package have no
#   faults that Debian's tools know, the package is the same whoever builds it,
#   and on a machine it is installed, upgraded, removed and purged.
#
#   PACKAGE_FLAGS  compiler flags for the package; quick ones, if not set
#   PACKAGE_KEEP   folder to copy the package to
#
#   As root, in a copy of this machine whose changes vanish.  tests/package/bare
#   does the same in a bare Debian.

if [ "$(id -u)" -ne 0 ]; then
    echo "1..0 # SKIP needs root"
    exit
fi
#  Alone is who is the first process of its own
[ $$ -eq 1 ] || exec unshare --mount --pid --fork --kill-child --mount-proc \
    "$0" "$@"

#  shellcheck disable=SC2034  # zherdctl knows which
BASE=12000
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/../herd/lib.sh"
DEB_BUILD_OPTIONS="parallel=$(nproc) noautodbgsym"
export DEB_BUILD_OPTIONS
version=$(sed -n 's/^VERSION := //p' "$top/Makefile")
flags=${PACKAGE_FLAGS--O1 -fno-lto}


#   The package, built twice at once: in other folders, of files of other times,
#   which are later than the changelog's

made=$(dpkg-parsechangelog -l "$top/debian/changelog" -S Timestamp)

build () {
    local tree=$folder/$1/zherd-$version
    mkdir -p "$tree"
    (cd "$top" && git ls-files -z | xargs -0 cp --parents -t "$tree") &&
        cd "$tree" && find . -exec touch -d "$2" {} + &&
        DEB_CFLAGS_APPEND=$flags dpkg-buildpackage -b -us -uc
}
build one "@$((made + 60))" >"$folder/one.log" 2>&1 &
one=$!
build two/below "@$((made + 3600))" >"$folder/two.log" 2>&1 &
two=$!


#   Manuals

lints () {
    ! mandoc -T lint "$1" | grep -v 'referenced manual not found: \|mandoc.db'
}
for page in "$top"/docs/man/*.[1-8]; do
    holds "mandoc has nothing to say of ${page##*/}" lints "$page"
done

names_manuals_that_are_there () {
    local name section lost=0
    while read -r name section; do
        [[ $name == zherd* ]] || continue
        [ -f "$top/docs/man/$name.$section" ] ||
            { echo "there is no $name($section)"; lost=1; }
    done < <(awk '/^\.Xr/ { print $2, $3 }' "$top"/docs/man/*)
    return $lost
}
holds "manuals refer to manuals that are there" names_manuals_that_are_there


#   make install

staged=$folder/staged
list () {
    (cd "$1" && find . ! -type d | sed 's/\.gz$//' | sort)
}
make_install () {
    make --no-print-directory -C "$top" "$@" BUILD="$HERD_BIN" PREFIX=/usr \
        DESTDIR="$staged"
}
holds "make install installs" make_install install
list "$staged" >"$folder/installed"
holds "what make install placed names its own folders" \
    fails grep -rE '@(BIN|SHARE)@' "$staged/lib" "$staged/etc"


#   Units

units=$staged/lib/systemd/system
is_exposed_little () {
    systemd-analyze security --offline=yes --threshold=15 --root=/ "$1"
}
verifies () {
    #  With programs and manuals that are there
    mkdir -p "$folder/units"
    sed "s|/usr/bin/zherd|$HERD_BIN/zherd|; /^Documentation=/d" \
        "$units/$1" >"$folder/units/$1"
    same "$(systemd-analyze verify --recursive-errors=no \
        "$folder/units/$1" 2>&1)" ""
}
for unit in zherd-places.service zherd@.service zherd-gateway@.service \
    zherd.target; do
    holds "systemd finds nothing wrong with $unit" verifies "$unit"
done
for unit in zherd-places.service zherd@.service zherd-gateway@.service; do
    holds "the exposure of $unit is 1.5 at most" is_exposed_little \
        "$units/$unit"
done

#  The system calls that a unit allows, by its lines in their order

expand () {
    local word
    for word; do
        if [[ $word == @* ]]; then
            #  shellcheck disable=SC2046  # words
            expand $(systemd-analyze syscall-filter "$word" |
                awk 'NR > 1 && $1 !~ /^#/ { print $1 }')
        else
            echo "$word"
        fi
    done
}
calls_of () {
    local line calls
    calls=$(expand @default)
    while read -r line; do
        #  shellcheck disable=SC2086  # words
        case $line in
        ~*) calls=$(grep -vxFf <(expand ${line#"~"}) <<<"$calls") ;;
        *) calls+=$'\n'$(expand $line) ;;
        esac
    done < <(sed -n 's/^SystemCallFilter=//p' "$1")
    echo "$calls"
}
holds "the launcher that confines is built" cc -std=c11 -D_GNU_SOURCE -Wall \
    -Wextra -Werror "$top/tests/ci/confined.c" -o "$folder/confined" -lseccomp
cat >"$folder/pair.zpl" <<'END2'
herd
    name = pair
    region = here
servers
    Left
        clients = 127.0.0.1:12100
        mesh = 127.0.0.1:13100
        admin = 127.0.0.1:15100
        http = 127.0.0.1:16100
    Right
        clients = 127.0.0.1:12101
        mesh = localhost:13101
        admin = 127.0.0.1:15101
    Gate
        gateway = yes
        mesh = 127.0.0.1:13102
        admin = 127.0.0.1:15102
links
    Left = Right
    Gate = Right
nats
    url = nats://127.0.0.1:14222
mesh
    keys = keys
store
    folder = tables
END2

#  Start a server with these address families and the calls in a file

declare -A pids=() programs=([Left]=zherd [Right]=zherd [Gate]=zherd-gateway)
confine () {
    local name=$1
    (cd "$folder" && exec env NOTIFY_SOCKET="@zherd-$name-$$" \
        ./confined "$2" "$HERD_BIN/${programs[$name]}" -l "$folder/$name.log" \
        pair.zpl "$name") <"$3" 2>"$folder/$name.err" &
    pids[$name]=$!
}

#  Print what the manager is told until it ends, or is told to

listen () {
    perl -MSocket -e '
        $| = 1;
        socket my $fd, AF_UNIX, SOCK_DGRAM, 0 or die;
        bind $fd, pack_sockaddr_un ("\0$ARGV[0]") or die;
        while (defined recv $fd, my $text, 4096, 0) { print "$text\n" }' "$1" \
        >"$folder/$1.told" &
    eventually grep -q "@$1" /proc/net/unix
}
families=1,2,10  #  AF_UNIX, AF_INET, AF_INET6
say_the_units_of_families () {
    same "$(grep -cx "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX" \
        "$units"/zherd@.service "$units"/zherd-gateway@.service |
        sed 's/.*://' | xargs)" "1 1"
}
holds "the units allow the families that are tried" say_the_units_of_families
calls_of "$units/zherd@.service" >"$folder/calls"
calls_of "$units/zherd-gateway@.service" >"$folder/calls.gateway"
holds "a gateway's allows the calls that a server's does" \
    cmp "$folder/calls" "$folder/calls.gateway"
"$HERD_BIN/zherd" keys "$folder/pair.zpl" >/dev/null
for name in Left Right; do
    listen "zherd-$name-$$"
    confine "$name" $families "$folder/calls"
done
told=$folder/zherd-Left-$$.told
says () {
    eventually grep -qs "$@"
}
holds "confined as its unit says, a server gets ready and says so" \
    says '^READY=1' "$told"
holds "and has its link, to a name" says 'STATUS=ready, 1 of 1 links up' "$told"
exchange () {
    local reply
    exec 3<>"/dev/tcp/127.0.0.1/12100"
    printf 'IAMAT kiwi +1+1 1\n' >&3
    IFS= read -r -t 60 reply <&3
    like "$reply" '^AT Left '
}
holds "and serves clients" exchange
serves_http () {
    like "$(printf 'GET /v1/clients/kiwi HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' |
        perl -MIO::Socket::INET -e '
            my $to = IO::Socket::INET->new ("127.0.0.1:16100") or die;
            print $to join "", <STDIN>; print <$to>')" '200 OK'
}
holds "also over HTTP" serves_http
kill -HUP "${pids[Left]}"
holds "and tells its manager that it reloads" says '^RELOADING=1' "$told"
kill -TERM "${pids[Left]}"
holds "and that it ends" says '^STOPPING=1' "$told"
ends_well () {
    eventually grep -q ' ended$' "$folder/$1.log" &&
        same "$(cat "$folder/$1.err")" ""
}
holds "and does so, with its table on the disk" ends_well Left
holds "which has what it was told" \
    like "$("$HERD_BIN/zherd" table "$folder/tables/Left.table")" 'kiwi'

#  What every guide for hardening takes away, and libzmq can't do without; and
#  what no server can: so we know that the launcher confines

ends_with () {
    confine Left "${@:2}"
    wait "${pids[Left]}"
    same $? "$1"
}
grep -vx 'sched_setscheduler' "$folder/calls" >"$folder/fewer"
holds "without sched_setscheduler a server can't run" \
    ends_with 134 $families "$folder/fewer"
holds "nor without AF_INET and AF_INET6" ends_with 3 1 "$folder/calls"

if PATH=$PATH:/usr/sbin command -v nats-server >/dev/null; then
    PATH=$PATH:/usr/sbin nats-server -a 127.0.0.1 -p 14222 -js \
        -sd "$folder/jetstream" 2>"$folder/nats.log" &
    listen "zherd-Gate-$$"
    confine Gate $families "$folder/calls.gateway"
    holds "a gateway gets ready, confined as its unit says" \
        says '^READY=1' "$folder/zherd-Gate-$$.told"
    holds "and uses JetStream" says 'stream herd is joined' "$folder/Gate.log"
    kill -TERM "${pids[Gate]}"
    holds "and ends" ends_well Gate
else
    echo "# there is no nats-server: no gateway was confined"
fi
kill "${pids[Right]}"


#   The package as such

builds () {
    [ "$1" -eq 0 ] || { tail -n 20 "$2"; return 1; }
}
wait $one
holds "the package is built" builds $? "$folder/one.log"
wait $two
holds "twice" builds $? "$folder/two.log"
package=$(echo "$folder"/one/zherd_*.deb)
[ -z "${PACKAGE_KEEP:-}" ] || cp "$package" "$PACKAGE_KEEP"
holds "and is the same, byte for byte" \
    cmp "$package" "$folder/two/below/${package##*/}"
holds "lintian accepts it" lintian --allow-root --fail-on error,warning \
    "$package"
dpkg-deb -x "$package" "$folder/unpacked"
has_what_is_installed () {
    diff "$folder/installed" <(list "$folder/unpacked" |
        grep -vE '/(copyright|changelog\.Debian|lintian/.*)$')
}
holds "it has what make install places" has_what_is_installed
holds "make uninstall takes all of it away" make_install uninstall
holds "all of it" same "$(list "$staged")" ""
has_the_version () {
    like "$(dpkg-deb -f "$package" Version)" "^$version-"
}
holds "its version is zherd's" has_the_version


#   On a machine: a copy of this one, in which systemd does not run

machine=$(mktemp -d "${TMPDIR:-/tmp}/zherd-machine.XXXXXX") || exit
layer=$(mktemp -d "${TMPDIR:-/tmp}/zherd-layer.XXXXXX") || exit

#  What is mounted has to be gone before anything is removed; these two folders
#  are removed only if they are empty

take_apart () {
    umount -l -R "$machine" "$layer"
    rmdir "$machine" "$layer"
} 2>/dev/null
trap 'take_apart; clean_up' EXIT
mount -t tmpfs tmpfs "$layer" || exit
mkdir "$layer/upper" "$layer/work"
mount -t overlay overlay -o \
    "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$machine" || exit
for name in dev run tmp; do
    mount -t tmpfs tmpfs "$machine/$name" || exit
done
for device in "null 3" "zero 5" "full 7" "random 8" "urandom 9"; do
    mknod -m 666 "$machine/dev/${device% *}" c 1 "${device#* }"
done
ln -s /proc/self/fd "$machine/dev/fd"
mount -t proc proc "$machine/proc"
rm -f "$machine/var/lib/man-db/auto-update"  #  It would index all manuals
cp "$package" "$machine/tmp/first.deb"
dpkg-deb -R "$package" "$folder/next"
sed -i 's/^\(Version: .*\)/\1.1/' "$folder/next/DEBIAN/control"
dpkg-deb -b "$folder/next" "$machine/tmp/next.deb" >/dev/null

there () {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive HERD_WAIT=60 chroot "$machine" "$@" \
        </dev/null
}
install_package () {
    there dpkg -i "$1"
}
first=/tmp/first.deb next=/tmp/next.deb
#  shellcheck source=tests/package/story.sh
. "$top/tests/package/story.sh"
done_testing
