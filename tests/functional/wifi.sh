#!/usr/bin/env bash
# The Wi-Fi code against a real NetworkManager: a bus and a NetworkManager of our own in name spaces of their own, so that
# neither the machine's network nor its files are touched. NetworkManager is taken from where it was unpacked, never
# installed. Usage: wifi.sh TEST_PROGRAM [DIRECTORY_OF_NETWORK_MANAGER]
set -euo pipefail

program=$(realpath "$1")
manager=${2:-${STEWARD_NETWORK_MANAGER:-}}

if [ "${STEWARD_INSIDE:-}" != yes ]; then
    skip() { echo "SKIPPED: $*"; exit 77; }
    [ "$(id -u)" -eq 0 ] || skip 'name spaces for a private NetworkManager need root'
    [ -n "$manager" ] && [ -x "$manager/usr/sbin/NetworkManager" ] ||
        skip 'no NetworkManager unpacked here: ./dev test does that, or name its directory in STEWARD_NETWORK_MANAGER'
    command -v dbus-daemon >/dev/null || skip 'no dbus-daemon here'
    unshare -m -n -p -i -u true 2>/dev/null || skip 'no name spaces here'
    STEWARD_INSIDE=yes exec unshare -m -n -p -i -u --fork --kill-child bash "$0" "$program" "$manager"
fi

began=$(date +%s%N)
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir -p /run/etc /run/work /run/lib/NetworkManager /run/connections /run/empty
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work overlay /etc
mount --bind /run/lib /var/lib
ip link set lo up 2>/dev/null || true

cat >/run/bus.conf <<'CONF'
<busconfig><type>system</type><listen>unix:path=/run/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
<allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/></policy></busconfig>
CONF
cat >/run/manager.conf <<'CONF'
[main]
plugins=keyfile
auth-polkit=false
dns=none
rc-manager=unmanaged
[keyfile]
path=/run/connections
[logging]
level=WARN
CONF

export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus STEWARD_PRIVATE_BUS=yes
dbus-daemon --config-file=/run/bus.conf --nofork --nopidfile --print-address=3 3>/run/bus.address 2>/run/bus.log &
LD_LIBRARY_PATH=$(dirname "$(find "$manager" -name 'libndp.so.0' -print -quit)") "$manager/usr/sbin/NetworkManager" \
    --no-daemon --config=/run/manager.conf --config-dir=/run/empty --system-config-dir=/run/empty \
    --intern-config=/run/intern.conf --state-file=/run/state --pid-file=/run/manager.pid >/run/manager.log 2>&1 &
for try in $(seq 300); do
    dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.NetworkManager 2>/dev/null | grep -q 'boolean true' && break
    sleep 0.1
done
echo "bus and NetworkManager are up after $((($(date +%s%N) - began) / 1000000)) ms"
code=0
"$program" --gtest_filter='RealNetworkManager.*' || code=$?
echo "$(find /run/connections -type f | wc -l) connections are left, of them readable by others:" \
    "$(find /run/connections -type f -perm /077 | wc -l)"
[ "$(find /run/connections -type f | wc -l)" -eq 0 ] || code=1
[ $code -eq 0 ] || tail -n 20 /run/bus.log /run/manager.log
exit $code
