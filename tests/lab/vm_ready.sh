#!/usr/bin/env bash
# A virtual machine in which our package is installed and both AppArmor profiles are enforced, stopped in that moment:
# every scenario begins there, a second after it was asked for.
# Usage: vm_ready.sh PACKAGES_DIRECTORY IMAGE_DIRECTORY DIRECTORY; DIRECTORY gets its disks, its TPM and its memory.
set -euo pipefail
packages=$(cd "$1" && pwd) image=$(cd "$2" && pwd) machine=$3
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/../support/checks.sh"
source "$here/vm_machine.sh"
mkdir -p "$machine/bring"
trap 'machine_cut; rm -rf "$machine/bring"' EXIT

cp "$packages"/steward_*.deb "$machine/bring/steward.deb"
bring "$machine/bring"
machine_disks
machine_start
take_brought
began=$SECONDS
inside 'systemctl is-system-running --wait >/dev/null; dpkg -i /srv/lab/steward.deb &&
    sed -i "s/, complain) {$/) {/" /etc/apparmor.d/steward /etc/apparmor.d/steward-courier &&
    apparmor_parser -r /etc/apparmor.d/steward /etc/apparmor.d/steward-courier && systemctl restart steward.service &&
    modprobe -a loop raid1 raid0 btrfs vfat zram && sync && dmesg --clear' 300 || exit 1
inside 'cat /proc/$(systemctl show -p MainPID --value steward)/attr/current' | grep -qx 'steward (enforce)' ||
    { echo 'AppArmor does not confine the service'; exit 1; }
inside '! aa-exec -p steward -- touch /srv/forbidden && dmesg | grep "apparmor=\"DENIED\".*profile=\"steward" && dmesg --clear' >/dev/null ||
    { echo 'what the profile forbids is done all the same, or nobody is told'; exit 1; }
echo "installed in the machine in $((SECONDS - began)) s"
machine_save "$machine/memory"
