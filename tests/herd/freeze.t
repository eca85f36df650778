#!/usr/bin/env bash
#   A server stops answering without its connections being closed, as one does
#   that swaps or hangs; then it goes on as if nothing had been.

BASE=17200
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

link_is_down () {
    grep "^    $2 down" <<<"$(herd status -v | sed -n "/^$1\$/,/^\$/p")"
}

#  A peer's memory has not grown by more than a tenth, and room for a log

is_flat () {
    is_between "$(resident_kib "$1")" 0 $(($2 * 11 / 10 + 2048))
}

#  How much the frozen server's peers have sent it

sent () {
    echo $(($(link_says Alford Hamilton records_out) +
        $(link_says Holiday Hamilton records_out)))
}

CLIENTS=1000
UPDATES=20000

#  What is freed and kept for a while by the sanitizers is not ours
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:quarantine_size_mb=1
ring "$folder/herd.zpl" log "    level = notices"
herd up "$folder/herd.zpl" >/dev/null || exit
tell Ball "before +1+1 1"
holds "all know what one was told" eventually know before "${servers[@]}"
holds "clients are told of" tell_much Ball c $CLIENTS $UPDATES 1000
holds "all five agree" eventually agree
alford=$(resident_kib Alford)
holiday=$(resident_kib Holiday)

kill -STOP "$(pid_of Hamilton)"
holds "its peer answers as before" \
    tell Alford "meanwhile +1+1 2"
holds "its other peer hears of it the other way" \
    eventually knows Holiday meanwhile
holds "status says that it doesn't answer" \
    like "$(herd status)" "Hamilton +[0-9]+ +no answer"
holds "Alford notices" eventually link_is_down Alford Hamilton
holds "Holiday notices" eventually link_is_down Holiday Hamilton
holds "down for a peer doesn't mean that its process is gone" \
    kill -0 "$(pid_of Hamilton)"

holds "updates go on" tell_much Ball c $CLIENTS $UPDATES 2000
echo "# Alford had $alford KiB, has $(resident_kib Alford);" \
    "Holiday had $holiday, has $(resident_kib Holiday)"
holds "they take none of Alford's memory" is_flat Alford "$alford"
holds "nor of Holiday's" is_flat Holiday "$holiday"
sent=$(sent)

kill -CONT "$(pid_of Hamilton)"
holds "it hears what it missed" eventually knows Hamilton meanwhile
holds "all links are up again" eventually all_links_up
holds "all five agree" eventually agree
sent=$(($(sent) - sent))
echo "# it was sent $sent records for $((CLIENTS + 1)) clients that changed"
holds "its peers sent what had changed, each once" \
    is_between "$sent" "$CLIENTS" $((2 * (CLIENTS + 1) * 105 / 100))
for name in Alford Holiday; do
    holds "$name's log has one dropped connection to Hamilton" \
        same "$(notices "$name" "link to Hamilton down")" 1
done

kill -STOP "$(pid_of Welsh)"
holds "stop stops a frozen server" herd stop Welsh
holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
