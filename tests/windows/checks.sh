# Sourced by the tests of the program for Windows: checks that are told at the end, and steward-testserver of this machine.
# Leaves the folder for their files in $work. Without a server to talk to: 77.
server=${server:-}
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for built in "$sources"/build/{release,dev}/tests/server/steward-testserver; do
    [ -n "$server" ] || [ ! -x "$built" ] || server=$built
done
[ -n "$server" ] || { echo 'SKIPPED: steward-testserver is not built for this machine'; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/steward-windows-XXXXXX")
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT
state=$WINEPREFIX/drive_c/ProgramData/Steward
rm -rf "$state"

summary=() failed=0
title() { printf '\n== %s\n' "$*"; }
check() { # check WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$work/check.log" 2>&1; then
        summary+=("ok      $what")
    else
        summary+=("FAILED  $what") failed=1
        echo "FAILED: $what"
        cat "$work/check.log" "$work/said" 2>/dev/null || true
    fi
}
conclude() {
    echo
    printf '%s\n' "${summary[@]}"
    [ $failed -eq 0 ]
}
fails() { ! "$@"; }
said() { grep -q -- "$1" "$work/said"; }
serve() { # NAME ARGUMENTS...: leaves its port in $port and its authority in NAME.pem
    local name=$1
    shift
    "$server" --port 0 --ca-out "$work/$name.pem" "$@" >"$work/$name.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 400); do
        ! grep -q '^serving ' "$work/$name.log" || break
        sleep 0.05
    done
    port=$(sed -n 's/^port //p' "$work/$name.log")
    [ -n "$port" ] || { cat "$work/$name.log"; exit 1; }
}
windows_path() { echo "Z:${1//\//\\}"; }
registry() { "$STEWARD_WINE" reg "$@" </dev/null 2>/dev/null | tr -d '\r'; }
updates='HKLM\Software\Policies\Microsoft\Windows\WindowsUpdate\AU'  # what tests/windows/policies.transcript sets
value() { registry query "$updates" /v "$1" | awk -v name="$1" '$1 == name {print $3}'; }
holds() { [ "$(value "$1")" = "$2" ] || { echo "$1 is '$(value "$1")', not '$2'"; return 1; }; }
service_is() { # until it is
    for _ in $(seq 100); do
        "$STEWARD_WINE" sc query Steward </dev/null 2>/dev/null | grep -q "$1" && return 0
        sleep 0.1
    done
    return 1
}
