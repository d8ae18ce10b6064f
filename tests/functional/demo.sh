#!/usr/bin/env bash
# A whole life in one minute: a server on this machine, a device in a private root that enrols with it, a session with forty settings, one
# Atomic that succeeds and one that is rolled back, and then what the device says of itself. Exit 0 only if all of it
# is true. Usage: demo.sh BUILD_DIRECTORY
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
steward=$build/agent/app/steward
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-demo-XXXXXX")
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
failed=0

title() { printf '\n== %s\n' "$*"; }
check() { # check WHAT COMMAND...
    local what=$1
    shift
    if "$@" >/dev/null 2>&1; then
        summary+=("ok      $what")
    else
        summary+=("FAILED  $what")
        failed=1
    fi
}
summary=()
root=$work/root
"$build/tests/support/steward-debian-root" "$root"
cp -a "$root" "$work/before"
on_device() { "$steward" "$@" --root "$root" --state "$work/state"; }

title "a server on loopback, with a certification authority of its own"
printf 'demo-secret\n' >"$work/secret"
"$build/tests/server/steward-testserver" --port 0 --ca-out "$work/ca.pem" --once 1 --trace lines --provider demo \
    --enrol-user user@example.test --enrol-secret-file "$work/secret" \
    --transcript "$here/demo.transcript" >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    grep -q '^serving ' "$work/server.log" && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
port=$(sed -n 's/^port //p' "$work/server.log")
[ -n "$port" ] || { cat "$work/server.log"; exit 1; }
sed -n 2p "$work/server.log"

title "steward enroll user@example.test: discovery, a key made here, a certificate, an account"
enrolled=0
on_device enroll user@example.test --url "https://localhost:$port" --ca-file "$work/ca.pem" \
    --password-file "$work/secret" || enrolled=$?
title "a session with the certificate of that enrolment"
sync=0
on_device sync --record "$work/session.transcript" || sync=$?
verdict=0
wait "$server" || verdict=$?
server=

title "what the server saw (its last lines)"
tail -n 3 "$work/server.log"

title "what the device says"
on_device status
lock=./Device/Vendor/MSFT/Policy/Config/DeviceLock
title "why the shortest password has ten characters"
on_device why $lock/MinDevicePasswordLength
title "the files that changed below the root"
diff -rq "$work/before" "$root" | sed "s#$work/before#/#; s#$work/before##g; s#$root##g" || true
for file in etc/security/pwquality.conf.d/50-steward.conf etc/security/faillock.conf; do
    [ -e "$root/$file" ] || continue
    echo "--- /$file"
    grep -v '^#[^s]\|^# \|^$' "$root/$file" || true
done

check "the device is enrolled, its key was made here" test $enrolled -eq 0
check "the session finished" test $sync -eq 0
check "every expectation of the server was met" test $verdict -eq 0
check "the device holds ten characters, not the sixteen of the Atomic that failed" \
    bash -c "'$steward' tree get ${lock/Config/Result}/MinDevicePasswordLength --root '$root' --state '$work/state' | grep -qx 10"
check "nothing differs from what is desired" \
    bash -c "'$steward' plan --root '$root' --state '$work/state' | grep -q '^0 settings would change'"
check "the recording holds no secret" bash -c "! grep -q demo-secret '$work/session.transcript'"

title "the device leaves, and so does everything that was set"
on_device unenroll demo --now
check "the audit log is whole" on_device audit verify
check "no key of the enrolment is left" bash -c "! find '$work/state' -name '*.pem' | grep -q ."
check "the root is byte for byte what it was" diff -r "$work/before" "$root"

title "summary"
printf '%s\n' "${summary[@]}"
[ $failed -eq 0 ] || { echo; grep -h 'FAIL' "$work/server.log" || true; }
exit $failed
