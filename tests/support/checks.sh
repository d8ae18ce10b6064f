# Sourced by test scripts: checks that are told at the end, and servers for them. $work is the folder for their files,
# $server the program steward-testserver, and whose trap it is ends the processes in $pids.
summary=() failed=0
title() { printf '\n== %s\n' "$*"; }
check() { # check WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$work/check.log" 2>&1; then
        summary+=("ok      $what")
    else
        summary+=("FAILED  $what") failed=1
        echo "FAILED: $what"
        tail -n 20 "$work/check.log"
        [ ! -s "$work/said" ] || cat "$work/said"
    fi
}
conclude() { # whether all of them were true
    title "summary"
    printf '%s\n' "${summary[@]}"
    [ $failed -eq 0 ]
}
fails() { ! "$@"; }
wait_for() { # wait_for SECONDS COMMAND...: asks twenty times a second
    local tries=$(($1 * 20))
    shift
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}
# serve NAME ARGUMENTS...: leaves its port in $port, its authority in NAME.pem, its orders at NAME.sock.
serve() {
    local name=$1
    shift
    "$server" --port 0 --ca-out "$work/$name.pem" --admin "$work/$name.sock" "$@" >"$work/$name.log" 2>&1 &
    pids+=($!)
    wait_for 20 grep -q '^serving ' "$work/$name.log" || true
    port=$(sed -n 's/^port //p' "$work/$name.log")
    [ -n "$port" ] || { cat "$work/$name.log"; exit 1; }
}
