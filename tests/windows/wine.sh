#!/usr/bin/env bash
# wine.sh COMMAND...: runs it with a Wine of its own: a prefix beside the build (STEWARD_WINE_PREFIX names another), and a
# server that stays until the end, or every process would wait for one, and services would end with whoever started them.
# Without Wine there is nothing to run, which is said: 77.
set -euo pipefail
wine=$(command -v wine64 || ls /usr/lib/wine/wine64 2>/dev/null || true)
[ -n "$wine" ] || { echo 'SKIPPED: there is no wine64 here'; exit 77; }
server=$(ls /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver 2>/dev/null | head -n 1)

export WINEPREFIX=${STEWARD_WINE_PREFIX:-$PWD/build/windows/wine} WINEARCH=win64 WINESERVER=$server STEWARD_WINE=$wine
export WINEDEBUG=${WINEDEBUG:--all} WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-'mscoree,mshtml=;winemenubuilder.exe,winedbg.exe=d'}
export LC_ALL=C.UTF-8  # or file names beyond ASCII can't be said

# Nothing of Wine's own may inherit our pipes: its services outlive this, and a reader of a pipe would wait for them.
quietly() { "$@" >/dev/null 2>&1 </dev/null; }

if [ ! -e "$WINEPREFIX/ready" ]; then
    rm -rf "$WINEPREFIX"
    mkdir -p "$WINEPREFIX"
    quietly "$wine" wineboot -i
    quietly "$wine" reg add 'HKCU\Software\Wine' /v Version /d win10 /f
    quietly "$server" -w
    touch "$WINEPREFIX/ready"
fi
quietly "$server" -p
trap 'quietly "$server" -k || true' EXIT
quietly "$wine" wineboot
"$@"
