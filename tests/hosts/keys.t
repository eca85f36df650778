#!/usr/bin/env bash
#   A herd on five machines that know each other by keys, and somebody at the
#   place of one of them who has no key, another's, or one of his own: he is
#   told nothing, and is refused, counted and logged.

#  shellcheck source=tests/hosts/lib.sh
. "$(dirname "$0")/lib.sh"

endpoint () {
    echo "$(hostname_of "$1"):$2"
}

#  Start Welsh's machine with a secret, FILE, in place of its own, and in its
#  herd.pub the key to that: NAME's, of another herd.pub, who then has Welsh's

start_with () {
    local key
    key=$(awk -v name="$2" '$1 == name { print $2 }' "$3")
    at Welsh stop Welsh >/dev/null
    cp "$1" "$folder/Welsh/keys/Welsh.secret"
    awk -v key="$key" '
        NR == FNR { if ($1 == "Welsh") old = $2; next }
        $1 == "Welsh" { $2 = key; print; next }
        $2 == key { $2 = old }
        { print }' "$folder/keys/herd.pub" "$folder/keys/herd.pub" \
        >"$folder/Welsh/keys/herd.pub"
    start_on Welsh
}

new_hosts 10.77.0.
for name in "${servers[@]}"; do
    number=$((${number:-0} + 1))
    echo "$(hostname_of "$name") 10.77.0.$number"
done >"$folder/names"
names_are <"$folder/names"
write_topology endpoint "mesh" "    keys = keys"
holds "keys are made once" "$HERD_BIN/zherd" keys "$folder/herd.zpl"
"$HERD_BIN/zherd" keys "$folder/herd.zpl" "$folder/false" >/dev/null
for name in "${servers[@]}"; do
    mkdir -m 700 "$folder/$name/keys"
    cp "$folder/keys/"{herd.pub,herd.key,"$name.secret"} "$folder/$name/keys/"
done

holds "each machine starts its own server" all_up
holds "all find each other by name and key" eventually all_agree Holiday
holds "the check finds all well" at Alford check
tells Welsh Welsh "$kiwi"
holds "what one hears all hear" eventually all_have_heard kiwi.cs.ucla.edu

#  Who has keys of his own

holds "a machine with a key of its own starts" \
    start_with "$folder/false/Welsh.secret" Welsh "$folder/false/herd.pub"
holds "it is refused, and its peers say why" \
    eventually log_has Alford ' \* refused: refused .*: no peer has the key'
holds "the other peer says so, too" \
    eventually log_has Ball ' \* refused: refused .*: no peer has the key'
holds "it knows why" eventually \
    log_has Welsh ' \* link-fails: no link to Alford: .*key'
holds "the check at either end says that keys differ" \
    eventually check_says Alford \
    'Alford - Welsh: .*log of Alford says: [^;]*key.*;'
tells Alford Alford 'x * link-fails: no link to Welsh: as a client says'
eventually log_has Alford 'as a client says'
holds "whatever clients say" fails check_says Alford 'as a client says'
tells Alford Alford 'hidden +1+1 1'

#  Who has another's

holds "a machine with another peer's key starts" \
    start_with "$folder/keys/Hamilton.secret" Hamilton "$folder/keys/herd.pub"
holds "it cannot speak in its own name, nor be heard" eventually \
    log_has Alford " \\* refused: .* message in another's name than its key's"

#  Who has none

sed -i 's/    keys = keys/    security = plain/' "$folder/Welsh/herd.zpl"
at Welsh stop Welsh >/dev/null
holds "a machine without keys starts" start_on Welsh
holds "its peers say that it is plain" eventually \
    log_has Alford ' \* refused: refused .*: it is plain, and we have keys'
holds "it says that they have keys" eventually \
    log_has Welsh ' \* .*it has keys, and we are plain'
holds "all the while it was told nothing" fails has_heard Welsh hidden
holds "nor had a link" fails grep -q ' \* link-up: ' \
    <(tac "$folder/run-Welsh/Welsh.log" | sed '/ starts, /q')

sed -i 's/    security = plain/    keys = keys/' "$folder/Welsh/herd.zpl"
holds "with its own key it starts" \
    start_with "$folder/keys/Welsh.secret" Welsh "$folder/keys/herd.pub"
holds "it is heard again, and learns what it missed" \
    eventually has_heard Welsh hidden
holds "all agree" eventually all_agree Welsh

#  A new key, while all go on: peers know it before it is used

holds "Welsh gets a new key" \
    "$HERD_BIN/zherd" keys --rotate Welsh "$folder/herd.zpl"
for name in "${servers[@]}"; do
    cp "$folder/keys/herd.pub" "$folder/$name/keys/"
done
cp "$folder/keys/Welsh.secret" "$folder/Welsh/keys/"
reloads_well () {
    local said
    said=$(at "$1" reload 2>&1) && fails grep "has no link" <<<"$said"
}
for name in "${servers[@]}"; do
    holds "$name is reloaded, and is linked as before" reloads_well "$name"
done
holds "its peers have logged that it is new" \
    log_has Alford ' \* reloaded: .*: new key of Welsh$'

#  Whose key is revoked while it is linked

for name in Alford Ball; do
    sed -i "/^Welsh /d" "$folder/$name/keys/herd.pub"
    HERD_WAIT=0 at "$name" reload >/dev/null 2>&1
done
holds "who has no key any more has no link" eventually fails \
    is_linked Alford Welsh
tells Alford Alford 'later +1+1 1'
holds "what is told then others hear" eventually has_heard Ball later
holds "it does not" fails has_heard Welsh later
for name in Alford Ball; do
    cp "$folder/keys/herd.pub" "$folder/$name/keys/"
    HERD_WAIT=0 at "$name" reload >/dev/null 2>&1
done
holds "with its key again it does" eventually has_heard Welsh later
holds "all agree again" eventually all_agree Welsh
holds "all end as they should" all_down
done_testing
