#!/usr/bin/env bash
# program.sh STEWARD_EXE [TESTSERVER]: the program for Windows as its user has it, with its state in ProgramData: accounts,
# an enrolment and sessions over TLS against steward-testserver of this machine, and the service. Run by wine.sh. Exit 0
# only if all of it is true; 77 where there is no test server to talk to.
set -euo pipefail
exe=$1
server=${2:-}
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

# Reading the whole tree under Wine takes half a minute where nobody else works, and three times that beside others.
steward() { timeout 240 "$STEWARD_WINE" "$exe" "$@"; }
# expect CODE ARGUMENTS...: what it says is in $work/said.
expect() {
    local code=$1 seen=0
    shift
    steward "$@" >"$work/said" 2>&1 </dev/null || seen=$?
    [ $seen -eq "$code" ] || { echo "steward $* ended with $seen instead of $code:"; cat "$work/said"; return 1; }
}

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
serve account --auth md5 --user dev-1 --secret hush
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

title 'a state directory that others could write to'
open=$work/open
mkdir -m 777 "$open"
in_open() { expect "$1" tree get ./DevInfo/DevId --state "$(windows_path "$open")"; }
if [ "$(id -u)" = 0 ]; then
    touch "$open/theirs"
    chown 65534 "$open/theirs"
    check 'is refused with a file of theirs in it' in_open 3
    check 'which is named' said 'theirs in it belongs to'
    check 'and stays as it was' test "$(stat -c %a "$open")" = 777
    check 'without anything of ours' fails test -e "$open/steward.db"
    rm "$open/theirs"
else
    echo 'SKIPPED: only root can have a file that belongs to others'
fi
check 'is used without one' in_open 0
check 'and closed' test "$(stat -c %a "$open")" = 770

title 'the proxy of the system'
connections='HKLM\Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections'
# What `netsh winhttp set proxy no-such-proxy.invalid:1` writes.
registry add "$connections" /v WinHttpSettings /t REG_BINARY /d 180000000000000003000000170000006e6f2d737563682d70726f78792e696e76616c69643a3100000000 /f >/dev/null
check 'an account without a proxy of its own' expect 0 account add away --url https://mdm.example.test/dm --user dev-1 --secret-file "$(windows_path "$work/secret")"
check 'does not reach its server' expect 4 sync --account away
check 'because of the proxy that Windows is set to' said "The proxy's name"
registry delete "$connections" /v WinHttpSettings /f >/dev/null
check 'without it' expect 4 sync --account away
check 'that is not the reason' fails said "The proxy's name"
check 'that account goes, too' expect 0 account remove away

title 'an enrolment'
registry delete "$updates" /f >/dev/null || true
registry add "$updates" /v ScheduledInstallTime /t REG_DWORD /d 2 /f >/dev/null
serve mdm --enrol-user ann@example.test --enrol-secret-file "$work/secret" --identify-by certificate --transcript "$sources/tests/windows/policies.transcript"
url=https://localhost:$port
check 'a server that nobody vouches for is refused' expect 1 enroll ann@example.test --url "$url" --password-file "$(windows_path "$work/secret")"
check 'in words' said 'next: compare the fingerprint'
check 'with its authority it enrols' expect 0 enroll ann@example.test --url "$url" --ca-file "$(windows_path "$work/mdm.pem")" \
    --password-file "$(windows_path "$work/secret")"
check 'with a key of its own' bash -c "ls '$state'/keys/*.pem"
check 'which is sealed' bash -c "head -q -n 1 '$state'/keys/*.pem | grep -qx -- '-----BEGIN DPAPI SEALED TEXT-----'"
check 'a session with the certificate succeeds' expect 0 sync
check 'its settings are in the registry' holds ScheduledInstallDay 0x4
check 'each of them' holds ScheduledInstallTime 0x5
check 'Steward tells where one comes from' expect 0 why ./Device/Vendor/MSFT/Policy/Config/Update/ScheduledInstallTime
check 'the device is as it should be' expect 0 status
check 'in words' said 'all as they should be'

title 'another management of the same device'
enrolments='HKLM\SOFTWARE\Microsoft\Enrollments\6D0A53E0-0000-4000-8000-000000000001'
their_updates='HKLM\SOFTWARE\Microsoft\PolicyManager\current\device\Update'
registry add "$enrolments" /v ProviderID /t REG_SZ /d 'Other MDM' /f >/dev/null
registry add "$enrolments" /v EnrollmentState /t REG_DWORD /d 1 /f >/dev/null
registry add "$enrolments" /v DiscoveryServiceFullURL /t REG_SZ /d https://other.example /f >/dev/null
registry add "$their_updates" /v ScheduledInstallDay /t REG_DWORD /d 6 /f >/dev/null
registry add "$their_updates" /v ScheduledInstallDay_WinningProvider /t REG_SZ /d 6D0A53E0-0000-4000-8000-000000000001 /f >/dev/null
registry add "$updates" /v ScheduledInstallDay /t REG_DWORD /d 6 /f >/dev/null
check 'it is told' expect 0 status
check 'by its name and its server' said 'others    Other MDM at https://other.example'
check 'with what it has set of what we are asked for' said 'contested .*/ScheduledInstallDay: set by "Other MDM" and left to it'
check 'to programs too' expect 0 status --json
check 'by the same name' said '"name": "Other MDM"'
check 'a session goes on' expect 0 sync
check 'and does not fight over it' holds ScheduledInstallDay 0x6
registry delete "$enrolments" /f >/dev/null
registry delete "$their_updates" /f >/dev/null
check 'once the other is gone' expect 0 sync
check 'the setting is ours again' holds ScheduledInstallDay 0x4

title 'nodes that Windows would serve itself'
registry add 'HKLM\SOFTWARE\Steward\Bridge' /v Serve /t REG_SZ /d 'Policy/Config/Camera' /f >/dev/null
check 'a session goes on where there is no bridge' expect 0 sync
check 'which is said' said 'what Windows would serve itself'
check 'and the node is not there' expect 1 tree get ./Device/Vendor/MSFT/Policy/Config/Camera/AllowCamera
registry delete 'HKLM\SOFTWARE\Steward\Bridge' /f >/dev/null
check 'without the word nothing is asked for' expect 0 sync
check 'nor said' fails said 'what Windows would serve itself'

title 'the service'
check 'it is installed and started' expect 0 service install --start
check 'it runs' service_is RUNNING
answers() { # until it does
    for _ in $(seq 100); do
        steward status >"$work/said" 2>&1 </dev/null && return 0
        sleep 0.1
    done
    return 1
}
check 'and answers' answers
check 'a person can ask it for a session' expect 0 sync
check 'a second one is refused' expect 3 run
check 'because of the first' said 'running already'

check 'it stops when it is told to' "$STEWARD_WINE" net stop Steward
check 'and says so' service_is STOPPED
check 'it is uninstalled' expect 0 service uninstall
check 'without a rest' fails "$STEWARD_WINE" sc query Steward

title 'leaving'
check 'the server is left' expect 0 unenroll --all
check 'what was set returns to what it was' holds ScheduledInstallTime 0x2
check 'and what was not there is gone' holds ScheduledInstallDay ''
check 'no key stays' fails bash -c "find '$state' -name '*.pem' | grep -q ."

title 'an authority that Windows trusts'
by_password=(enroll ann@example.test --url "$url" --password-file "$(windows_path "$work/secret")")
thumb=$(openssl x509 -in "$work/mdm.pem" -noout -fingerprint -sha1 | cut -d = -f 2 | tr -d :)
cat >"$work/authority.xml" <<XML
<SyncBody><Add><CmdID>1</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/RootCATrustedCertificates/Root/$thumb/EncodedCertificate</LocURI></Target><Meta><Format xmlns="syncml:metinf">b64</Format></Meta><Data>$(openssl x509 -in "$work/mdm.pem" -outform DER | base64 -w 0)</Data></Item></Add><Final/></SyncBody>
XML
check 'one comes into its store' expect 0 syncml "$(windows_path "$work/authority.xml")"
check 'and is there' registry query 'HKLM\Software\Microsoft\SystemCertificates\Root\Certificates'"\\$thumb"
check 'it vouches for a server without a word of ours' expect 0 "${by_password[@]}"
check 'and for its sessions' expect 0 sync
check 'all of it is given back' expect 0 unenroll --all
check 'and nobody vouches for the server any more' expect 1 "${by_password[@]}"

conclude
