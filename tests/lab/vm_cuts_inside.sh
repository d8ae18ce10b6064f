# In the machine after it has started: what its disk says, for vm_cuts.sh to judge.
set -u
# The service begins with what the cut interrupted, and takes it back or finishes it. What is still under way after twenty
# seconds is told as it is.
for _ in $(seq 40); do
    ! grep -q '^key [0-9a-f]* \(adding\|leaving\)' /var/lib/steward/recovery-keys 2>/dev/null || { sleep 0.5; continue; }
    break
done
steward status | sed 's/^/status /'
sed -n 's/^key \([0-9a-f]*\) \([a-z]*\) [^ ]* [^ ]* \([0-9]*\) [0-9]* \(.*\)/key \1 \2 \3 \4/p' /var/lib/steward/recovery-keys 2>/dev/null
cryptsetup luksDump /dev/vda >/run/dump
echo "slots $(sed -n 's/^  \([0-9]*\): luks2/\1/p' /run/dump | sort -n | xargs)"
echo "marks $(grep -c systemd-recovery /run/dump)"
steward tree list ./Device/Vendor/MSFT/BitLocker/Status | sed -n 's/.*RotateRecoveryPasswordsStatus = /rotation /p'
steward tree list ./Device/Vendor/MSFT/Policy/Config/DeviceLock >/run/values
echo "policy $(for name in MinDevicePasswordLength MinDevicePasswordComplexCharacters DevicePasswordExpiration MinimumPasswordAge DevicePasswordEnabled; do
    sed -n "s|.*/$name = ||p" /run/values; done | xargs)"
! steward audit verify >/dev/null || echo 'audit whole'
find /etc /var/lib/steward -name '*.steward-new' -printf 'under construction %p\n'
