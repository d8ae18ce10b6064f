#!/usr/bin/env bash
# The power goes, again and again, while a policy of nine settings is applied on a real file system: each time, once the
# device has started again, it has the old policy or the new one as a whole, and the new one if Steward had said so.
# The cut is that of ext4 itself: from one moment to the next nothing reaches the disk any more (EXT4_IOC_SHUTDOWN).
# Usage: power_cuts.sh BUILD_DIRECTORY [CUTS]. Exit 77: this machine can't do that, and why.
set -euo pipefail
build=$(cd "$1" && pwd) cuts=${2:-40}
steward=$build/agent/app/steward
skip() { echo "SKIPPED: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "only root can mount"
[ "${STEWARD_APART:-}" = yes ] || exec env STEWARD_APART=yes unshare -m bash "$0" "$build" "$cuts"
work=$(mktemp -d /dev/shm/steward-power-XXXXXX)
disk=$work/disk
cleanup() {
    umount -l "$disk"
    [ -z "${loop:-}" ] || losetup -d "$loop"
    rm -rf "$work"
} 2>/dev/null
trap cleanup EXIT

for program in mkfs.ext4 losetup perl; do
    command -v $program >/dev/null || skip "$program is missing"
done
truncate -s 64M "$work/image"
mkfs.ext4 -q "$work/image"
loop=$(losetup --show -f "$work/image" 2>/dev/null) || skip "this machine has no loop devices"
mkdir "$disk"
mount "$loop" "$disk" 2>/dev/null || skip "ext4 can't be mounted here"
root=$disk/root
"$build/tests/support/steward-debian-root" "$root"
sync -f "$root"

area=./Device/Vendor/MSFT/Policy/Config/DeviceLock
names=(MinDevicePasswordLength MinDevicePasswordComplexCharacters AllowSimpleDevicePassword DevicePasswordHistory
    DevicePasswordExpiration MinimumPasswordAge MaxDevicePasswordFailedAttempts MaxInactivityTimeDeviceLock
    DevicePasswordEnabled)
first=(8 3 0 5 30 1 3 5 0)
second=(14 2 1 12 90 3 7 20 0)
policy() { # policy VALUE...: all of them or none
    local i=0 value
    printf '<Atomic><CmdID>1</CmdID>'
    for value in "$@"; do
        printf '<Replace><CmdID>%d</CmdID><Item><Target><LocURI>%s/%s</LocURI></Target><Data>%s</Data></Item></Replace>' \
            $((i + 2)) $area "${names[i]}" "$value"
        i=$((i + 1))
    done
    printf '</Atomic>'
}
questions() { printf '<Get><CmdID>1</CmdID>'; printf "<Item><Target><LocURI>$area/%s</LocURI></Target></Item>" "${names[@]}"; printf '</Get>'; }
policy "${first[@]}" >"$work/first.xml"
policy "${second[@]}" >"$work/second.xml"
questions >"$work/questions.xml"
mkdir "$work/mark"
# After each cut the system has started anew, as far as anybody asks.
start_id() { tr -d '\n' </proc/sys/kernel/random/uuid >"$work/start"; }
start_id
mount --bind "$work/start" /proc/sys/kernel/random/boot_id
cut_power() { perl -e 'open my $f, "<", $ARGV[0] or die $!; my $now = pack("L", 2); ioctl($f, 0x8004587d, $now) or die $!' "$root/etc/passwd"; }
# What the device says, in the order of the questions.
values() { "$steward" syncml "$work/questions.xml" --root "$root" | grep -o '<Data>[^<]*</Data></Item>' | sed 's/<[^>]*>//g' | tr '\n' ' '; }

"$steward" syncml "$work/first.xml" --root "$root" >"$work/answer"
sync -f "$root"
held=$(values)
[ "$held" = "${first[*]} " ] || { echo "the device does not take the first policy: $held"; cat "$work/answer"; exit 1; }
began=${EPOCHREALTIME/./}
"$steward" syncml "$work/second.xml" --root "$root" >/dev/null
takes=$((${EPOCHREALTIME/./} - began)) # microseconds

held=second old=0 new=0 said=0
for ((n = 1; n <= cuts; ++n)); do
    next=$([ $held = first ] && echo second || echo first)
    : >"$work/answer" # or the last one might be taken for this one
    "$steward" syncml "$work/$next.xml" --root "$root" >"$work/answer" 2>/dev/null &
    worker=$!
    sleep "0.$(printf '%06d' $((RANDOM * 32768 % (takes * 5 / 4 + 1) % 1000000)))"
    # What is said afterwards is no promise: with the power the processor would have stopped, too.
    promised=no
    ! grep -q '<Cmd>Atomic</Cmd><Data>200</Data>' "$work/answer" || promised=yes
    cut_power
    wait $worker || true
    start_id
    umount "$disk"
    mount "$loop" "$disk"
    now=$(values)
    declare -n wanted=$next before=$held
    if [ "$now" = "${wanted[*]} " ]; then
        held=$next new=$((new + 1))
    elif [ "$now" = "${before[*]} " ] && [ $promised = no ]; then
        old=$((old + 1))
    else
        echo "cut $n left something in between (said to be done: $promised): $now"
        "$steward" status --root "$root"
        exit 1
    fi
    [ $promised = no ] || said=$((said + 1))
    "$steward" status --root "$root" | grep -q 'all as they should be' || { echo "cut $n:"; "$steward" status --root "$root"; exit 1; }
    ! find "$root/etc" -name '*.steward-new' | grep . || { echo "cut $n left a file under construction"; exit 1; }
done
"$steward" audit verify --root "$root" >/dev/null || { echo 'the audit log is broken'; exit 1; }
echo "$cuts power cuts: $old times the old policy, $new times the new one, $said of them after it was said to be done; never anything else"
