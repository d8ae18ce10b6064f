#!/bin/busybox sh
# The first process of a virtual machine of the lab: unlocks its disk, as the initial file system of a laptop does after
# somebody has typed the passphrase, and hands over to systemd. With lab=fill on the kernel's command line it makes that
# disk instead, a copy of the second one behind a layer of encryption.
busybox=/bin/busybox
$busybox mount -t devtmpfs dev /dev
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sys /sys
while read -r module; do $busybox insmod "/modules/$module"; done </order
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 200 ]; do
    $busybox usleep 50000
    tries=$((tries + 1))
done
export DM_DISABLE_UDEV=1
# With lab=wait the disk is not looked at before a line comes through the machine's port, and what starts from it is no
# more than a shell: so a machine can be kept in this moment and started from its disk a hundred times.
program=/lib/systemd/systemd
if $busybox grep -q lab=wait /proc/cmdline; then
    port=$($busybox grep -lx lab /sys/class/virtio-ports/*/name)
    port=${port%/name}
    exec 3<>"/dev/${port##*/}"
    echo 'ready 0 ' >&3
    read -r _ seed <&3
    exec 3>&-
    echo "$seed" >/dev/urandom # the kernel's random numbers would be the same each time
    program=/usr/local/sbin/lab-shell
fi
if $busybox grep -q lab=fill /proc/cmdline; then
    /sbin/cryptsetup -q luksFormat --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /passphrase /dev/vda &&
        /sbin/cryptsetup open --key-file /passphrase /dev/vda system &&
        /sbin/e2image -ra /dev/vdb /dev/mapper/system && $busybox sync && echo 'the disk is filled'
    $busybox poweroff -f
fi
/sbin/cryptsetup open --key-file /passphrase /dev/vda system || echo 'the first passphrase does not open the disk'
$busybox mount -t ext4 -o rw,noatime /dev/mapper/system /mnt || exec $busybox sh
for place in dev proc sys; do $busybox mount -o move /$place /mnt/$place; done
exec $busybox switch_root /mnt "$program"
