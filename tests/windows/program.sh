#!/usr/bin/env bash
# program.sh STEWARD_EXE [TESTSERVER]: the program for Windows as its user has it, with its state in ProgramData: accounts,
# an enrolment and sessions over TLS against steward-testserver of this machine, and the service. Run by wine.sh. Exit 0
# only if all of it is true; 77 where there is no test server to talk to.
set -euo pipefail
exe=$1
server=${2:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for built in "$here"/build/{release,dev}/tests/server/steward-testserver; do
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
fails() { ! "$@"; }
steward() { "$STEWARD_WINE" "$exe" "$@"; }
# expect CODE ARGUMENTS...: what it says is in $work/said.
expect() {
    local code=$1 seen=0
    shift
    steward "$@" >"$work/said" 2>&1 </dev/null || seen=$?
    [ $seen -eq "$code" ] || { echo "steward $* ended with $seen instead of $code:"; cat "$work/said"; return 1; }
}
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

title 'what it is'
check 'it says its version' expect 0 version
check 'which is this one' said '^steward [0-9]'
check 'lines end as they do everywhere' fails grep -q $'\r' "$work/said"
check 'it declares its tree' expect 0 tree ddf
check 'with the CSPs of Windows' said DeviceLock
check 'a tree can be listed' expect 0 tree list
check 'a verb that does not exist is a mistake of the command line' expect 2 no-such-verb
check 'its state is where Windows keeps such things' test -e "$state/steward.db"

title 'a message without a server'
cat >"$work/get.xml" <<'XML'
<SyncBody><Get><CmdID>1</CmdID><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get><Final/></SyncBody>
XML
check 'it is answered' expect 0 syncml "$(windows_path "$work/get.xml")"
check 'with the id of this device' said "$(cat "$state/device-id")"
check 'a file whose name is not ASCII is read' bash -c "cp '$work/get.xml' '$work/größe-日本.xml'"
check 'as any other' expect 0 syncml "$(windows_path "$work/größe-日本.xml")"
check 'what does not exist says so' expect 1 syncml 'C:\no\such.xml'

title 'an account and a session over TLS'
printf 'hush\n' >"$work/secret"
serve account --auth basic --user dev-1 --secret hush
check 'an account is added' expect 0 account add corp --url "https://localhost:$port/dm" --user dev-1 \
    --secret-file "$(windows_path "$work/secret")" --ca-file "$(windows_path "$work/account.pem")"
check 'and told' expect 0 account list
check 'with its address' said "localhost:$port"
check 'a session succeeds' expect 0 sync
check 'and is remembered' expect 0 status
check 'as a good one' said finished
check 'the secret is told nowhere' fails grep -q hush "$work/said"
check 'its log is whole' expect 0 audit verify
check 'the account goes' expect 0 account remove corp

title 'an enrolment'
serve mdm --enrol-user ann@example.test --enrol-secret-file "$work/secret" --identify-by certificate
url=https://localhost:$port
check 'a server that nobody vouches for is refused' expect 1 enroll ann@example.test --url "$url" --password-file "$(windows_path "$work/secret")"
check 'in words' said 'next: compare the fingerprint'
check 'with its authority it enrols' expect 0 enroll ann@example.test --url "$url" --ca-file "$(windows_path "$work/mdm.pem")" \
    --password-file "$(windows_path "$work/secret")"
check 'with a key of its own' bash -c "ls '$state'/keys/*.pem"
check 'a session with the certificate succeeds' expect 0 sync

title 'the service'
check 'it is installed and started' expect 0 service install --start
answers() { # until it does
    for _ in $(seq 100); do
        steward status >"$work/said" 2>&1 </dev/null && "$STEWARD_WINE" sc query Steward </dev/null 2>/dev/null | grep -q RUNNING && return 0
        sleep 0.1
    done
    return 1
}
check 'it runs' answers
check 'a person can ask it for a session' expect 0 sync
check 'which was the service that held it' fails expect 0 account remove nobody
check 'it stops when it is told to' "$STEWARD_WINE" net stop Steward
stopped() { "$STEWARD_WINE" sc query Steward </dev/null 2>/dev/null | grep -q STOPPED; }
check 'and says so' stopped
check 'it is uninstalled' expect 0 service uninstall
check 'without a rest' fails "$STEWARD_WINE" sc query Steward

title 'leaving'
check 'the server is left' expect 0 unenroll --all
check 'no key stays' fails bash -c "find '$state' -name '*.pem' | grep -q ."

printf '\n%s\n' "${summary[@]}"
[ $failed -eq 0 ]
