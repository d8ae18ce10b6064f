# Sourced by the lab's scripts about virtual machines: one machine at a time, in the directory $machine, from the image in
# $image, and its TPM. $port is that of the server out here, which it reaches as mdm.example.test at the same port.
# Everything it says and is told goes through two pipes, so that a machine that is killed takes nothing with it.
emulator= tpm=

# machine_disks: new disks. The system's is a layer above the image, the other two are empty.
machine_disks() {
    qemu-img create -q -f qcow2 -b "$image/root.qcow2" -F qcow2 "$machine/root.qcow2"
    qemu-img create -q -f qcow2 "$machine/scratch.qcow2" 2G
    qemu-img create -q -f qcow2 "$machine/stick.qcow2" 64M
    mkfifo "$machine"/{port,monitor}.{in,out}
    mkdir -p "$machine/tpm"
}

# machine_run ARGUMENT...: of the emulator. cache=writeback: what the machine has not flushed may be lost with the
# emulator, as with a disk that has a cache of its own.
machine_run() {
    exec {told_fd}<>"$machine/port.in" {heard_fd}<>"$machine/port.out"
    swtpm socket --tpm2 --tpmstate "dir=$machine/tpm" --ctrl "type=unixio,path=$machine/tpm.sock" --flags startup-clear >>"$machine/emulator.log" 2>&1 &
    tpm=$!
    wait_for 20 test -S "$machine/tpm.sock"
    qemu-system-x86_64 -nodefaults -no-user-config -M q35 -accel tcg,thread=multi,tb-size=512 -smp 2 -m "${memory:-1024}" \
        -cpu qemu64,+rdrand,+aes,+ssse3,+sse4.1,+sse4.2,+pclmulqdq -display none -serial "file:$machine/console.log" \
        -kernel "$image/vmlinuz" -initrd "$image/initrd.gz" -rtc base=utc \
        -append "console=ttyS0 quiet mitigations=off tsc=reliable no_timer_check ${kernel_says:-}" \
        -drive "if=none,id=root,file=$machine/root.qcow2,cache=writeback" -device virtio-blk-pci,drive=root,serial=root \
        -drive "if=none,id=scratch,file=$machine/scratch.qcow2,cache=writeback" -device virtio-blk-pci,drive=scratch,serial=scratch \
        -drive "if=none,id=brought,file=$machine/brought.tar,format=raw,readonly=on" -device virtio-blk-pci,drive=brought,serial=brought \
        -drive "if=none,id=stick,file=$machine/stick.qcow2" -device qemu-xhci -device usb-storage,drive=stick,removable=on \
        -netdev "user,id=outside,restrict=on,guestfwd=tcp:10.0.2.100:${port:-9}-cmd:nc 127.0.0.1 ${port:-9}" \
        -device virtio-net-pci,netdev=outside,romfile= -device virtio-rng-pci -device virtio-serial-pci \
        -chardev "pipe,id=port,path=$machine/port" -device virtserialport,chardev=port,name=lab \
        -chardev "pipe,id=monitor,path=$machine/monitor" -mon chardev=monitor \
        -chardev "socket,id=tpm,path=$machine/tpm.sock" -tpmdev emulator,id=tpm,chardev=tpm -device tpm-crb,tpmdev=tpm \
        "$@" >>"$machine/emulator.log" 2>&1 &
    emulator=$!
}

# machine_start: from the beginning, until it takes commands.
machine_start() {
    machine_run "$@"
    machine_answers 240 || { tail -n 30 "$machine/console.log" "$machine/emulator.log"; return 1; }
    inside 'until ip link show outside >/dev/null 2>&1; do sleep 0.1; done
        ip link set outside up; ip address replace 10.0.2.15/24 dev outside' >/dev/null
}
machine_answers() { # machine_answers SECONDS: it says 'ready' once
    local line
    while IFS= read -r -u "$heard_fd" -t "$1" line; do
        [ "$line" != 'ready 0 ' ] || return 0
    done
    return 1
}

# machine_save FILE: its memory, with which machine_restore goes on where it stopped; its disks are as they are then.
machine_save() {
    printf 'migrate_set_parameter max-bandwidth 8G\nmigrate "exec:cat >%s"\nquit\n' "$1" >"$machine/monitor.in"
    machine_gone
}
machine_restore() {
    machine_run -incoming "exec:cat $1"
    inside "date -s @$(date +%s)" >/dev/null || { tail -n 5 "$machine/emulator.log"; return 1; }
}

# machine_cut: the power goes. What the machine had in its memory is gone, and what its disk had not flushed may be.
machine_cut() {
    [ -z "$emulator" ] || kill -9 "$emulator" 2>/dev/null || true
    machine_gone
}
machine_gone() {
    [ -z "$emulator" ] || wait "$emulator" 2>/dev/null || true
    [ -z "$tpm" ] || { kill "$tpm" && wait "$tpm"; } 2>/dev/null || true
    emulator='' tpm=''
    rm -f "$machine/tpm.sock"
    if [ -n "${told_fd:-}" ]; then
        while read -r -t 0.1 -u "$heard_fd" _; do :; done # or the next machine's words would come after these
        while read -r -t 0.1 -u "$told_fd" _; do :; done
        exec {told_fd}>&- {heard_fd}<&-
        told_fd='' heard_fd=''
    fi
}

# inside COMMAND [SECONDS]: what it prints, and its exit code. 124: there was no answer.
inside() {
    local number=${EPOCHREALTIME/./} got code text
    printf '%s %s\n' "$number" "$(base64 -w 0 <<<"$1")" >&"$told_fd"
    while read -r -u "$heard_fd" -t "${2:-120}" got code text; do
        [ "$got" = "$number" ] || continue
        base64 -d <<<"$text"
        return "$code"
    done
    echo "the machine does not answer to: $1"
    return 124
}
# bring DIRECTORY: laid on a disk that the machine reads as tar, and finds in /srv/lab after take_brought.
# Always of one size, as the machine does not look again when it goes on.
bring() { tar -cf "$machine/brought.tar" --owner=0 --group=0 -C "$1" . && truncate -s 8M "$machine/brought.tar"; }
take_brought() { inside 'mkdir -p /srv/lab && blockdev --flushbufs /dev/disk/by-id/virtio-brought && tar xf /dev/disk/by-id/virtio-brought -C /srv/lab'; }
