#!/usr/bin/env bash
# What the service costs while nothing happens, and how fast it is there: start to the first answer, how often it wakes
# up, resident memory after a session has been tried, and the size of the program as packages carry it. As the packages install it: the network is the courier's, which
# systemd starts for a session and which leaves after it. Usage: service.sh STEWARD [SECONDS]. Exit 1 when a budget is not
# kept.
set -euo pipefail
steward=$1
seconds=${2:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-idle-XXXXXX")
service= courier=
trap 'kill $service $courier 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$work/device/run/steward"
on_device() { "$steward" "$@" --root "$work/device"; }
"$steward" courier --listen "$work/courier" 2>"$work/courier.log" &
courier=$!
from=${EPOCHREALTIME/./}
"$steward" run --root "$work/device" --courier "$work/courier" --log error 2>"$work/log" &
service=$!
until [ -S "$work/device/run/steward/control" ] && on_device status >/dev/null 2>&1; do
    kill -0 $service || { cat "$work/log"; exit 1; }
done
ready=$(((${EPOCHREALTIME/./} - from) / 1000))

# Without an account nothing is due, so that whatever happens now is the service's own doing.
switches() { cat "/proc/$service/task"/*/status | awk '/^(non)?voluntary_ctxt_switches/ {sum += $2} END {print sum}'; }
sleep 1
before=$(switches)
sleep "$seconds"
woken=$(($(switches) - before))

# Nobody answers at that address: one session is tried, and fails.
on_device account add idle --url https://127.0.0.1:1/dm >/dev/null
on_device sync >/dev/null 2>&1 || true
resident() { awk '/^VmRSS/ {print $2}' "/proc/$1/status"; }
mebibytes() { echo "$(($1 / 1024)).$(($1 % 1024 * 10 / 1024))"; }
memory=$(resident $service)
strip -o "$work/stripped" "$steward"
size=$(stat -c %s "$work/stripped")
echo "program, stripped      $((size / 1000)) kB (at most 3000)"
echo "start to first answer  $ready ms (goal for READY: 150; a busy machine may take 1500)"
echo "wakeups in $seconds s        $woken (budget: 0)"
echo "resident while idle    $(mebibytes "$memory") MiB (at most 17, goal 16)"
echo "the courier, while it is there, $(mebibytes "$(resident $courier)") MiB"
[ "$memory" -le $((17 * 1024)) ] && [ "$woken" -eq 0 ] && [ "$ready" -le 1500 ] && [ "$size" -le 3000000 ]
