#!/usr/bin/env bash
#   The live page in Chromium: clients that move, a server that dies and comes
#   back, tokens; nothing asked of anybody else, and no error.

top=$(cd "$(dirname "$0")/../.." && pwd)
if ! [ -x /usr/bin/chromedriver ] ||
    ! /usr/bin/python3 -c 'import selenium' 2>/dev/null; then
    echo "1..0 # SKIP there is no browser: scripts/install-deps browser"
    exit
fi

#   Debian's own Python has Debian's modules.  Selenium is to fetch nothing
exec env SE_OFFLINE=true PYTHONDONTWRITEBYTECODE=1 \
    /usr/bin/python3 "$top/tests/browser/page.py"
