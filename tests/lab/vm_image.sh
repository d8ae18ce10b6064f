#!/usr/bin/env bash
# What a virtual machine of the lab starts from: Debian's own kernel, a small initial file system that unlocks the root
# disk, and that disk, which is LUKS2 from the first byte. Kept outside the source tree and named by what it is made from.
# Usage: vm_image.sh CACHE_DIRECTORY [--there]; prints its directory. With --there it makes nothing, and fails where
# nothing is. Exit 77: this machine can't make one, and why.
set -euo pipefail
cache=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
skip() { echo "SKIPPED: $*" >&2; exit 77; }

packages=udev,kmod,cryptsetup-bin,lvm2,mdadm,btrfs-progs,dosfstools,fdisk
packages+=,wpasupplicant,hostapd,iw,wireless-regdb,dnsmasq-base,socat,apparmor
packages+=,libtss2-esys-3.0.2-0,libtss2-rc0,libtss2-mu0,libtss2-tcti-device0
modules=(virtio_pci virtio_blk virtio_net virtio_console virtio_rng virtio_scsi ext4 btrfs vfat nls_ascii nls_cp437 overlay autofs4 fuse
    loop zram dm_mod dm_crypt dm_snapshot dm_integrity dm_verity dm_zero dm_mirror raid0 raid1 linear bcache
    aesni_intel crypto_simd cryptd aes_generic xts cbc cts ecb ctr ccm gcm cmac hmac sha1_generic sha256_generic sha512_generic crypto_null
    essiv authenc af_alg algif_skcipher algif_hash algif_aead drbg arc4 crc32c_generic crc32_pclmul
    xhci_pci usb_storage uas sd_mod mac80211_hwsim rfkill cfg80211 mac80211 veth af_packet evdev button qemu_fw_cfg)
in_initrd=(virtio_pci virtio_blk virtio_console virtio_rng ext4 crc32c_generic dm_crypt aesni_intel xts aes_generic sha256_generic)

for name in apt-get busybox cpio dpkg-deb modprobe depmod mke2fs qemu-img qemu-system-x86_64; do
    command -v $name >/dev/null || skip "$name is missing"
done
kernel=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ {print $2; exit}')
[ -n "$kernel" ] || skip 'apt knows no linux-image-amd64'
image=$cache/vm-$({ echo "$kernel $packages"; cat "$here/vm_image.sh" "$here/vm_init.sh" "$here/vm_shell.sh" "$here/root.sh"; } | sha256sum | cut -c 1-12)
if [ -s "$image/root.qcow2" ]; then
    echo "$image"
    exit
fi
[ "${2:-}" != --there ] || skip "there is no image of a virtual machine yet: ./dev lab makes one"
[ "$(id -u)" = 0 ] || skip 'only root can make a Debian tree'

tar=$(bash "$here/root.sh" "$cache" "$packages") || skip 'mmdebstrap can not make a Debian here'
work=$(mktemp -d "${LAB_TMP:-/dev/shm}/steward-image-XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
chmod 755 "$work" # apt reads its own files as another user
mkdir -p "$root" "$work/kernel" "$work/made"
tar xpf "$tar" -C "$root" --numeric-owner
(cd "$work" && apt-get -qq download "$kernel" >&2) || skip "$kernel can not be downloaded"
dpkg-deb -x "$work/$kernel"_*.deb "$work/kernel"
version=${kernel#linux-image-}
cp "$work/kernel/boot/vmlinuz-$version" "$work/made/vmlinuz"

# files_of DIRECTORY MODULE...: the files of these modules and of what they need, in the order in which to load them
files_of() {
    local directory=$1 module
    shift
    for module in "$@"; do
        modprobe -d "$directory" -S "$version" --show-depends "$module" 2>/dev/null | awk '$1 == "insmod" {print $2}' || true
    done | awk '!seen[$0]++'
}
depmod -b "$work/kernel" "$version"
files_of "$work/kernel" "${modules[@]}" | while read -r file; do
    place=$root/usr/lib/modules/$version/${file#*"/lib/modules/$version/"}
    mkdir -p "${place%/*}"
    cp "$file" "$place"
done
cp "$work/kernel/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$root/usr/lib/modules/$version/"
depmod -b "$root" "$version"

# The disk's own passphrase stands in the initial file system: who can read that sits before this machine, not in it.
initrd=$work/initrd
mkdir -p "$initrd"/{bin,dev,proc,sys,run,mnt,modules}
cp "$(command -v busybox)" "$initrd/bin/busybox"
printf 'the first passphrase' >"$initrd/passphrase"
for program in /sbin/cryptsetup /sbin/e2image; do
    for file in $program $(chroot "$root" ldd $program | grep -o '/[^ ]*'); do
        mkdir -p "$initrd${file%/*}"
        cp -L "$root$file" "$initrd$file"
    done
done
mkdir -p "$initrd/run/cryptsetup"
files_of "$root" "${in_initrd[@]}" | while read -r file; do
    cp "$file" "$initrd/modules/"
    basename "$file" >>"$initrd/order"
done
install -m 755 "$here/vm_init.sh" "$initrd/init"
(cd "$initrd" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$work/made/initrd.gz"

install -D -m 755 "$here/vm_shell.sh" "$root/usr/local/sbin/lab-shell"
cat >"$root/etc/systemd/system/lab-shell.service" <<'IN'
[Unit]
Description=Commands from outside the machine
DefaultDependencies=no
After=systemd-remount-fs.service local-fs.target
[Service]
ExecStart=/usr/local/sbin/lab-shell
Restart=always
KillMode=process
[Install]
WantedBy=sysinit.target
IN
# Nothing that the scenarios are not about: each of these costs seconds of an emulated processor.
systemctl -q --root="$root" enable lab-shell.service
systemctl -q --root="$root" mask hostapd.service mdmonitor.service systemd-update-utmp.service getty@.service \
    serial-getty@.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
    systemd-binfmt.service systemd-timesyncd.service lvm2-monitor.service blk-availability.service NetworkManager-wait-online.service
rm "$root"/etc/apparmor.d/{lsb_release,nvidia_modprobe} # half a minute to read
echo lab-machine >"$root/etc/hostname"
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
printf '/dev/mapper/system / ext4 errors=remount-ro 0 0\n' >"$root/etc/fstab"
printf '10.0.2.100 mdm.example.test\n' >>"$root/etc/hosts"
mkdir -p "$root/etc/NetworkManager/conf.d"
printf '[keyfile]\nunmanaged-devices=interface-name:outside\n' >"$root/etc/NetworkManager/conf.d/lab.conf"
printf 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="virtio_net", NAME="outside"\n' >"$root/etc/udev/rules.d/70-lab.rules"
rm -rf "$root"/{usr/share/{doc,man,locale,info},var/cache/apt,var/lib/apt/lists}/*

# Only a kernel with dm-crypt can fill an encrypted disk: the machine itself does that, from its initial file system.
mke2fs -q -t ext4 -L system -d "$root" "$work/plain" 2G >&2
qemu-img create -q -f qcow2 "$work/made/root.qcow2" 2560M
timeout 600 qemu-system-x86_64 -nodefaults -no-user-config -M q35 -accel tcg,thread=multi -smp 2 -m 1024 -no-reboot \
    -cpu qemu64,+rdrand,+aes,+ssse3,+sse4.1,+sse4.2,+pclmulqdq -display none -serial "file:$work/console.log" \
    -kernel "$work/made/vmlinuz" -initrd "$work/made/initrd.gz" -append 'console=ttyS0 quiet panic=-1 mitigations=off lab=fill' \
    -drive "if=none,id=root,file=$work/made/root.qcow2,cache=unsafe" -device virtio-blk-pci,drive=root \
    -drive "if=none,id=plain,file=$work/plain,format=raw,readonly=on" -device virtio-blk-pci,drive=plain -device virtio-rng-pci >&2 || true
grep -q 'the disk is filled' "$work/console.log" || { tail -n 30 "$work/console.log" >&2; exit 1; }
find "$cache" -maxdepth 1 -name "vm-*" -mtime +14 -exec rm -r {} + # of other packages or other scripts
mkdir -p "$cache"
cp -r "$work/made" "$image.new"
mv "$image.new" "$image"
echo "$image"
