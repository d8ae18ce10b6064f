# In the machine: lays out its second disk, its stick and some files in every way, writes words into each volume and looks
# for them below. Says "layout VOLUME JUDGEMENT JUDGEMENT DRIVE yes|no": what an administrator's command and the confined
# service should judge it, and whether the words lie in clear.
set -euo pipefail
trap 'echo "failed in line $LINENO: $BASH_COMMAND"' ERR
disk=/dev/disk/by-id/virtio-scratch
key=/run/layout-key
printf 'another passphrase' >$key
cheap=(-q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file $key)
words=

{ echo 'label: gpt'; for ((i = 0; i < 32; ++i)); do echo 'size=60M'; done; } | sfdisk -q "$(readlink -f $disk)"
udevadm settle
next=0
part() { next=$((next + 1)); partition=$(readlink -f $disk)$next; }  # the next partition that is free, in $partition
luks() { # luks NAME TYPE DEVICE [ARGUMENT...]
    local name=$1 type=$2 device=$3
    shift 3
    cryptsetup luksFormat "${cheap[@]}" --type "$type" "$@" "$device"
    cryptsetup open --key-file $key "$device" "$name"
}
# Random, so that no two volumes and nothing on the outside has the same.
new_words() { words=words-$(head -c 12 /dev/urandom | base64 -w 0 | tr '+/' 'xy'); }
clear_on() { # clear_on DEVICE...: whether the words can be read there
    local device
    sync
    for device in "$@"; do
        blockdev --flushbufs "$device" 2>/dev/null || true
        if grep -qaF "$words" "$device"; then echo yes; return; fi
    done
    echo no
}
fill() { local i; for ((i = 0; i < 512; ++i)); do echo "$words"; done; }
# The service may not ask the kernel for the cipher of a layer that has no header; then server=unknown.
say() { echo "layout $1 $2 ${server:-$2} ${*:3}"; }
# mounted NAME DEVICE SHOULD DRIVE BELOW...: a file system on it, with the words in a file
mounted() {
    local name=$1 device=$2 should=$3 drive=$4
    shift 4
    new_words
    mkfs.ext4 -q -F "$device"
    mkdir -p "/mnt/$name"
    mount "$device" "/mnt/$name"
    fill >"/mnt/$name/words"
    say "/mnt/$name" "$should" "$drive" "$(clear_on "$@")"
}
swapped() { # swapped DEVICE KEY SHOULD BELOW...: swap, with the words on it
    local device=$1 name=$2 should=$3
    shift 3
    new_words
    mkswap -q "$device" 2>/dev/null
    fill | dd of="$device" bs=4096 seek=16 conv=notrunc,fsync status=none
    say "swap:$name" "$should" swap "$(clear_on "$@")"
    swapon "$device"
}

part; mounted plain $partition open fixed $partition
part; luks luks2 luks2 $partition; mounted luks2 /dev/mapper/luks2 encrypted fixed $partition
on_luks=$partition
part; luks luks1 luks1 $partition; mounted luks1 /dev/mapper/luks1 encrypted fixed $partition
part; luks aes-cbc luks2 $partition --cipher aes-cbc-essiv:sha256; mounted aes-cbc /dev/mapper/aes-cbc encrypted fixed $partition
part; cryptsetup open -q --type plain --cipher aes-xts-plain64 --key-size 256 --key-file /dev/urandom $partition headless
server=unknown mounted headless /dev/mapper/headless encrypted fixed $partition
part; printf '' >/run/no-key
cryptsetup luksFormat -q --type luks1 --cipher cipher_null-ecb --key-file /run/no-key $partition 2>/dev/null &&
    cryptsetup open --key-file /run/no-key $partition null && mounted null /dev/mapper/null open fixed $partition
dmsetup create null-plain --table "0 $(($(blockdev --getsz $partition) - 32768)) crypt cipher_null-ecb - 0 $partition 32768" --uuid CRYPT-PLAIN-null-plain &&
    server=unknown mounted null-plain /dev/mapper/null-plain open fixed $partition || true

part; luks under-lvm luks2 $partition; pvcreate -qq /dev/mapper/under-lvm; vgcreate -qq safe /dev/mapper/under-lvm; lvcreate -qq -y -n lv -L 24M safe
mounted lvm-on-luks /dev/safe/lv encrypted fixed $partition
part; pvcreate -qq $partition; vgcreate -qq bare $partition; lvcreate -qq -y -n inner -L 28M bare; lvcreate -qq -y -n outer -L 12M bare
luks on-lvm luks2 /dev/bare/inner; mounted luks-on-lvm /dev/mapper/on-lvm encrypted fixed $partition
mounted lvm /dev/bare/outer open fixed $partition
lvcreate -qq -y -s -n shot -L 8M bare/outer; mounted lvm-snapshot /dev/bare/shot open fixed $partition
part; luks half luks2 $partition; one=$partition; part
pvcreate -qq /dev/mapper/half $partition; vgcreate -qq both /dev/mapper/half $partition; lvcreate -qq -y -n lv -l 100%FREE both
mounted lvm-on-luks-and-plain /dev/both/lv open fixed $one $partition

raid() { mdadm -q --create "/dev/md/$1" --run --assume-clean --level=1 --metadata=1.2 --raid-devices=2 --homehost=any "$2" "$3" 2>/dev/null; udevadm settle; }
part; a=$partition; part; b=$partition; luks leg-a luks2 $a; luks leg-b luks2 $b
raid legs /dev/mapper/leg-a /dev/mapper/leg-b; mounted raid-on-luks /dev/md/legs encrypted fixed $a $b
part; a=$partition; part; b=$partition; raid below $a $b
luks on-raid luks2 /dev/md/below; mounted luks-on-raid /dev/mapper/on-raid encrypted fixed $a $b
part; a=$partition; part; b=$partition; raid open $a $b; mounted raid /dev/md/open open fixed $a $b
part; a=$partition; part; b=$partition; luks leg-c luks2 $a
raid mixed /dev/mapper/leg-c $b; mounted raid-of-luks-and-plain /dev/md/mixed open fixed $a $b

in_file() { truncate -s 16M "$1"; losetup -f --show "$1"; }
mounted loop-on-luks "$(in_file /mnt/luks2/file)" exempt none $on_luks
mounted loop-on-plain "$(in_file /mnt/plain/file)" exempt none "$(readlink -f $disk)1"
truncate -s 24M /mnt/plain/container; loop=$(losetup -f --show /mnt/plain/container)
luks in-file luks2 "$loop" --offset 8192; mounted luks-in-file /dev/mapper/in-file encrypted fixed "$(readlink -f $disk)1"

part; cryptsetup open -q --type plain --cipher aes-xts-plain64 --key-size 256 --key-file /dev/urandom $partition swap-random
server=unknown swapped /dev/mapper/swap-random "$(readlink -f /dev/mapper/swap-random)" encrypted $partition
part; swapped $partition $partition open $partition
file_of_swap() { # file_of_swap PLACE SHOULD BELOW
    dd if=/dev/zero of="$1" bs=1M count=4 status=none; chmod 600 "$1"
    swapped "$1" "$1" "$2" "$3"
}
file_of_swap /mnt/luks2/swap encrypted $on_luks
file_of_swap /mnt/plain/swap open "$(readlink -f $disk)1"
new_words; zram=$(zramctl -f -s 16M); mkswap -q "$zram" 2>/dev/null; swapon "$zram"; say "swap:$zram" exempt swap no

part; luks under-btrfs luks2 $partition --offset 8192; new_words; mkfs.btrfs -q -f --mixed /dev/mapper/under-btrfs >/dev/null
mkdir -p /mnt/btrfs-on-luks; mount /dev/mapper/under-btrfs /mnt/btrfs-on-luks; fill >/mnt/btrfs-on-luks/words; say /mnt/btrfs-on-luks encrypted fixed "$(clear_on $partition)"
part; a=$partition; luks btrfs-leg luks2 $a --offset 8192; part; new_words
mkfs.btrfs -q -f --mixed -m single -d single /dev/mapper/btrfs-leg $partition >/dev/null; btrfs device scan $partition /dev/mapper/btrfs-leg >/dev/null
mkdir -p /mnt/btrfs-on-both; mount -o "device=$partition" /dev/mapper/btrfs-leg /mnt/btrfs-on-both; fill >/mnt/btrfs-on-both/words; say /mnt/btrfs-on-both open fixed "$(clear_on $a $partition)"

part; new_words; mkfs.ext4 -q $partition 26M; mkdir -p /mnt/begun; mount $partition /mnt/begun; fill >/mnt/begun/words; umount /mnt/begun
cryptsetup reencrypt "${cheap[@]}" --encrypt --init-only --type luks2 --reduce-device-size 32M $partition begun
mount /dev/mapper/begun /mnt/begun; say /mnt/begun open fixed "$(clear_on $partition)"
part; integritysetup format -q --no-wipe $partition 2>/dev/null; integritysetup open --integrity-no-journal $partition whole; dd if=/dev/zero of=/dev/mapper/whole bs=1M status=none 2>/dev/null || true
mounted integrity /dev/mapper/whole open fixed $partition
part; mounted read-only $partition exempt none $partition; mount -o remount,ro /mnt/read-only
part; new_words; mkfs.ext4 -q $partition; mkdir -p /boot; mount $partition /boot; fill >/boot/words; say /boot exempt boot "$(clear_on $partition)"

# Anna's home is encrypted by the kernel, and nothing else on that volume. Source of the numbers: linux/fscrypt.h.
part; new_words; mkfs.ext4 -q -b 4096 -O encrypt $partition; homes=/home; mkdir -p $homes; mount $partition $homes
mkdir $homes/{anna,ben}
perl -e 'open(my $home, "<", $ARGV[0]) or die "open: $!"; open(my $random, "<", "/dev/urandom"); read($random, my $key, 64);
    my $added = pack("L L a32 L L a32", 2, 0, "", 64, 0, "") . $key;
    ioctl($home, 0xC0506617, $added) or die "FS_IOC_ADD_ENCRYPTION_KEY: $!";
    my $policy = pack("C4 a4 a16", 2, 1, 4, 3, "", substr($added, 8, 16));
    ioctl($home, 0x800C6613, $policy) or die "FS_IOC_SET_ENCRYPTION_POLICY: $!"' $homes/anna
fill >$homes/anna/words
useradd -d $homes/anna anna; useradd -d $homes/ben ben
say $homes open fixed "$(clear_on $partition)"

stick=$(readlink -f /dev/disk/by-id/usb-*-0:0)
printf 'label: dos\nsize=20M\nsize=40M\n' | sfdisk -q "$stick"; udevadm settle
mounted stick "${stick}1" open removable "${stick}1"
luks on-stick luks2 "${stick}2"; mounted luks-on-stick /dev/mapper/on-stick encrypted removable "${stick}2"
echo "used $next partitions"
