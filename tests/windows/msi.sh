#!/usr/bin/env bash
# msi.sh MSI: installed silently, the service runs; uninstalled, nothing is left but what the device's own state is. Run by
# wine.sh. 77 where no MSI was packed.
set -euo pipefail
msi=$1
[ -f "$msi" ] || { echo "SKIPPED: there is no $msi; ./dev package windows makes it"; exit 77; }
program=$WINEPREFIX/drive_c/Program\ Files/Steward/steward.exe
failed=0
check() { # check WHAT COMMAND...
    local what=$1
    shift
    if "$@"; then echo "ok      $what"; else echo "FAILED  $what"; failed=1; fi
}
fails() { ! "$@"; }
install() { timeout 120 "$STEWARD_WINE" msiexec "$@" /qn </dev/null >/dev/null 2>&1; }
service_is() { # until it is
    for _ in $(seq 100); do
        "$STEWARD_WINE" sc query Steward </dev/null 2>/dev/null | grep -q "$1" && return 0
        sleep 0.1
    done
    return 1
}
installed() { [ -f "$program" ]; }
answers() { "$STEWARD_WINE" 'C:\Program Files\Steward\steward.exe' status </dev/null 2>/dev/null | grep -q accounts; }

check 'it installs without a question' install /i "$msi"
check 'the program is there' installed
check 'its service runs' service_is RUNNING
check 'and answers' answers
check 'it uninstalls without a question' install /x "$msi"
check 'the program is gone' fails installed
check 'so is the service' fails "$STEWARD_WINE" sc query Steward
[ $failed -eq 0 ]
