#!/bin/bash
# In the machine: runs what comes through a port of its own and answers. A line is a number and a command in base64; the
# answer is the number, the exit code, and the output in base64. Nothing else of the machine is needed for it.
set -u
# As the first process it is all that runs: what the service itself needs, and nothing else of a system.
if [ $$ = 1 ]; then
    mount -t tmpfs run /run
    mount -t tmpfs tmp /tmp
    mkdir -p /run/cryptsetup /run/lock /run/steward
    cat /proc/sys/kernel/random/uuid >/run/boot
    mount --bind /run/boot /proc/sys/kernel/random/boot_id
    ip link set lo up
    modprobe virtio_net
    for link in /sys/class/net/e*; do ip link set "${link##*/}" name outside; done
fi
modprobe -q virtio_console
until [ -n "${port:-}" ]; do
    for each in /sys/class/virtio-ports/*; do
        [ "$(cat "$each/name" 2>/dev/null)" != lab ] || port=/dev/${each##*/}
    done
    [ -n "${port:-}" ] || sleep 0.1
done
export HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec 3<>"$port"
echo 'ready 0 ' >&3
while read -r number command <&3; do
    base64 -d <<<"$command" | bash >/run/lab-output 2>&1 3>&-
    code=${PIPESTATUS[1]}
    echo "$number $code $(base64 -w 0 /run/lab-output)" >&3
done
