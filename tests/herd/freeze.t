#!/usr/bin/env bash
#   A server stops answering without its connections being closed, as one does
#   that swaps or hangs; then it goes on as if nothing had been.

BASE=17200
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

link_is_down () {
    like "$(herd status -v)"$'\n' $'\n'"$1 [^"$'\n'"]* -$2[ "$'\n'"]"
}

ring "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
tell Ball "before +1+1 1"
holds "all know what one was told" within 2 know before "${servers[@]}"

kill -STOP "$(pid_of Hamilton)"
holds "its neighbour answers as before" takes_at_most 1000 \
    tell Alford "meanwhile +1+1 2"
holds "its other neighbour hears of it the other way" \
    within 2 knows Holiday meanwhile
holds "status says that it doesn't answer" \
    like "$(herd status)" "Hamilton +[0-9]+ +no answer"
holds "Alford notices" within 8 link_is_down Alford Hamilton
holds "Holiday notices" within 8 link_is_down Holiday Hamilton
holds "down for a neighbour doesn't mean that its process is gone" \
    kill -0 "$(pid_of Hamilton)"

kill -CONT "$(pid_of Hamilton)"
holds "it hears what it missed" within 5 knows Hamilton meanwhile
holds "all links are up again" within 5 all_links_up
holds "all five agree" within 5 agree
for name in Alford Holiday; do
    holds "$name's log has one dropped connection to Hamilton" \
        same "$(grep -c ' \* link to Hamilton down' "$HERD_DIR/$name.log")" 1
done

kill -STOP "$(pid_of Welsh)"
holds "stop stops a frozen server" herd stop Welsh
holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
