#!/usr/bin/env bash
# Our package in virtual machines with Debian's own kernel: real encryption, a real TPM and real power cuts, which no
# container has. Both AppArmor profiles are enforced all the while.
# Usage: vm.sh PACKAGES_DIRECTORY BUILD_DIRECTORY CACHE_DIRECTORY [--there] [SCENARIO[=COUNT]...]; --there: only where the
# image of a machine is in the cache already, and only encryption. cuts=180+20: so many kills of the service and cuts of the
# power. wifi=100: so many wrong profiles.
# Exit 77: this machine can't, and why.
set -euo pipefail
packages=$1 build=$2 cache=$3
shift 3
there=
[ "${1:-}" != --there ] || { there=--there; shift; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scenarios=("$@")
[ $# -gt 0 ] || scenarios=(encryption layouts wifi cuts wipe)
[ -z "$there" ] || scenarios=(encryption)
for program in qemu-system-x86_64 qemu-img swtpm nc openssl; do
    command -v $program >/dev/null || { echo "SKIPPED: $program is missing"; exit 77; }
done
work=$(mktemp -d /dev/shm/steward-machines-XXXXXX)
trap 'rm -rf "$work"' EXIT

image=$(bash "$here/vm_image.sh" "$cache" ${there:+"$there"}) || exit $?
bash "$here/vm_ready.sh" "$packages" "$image" "$work/ready"
failed=0
for scenario in "${scenarios[@]}"; do
    printf '\n===== %s\n' "$scenario"
    began=$SECONDS
    count=${scenario#*=}
    [ "$count" != "$scenario" ] || count=
    bash "$here/vm_${scenario%%=*}.sh" "$work/ready" "$image" "$build" ${count:+"$count"} || failed=1
    echo "$scenario took $((SECONDS - began)) s"
done
[ $failed -eq 0 ]
