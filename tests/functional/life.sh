#!/usr/bin/env bash
# A device's whole life: a fresh root, a service, an enrolment, a policy, wakes through a real push server (nginx with
# nchan), and an end at the server's word after which the root is what it was. Exit 0 only if all of it is true.
# Usage: life.sh BUILD_DIRECTORY [NGINX_DIRECTORY [WAKES]]; without a push server that part is skipped, and said so.
# With STEWARD_COURIER=yes the service leaves the network to another process, as the package has it. STEWARD_MOST_CPU is
# how many milliseconds of processor time a session that changes nothing may take, of both; unset: it is only told.
set -euo pipefail
build=$(cd "$1" && pwd)
nginx=${2:-${STEWARD_NGINX:-}}
wakes=${3:-${STEWARD_WAKES:-20}}
steward=$build/agent/app/steward
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-life-XXXXXX")
pids=()
made=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; [ ${#made[@]} -eq 0 ] || rmdir "${made[@]}" 2>/dev/null || true' EXIT

source "$(dirname "${BASH_SOURCE[0]}")/../support/checks.sh"
root=$work/root
on_device() { "$steward" "$@" --root "$root" --state "$work/state"; }
mdm() { "$build/tests/server/steward-testserver" "$@" --admin "$work/mdm.sock"; }
log_has() { grep -q -- "$1" "$work/server.log"; }

title "a root as Debian leaves it, and a server that enrols"
"$build/tests/support/steward-debian-root" "$root"
cp -a "$root" "$work/before"
printf 'ann-secret\n' >"$work/secret"
"$build/tests/server/steward-testserver" --port 0 --ca-out "$work/ca.pem" --admin "$work/mdm.sock" \
    --enrol-user ann@example.test --enrol-secret-file "$work/secret" --identify-by both --poll 60x5,480x0,0x0 \
    >"$work/server.log" 2>&1 &
pids+=($!)
wait_for 20 log_has '^serving ' || { cat "$work/server.log"; exit 1; }
port=$(sed -n 's/^port //p' "$work/server.log")

push=no
if [ -n "$nginx" ] && [ -x "$nginx/usr/sbin/nginx" ]; then
    title "a push server: nginx with nchan"
    # Where Debian's nginx insists on keeping bodies, whatever its configuration says.
    for place in /var/lib/nginx /var/lib/nginx/body; do
        [ -d $place ] || { mkdir $place && made=("$place" "${made[@]}"); }
    done
    # Below the ports that the system gives to whoever asks for any.
    until push_port=$((10000 + RANDOM % 22000)); ! (exec 3<>"/dev/tcp/127.0.0.1/$push_port") 2>/dev/null; do :; done
    mkdir -p "$work/nginx"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout "$work/nginx/key.pem" -out "$work/nginx/cert.pem" 2>/dev/null
    cat >"$work/nginx/nginx.conf" <<CONF
load_module $nginx/usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
worker_processes 1;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
events {}
http {
    access_log off;
    client_body_temp_path $work/nginx; proxy_temp_path $work/nginx; fastcgi_temp_path $work/nginx;
    uwsgi_temp_path $work/nginx; scgi_temp_path $work/nginx;
    server {
        listen 127.0.0.1:$push_port ssl;
        ssl_certificate $work/nginx/cert.pem;
        ssl_certificate_key $work/nginx/key.pem;
        location ~ ^/sub/(\w+)\$ {
            if (\$http_authorization != "Bearer push-secret") { return 403; }
            nchan_subscriber eventsource;
            nchan_channel_id \$1;
            nchan_subscriber_first_message newest;
        }
        location ~ ^/pub/(\w+)\$ { nchan_publisher; nchan_channel_id \$1; nchan_message_timeout 5m; }
    }
}
CONF
    "$nginx/usr/sbin/nginx" -p "$work/nginx" -c "$work/nginx/nginx.conf" 2>"$work/nginx/start.log" &
    pids+=($!)
    wait_for 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$push_port" || { cat "$work/nginx/"*.log; exit 1; }
    cat "$work/nginx/cert.pem" >>"$work/ca.pem"
    push=yes
fi

title "the service, and an enrolment"
network=() courier=
if [ "${STEWARD_COURIER:-}" = yes ]; then
    "$steward" courier --listen "$work/courier" >"$work/courier.log" 2>&1 &
    courier=$!
    pids+=($courier)
    wait_for 20 test -S "$work/courier" || { cat "$work/courier.log"; exit 1; }
    network=(--courier "$work/courier")
fi
"$steward" run --root "$root" --state "$work/state" "${network[@]}" >"$work/service.log" 2>&1 & # no function: $! must be its process
service=$!
pids+=($service)
wait_for 20 grep -q 'starts' "$work/service.log"
on_device enroll ann@example.test --url "https://localhost:$port" --ca-file "$work/ca.pem" --password-file "$work/secret"
check "the first session begins by itself" wait_for 20 grep -q 'finished' "$work/service.log"
device=$(mdm devices --json | sed -n 's/.*"device": *"\([^"]*\)".*/\1/p' | head -n 1)
[ -n "$device" ] || { mdm devices; exit 1; }

title "a policy"
lock=./Device/Vendor/MSFT/Policy/Config/DeviceLock
provider=./Device/Vendor/MSFT/DMClient/Provider/TestServer
replace() { printf '<Replace><CmdID>1</CmdID><Item><Target><LocURI>%s</LocURI></Target><Data>%s</Data></Item></Replace>\n' "$1" "$2"; }
{
    replace $lock/DevicePasswordEnabled 0
    replace $lock/MinDevicePasswordLength 12
    replace $lock/MaxDevicePasswordFailedAttempts 5
} >"$work/policy.xml"
mdm queue add "$device" "$work/policy.xml"
on_device sync
mdm queue show 1
check "the device holds the policy" bash -c "'$steward' tree get ${lock/Config/Result}/MinDevicePasswordLength --root '$root' --state '$work/state' | grep -qx 12"
check "status says when the next session is" bash -c "'$steward' status --root '$root' --state '$work/state' | grep -q 'next session'"

if [ $push = yes ]; then
    title "a push channel, and $wakes wakes"
    {
        replace "$provider/Push/Steward/SubscribeURL" "https://localhost:$push_port/sub/{topic}"
        replace "$provider/Push/Steward/PublishURL" "https://localhost:$push_port/pub/{topic}"
        replace "$provider/Push/Steward/Authorization" "Bearer push-secret"
    } >"$work/push.xml"
    mdm queue add "$device" "$work/push.xml"
    on_device sync
    check "the channel has an address" wait_for 20 grep -q 'push channel of TestServer: status 0' "$work/service.log"
    channel=$(on_device tree get "$provider/Push/ChannelURI")
    finished() { grep -c 'session with TestServer finished' "$work/service.log" || true; }
    begun() { grep -c 'session with TestServer: a push' "$work/service.log" || true; }
    more_than() { [ "$($1)" -gt "$2" ]; }
    wait_for 20 more_than finished 3 || true
    ticks() { for pid in $service $courier; do cat "/proc/$pid/stat"; done | awk '{sum += $14 + $15} END {print sum}'; }
    : >"$work/times"
    ticks_before=$(ticks)
    for _ in $(seq "$wakes"); do
        before=$(begun)
        done_before=$(finished)
        from=${EPOCHREALTIME/./}
        curl -s -o /dev/null --cacert "$work/ca.pem" -X POST -d wake "$channel"
        while [ "$(begun)" -le "$before" ]; do
            [ $((${EPOCHREALTIME/./} - from)) -lt 20000000 ] || break
        done
        echo $(((${EPOCHREALTIME/./} - from) / 1000)) >>"$work/times"
        wait_for 20 more_than finished "$done_before" || break
    done
    p95=$(sort -n "$work/times" | awk '{t[NR] = $1} END {print t[int(NR * 0.95 + 0.5)]}')
    cpu=$((($(ticks) - ticks_before) * 1000 / $(getconf CLK_TCK) / wakes))
    echo "processor time of a session that changes nothing: $cpu ms"
    [ -z "${STEWARD_MOST_CPU:-}" ] || check "which is no more than $STEWARD_MOST_CPU ms" test $cpu -le "$STEWARD_MOST_CPU"
    echo "from POST to session: p95 $p95 ms over $(wc -l <"$work/times") wakes, worst $(sort -n "$work/times" | tail -n 1) ms"
    check "every wake began a session, 95 of 100 within a second" test "$(wc -l <"$work/times")" -eq "$wakes" -a "$p95" -le 1000
else
    echo "skipped: no nginx with nchan here"
    summary+=("skipped the push server: no nginx with nchan here")
fi

title "the server ends the enrolment"
printf '<Exec><CmdID>1</CmdID><Item><Target><LocURI>%s/Unenroll</LocURI></Target></Item></Exec>\n' $provider >"$work/unenroll.xml"
mdm queue add "$device" "$work/unenroll.xml"
on_device sync || true
check "the account is gone" wait_for 20 grep -q 'account TestServer is gone; its server knows' "$work/service.log"
mdm devices
check "the server knows it" bash -c "'$build/tests/server/steward-testserver' devices --admin '$work/mdm.sock' | grep -q ' left '"
on_device audit verify
check "the audit log is whole" on_device audit verify
kill "$service"
from=${EPOCHREALTIME/./}
wait "$service" || true
check "the service stops within two seconds" test $((${EPOCHREALTIME/./} - from)) -le 2000000
rmdir "$root/run/steward" # where the control socket was
[ -d "$work/before/run" ] || rmdir "$root/run"
check "the root is byte for byte what it was" diff -r "$work/before" "$root"
check "no key and no certificate of ours is left" bash -c "! find '$work/state' -name '*.pem' | grep -q ."
check "no secret is in any log or in the state" bash -c "! grep -rqaE 'ann-secret|push-secret' '$work/state' '$work/service.log'"

conclude || { echo; diff -r "$work/before" "$root" || true; tail -n 30 "$work/service.log"; tail -n 20 "$work/server.log"; }
exit $failed
