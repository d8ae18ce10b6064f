# Sourced by the tests of the program for Windows: what tests/support/checks.sh has, with steward-testserver of this machine.
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

source "$(dirname "${BASH_SOURCE[0]}")/../support/checks.sh"
said() { grep -q -- "$1" "$work/said"; }
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
