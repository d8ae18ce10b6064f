#!/usr/bin/env bash
# msi.sh STEWARD_EXE INSTALLER_DLL [TESTSERVER]: the MSI as its administrator has it, silently: a device that is enrolled
# while Steward is installed, upgraded, repaired and uninstalled, and installations that fail. Run by wine.sh. Exit 0 only if
# all of it is true; 77 where nothing can pack an MSI or nothing is there to enrol with.
set -euo pipefail
exe=$1 dll=$2
server=${3:-}
command -v wixl msibuild >/dev/null || { echo 'SKIPPED: there is no wixl here'; exit 77; }
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

pack() { bash "$sources/installer/windows/build.sh" "$1" "$dll" "$2" "$work/$3.msi"; }
pack "$exe" 1.0.0 old
pack "$exe" 1.1.0 new
pack "$exe" 1.1.0 twin

program=$WINEPREFIX/drive_c/Program\ Files/Steward/steward.exe
installer() { timeout 200 "$STEWARD_WINE" msiexec "$@" /qn '/l*v' "$(windows_path "$work/said")" </dev/null >/dev/null 2>&1; }
steward() { timeout 60 "$STEWARD_WINE" "$program" "$@" </dev/null 2>&1; }
product_code() { msiinfo export "$work/$1.msi" Property | tr -d '\r' | sed -n 's/^ProductCode\t//p'; }
installed() { [ -f "$program" ]; }
enrolled() { steward account list | grep -q "localhost:$port"; }
products() { registry query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s | grep -c 'DisplayName.*Steward' || true; }
one_product() { [ "$(products)" = 1 ] || { echo "there are $(products)"; return 1; }; }
version_is() { registry query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s | grep -q "DisplayVersion.*$1"; }
nothing_is_left() { # of the program: its state is judged by itself
    ! installed || { echo 'the program is there'; return 1; }
    ! "$STEWARD_WINE" sc query Steward </dev/null >/dev/null 2>&1 || { echo 'the service is there'; return 1; }
    [ "$(products)" = 0 ] || { echo 'the product is registered'; return 1; }
    ! registry query 'HKLM\System\CurrentControlSet\Services\EventLog\Application\Steward' | grep . || return 1
}
nothing_is_set() { ! registry query 'HKLM\Software\Steward' | grep .; }
no_state() { [ ! -e "$state" ] && nothing_is_set; }

# What a run before this one left, if it was cut short.
registry query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s |
    awk -F '\\' '/^HKEY/ {code = $NF} /DisplayName.*Steward/ {print code}' >"$work/before"
while read -r code; do installer /x "$code" || true; done <"$work/before"
rm -rf "$state"
registry delete 'HKLM\Software\Steward' /f >/dev/null || true
registry delete "$updates" /f >/dev/null || true
registry add "$updates" /v ScheduledInstallTime /t REG_DWORD /d 2 /f >/dev/null
printf 'ann|secret-7\n' >"$work/secret"
serve mdm --enrol-user ann@example.test --enrol-secret-file "$work/secret" --identify-by certificate --transcript "$sources/tests/windows/policies.transcript"
ours=(SERVERURL="https://localhost:$port" ENROLLUSER=ann@example.test CAFILE="$(windows_path "$work/mdm.pem")")

title 'what is downloaded'
check 'the program has 9 MB at most' test "$(stat -c %s "$exe")" -le 9000000
check 'the package 5' test "$(stat -c %s "$work/old.msi")" -le 5000000

title 'what is secret'
# Wine hides nothing, so that only what the package asks for can be seen.
table() { msiinfo export "$work/old.msi" "$1" | tr -d '\r'; }
check 'no log may show the token' bash -c "grep -P '^MsiHiddenProperties\tENROLLTOKEN;PROXY;Enrol\$' <<<'$(table Property)'"
hides() { [ $(($(table CustomAction | awk -F '\t' -v name="$1" '$1 == name {print $2}') & 8192)) -ne 0 ]; }
check 'nor what passes it on' hides TellEnrol
check 'nor what is told it' hides Enrol

title 'an installation that fails'
check 'with a wrong token' fails installer /i "$work/old.msi" "${ours[@]}" ENROLLTOKEN=wrong
check 'which the log says in a sentence' said 'steward: The server does not accept this user name with this password'
check 'and as a code' said 0x80180002
check 'nothing is left' nothing_is_left
check 'and no state' no_state
check 'without a token nobody is asked' fails installer /i "$work/old.msi" "${ours[@]}"
check 'which the log says' said 'nobody can be asked'
check 'nothing is left of that' nothing_is_left
mkdir "$state"
echo 'of an earlier one' >"$state/device-id"
check 'at an address where nothing is' fails installer /i "$work/old.msi" "${ours[@]:1}" SERVERURL=https://localhost:1 ENROLLTOKEN=x
check 'which the log says as well' said 'No connection to localhost'
check 'nothing is left of this one' nothing_is_left
check 'but what was there before' grep -q 'of an earlier one' "$state/device-id"
rm -rf "$state"
check 'a token without its server is refused' fails installer /i "$work/old.msi" ENROLLTOKEN=x
check 'before anything happens' no_state
check 'so is a proxy that is not there' fails installer /i "$work/old.msi" "${ours[@]}" 'ENROLLTOKEN=ann|secret-7' PROXY=http://localhost:1
check 'which the log says' said 'No connection to the proxy'
check 'nothing is left of all of them' nothing_is_left

title 'an installation'
check 'it installs and enrols without a question' installer /i "$work/old.msi" "${ours[@]}" 'ENROLLTOKEN=ann|secret-7'
check 'its service runs' service_is RUNNING
check 'the device is enrolled' enrolled
check 'a session succeeds' steward sync
check 'its settings are in the registry' holds ScheduledInstallTime 0x5
device=$(cat "$state/device-id")

title 'an upgrade'
# Wine's upgrade does not tell the older one what it is removed for, as Windows does; so it is done here in its two halves.
check 'the older one goes for a newer one' installer /x "$work/old.msi" UPGRADINGPRODUCTCODE="$(product_code new)"
check 'with all of the program' nothing_is_left
check 'and the newer one comes, told all that was told before' installer /i "$work/new.msi" "${ours[@]}" ENROLLTOKEN=used
check 'its service runs again' service_is RUNNING
check 'the device is enrolled still' enrolled
check 'as the same one' [ "$(cat "$state/device-id")" = "$device" ]
check 'with its settings' holds ScheduledInstallTime 0x5
check 'a session succeeds as before' steward sync
check 'the older one is refused' fails installer /i "$work/old.msi"
check 'and the newer one stays' version_is 1.1.0
check 'and enrolled' enrolled

title 'a repair'
rm "$program"
check 'it repairs' installer /i "$work/new.msi" REINSTALL=ALL REINSTALLMODE=amus
check 'the program is there again' installed
check 'with its service' service_is RUNNING
check 'and its enrolment' enrolled

title 'it is uninstalled'
check 'without a question' installer /x "$work/new.msi"
check 'nothing stays of the program' nothing_is_left
check 'nor of what it managed' nothing_is_set
check 'what was set returns to what it was' holds ScheduledInstallTime 0x2
check 'and what was not there is gone' holds ScheduledInstallDay ''
check 'no key stays' fails bash -c "find '$state' -name '*.pem' | grep -q ."

title 'a provisioning file'
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Organization -keyout "$work/org.key" -out "$work/org.crt" 2>/dev/null
cat >"$work/invitation.xml" <<XML
<wap-provisioningdoc version="1.1"><characteristic type="CertificateStore"><characteristic type="Root"><characteristic type="System"><characteristic type="$(openssl x509 -in "$work/mdm.pem" -noout -fingerprint -sha1 | cut -d = -f 2 | tr -d :)"><parm name="EncodedCertificate" value="$(openssl x509 -in "$work/mdm.pem" -outform DER | base64 -w 0)"/></characteristic></characteristic></characteristic></characteristic><characteristic type="Workplace"><characteristic type="Enrollments"><characteristic type="ann@example.test"><parm name="AuthPolicy" value="OnPremise"/><parm name="Secret" value="$(cat "$work/secret")"/><parm name="DiscoveryServiceFullUrl" value="https://localhost:$port/EnrollmentServer/Discovery.svc"/></characteristic></characteristic></characteristic></wap-provisioningdoc>
XML
openssl cms -sign -binary -nodetach -outform DER -in "$work/invitation.xml" -signer "$work/org.crt" -inkey "$work/org.key" -out "$work/bulk.p7m" 2>/dev/null
file=(PROVISIONFILE="$(windows_path "$work/bulk.p7m")")
check 'without its authority it is refused' fails installer /i "$work/old.msi" "${file[@]}"
check 'with it the device is enrolled' installer /i "$work/old.msi" "${file[@]}" CAFILE="$(windows_path "$work/org.crt")"
check 'as the file says' enrolled

title 'one after the other'
check 'a newer one' installer /i "$work/new.msi"
check 'takes the place of the older one' one_product
check 'so does another package of its own version' installer /i "$work/twin.msi"
check 'as one product' one_product
check 'with a service that runs' service_is RUNNING
check 'it goes, too' installer /x "$work/twin.msi"
check 'with all of the program' nothing_is_left
conclude
