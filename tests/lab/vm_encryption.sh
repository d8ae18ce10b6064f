#!/usr/bin/env bash
# Recovery keys on a real disk: the system lies on dm-crypt, a server outside asks for a key, gets it sealed, and the disk
# opens with it; rotated, the old one is worth nothing. The person's own key slot stays as it is, byte for byte, and a
# TPM that unlocks the disk is told. Usage: vm_encryption.sh READY_DIRECTORY IMAGE_DIRECTORY BUILD_DIRECTORY
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/vm_device.sh"

source "$here/vm_escrow.sh"

title "a disk of a laptop"
escrow_certificate
device_begin
check "the device enrols" enrol
escrow_slots
check "the system volume is encrypted" bash -c "[ '$(tree $bitlocker/Steward/Volumes/%2F/Judgement)' = encrypted ]"
check "its cipher, kind and key slots are told" bash -c "[ '$(for fact in Kind Cipher KeyBits Kdf KeySlots; do tree $bitlocker/Steward/Volumes/%2F/$fact; done | xargs)' = 'LUKS2 aes-xts-plain64 512 pbkdf2 2' ]"

title "without what is needed"
inside 'mv /etc/steward/encryption.conf /srv/encryption.conf'
order "$(one Exec $bitlocker/RotateRecoveryPasswords first)$(one Get $bitlocker/Status/DeviceEncryptionStatus)$(one Get $bitlocker/Status/Steward/Reasons)"
answers
check "nothing is made" fails accepted
check "and the status says so" bash -c "[ '$(tree $bitlocker/Status/DeviceEncryptionStatus)' = 256 ]"
check "no key slot was touched" slots_are '0 1'
inside 'mv /srv/encryption.conf /etc/steward/encryption.conf'

title "a recovery key"
order "$(one Exec $bitlocker/RotateRecoveryPasswords second)$(one Get $bitlocker/Status/DeviceEncryptionStatus)"
check "the server hears that it is made" accepted
check "it is done, for that request" bash -c "[ '$(tree $bitlocker/Status/RotateRecoveryPasswordsStatus) $(tree $bitlocker/Status/RotateRecoveryPasswordsRequestID)' = '0 second' ]"
check "and the server that the disk is as asked" test "$(told $bitlocker/Status/DeviceEncryptionStatus)" = 0
first=$(keys)
check "there is one key" bash -c "[[ '$first' =~ ^[0-9a-f]{16}\$ ]]"
fetch "$first"
check "the server has it sealed, with its slot" test -s "$work/$first.sealed" -a "$(cat "$work/$first.slot")" = 31
check "nobody sees it in the clear" inside "! grep -r -F -e '$(opened "$first")' /var/lib/steward /var/log /etc /run"
check "it opens the disk, from its own slot" opens "$first"
check "a wrong one does not" fails inside "printf x | cryptsetup open --test-passphrase --key-file - /dev/vda"
check "its slot is marked" inside 'cryptsetup luksDump /dev/vda | grep -q systemd-recovery'
check "the header is told with it" bash -c "[ '$(tree $bitlocker/Steward/Volumes/%2F/Tokens)' = systemd-recovery ]"
check "the person's key slot is byte for byte what it was" own_slot_stays
order "$(one Exec "$bitlocker/Steward/RecoveryKeys/$first/Received")"
check "it is received" test "$(tree "$bitlocker/Steward/RecoveryKeys/$first/State")" = received

title "rotated"
order "$(one Exec $bitlocker/RotateRecoveryPasswords third)"
check "the rotation is done" accepted
second=$(keys | tail -n 1)
check "until the server has the new one, both open" bash -c "[ '$second' != '$first' ]"
check "and the disk has both" slots_are '0 1 30 31'
fetch "$second"
check "the new one opens the disk" opens "$second"
check "the old one still does" opens "$first"
order "$(one Exec "$bitlocker/Steward/RecoveryKeys/$second/Received")"
check "once it is received, the old one does not open any more" fails opens "$first"
check "and its slot is free" slots_are '0 1 30'
check "the new one does" opens "$second"
check "the person's key slot is byte for byte what it was" own_slot_stays
check "the disk opens with the person's passphrase" inside "printf 'the first passphrase' | cryptsetup open --test-passphrase --key-slot 0 --key-file - /dev/vda"

title "a TPM"
check "a key slot is bound to the TPM" inside 'systemd-cryptenroll --unlock-key-file=/etc/steward/unlock.key --tpm2-device=auto --tpm2-pcrs=7 /dev/vda'
check "the TPM opens the disk" inside '
    loop=$(losetup --show -r -f /dev/vda) && /lib/systemd/systemd-cryptsetup attach again "$loop" - tpm2-device=auto,headless=1,read-only &&
    test -b /dev/mapper/again; code=$?; /lib/systemd/systemd-cryptsetup detach again; losetup -d "$loop"; exit $code'
check "and is told" bash -c "[ '$(tree $bitlocker/Steward/Volumes/%2F/Tokens)' = 'systemd-recovery systemd-tpm2' ]"
order "$(one Exec $bitlocker/RotateRecoveryPasswords fourth)"
check "a rotation leaves it" inside 'systemd-cryptenroll /dev/vda | grep -q tpm2'
third=$(keys | tail -n 1)
fetch "$third"
check "and works beside it" opens "$third"

check "AppArmor had nothing to forbid" no_denials
conclude
