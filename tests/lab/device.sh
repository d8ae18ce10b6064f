#!/usr/bin/env bash
# A device with a real systemd, D-Bus, PAM, apt and NetworkManager, in a container: our package is installed, the device
# enrols by a waiting file, a policy comes from a server outside, and then it is tried: by passwd, pamtester, apt and
# logind themselves. At the end the package is purged and nothing of it is left.
# Usage: device.sh PACKAGES_DIRECTORY BUILD_DIRECTORY ROOT_TAR. Exit 77: this machine can't run containers, and why.
set -euo pipefail
packages=$(cd "$1" && pwd) build=$(cd "$2" && pwd) tar=$3
server=$build/tests/server/steward-testserver
source "$(dirname "${BASH_SOURCE[0]}")/../support/checks.sh"
source "$(dirname "${BASH_SOURCE[0]}")/container.sh"
cleanup() {
    set +e
    [ ! -s "$work/server.pid" ] || kill "$(cat "$work/server.pid")"
    clean_container
    ip netns del "$lab-dev"
    ip netns del "$lab-mdm"
} 2>/dev/null
trap cleanup EXIT
mdm() { "$server" "$@" --admin "$work/mdm.sock"; }

need_programs
ip netns add "$lab-dev" && ip netns add "$lab-mdm" || skip "this machine has no network namespaces"

title "a device"
unpack_device
ip link add vd netns "$lab-dev" type veth peer name vm netns "$lab-mdm"
for side in "dev vd 10.77.0.2" "mdm vm 10.77.0.1"; do
    read -r name link address <<<"$side"
    ip -n "$lab-$name" link set lo up
    ip -n "$lab-$name" addr add "$address/24" dev "$link"
    ip -n "$lab-$name" link set "$link" up
done
echo '10.77.0.1 mdm.example.test' >>"$root/etc/hosts"
mkdir -p "$root/etc/NetworkManager/conf.d"
printf '[keyfile]\nunmanaged-devices=interface-name:vd\n' >"$root/etc/NetworkManager/conf.d/lab.conf"
boot_device --network-namespace-path="/run/netns/$lab-dev" --capability=CAP_NET_ADMIN,CAP_NET_RAW
device useradd -m bob
device touch /usr/bin/gnome-shell # as far as anybody asks, GNOME is installed
in_device "printf '%s\n' 'bob:Start#Pass2026x' 'root:Adm1n#Pass2026x' | chpasswd"
# Two archives with updates: one of them for security, with one update that wants a restart.
cat >"$root/srv/archive.sh" <<'IN'
set -e
cd "$(mktemp -d)"
make() {
    mkdir -p "b/$1/DEBIAN" "$3"
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: lab <lab@example.test>\nDescription: lab\n' "$1" "$2" >"b/$1/DEBIAN/control"
    [ -z "${4:-}" ] || { printf '%s\n' '#!/bin/sh' "$4" >"b/$1/DEBIAN/postinst"; chmod 755 "b/$1/DEBIAN/postinst"; }
    dpkg-deb -Zgzip --root-owner-group -b "b/$1" "$3/$1_$2_all.deb" >/dev/null
}
if [ "$1" = first ]; then
    for name in alpha beta gamma firmware-lab; do make $name 1.0 old; done
    dpkg -i old/*.deb >/dev/null
    make alpha 1.1 new
    make beta 1.1 new 'touch /run/reboot-required; echo beta >>/run/reboot-required.pkgs'
    make firmware-lab 1.1 new
else
    make gamma 1.1 new
fi
mkdir -p /srv/archive/dists/stable-security/main/binary-amd64 /srv/archive/pool
cp new/*.deb /srv/archive/pool
cd /srv/archive
apt-ftparchive packages pool >dists/stable-security/main/binary-amd64/Packages
release=(Origin=Debian Label=Debian-Security Suite=stable-security Codename=bookworm-security Components=main Architectures=amd64)
apt-ftparchive "${release[@]/#/-oAPT::FTPArchive::Release::}" release dists/stable-security >Release
mv Release dists/stable-security/Release
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/archive stable-security main' >/etc/apt/sources.list
apt-get -qq update
IN
in_device 'bash /srv/archive.sh first'

title "a server outside, and the package"
printf 'ann-secret\n' >"$work/secret"
# Started by the shell in its own namespace, so that its process is ours to stop.
ip netns exec "$lab-mdm" "$server" --listen 10.77.0.1 --port 8443 --name mdm.example.test --ca-out "$work/ca.pem" \
    --admin "$work/mdm.sock" --enrol-user ann@example.test --enrol-secret-file "$work/secret" --identify-by both \
    >"$work/server.log" 2>&1 &
echo $! >"$work/server.pid"
wait_for 20 grep -q '^serving ' "$work/server.log" || { cat "$work/server.log"; exit 1; }
cp "$work/ca.pem" "$root/usr/local/share/ca-certificates/lab.crt"
in_device 'update-ca-certificates >/dev/null 2>&1'
# What an image would bring: who may enrol where, signed by the organization.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Organization -keyout "$work/org.key" -out "$work/org.pem" 2>/dev/null
cat >"$work/invitation.xml" <<'IN'
<wap-provisioningdoc version="1.1"><characteristic type="Workplace"><characteristic type="Enrollments"><characteristic type="ann@example.test"><parm name="AuthPolicy" value="OnPremise"/><parm name="Secret" value="ann-secret"/><parm name="DiscoveryServiceFullUrl" value="https://mdm.example.test:8443/EnrollmentServer/Discovery.svc"/></characteristic></characteristic></characteristic></wap-provisioningdoc>
IN
mkdir -p -m 700 "$root/etc/steward/enroll.d"
openssl cms -sign -binary -nodetach -outform DER -in "$work/invitation.xml" -signer "$work/org.pem" -inkey "$work/org.key" \
    -out "$root/etc/steward/enroll.d/first.p7m" 2>/dev/null
cp "$work/org.pem" "$root/etc/steward/enroll.d/first.pem"
# Files whose content is compared at the end; the shadow file has bob in it by now.
in_device 'cd / && find etc/security etc/login.defs etc/shadow etc/pam.d etc/apt etc/systemd etc/profile.d etc/NetworkManager usr/share/pam-configs -type f ! -name "*-" | sort | xargs sha256sum' >"$work/before"
cp "$packages"/steward_*.deb "$root/srv/steward.deb"
from=${EPOCHREALTIME/./}
in_device 'apt-get -q -y --no-install-recommends install /srv/steward.deb' >"$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
check "the service runs after the installation" wait_for 20 device systemctl is-active steward.service
echo "from apt-get to the running service: $(((${EPOCHREALTIME/./} - from) / 1000)) ms"
check "the device enrols by itself" wait_for 30 in_device 'steward status | grep -q "TestServer\|mdm.example.test"'
check "the waiting file is gone" in_device '! ls /etc/steward/enroll.d/*.p7m'
name_of_device() { device=$(mdm devices --json | sed -n 's/.*"device": *"\([^"]*\)".*/\1/p' | head -n 1); [ -n "$device" ]; }
wait_for 20 name_of_device || { mdm devices; cat "$work/server.log"; in_device 'journalctl -u steward -u steward-enroll --no-pager'; exit 1; }
wait_for 30 in_device 'journalctl -u steward --no-pager | grep -q finished' || true

title "a policy"
config=./Device/Vendor/MSFT/Policy/Config
cat >"$work/wlan.xml" <<'IN'
<WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>Lab</name><SSIDConfig><SSID><name>Lab</name></SSID></SSIDConfig><connectionType>ESS</connectionType><connectionMode>auto</connectionMode><MSM><security><authEncryption><authentication>WPA2PSK</authentication><encryption>AES</encryption><useOneX>false</useOneX></authEncryption><sharedKey><keyType>passPhrase</keyType><protected>false</protected><keyMaterial>lab-wireless-key</keyMaterial></sharedKey></security></MSM></WLANProfile>
IN
escaped() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'; }
replace() { printf '<Replace><CmdID>1</CmdID><Item><Target><LocURI>%s</LocURI></Target><Data>%s</Data></Item></Replace>\n' "$1" "$2"; }
{
    replace $config/DeviceLock/DevicePasswordEnabled 0
    replace $config/DeviceLock/MinDevicePasswordLength 12
    replace $config/DeviceLock/MinDevicePasswordComplexCharacters 3
    replace $config/DeviceLock/DevicePasswordHistory 3
    replace $config/DeviceLock/DevicePasswordExpiration 90
    replace $config/DeviceLock/MaxDevicePasswordFailedAttempts 3
    replace $config/DeviceLock/MaxInactivityTimeDeviceLock 15
    replace $config/Update/AllowAutoUpdate 3
    replace $config/Update/ScheduledInstallDay 0
    replace $config/Update/ScheduledInstallTime 3
    replace $config/Update/ExcludeWUDriversInQualityUpdate 1
    replace $config/Update/DetectionFrequency 4
    replace ./Device/Vendor/MSFT/WiFi/Profile/Lab/WlanXml "$(escaped <"$work/wlan.xml")"
} >"$work/policy.xml"
mdm queue add "$device" "$work/policy.xml"
in_device 'steward sync' | tail -n 3
mdm queue show 1
answered_200() { ! mdm queue show 1 | grep -E '^ +(Replace|Exec) ' | grep -qv ' 200$'; }
check "every command of the policy was answered with 200" answered_200
in_device 'steward status'
check "the device is as it should be" in_device 'steward status | grep -q "all as they should be"'

title "tried by the system's own programs"
bob_hears() { # bob_hears ANSWER QUESTION...: a line that dconf says to him
    local answer=$1
    shift
    in_device "cd /tmp && runuser -u bob -- env XDG_RUNTIME_DIR=\$(runuser -u bob -- mktemp -d) dconf $*" | grep -qxF "$answer"
}
check "bob's GNOME locks after a quarter of an hour" bob_hears 'uint32 900' read /org/gnome/desktop/session/idle-delay
check "and he can't change that" bob_hears /org/gnome/desktop/screensaver/lock-enabled list-locks /
change() { # change OLD NEW: as bob himself, by passwd
    in_device "printf '%s\n%s\n%s\n' '$1' '$2' '$2' | runuser -u bob -- passwd"
}
check "a short password is refused by passwd" fails change 'Start#Pass2026x' 'Short#1A'
check "a long one of one kind is refused" fails change 'Start#Pass2026x' 'abcdqwhgzumrtkopl'
check "a strong one is accepted" change 'Start#Pass2026x' 'Velvet/Harbor82x'
check "a second strong one is accepted" change 'Velvet/Harbor82x' 'Gl4cier-Melon-77q'
check "an earlier one is refused" fails change 'Gl4cier-Melon-77q' 'Velvet/Harbor82x'
check "chage says that it expires after 90 days" in_device "chage -l bob | grep -q 'Maximum.*: 90'"
for _ in 1 2 3; do in_device "echo wrong | pamtester login bob authenticate" >/dev/null 2>&1 || true; done
check "after three failures the right password is refused" in_device "! echo 'Gl4cier-Melon-77q' | pamtester login bob authenticate"
check "faillock tells why" in_device "faillock --user bob | grep -q V"
in_device 'faillock --user bob --reset'
check "once unlocked it is accepted" in_device "echo 'Gl4cier-Melon-77q' | pamtester login bob authenticate"
for _ in 1 2 3 4; do in_device "echo wrong | pamtester login root authenticate" >/dev/null 2>&1 || true; done
check "root is never locked" in_device "echo 'Adm1n#Pass2026x' | pamtester login root authenticate"

in_device 'rm /etc/security/pwquality.conf.d/50-steward.conf'
check "a file of ours that somebody takes away is back within half a minute" wait_for 30 in_device "test -f /etc/security/pwquality.conf.d/50-steward.conf"
check "systemd goes by the schedule" in_device "systemctl show apt-daily-upgrade.timer -p TimersCalendar | grep -q '03:00'"
check "and looks for updates every four hours" in_device "systemctl show apt-daily.timer -p TimersCalendar | grep -q '00/4:00'"
in_device 'steward tree list ./Device/Vendor/MSFT/Update/InstallableUpdates' || true
check "what can be installed is listed" in_device "steward tree list ./Device/Vendor/MSFT/Update/InstallableUpdates | grep -q 'alpha_1.1'"
in_device 'unattended-upgrade -v' >"$work/upgrade.log" 2>&1 || true
check "a security update is installed" in_device "dpkg-query -W -f '\${Version}' alpha | grep -qx 1.1"
check "firmware stays as it is" in_device "dpkg-query -W -f '\${Version}' firmware-lab | grep -qx 1.0"
check "it has restarted nothing" in_device "! test -e /run/systemd/shutdown/scheduled"
in_device 'systemd-run --unit=lab-backup systemd-inhibit --what=shutdown --mode=block --who=backup sleep 600 && sleep 1; systemctl start steward-updates.service' || true
check "nor does Steward while a program holds it up" in_device "! test -e /run/systemd/shutdown/scheduled"
in_device 'systemctl stop lab-backup; systemctl start steward-updates.service' || true
check "the restart is planned for the hour of the schedule" in_device "grep -q MODE=reboot /run/systemd/shutdown/scheduled && date -d @\$(sed -n 's/^USEC=\(.*\)......$/\1/p' /run/systemd/shutdown/scheduled) +%H:%M | grep -qx 03:00"
check "and Steward says what wants it" in_device "steward tree list ./Device/Vendor/MSFT/Update/PendingRebootUpdates | grep -q beta"
in_device 'shutdown -c' || true
in_device 'steward tree set ./Device/Vendor/MSFT/Policy/Config/Update/RequireUpdateApproval 1' || true
in_device 'bash /srv/archive.sh more && rm /srv/archive.sh'
check "apt itself keeps back what came in after the rule" in_device "! apt-get -s upgrade | grep -q '^Inst gamma'"
in_device 'unattended-upgrade -v' >>"$work/upgrade.log" 2>&1 || true
check "and so does unattended-upgrades" in_device "dpkg-query -W -f '\${Version}' gamma | grep -qx 1.0"
check "the server sees it, and why it waits" in_device "steward tree list ./Device/Vendor/MSFT/Update/InstallableUpdates/gamma_1.1 | grep -q 'waits for approval'"
printf '<Add><CmdID>1</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/Update/ApprovedUpdates/gamma_1.1</LocURI></Target><Meta><Format xmlns="syncml:metinf">node</Format></Meta></Item></Add>\n' >"$work/approve.xml"
order=$(mdm queue add "$device" "$work/approve.xml" | sed -n 's/^order //p')
in_device 'steward sync' >/dev/null || true
check "the server approves it" bash -c "'$server' queue show '$order' --admin '$work/mdm.sock' | grep -q ' 200$'"
check "then apt would install it" in_device "apt-get -s upgrade | grep -q '^Inst gamma'"
in_device 'steward tree delete ./Device/Vendor/MSFT/Policy/Config/Update/RequireUpdateApproval' || true
check "without the rule apt calls nobody" in_device "! apt-config dump | grep -q 'updates --hold' && ! ls /etc/apt/preferences.d/50-steward"
in_device 'for node in ForQualityUpdates GracePeriod; do steward tree set ./Device/Vendor/MSFT/Policy/Config/Update/ConfigureDeadline$node 0; done' || true
check "systemd looks every hour whether an update is due" in_device "systemctl is-active steward-updates.timer"
check "an update that is due is told with its time" in_device "steward updates | grep -q 'gamma_1.1  seen .* due'"
in_device 'systemctl start steward-updates.service; journalctl -u steward-updates.service -o cat --no-pager' || true
in_device 'cp /bin/sleep /usr/bin/lab-sleep && systemd-run -q --unit=lab-old /usr/bin/lab-sleep 6000 && sleep 1 && cp /bin/sleep /usr/bin/new && mv /usr/bin/new /usr/bin/lab-sleep' || true
in_device 'steward updates' | tee "$work/updates" || true
check "a service that runs what was replaced is told" grep -q '^lab-old.service runs what an update has replaced' "$work/updates"
printf '<Get><CmdID>1</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/Update/Steward/StaleServices</LocURI></Target></Item></Get>\n' >"$work/stale.xml"
order=$(mdm queue add "$device" "$work/stale.xml" | sed -n 's/^order //p')
in_device 'steward sync' >/dev/null || true
check "also to the server, by the service in its sandbox" bash -c "'$server' queue show '$order' --admin '$work/mdm.sock' | grep -q 'StaleServices = .*lab-old.service'"
in_device 'systemctl stop lab-old; rm /usr/bin/lab-sleep' || true
check "and is installed" in_device "dpkg-query -W -f '\${Version}' gamma | grep -qx 1.1"
check "the overdue restart is planned, and people are told why" in_device "grep -q MODE=reboot /run/systemd/shutdown/scheduled && grep -q 'finish installing updates' /run/systemd/shutdown/scheduled"
in_device 'shutdown -c; for node in ForQualityUpdates GracePeriod; do steward tree delete ./Device/Vendor/MSFT/Policy/Config/Update/ConfigureDeadline$node; done' || true
in_device 'steward tree set ./Device/Vendor/MSFT/Reboot/Schedule/DailyRecurrent 2026-03-01T03:00:00' || true
check "a daily restart is a timer that runs" in_device "systemctl show steward-restart.timer -p TimersCalendar -p ActiveState | grep -c -e 03:00:00 -e ActiveState=active | grep -qx 2"
in_device 'steward tree delete ./Device/Vendor/MSFT/Reboot/Schedule/DailyRecurrent' || true
check "without a deadline it still looks, for the restarts of the schedule" in_device "systemctl is-active steward-updates.timer"

check "the wireless network is known to NetworkManager" in_device "nmcli -g 802-11-wireless.ssid connection show Lab | grep -qx Lab"
check "with its key" in_device "nmcli -s -g 802-11-wireless-security.psk connection show Lab | grep -qx lab-wireless-key"
check "which Steward shows to nobody" in_device "! { steward tree get ./Device/Vendor/MSFT/WiFi/Profile/Lab/WlanXml; steward why ./Device/Vendor/MSFT/WiFi/Profile/Lab/WlanXml; steward audit show; journalctl -u steward --no-pager; } | grep -q lab-wireless-key"
printf 'polkit.addRule(function(action, subject) { if (subject.user == "bob") return polkit.Result.YES; });\n' >"$root/etc/polkit-1/rules.d/50-lab.rules"
bob_may() { in_device "runuser -u bob -- sh -c 'pkcheck --action-id org.freedesktop.NetworkManager.$1 --process \$\$'"; }
check "bob may turn Wi-Fi on and share a connection" eval 'wait_for 10 bob_may enable-disable-wifi && bob_may wifi.share.open'
in_device 'for node in AllowWiFi AllowInternetSharing; do steward tree set ./Device/Vendor/MSFT/Policy/Config/Wifi/$node 0; done' || true
check "where neither is allowed, polkit says no to him" eval 'wait_for 10 fails bob_may enable-disable-wifi && fails bob_may wifi.share.open'
check "and the radio is off" in_device 'nmcli radio wifi | grep -qx disabled'
in_device 'for node in AllowWiFi AllowInternetSharing; do steward tree delete ./Device/Vendor/MSFT/Policy/Config/Wifi/$node; done' || true
check "allowed again, it is as it was" eval 'wait_for 10 bob_may enable-disable-wifi && in_device "nmcli radio wifi | grep -qx enabled"'
rm "$root/etc/polkit-1/rules.d/50-lab.rules"

in_device 'steward tree list ./Device/Vendor/MSFT/BitLocker/Steward/Volumes; steward tree get ./Device/Vendor/MSFT/BitLocker/Status/DeviceEncryptionStatus' || true
check "no disk is called encrypted that is not" in_device "! steward tree list ./Device/Vendor/MSFT/BitLocker/Steward/Volumes | grep -qi 'Judgement = encrypted'"

printf '<Exec><CmdID>1</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/Reboot/RebootNow</LocURI></Target></Item></Exec>\n' >"$work/reboot.xml"
mdm queue add "$device" "$work/reboot.xml"
in_device 'steward sync' >/dev/null
check "a restart is planned by logind" in_device "grep -q MODE=reboot /run/systemd/shutdown/scheduled && grep -q 'Your organization' /run/systemd/shutdown/scheduled"
in_device 'shutdown -c' || true

title "a wipe"
wipe='<Exec><CmdID>1</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/RemoteWipe/doWipe</LocURI></Target></Item></Exec>'
printf '%s\n' "$wipe" >"$work/wipe.xml"
order=$(mdm queue add "$device" "$work/wipe.xml" | sed -n 's/^order //p')
in_device 'steward sync' >/dev/null || true
mdm queue show "$order" | tail -n 1
check "a wipe that nobody here allowed is refused" bash -c "! '$server' queue show '$order' --admin '$work/mdm.sock' | grep -q ' 200$'"
check "and nothing is ordered" in_device '! ls /var/lib/steward/wipe-order'

title "killed, and restarted"
was=$(in_device 'systemctl show -p MainPID --value steward')
in_device 'kill -9 $(systemctl show -p MainPID --value steward)'
is_another() { local now; now=$(in_device 'systemctl show -p MainPID --value steward'); [ "$now" != 0 ] && [ "$now" != "$was" ]; }
check "the service comes back after kill -9" wait_for 30 is_another
# The old system says 'running' until every inhibitor has let go of it: only another process 1 is the device come back.
before_restart=$(cat "$work/nspawn.pid")
in_device 'systemctl --no-block reboot' || true
is_back() { [ "$(cat "$work/nspawn.pid")" != "$before_restart" ] && is_up; }
check "the device comes back" wait_for 120 is_back
check "and the service with it" wait_for 60 device systemctl is-active steward.service
check "the policy holds after a restart of the device" in_device "steward tree get ${config/Config/Result}/DeviceLock/MinDevicePasswordLength | grep -qx 12"
in_device 'systemd-analyze security steward.service --no-pager | tail -n 1' || true
check "the service with the rights is exposed by 2.5 at most" device systemd-analyze security --threshold=25 steward.service
check "the one with the network by 1.5" device systemd-analyze security --threshold=15 steward-courier.service
in_device 'systemd-analyze security steward-courier.service --no-pager | tail -n 1' || true
in_device 'steward sync' >/dev/null || true
of_courier() { in_device "grep '^$1:' /proc/\$(systemctl show -p MainPID --value steward-courier)/status"; }
of_courier Uid >"$work/uid" && of_courier CapEff >"$work/capabilities" && of_courier Seccomp >"$work/seccomp" || true
check "the one with the network is not root" bash -c "grep -q . '$work/uid' && ! grep -qw 0 '$work/uid'"
check "has no capability" grep -q '\s0000000000000000$' "$work/capabilities"
check "and a filter of system calls" grep -q '\s2$' "$work/seccomp"
check "the one with the rights has no socket of the internet" in_device '! ls -l /proc/$(systemctl show -p MainPID --value steward)/fd | grep -oE "socket:\[[0-9]+" | cut -d[ -f2 | while read inode; do grep -hw "$inode" /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6; done | grep -q .'

title "the process with the network, hijacked"
cp "$build/tests/lab/steward-hijacked" "$root/srv/hijacked"
mkdir -p "$root/etc/systemd/system/steward-courier.service.d"
printf '[Service]\nExecStart=\nExecStart=/srv/hijacked 10.77.0.1 8443\nExecPaths=/srv/hijacked\n' >"$root/etc/systemd/system/steward-courier.service.d/lab.conf"
in_device 'systemctl daemon-reload; systemctl stop steward-courier.service; systemctl start steward-courier.service; sleep 1'
in_device 'journalctl -u steward-courier --no-pager -o cat | grep -E "^(can|can not) "' | tee "$work/hijacked" || true
check "it reaches its server" grep -q '^can reach the server' "$work/hijacked"
check "it can do nothing else" bash -c "[ \$(grep -c '^can not ' '$work/hijacked') = 9 ] && [ \$(grep -c '^can ' '$work/hijacked') = 10 ]"
rm -r "$root/etc/systemd/system/steward-courier.service.d" "$root/srv/hijacked"
in_device 'systemctl daemon-reload; systemctl stop steward-courier.service' || true

title "purged"
in_device 'apt-get -q -y purge steward' >"$work/purge.log" 2>&1 || { cat "$work/purge.log"; failed=1; }
check "the server knows that the device left" bash -c "'$server' devices --admin '$work/mdm.sock' | grep -q ' left '"
in_device 'cd / && find etc/security etc/login.defs etc/pam.d etc/apt etc/systemd etc/profile.d etc/NetworkManager usr/share/pam-configs -type f ! -name "*-" ! -name "opasswd*" | sort | xargs sha256sum' >"$work/after"
check "dconf knows nothing of us" in_device "! find /etc/dconf -type f | grep ."
check "every file is byte for byte what it was" bash -c "grep -v 'etc/shadow\|opasswd' '$work/before' | diff - '$work/after'"
check "bob's ageing is what it was" in_device "chage -l bob | grep -q 'Maximum.*: 99999'"
check "the wireless network is gone" in_device "! nmcli connection show Lab"
check "nothing of the package is left" in_device "! ls -d /etc/steward /var/lib/steward /usr/bin/steward /etc/apparmor.d/steward* /etc/apparmor.d/local/steward* 2>/dev/null | grep ."

conclude
