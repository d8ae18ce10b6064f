#!/usr/bin/env bash
# The device's key in a TPM: a software TPM (swtpm) with a resource manager on a bus of its own and tpm2-pkcs11 in front
# of it. None of them is installed; they are taken from where they were unpacked. Exit 0 only if all of it is true.
# Usage: tpm.sh BUILD_DIRECTORY TEST_PROGRAM [DIRECTORY_OF_THE_TPM]
set -euo pipefail
build=$(cd "$1" && pwd)
program=$(realpath "$2")
tpm=${3:-${STEWARD_TPM:-}}
skip() { echo "SKIPPED: $*"; exit 77; }
[ -n "$tpm" ] && [ -x "$tpm/usr/bin/swtpm" ] ||
    skip 'no software TPM unpacked here: ./dev test does that, or name its directory in STEWARD_TPM'
command -v dbus-daemon >/dev/null || skip 'no dbus-daemon here'
command -v softhsm2-util >/dev/null || skip 'no softhsm2-util here, which makes the token'
libraries=$(dirname "$(find "$tpm" -name 'libtpm2_pkcs11.so.1' -print -quit)")
[ -e "$libraries/libtpm2_pkcs11.so.1" ] || skip 'no tpm2-pkcs11 among what was unpacked'

work=$(mktemp -d "${TMPDIR:-/tmp}/steward-tpm-XXXXXX")
pids=() server=
stop_tpm() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    pids=()
}
trap 'stop_tpm; [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

source "$(dirname "${BASH_SOURCE[0]}")/../support/checks.sh"
started() { wait_for 20 "$@" || { cat "$work"/*.log; return 1; }; }
tools() { LD_LIBRARY_PATH=$libraries:$libraries/swtpm exec "$@"; }
manager_is_there() {
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:com.intel.tss2.Tabrmd | grep -q 'boolean true'
}
# start_tpm STATE: another STATE is another TPM.
start_tpm() {
    mkdir -p "$work/$1"
    rm -f "$work/tpm" "$work/tpm.ctrl" "$work/bus"
    tools "$tpm/usr/bin/swtpm" socket --tpm2 --tpmstate "dir=$work/$1" --server "type=unixio,path=$work/tpm" \
        --ctrl "type=unixio,path=$work/tpm.ctrl" --flags not-need-init,startup-clear >"$work/swtpm.log" 2>&1 &
    pids+=($!)
    dbus-daemon --config-file="$work/bus.conf" --nofork --nopidfile >"$work/bus.log" 2>&1 &
    pids+=($!)
    started test -S "$work/tpm.ctrl" -a -S "$work/bus"
    tools "$tpm/usr/sbin/tpm2-abrmd" --session --allow-root "--tcti=swtpm:path=$work/tpm" >"$work/manager.log" 2>&1 &
    pids+=($!)
    started manager_is_there
}

cat >"$work/bus.conf" <<CONF
<busconfig><type>session</type><listen>unix:path=$work/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
</policy></busconfig>
CONF
export DBUS_SESSION_BUS_ADDRESS=unix:path=$work/bus
export TPM2_PKCS11_STORE=$work/store TPM2_PKCS11_TCTI=tabrmd:bus_type=session TSS2_LOG=all+none
export PKCS11_MODULE_PATH=$libraries/libtpm2_pkcs11.so.1
mkdir "$work/store"
start_tpm one
printf 87654321 >"$work/pin"
(tools softhsm2-util --module "$PKCS11_MODULE_PATH" --init-token --free --label Steward --so-pin 12345678 \
    --pin 87654321) >"$work/token.log" 2>&1 || { cat "$work/token.log"; exit 1; }
token="pkcs11:token=Steward?pin-source=file:$work/pin"

"$build/tests/support/steward-debian-root" "$work/root"
printf 'ann-secret\n' >"$work/secret"
"$build/tests/server/steward-testserver" --port 0 --ca-out "$work/ca.pem" --enrol-user ann@example.test \
    --enrol-secret-file "$work/secret" --identify-by certificate >"$work/server.log" 2>&1 &
server=$!
started grep -q '^serving ' "$work/server.log"
port=$(sed -n 's/^port //p' "$work/server.log")
on_device() {
    LD_LIBRARY_PATH=$libraries "$build/agent/app/steward" "$@" --root "$work/root" --state "$work/state"
}
on_device enroll ann@example.test --url "https://localhost:$port" --ca-file "$work/ca.pem" \
    --password-file "$work/secret" --key-store "$token" | tee "$work/enrolled"
check 'the key never leaves its token' grep -q 'a key that never leaves its PKCS#11 token' "$work/enrolled"
check 'its certificate opens a mutual TLS session' on_device sync
check 'no private key is among the files of the device' fails grep -rqa 'PRIVATE KEY' "$work/state" "$work/root"

# All that is on the disk is there, but the TPM is another one.
stop_tpm
start_tpm two
refused() { ! on_device sync >"$work/refused" 2>&1 && grep -q 'or its key cannot be used' "$work/refused"; }
check 'with another TPM the copied disk is worth nothing' refused
stop_tpm
start_tpm one
check 'with its own TPM all is well again' on_device sync

export STEWARD_TPM_TOKEN=$token
check 'a whole life in the TPM, renewal with a new key included' \
    env LD_LIBRARY_PATH="$libraries" "$program" --gtest_filter='RealTpm.*'
cat "$work/check.log"
conclude
