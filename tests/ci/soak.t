#!/usr/bin/env bash
#   What judges a soak finds fault with histories that break its rules, and with
#   no other.

exec "$(dirname "$0")/../weather/soak" --self-test
