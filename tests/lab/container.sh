# A Debian that boots in a container of its own, for the scripts of the lab to source. They set tar, the tree it is made
# from, and may make network namespaces named $lab-* before they boot it.
#   $root is its tree from outside; in_device COMMAND runs there; what is in $work goes with the script.
lab=steward-lab-$$
work=$(mktemp -d /dev/shm/$lab-XXXXXX)
root=$work/root
leader= keeper=

skip() { echo "SKIPPED: $*"; exit 77; }
clean_container() {
    [ -z "$leader" ] || nsenter -t "$leader" -a -- systemctl --no-block poweroff >/dev/null 2>&1
    [ -z "$keeper" ] || { sleep 1; pkill -P "$keeper"; kill "$keeper"; }
    sleep 0.5
    umount -R "$root"
    rm -rf "$work"
}
device() { nsenter -t "$leader" -a -- "$@"; }
in_device() { device bash -c "$1"; }

need_programs() {
    [ "$(id -u)" = 0 ] || skip "only root can start containers"
    local program
    for program in systemd-nspawn ip nsenter unshare "$@"; do
        command -v "$program" >/dev/null || skip "$program is missing"
    done
}
unpack_device() {
    mkdir -p "$work"/{base,up,wk} "$root"
    tar xpf "$tar" -C "$work/base" --numeric-owner
    mount -t overlay overlay -o "lowerdir=$work/base,upperdir=$work/up,workdir=$work/wk" "$root" || skip "no overlay file system"
    tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    echo lab-device >"$root/etc/hostname"
}
find_leader() { leader=$(pgrep -P "$(cat "$work/nspawn.pid")" | head -n 1) && [ -n "$leader" ]; }
is_up() { find_leader && device systemctl is-system-running | grep -qE 'running|degraded'; }
boot_device() { # boot_device ARGUMENT...: of systemd-nspawn; it starts again whenever it asks for a restart
    (
        while :; do
            systemd-nspawn -q -D "$root" -M "$lab" --register=no --keep-unit "$@" \
                --console=pipe --boot </dev/null >>"$work/console.log" 2>&1 &
            echo $! >"$work/nspawn.pid"
            code=0
            wait $! || code=$?
            [ $code = 133 ] || break
        done
    ) &
    keeper=$!
    wait_for 60 is_up || { tail -n 20 "$work/console.log"; skip "the container does not boot here"; }
}
