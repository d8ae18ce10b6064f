#!/usr/bin/env bash
# What the service costs while nothing happens, and how fast it is there: start to READY, resident memory, and how often
# it wakes up. Usage: service.sh STEWARD [SECONDS]. Exit 1 when a budget is not kept.
set -euo pipefail
steward=$1
seconds=${2:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-idle-XXXXXX")
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$work/device/run/steward"
printf 'x\n' >"$work/secret"
# Nobody answers at that address: one failure, then the account waits for its schedule.
"$steward" account add idle --url https://127.0.0.1:1/dm --root "$work/device" >/dev/null
from=${EPOCHREALTIME/./}
"$steward" run --root "$work/device" --log error 2>"$work/log" &
service=$!
until [ -S "$work/device/run/steward/control" ] && "$steward" status --root "$work/device" >/dev/null 2>&1; do :; done
ready=$(((${EPOCHREALTIME/./} - from) / 1000))

switches() { cat "/proc/$service/task"/*/status | awk '/^(non)?voluntary_ctxt_switches/ {sum += $2} END {print sum}'; }
settle=0
for _ in $(seq 100); do # until the first session has failed and all is quiet
    before=$(switches)
    sleep 0.3
    [ "$(switches)" -ne "$before" ] || { settle=1; break; }
done
[ $settle -eq 1 ] || { echo "the service does not come to rest"; exit 1; }
before=$(switches)
sleep "$seconds"
woken=$(($(switches) - before))
memory=$(awk '/^VmRSS/ {print $2}' "/proc/$service/status")
echo "start to first answer  $ready ms (budget for READY: 150)"
echo "resident while idle    $((memory / 1024)).$((memory % 1024 * 10 / 1024)) MiB (at most 18, goal 16)"
echo "wakeups in $seconds s        $woken (budget: 0)"
[ "$memory" -le $((18 * 1024)) ] && [ "$woken" -eq 0 ] && [ "$ready" -le 150 ]
