#!/usr/bin/env bash
#   A server is started twice, with other ports the second time: that is said,
#   links don't come and go, and the other four are none the worse for it.

BASE=17650
#  shellcheck source=tests/herd/lib.sh
. "$(dirname "$0")/lib.sh"

TOGETHER=8  #  Seconds

refuses_a_twin () {
    [ "$(notices "$1" "a second server of one name")" -gt 0 ]
}

#  How often links came up or went down, at all five

changes () {
    cat "$HERD_DIR"/*.log | grep -Ec ' \* link-(up|down): '
}

ring "$folder/herd.zpl"
herd up "$folder/herd.zpl" >/dev/null || exit
holds "clients are told of" tell_much Alford c 100 100 1000
holds "all five agree" eventually agree
before=$(changes)

cp "$folder/herd.zpl" "$folder/twin"
for kind in 0 10 20; do
    sed -i "s/:$((BASE + kind + 2))\$/:$((BASE + kind + 5))/" "$folder/twin"
done
"$HERD_BIN/zherd" -l "$folder/twin.log" -k "$HERD_DIR/keys" "$folder/twin" \
    Hamilton &
twin=$!
start=$(now_ms)
holds "Alford says so" eventually refuses_a_twin Alford
holds "Holiday says so" eventually refuses_a_twin Holiday
echo "# after $(($(now_ms) - start)) ms"

settled=$(changes)
holds "clients are answered" \
    tell_much Ball c 100 $((TOGETHER * 100)) 2000 100
echo "# $((settled - before)) changes of links before it was said," \
    "$(($(changes) - settled)) in the $TOGETHER s after"
holds "links do not come and go" \
    is_between "$(($(changes) - settled))" 0 2
for name in Alford Holiday; do
    holds "$name says it once" \
        is_noted $name 1 "a second server of one name"
done
tell Alford "east +1+1 1"
tell Holiday "west +1+1 1"
holds "what is new gets around" eventually know east Welsh Ball Holiday
holds "from the other side, too" eventually know west Welsh Ball Alford

is_refused () {
    local reasons='"reasons": [ "twin" ]' links='[ "Alford", "Holiday" ]'
    same "$(readyz $((BASE + 25)))" \
        "503 { \"ready\": false, $reasons, \"links_down\": $links }"
}
holds "the second one is not ready, and says why" eventually is_refused
holds "the first one is" like "$(readyz "$(admin_port Hamilton)")" "^200 "

stop_stranger "$twin"
holds "when one is gone, all links come up" eventually all_links_up
holds "all five agree" eventually agree

holds "down succeeds" herd down
holds "down leaves no process, port or file but the logs" nothing_left
done_testing
