#!/usr/bin/env bash
# Every way in and every way out that the command line has, against steward-testserver: a signed file, a link, a pinned
# key, an unknown server, an interrupted enrolment, and leaving all servers at once. Exit 0 only if all of it is true.
# Usage: enrol.sh BUILD_DIRECTORY
set -euo pipefail
build=$(cd "$1" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-enrol-XXXXXX")
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT

server=$build/tests/server/steward-testserver
source "$(dirname "${BASH_SOURCE[0]}")/../support/checks.sh"
root=$work/root
device() { "$build/agent/app/steward" "$@" --root "$root" --state "$work/state"; }
# expect CODE ARGUMENTS...: what it says is in $work/said.
expect() {
    local code=$1 seen=0
    shift
    device "$@" >"$work/said" 2>&1 || seen=$?
    [ $seen -eq "$code" ] || { echo "steward $* ended with $seen instead of $code:"; cat "$work/said"; return 1; }
}
said() { grep -q -- "$1" "$work/said"; }
enrolled_with() { device account list 2>/dev/null | grep -q -- "$1"; }
nothing_left() { # no account, no key, no certificate
    ! device account list --json | grep -q '"id"' && ! find "$work/state" -name '*.pem' | grep -q .
}
leave() { device unenroll --all >"$work/said" 2>&1; }

"$build/tests/support/steward-debian-root" "$root"
cp -a "$root" "$work/before"
printf 'ann-secret\n' >"$work/secret"
serve mdm --enrol-user ann@example.test --enrol-secret-file "$work/secret" --identify-by certificate
mdm=$port
url=https://localhost:$mdm
by_password=(ann@example.test --url "$url" --password-file "$work/secret")

title "a server that nobody vouches for"
authority=$(openssl x509 -in "$work/mdm.pem" -noout -fingerprint -sha256 | cut -d = -f 2)
check "it is refused" expect 1 enroll "${by_password[@]}"
check "the fingerprint of its authority is what openssl says" said "$authority"
check "and the person hears what to do" said 'next: compare the fingerprint'
check "the same for programs" bash -c "! '$build/agent/app/steward' enroll ann@example.test --url '$url' --password-file '$work/secret' --json --root '$root' --state '$work/state' | grep -q '\"enrolled\": *true'"
check "nothing is left of it" nothing_left
check "the password went nowhere" fails grep -q 'enrolled\|discovery' "$work/mdm.log"

title "a pinned key"
pin=$(openssl s_client -connect "localhost:$mdm" </dev/null 2>/dev/null | openssl x509 -noout -pubkey |
    openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64)
other=$(printf '%064d' 7)
check "another key is refused" expect 1 enroll "${by_password[@]}" --ca-file "$work/mdm.pem" --pin "$other"
check "nothing is left of it" nothing_left
check "the key alone vouches for nobody" expect 1 enroll "${by_password[@]}" --pin "$pin"
check "what is no pin is a mistake of the command line" expect 2 enroll "${by_password[@]}" --pin 1234
check "the right one enrols" expect 0 enroll "${by_password[@]}" --ca-file "$work/mdm.pem" --pin "sha256//$pin"
check "and holds for sessions" expect 0 sync
check "it is left again" leave
check "nothing is left of it" nothing_left

title "a link"
check "a link enrols" expect 0 enroll --ca-file "$work/mdm.pem" --password-file "$work/secret" \
    --link "ms-device-enrollment:?mode=mdm&username=ann%40example.test&servername=https%3A%2F%2Flocalhost%3A$mdm"
check "with the server it names" enrolled_with "localhost:$mdm"
check "it is left again" leave
serve web --enrol federated --identify-by certificate --provider Web
link() { # with a token, as the page gives one to whoever signs in
    local token
    token=$(curl -s --cacert "$work/web.pem" -o /dev/null -w '%{redirect_url}' \
        "https://localhost:$port/auth?appru=http%3A%2F%2F127.0.0.1%3A1%2F&login_hint=ann%40example.test&how=redirect" | sed 's/.*wresult=//')
    [ -n "$token" ] || return 1
    printf 'ms-device-enrollment:?mode=mdm&username=ann%%40example.test&servername=localhost%%3A%s&accesstoken=%s' "$port" "$token"
}
link >"$work/link"
check "a link with a token must not stand on a command line" expect 2 enroll --ca-file "$work/web.pem" --link "$(cat "$work/link")"
check "on standard input it enrols" bash -c "'$build/agent/app/steward' enroll --ca-file '$work/web.pem' --link - --root '$root' --state '$work/state' <'$work/link' >'$work/said' 2>&1"
check "its token is kept nowhere" bash -c "! grep -rqaF \"\$(sed 's/.*accesstoken=//' '$work/link')\" '$work/state'"
check "and it works" expect 0 sync
check "an installer that runs once more changes nothing" expect 0 enroll ann@example.test --url "https://localhost:$port" --ca-file "$work/web.pem" --unattended
check "and says so" said 'enrolled with Web already'
check "it is left again" leave
check "an installer asks nobody to sign in" expect 1 enroll ann@example.test --url "https://localhost:$port" --ca-file "$work/web.pem" --unattended
check "and says so" said 'nobody can be asked'
check "a link that joins a directory is refused" expect 1 enroll --link "ms-device-enrollment:?mode=aadj&username=a%40b.c"
check "so is one over http" expect 1 enroll --link "ms-device-enrollment:?mode=mdm&servername=http%3A%2F%2Fmdm.example"
check "nothing is left of it" nothing_left

title "a signed file"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Organization -keyout "$work/org.key" -out "$work/org.crt" 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Somebody -keyout "$work/other.key" -out "$work/other.crt" 2>/dev/null
thumb=$(openssl x509 -in "$work/mdm.pem" -noout -fingerprint -sha1 | cut -d = -f 2 | tr -d :)
cat >"$work/invitation.xml" <<XML
<wap-provisioningdoc version="1.1"><characteristic type="CertificateStore"><characteristic type="Root"><characteristic type="System"><characteristic type="$thumb"><parm name="EncodedCertificate" value="$(openssl x509 -in "$work/mdm.pem" -outform DER | base64 -w 0)"/></characteristic></characteristic></characteristic></characteristic><characteristic type="Workplace"><characteristic type="Enrollments"><characteristic type="ann@example.test"><parm name="AuthPolicy" value="OnPremise"/><parm name="Secret" value="ann-secret"/><parm name="DiscoveryServiceFullUrl" value="$url/EnrollmentServer/Discovery.svc"/></characteristic></characteristic></characteristic></wap-provisioningdoc>
XML
openssl cms -sign -binary -nodetach -outform DER -in "$work/invitation.xml" -signer "$work/org.crt" -inkey "$work/org.key" -out "$work/bulk.p7m" 2>/dev/null
check "without an authority it is a mistake of the command line" expect 2 enroll --file "$work/bulk.p7m"
check "signed by somebody else it is refused" expect 1 enroll --file "$work/bulk.p7m" --ca-file "$work/other.crt"
sed 's/ann-secret/bob-secret/' "$work/bulk.p7m" >"$work/changed.p7m"
check "changed by somebody it is refused" expect 1 enroll --file "$work/changed.p7m" --ca-file "$work/org.crt"
check "unsigned it is refused" expect 1 enroll --file "$work/invitation.xml" --ca-file "$work/org.crt"
check "nothing is left of it" nothing_left
check "signed it enrols and asks nobody" expect 0 enroll --file "$work/bulk.p7m" --ca-file "$work/org.crt" </dev/null
check "its server is trusted by what the file brought" expect 0 sync
check "its secret is kept nowhere" fails grep -rqa ann-secret "$work/state"
check "it is left again" leave
check "nothing is left of it" nothing_left

title "interrupted"
serve flaky --enrol-user ann@example.test --enrol-secret-file "$work/secret" --identify-by certificate --provider Flaky \
    --fault cut=10 --fault-times 1
flaky=(ann@example.test --url "https://localhost:$port" --ca-file "$work/flaky.pem" --password-file "$work/secret")
check "there is nothing to go on with yet" expect 1 enroll --resume
check "a connection that is cut ends it" expect 1 enroll "${flaky[@]}"
check "and the person hears how to go on" said 'next: steward enroll --resume'
check "it goes on" expect 0 enroll --resume --password-file "$work/secret"
check "to a session" expect 0 sync
check "once only" expect 1 enroll --resume

title "leaving all of them"
check "a second server" expect 0 enroll "${by_password[@]}" --ca-file "$work/mdm.pem"
lock=./Device/Vendor/MSFT/Policy/Config/DeviceLock
order() { # order SERVER NAME VALUE
    local id
    id=$("$build/tests/server/steward-testserver" devices --json --admin "$work/$1.sock" | sed -n 's/.*"device": *"\([^"]*\)".*/\1/p' | tail -n 1)
    printf '<Replace><CmdID>1</CmdID><Item><Target><LocURI>%s</LocURI></Target><Data>%s</Data></Item></Replace>\n' "$lock/$2" "$3" >"$work/order.xml"
    "$build/tests/server/steward-testserver" queue add "$id" "$work/order.xml" --admin "$work/$1.sock"
}
order mdm MinDevicePasswordLength 12
order flaky MaxDevicePasswordFailedAttempts 5
check "a policy of the one" expect 0 sync --account TestServer
check "a policy of the other" expect 0 sync --account Flaky
check "and one set at the device" expect 0 tree set $lock/DevicePasswordHistory 7
check "the device is another" fails diff -r "$work/before" "$root"
check "an account beside --all is a mistake of the command line" expect 2 unenroll --all Flaky
check "all are left with one word" expect 0 unenroll --all
state_of() { "$build/tests/server/steward-testserver" devices --admin "$work/$1.sock" | grep -q ' left '; }
check "the one server knows" state_of mdm
check "the other server knows" state_of flaky
check "nothing is left of it" nothing_left
check "the device is byte for byte what it was" diff -r "$work/before" "$root"
check "to leave when there is nobody to leave is no mistake" expect 0 unenroll --all
check "the audit log is whole" expect 0 audit verify
check "no password is in the state" fails grep -rqaE 'ann-secret' "$work/state"

conclude
