#!/usr/bin/env bash
# A device that installs its updates with dnf: the real dnf, dnf-automatic and systemd in a container, with packages of its
# own. The tree is Debian's, in which apt is hidden; no Fedora or Red Hat can be had where this runs.
# Usage: dnf.sh PACKAGES_DIRECTORY ROOT_TAR. Exit 77: this machine can't run containers, and why.
set -euo pipefail
packages=$(cd "$1" && pwd) tar=$2
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$tests/support/checks.sh"
source "$tests/lab/container.sh"
trap 'set +e; clean_container 2>/dev/null' EXIT
need_programs rpmbuild createrepo_c dnf

title "a device with dnf"
unpack_device
boot_device --private-network
sleep 1.5 # dnf counts in whole seconds: what is installed in that of the start is not newer than it
"$tests/support/rpm_archive.sh" "$work/packages"
cp -r "$work/packages/old" "$root/srv/old"
cp -r "$work/packages/archive" "$root/srv/archive"
mkdir -p "$root/etc/yum.repos.d" "$root/etc/dnf/vars"
printf '[lab]\nname=lab\nbaseurl=file:///srv/archive\ngpgcheck=0\n' >"$root/etc/yum.repos.d/lab.repo"
printf '[main]\ngpgcheck=0\n' >"$root/etc/dnf/dnf.conf"
printf '[commands]\nupgrade_type = default\nrandom_sleep = 0\ndownload_updates = yes\napply_updates = no\n\n[emitters]\nemit_via = stdio\n\n[base]\ndebuglevel = 1\n' >"$root/etc/dnf/automatic.conf"
echo 1 >"$root/etc/dnf/vars/releasever" # else told by a package of the distribution
# Debian has dnf's own module for this and no program that calls it.
printf '%s\n' '#!/usr/bin/python3' 'import sys' 'from dnf.automatic.main import main' 'sys.exit(main(sys.argv[1:]))' >"$root/usr/bin/dnf-automatic"
chmod 755 "$root/usr/bin/dnf-automatic"
units=$root/usr/lib/systemd/system
printf '[Timer]\nOnCalendar=*-*-* 6:00\nRandomizedDelaySec=60m\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n' >"$units/dnf-automatic.timer"
printf '[Service]\nType=oneshot\nExecStart=/usr/bin/dnf-automatic /etc/dnf/automatic.conf --timer\n' >"$units/dnf-automatic.service"
printf '[Timer]\nOnBootSec=10min\nOnUnitInactiveSec=1h\n\n[Install]\nWantedBy=timers.target\n' >"$units/dnf-makecache.timer"
printf '[Service]\nType=oneshot\nExecStart=/usr/bin/dnf makecache --timer\n' >"$units/dnf-makecache.service"
in_device 'rpm --initdb && rpm --force-debian -i /srv/old/*.rpm && dnf -q makecache && systemctl daemon-reload && systemctl -q enable --now dnf-makecache.timer' 2>/dev/null
cp "$packages"/steward_*.deb "$root/srv/steward.deb"
in_device 'apt-get -q -y --no-install-recommends install /srv/steward.deb' >"$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
in_device 'mv /usr/bin/apt-config /usr/bin/apt-config.hidden'
check "the service runs" wait_for 20 device systemctl is-active steward.service
kept() { (cd "$root" && find etc/dnf etc/yum.repos.d etc/systemd -type f | sort | xargs sha256sum); }
kept >"$work/before"
policy=./Device/Vendor/MSFT/Policy/Config/Update
set_() { in_device "steward tree set $policy/$1 $2"; }
updates=./Device/Vendor/MSFT/Update
listed() { in_device "steward tree list $updates/$1"; }
version() { in_device "rpm -q --qf '%{VERSION}\n' $1 | tail -n 1"; }
is() { [ "$("${@:2}")" = "$1" ]; }

title "rules"
set_ AllowAutoUpdate 1
set_ ScheduledInstallTime 4
set_ DetectionFrequency 4
set_ ExcludeWUDriversInQualityUpdate 1
set_ RequireUpdateApproval 1
in_device 'steward status' || true
check "the device is as it should be" in_device 'steward status | grep -q "all as they should be"'
check "systemd goes by the schedule" in_device "systemctl show dnf-automatic.timer -p TimersCalendar -p ActiveState | grep -c -e 04:00 -e ActiveState=active | grep -qx 2"
check "and looks for updates every four hours" in_device "systemctl show dnf-makecache.timer -p TimersCalendar | grep -q '00/4:00'"
check "as the look itself is told" in_device "systemctl show dnf-makecache.service -p ExecStart | grep -q -- --refresh"
check "dnf itself keeps back what nobody approved" in_device '! dnf -q --cacheonly check-update | grep .'
check "the server sees it, and why it waits" in_device "steward tree list $updates/InstallableUpdates/alpha_1.1-1 | grep -q 'waits for approval'"
# What the service may do is less than what root may: a unit with its sandbox asks for the same.
sed -e "s|^ExecStart=.*|ExecStart=/usr/bin/steward tree list $updates|" -e 's/^Type=.*/Type=oneshot/' \
    -e '/^ExecReload\|^Restart\|^WatchdogSec\|^RuntimeDirectory\|^StateDirectory/d' \
    "$root/usr/lib/systemd/system/steward.service" >"$root/etc/systemd/system/lab-sandbox.service"
in_device 'systemctl daemon-reload; systemctl start lab-sandbox.service; journalctl -u lab-sandbox -o cat --no-pager' >"$work/sandbox" || true
rm "$root/etc/systemd/system/lab-sandbox.service"
cat "$work/sandbox"
check "and so does the service in its sandbox" grep -q 'waits for approval' "$work/sandbox"
in_device 'systemctl start dnf-automatic.service; journalctl -u dnf-automatic -o cat --no-pager' || true
check "dnf-automatic installs nothing then" is 1.0 version alpha
in_device "steward tree add $updates/ApprovedUpdates/alpha_1.1-1 && steward tree add $updates/ApprovedUpdates/linux-firmware_2-1"
in_device 'systemctl start dnf-automatic.service; journalctl -u dnf-automatic -o cat --no-pager' || true
check "what was approved is installed" is 1.1 version alpha
check "firmware stays as it is" is 1 version linux-firmware
check "and nothing else is" is 2.0 version beta
check "what was installed is told with the version before" in_device "steward tree list $updates/InstalledUpdates | grep -q 'alpha_1.1-1.*Previous.*1.0-1'"

title "a restart by itself"
set_ AllowAutoUpdate 4
in_device 'systemd-run -q --unit=lab-backup systemd-inhibit --what=shutdown --mode=block --who=backup sleep 600'
wait_for 5 in_device 'systemd-inhibit --list | grep -q backup'
in_device 'systemctl start steward-updates.service' || true
check "there is none while a program holds it up" in_device '! test -e /run/systemd/shutdown/scheduled'
in_device 'systemctl stop lab-backup; systemctl start steward-updates.service' || true
check "once that has ended it is planned" in_device 'grep -q MODE=reboot /run/systemd/shutdown/scheduled'
in_device 'shutdown -c' || true
set_ AllowAutoUpdate 1

title "services that run what was replaced"
in_device 'cp /bin/sleep /usr/bin/lab-sleep && systemd-run -q --unit=lab-old /usr/bin/lab-sleep 6000' || true
in_device 'steward updates' | tee "$work/updates" || true
check "whether there are any is known" fails grep unknown "$work/updates"
in_device 'systemctl stop lab-old' || true

title "a deadline, and the restart"
in_device "steward tree delete $policy/RequireUpdateApproval"
set_ ConfigureDeadlineForQualityUpdates 0
set_ ConfigureDeadlineGracePeriod 0
in_device 'steward updates' || true
in_device 'systemctl start steward-updates.service; journalctl -u steward-updates.service -o cat --no-pager' || true
check "what is due is installed" is 2.2 version beta
check "what wants a restart is told" in_device "steward tree list $updates/PendingRebootUpdates | grep -q kernel_6.0-1"
check "the overdue restart is planned, and people are told why" in_device "grep -q MODE=reboot /run/systemd/shutdown/scheduled && grep -q 'finish installing updates' /run/systemd/shutdown/scheduled"
in_device 'shutdown -c' || true

title "given back"
in_device "for node in AllowAutoUpdate ScheduledInstallTime DetectionFrequency ExcludeWUDriversInQualityUpdate ConfigureDeadlineForQualityUpdates ConfigureDeadlineGracePeriod; do steward tree delete $policy/\$node; done; for update in alpha_1.1-1 linux-firmware_2-1; do steward tree delete $updates/ApprovedUpdates/\$update; done"
kept >"$work/after"
check "every file is byte for byte what it was" diff "$work/before" "$work/after"
check "dnf-automatic's timer stands still again" in_device '! systemctl is-active dnf-automatic.timer'
check "and the one that looks runs as before" in_device "systemctl show dnf-makecache.timer -p TimersMonotonic -p ActiveState | grep -q 'OnUnitInactiveUSec=1h' && systemctl is-active dnf-makecache.timer"

conclude
