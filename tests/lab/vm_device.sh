# Sourced by the scenarios of virtual machines, whose arguments begin with READY_DIRECTORY IMAGE_DIRECTORY
# BUILD_DIRECTORY: a machine that goes on from where vm_ready.sh stopped it, enrolled with a server out here.
ready=$(cd "$1" && pwd) image=$(cd "$2" && pwd) server=$(cd "$3" && pwd)/tests/server/steward-testserver
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d /dev/shm/steward-vm-XXXXXX)
machine=$work/machine pids=()
source "$here/../support/checks.sh"
source "$here/vm_machine.sh"
end_device() {
    machine_cut
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}"
    rm -rf "$work"
} 2>/dev/null
trap end_device EXIT

mdm() { "$server" "$@" --admin "$work/mdm.sock"; }
bitlocker=./Device/Vendor/MSFT/BitLocker
config=./Device/Vendor/MSFT/Policy/Config

# device_begin: the server, and the machine with what is in $work/bring
device_begin() {
    mkdir -p "$machine" "$work/bring"
    cp --sparse=always "$ready"/*.qcow2 "$machine/"
    cp -r "$ready/tpm" "$machine/"
    mkfifo "$machine"/{port,monitor}.{in,out}
    printf 'ann-secret\n' >"$work/bring/secret"
    serve mdm --name mdm.example.test --enrol-user ann@example.test --enrol-secret-file "$work/bring/secret" --identify-by both --patience 900
    cp "$work/mdm.pem" "$work/bring/mdm.pem"
    bring "$work/bring"
    machine_restore "$ready/memory"
    take_brought
}
enrol() {
    # Of a place that AppArmor keeps from the service.
    inside "steward enroll ann@example.test --url https://mdm.example.test:$port --ca-file /srv/lab/mdm.pem --password-file /srv/lab/secret" || return 1
    device=$(mdm devices --json | sed -n 's/.*"device": *"\([^"]*\)".*/\1/p' | head -n 1)
    [ -n "$device" ]
}

# What a server says.
# one COMMAND NODE [DATA [FORMAT]]
one() {
    printf '<%s><CmdID>1</CmdID><Item><Target><LocURI>%s</LocURI></Target>' "$1" "$2"
    [ -z "${4:-}" ] || printf '<Meta><Format xmlns="syncml:metinf">%s</Format></Meta>' "$4"
    printf '%s</Item></%s>\n' "${3:+<Data>$3</Data>}" "$1"
}
escaped() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'; }
# order COMMANDS [SECONDS]: they are given to the device in a session; its number stays in $order
order() {
    printf '%s\n' "$1" >"$work/order.xml"
    order=$(mdm queue add "$device" "$work/order.xml" | sed -n 's/^order //p')
    # Another session may have been under way, and was joined; what came of this one is asked of the server.
    for _ in 1 2 3; do
        inside 'steward sync' "${2:-180}" || true
        ! answers | head -n 1 | grep -q ': waiting' || continue
        return 0
    done
}
answers() { mdm queue show "$order"; }
# Whether every command of the order was answered with 200.
accepted() { answers | awk '/^ +(Atomic|Exec|Replace|Add|Delete|Get) / {++all; good += / 200( \(.*\))?$/} END {exit !all || good != all}'; }
told() { answers | sed -n "s|^    $1 = ||p" | head -n 1; }                        # told NODE: its value in the last order
tree() { inside "steward tree get '$1'"; }

# No profile may have been in the way of anything.
no_denials() {
    inside 'dmesg | grep -E "apparmor=\"DENIED\".*profile=\"steward" && exit 1; exit 0'
}
