#!/usr/bin/env bash
# A wipe of a disk, ordered by a server and allowed by the device's own administrator: the key slots go first, nothing
# that was written can be found on the disk's image out here, and the server had its answer before.
# Usage: vm_wipe.sh READY_DIRECTORY IMAGE_DIRECTORY BUILD_DIRECTORY
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/vm_device.sh"
device_begin
check "the device enrols" enrol
wipe=$(one Exec ./Device/Vendor/MSFT/RemoteWipe/doWipeProtected)

# Two partitions of the second disk: what the first holds is encrypted, what the second holds is not.
bare=bare-$(openssl rand -hex 12) hidden=hidden-$(openssl rand -hex 12)
inside "set -e; disk=\$(readlink -f /dev/disk/by-id/virtio-scratch); printf 'label: gpt\nsize=64M\nsize=64M\n' | sfdisk -q \$disk; udevadm settle
    printf 'the passphrase of the disk' >/run/wipe-key
    cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /run/wipe-key \${disk}1
    cryptsetup open --key-file /run/wipe-key \${disk}1 hidden
    for each in /dev/mapper/hidden \${disk}2; do mkfs.ext4 -q \$each; done
    mkdir -p /mnt/hidden /mnt/bare; mount /dev/mapper/hidden /mnt/hidden; mount \${disk}2 /mnt/bare
    for i in \$(seq 2000); do echo $hidden >>/mnt/hidden/file; echo $bare >>/mnt/bare/file; done
    sync; umount /mnt/hidden /mnt/bare; cryptsetup close hidden; echo \$disk >/run/disk" || exit 1
on_image() { qemu-img convert -U -O raw "$machine/scratch.qcow2" "$work/scratch.raw" && grep -qaF "$1" "$work/scratch.raw" "$machine/scratch.qcow2"; }
flush() { inside 'sync; blockdev --flushbufs $(cat /run/disk)'; }
flush
check "what is not encrypted can be found on the disk's image" on_image "$bare"
check "what is encrypted can't" fails on_image "$hidden"

title "without its administrator's word"
order "$wipe"
check "a wipe is refused" fails accepted
check "and nothing is ordered" inside '! test -e /var/lib/steward/wipe-order'

title "with it"
inside 'printf "allow = yes\ndisks = %s\n" "$(cat /run/disk)" >/etc/steward/wipe.conf; steward wipe --simulate'
order "$wipe"
check "the server hears that it will be done" accepted
check "before anything is done" inside 'cryptsetup open --test-passphrase --key-file /run/wipe-key $(cat /run/disk)1'
check "it is done" wait_for 40 inside '! test -e /var/lib/steward/wipe-order && journalctl -u steward-wipe -o cat --no-pager | grep -q "contents of .*: done"'
inside 'journalctl -u steward-wipe -o cat --no-pager'
check "the keys went first" inside 'journalctl -u steward-wipe -o cat --no-pager | grep -E "^(keys|contents) of .*: done" | head -n 1 | grep -q "^keys of"'
flush
check "the passphrase opens nothing any more" fails inside 'cryptsetup open --test-passphrase --key-file /run/wipe-key $(cat /run/disk)1'
check "there is no header of LUKS" fails inside 'cryptsetup isLuks $(cat /run/disk)1'
check "and no partition" inside '! blkid -p $(cat /run/disk) | grep -q PTTYPE'
check "nothing of what was written is on the disk's image" fails on_image "$bare"
check "the system, whose disk was not named, runs on" inside 'steward status >/dev/null && test "$(cryptsetup status system | grep -c "is active")" = 1'
check "AppArmor had nothing to forbid" no_denials
conclude
