#!/usr/bin/env bash
# How disks are laid out, and whether they are judged as they are. The truth comes from the disks themselves: words that
# are written into every volume and then looked for on what lies below. Where they can be read, the volume must not be
# called encrypted. Usage: vm_layouts.sh READY_DIRECTORY IMAGE_DIRECTORY BUILD_DIRECTORY
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/vm_device.sh"
mkdir -p "$work/bring"
cp "$here/vm_layouts_inside.sh" "$work/bring/layouts.sh"
device_begin
check "the device enrols" enrol
inside 'bash /srv/lab/layouts.sh' 1800 >"$work/truth" || { cat "$work/truth"; exit 1; }

# Asked in two ways: by an administrator at the device, and by the server, whom the confined service answers.
uri_of() { sed 's|/|%2F|g' <<<"$1"; }
commands=
while read -r _ key _; do
    commands+=$(one Get "$bitlocker/Steward/Volumes/$(uri_of "$key")/Judgement")
    commands+=$(one Get "$bitlocker/Steward/Volumes/$(uri_of "$key")/Drive")
done < <(grep '^layout ' "$work/truth")
homes=$bitlocker/Steward/Volumes/$(uri_of /home)
commands+=$(one Get "$homes/EncryptedHomes")$(one Get "$homes/Reason")
order "$commands" 300
answers >"$work/told"
inside "steward tree list $bitlocker/Steward/Volumes" >"$work/seen"
of() { sed -n "s|^ *$bitlocker/Steward/Volumes/$(uri_of "$2")/$3 = ||p" "$1"; }

printf '\n%-28s %-10s %-8s %-11s %-11s %-10s\n' volume should-be in-clear device server drive
layouts=0 lies=0 others=0
while read -r _ key should confined drive clear; do
    device_says=$(of "$work/seen" "$key" Judgement) server_hears=$(of "$work/told" "$key" Judgement)
    drive_told=$(of "$work/told" "$key" Drive)
    printf '%-28s %-10s %-8s %-11s %-11s %-10s\n' "$key" "$should" "$clear" "${device_says:--}" "${server_hears:--}" "${drive_told:--}"
    layouts=$((layouts + 1))
    [[ $clear != yes || ($device_says != encrypted && $server_hears != encrypted) ]] || lies=$((lies + 1))
    [[ $device_says == "$should" && $server_hears == "$confined" && $drive_told == "$drive" ]] || others=$((others + 1))
done < <(grep '^layout ' "$work/truth")
echo "$layouts layouts, $lies called encrypted that are not, $others judged otherwise than they should be"
check "thirty layouts or more were tried" test $layouts -ge 30
check "nothing is called encrypted that can be read" test $lies = 0
check "everything is judged as it should be" test $others = 0
check "homes that are encrypted by themselves are told" grep -qF "$homes/EncryptedHomes = anna AES-256-XTS" "$work/told"
check "with those that are not" grep -q "Reason = .*not those of ben" "$work/told"
check "AppArmor had nothing to forbid" no_denials
conclude
