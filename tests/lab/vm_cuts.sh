#!/usr/bin/env bash
# Again and again, while recovery keys are made, rotated and acknowledged and while policies are applied, both processes of
# the service are killed, and twice more while they start again; and then the power goes: the emulator is killed, and with it goes whatever the
# machine had in its memory or its disk had not flushed. Each time the disk must open with the person's passphrase and with every recovery key that is told of, the server must have one
# that works if it ever had, no key slot may be left over, and a policy is the old one or the new one as a whole.
# Usage: vm_cuts.sh READY_DIRECTORY IMAGE_DIRECTORY BUILD_DIRECTORY [KILLS+CUTS]
set -euo pipefail
count=${4:-12+2}
[[ $count = *+* ]] || count+=+0
kills=${count%+*} power_cuts=${count#*+}
rounds=$(((kills + 2) / 3)) # three kills each
cuts=$((rounds + power_cuts))
source "$(dirname "${BASH_SOURCE[0]}")/vm_device.sh"
source "$here/vm_escrow.sh"
escrow_certificate
cp "$here/vm_cuts_inside.sh" "$work/bring/look.sh"
device_begin
enrol >/dev/null || { echo 'the device does not enrol'; exit 1; }
escrow_slots
area=$config/DeviceLock
names=(MinDevicePasswordLength MinDevicePasswordComplexCharacters DevicePasswordExpiration MinimumPasswordAge DevicePasswordEnabled)
first=(8 3 30 1 0)
second=(14 2 90 3 0)
policy() { # policy VALUE...: all of them or none
    local i=0 value
    printf '<Atomic><CmdID>1</CmdID>'
    for value in "$@"; do
        one Replace "$area/${names[i]}" "$value"
        i=$((i + 1))
    done
    printf '</Atomic>\n'
}
order "$(policy "${first[@]}")"
accepted || { answers; echo 'the device does not take the first policy'; exit 1; }
inside 'cp /srv/lab/look.sh /srv/look.sh'

# How it is interrupted, and goes on: it is looked at before it can speak to anybody, and connected only then, as the server
# may ask for something again.
kind=service
interrupt() {
    if [ $kind = power ]; then
        machine_cut
        power_on
        return
    fi
    local again
    for again in --no-block --no-block ''; do
        inside "systemctl kill -s KILL steward.service steward-courier.service; ip link set outside down
            systemctl reset-failed steward.service steward-courier.service steward-courier.socket
            systemctl $again restart steward-courier.socket steward.service" >"$work/said" ||
            fault "it does not start again: $(cat "$work/said")"
        [ -z "$again" ] || sleep "$((RANDOM % 3)).$((RANDOM % 10))"
    done
}
# From here on the machine starts from its disk only; that its kernel is there already saves ten seconds each time.
power_off() {
    inside 'systemctl stop steward.service steward-courier.service steward-courier.socket; sync; fsfreeze -f /; fsfreeze -u /'
    machine_cut
    kernel_says=lab=wait
    machine_run
    machine_answers 120 || { tail -n 20 "$machine/console.log"; exit 1; }
    machine_save "$work/waiting"
    kind=power
}
power_on() {
    machine_run -incoming "exec:cat $work/waiting"
    echo "go $(head -c 32 /dev/urandom | base64 -w 0)" >&"$told_fd"
    machine_answers 60 || fault 'it does not start, or its disk does not open with the passphrase'
    inside "date -s @$(date +%s) >/dev/null
        setsid steward run >/run/service 2>&1 </dev/null & until test -S /run/steward/control; do sleep 0.1; done"
}
connect() { inside 'ip link set outside up; ip address show outside | grep -q 10.0.2.15 || { ip address add 10.0.2.15/24 dev outside; ip route add default via 10.0.2.2; }'; }
mkdir -p "$work/kept"
fault() {
    printf 'round %s, of the %s, during %s after %s ms: %s\n' "$cut" "$kind" "$doing" "$after" "$*"
    cp "$machine/root.qcow2" "$work/kept/" 2>/dev/null || true
    cat "$work/look" 2>/dev/null || true
    tail -n 5 "$machine/console.log"
    exit 1
}

add_order() { printf '%s\n' "$1" >"$work/order.xml"; order=$(mdm queue add "$device" "$work/order.xml" | sed -n 's/^order //p'); }

# What the server knows: the keys that it has read, the last one that it knows to be acknowledged, and those of which it
# said so without hearing an answer.
declare -A server_has=()
acknowledged='' perhaps=()
cut=0 doing='the start' after=0
opened_count=0 waiting_count=0 old=0 new=0 interrupted=0

look() { # the device as its disk has it, before it has spoken to anybody
    inside "bash /srv/look.sh; echo own \$( { $own_commands; } | sha256sum)" >"$work/look" || fault 'it can not be looked at'
    grep -q "^own $(sha256sum <"$work/own" | cut -c 1-64)" "$work/look" || fault "the person's key slot has changed"
    grep -qx 'audit whole' "$work/look" || fault 'the audit log is broken'
    ! grep '^under construction' "$work/look" || fault 'a file under construction was left'
    local expected='0 1' told_state id state slot sealed tests=
    told_state=$(sed -n 's/^rotation //p' "$work/look")
    [[ $told_state != 1 ]] || fault 'a rotation is said to be under way, and nobody is at it'
    while read -r _ id state slot sealed; do
        [[ $state = ready || $state = received ]] || fault "the key $id is left as '$state'"
        expected+=" $slot"
        printf '%s' "$sealed" >"$work/$id.sealed"
        tests+="printf '%s' '$(opened "$id")' | cryptsetup open --test-passphrase --key-slot $slot --key-file - /dev/vda || { echo $id does not open; failed=1; }; "
        opened_count=$((opened_count + 1))
        [ "$state" = received ] || waiting_count=$((waiting_count + 1))
    done < <(grep '^key ' "$work/look")
    local slots
    slots=$(sed -n 's/^slots //p' "$work/look")
    [ "$(sed -n 's/^marks //p' "$work/look")" = "$(grep -c '^key ' "$work/look")" ] || fault 'marks of recovery keys are left over or missing'
    grep -q '^status settings .*all as they should be' "$work/look" || fault 'the settings are not as they should be'
    [ "$slots" = "$(xargs -n 1 <<<"$expected" | sort -n | xargs)" ] || fault "the disk has the key slots $slots, and should have $expected"
    [ -z "$tests" ] || inside "failed=0; $tests exit \$failed" || fault 'a recovery key that is told of does not open the disk'
    # One of those that the server may count on has to be there.
    if [ -n "$acknowledged" ]; then
        local good=no each
        for each in "$acknowledged" ${perhaps[@]+"${perhaps[@]}"}; do
            ! grep -q "^key $each " "$work/look" || good=yes
        done
        [ $good = yes ] || fault "the server counts on $acknowledged, which is gone"
    fi
    local values
    values=$(sed -n 's/^policy //p' "$work/look")
    case $values in
        "${first[*]}") now=first ;;
        "${second[*]}") now=second ;;
        *) fault "the policy is neither the old one nor the new one: $values" ;;
    esac
}

# fetch_keys: the server reads what it does not have yet; what it was owed comes with it.
fetch_keys() {
    local id commands=
    while read -r _ id _; do
        [ -n "${server_has[$id]:-}" ] || commands+=$(one Get "$bitlocker/Steward/RecoveryKeys/$id/Sealed")
    done < <(grep '^key ' "$work/look")
    [ -n "$commands" ] || return 0
    order "$commands" >/dev/null
    while read -r _ id _; do
        ! answers | grep -q "RecoveryKeys/$id/Sealed = ." || server_has[$id]=yes
    done < <(grep '^key ' "$work/look")
}

# How long it takes undisturbed says in which time to cut.
undisturbed() {
    local before=${EPOCHREALTIME/./}
    order "$(one Exec $bitlocker/RotateRecoveryPasswords undisturbed)" >/dev/null
    longest=$(((${EPOCHREALTIME/./} - before) * 5 / 4))
    echo "a rotation takes $((longest * 4 / 5000)) ms when nobody disturbs it"
    look
}
began=$SECONDS
undisturbed
for ((cut = 1; cut <= cuts; ++cut)); do
    if [ $cut -eq $((rounds + 1)) ]; then
        echo "$((rounds * 3)) kills of the service in $((SECONDS - began)) s"
        power_off
        power_on
        connect
        undisturbed
    fi
    connect
    fetch_keys
    newest=$(sed -n 's/^key \([0-9a-f]*\) ready .*/\1/p' "$work/look" | tail -n 1)
    acknowledging=
    case $((RANDOM % 4)) in
        0) doing=policy wanted=$([ "$now" = first ] && echo second || echo first)
            declare -n values=$wanted
            add_order "$(policy "${values[@]}")" ;;
        1 | 2) doing=rotation
            add_order "$(one Exec $bitlocker/RotateRecoveryPasswords "cut-$cut")" ;;
        3) # nothing to acknowledge, or nothing that the server has read: another round
            [ -n "$newest" ] && [ -n "${server_has[$newest]:-}" ] || { cut=$((cut - 1)); continue; }
            doing=acknowledgement acknowledging=$newest
            add_order "$(one Exec "$bitlocker/Steward/RecoveryKeys/$newest/Received")"
            perhaps+=("$newest") ;;
    esac
    was=$now
    inside 'setsid steward sync >/run/said 2>&1 </dev/null &'
    after=$((RANDOM * 32768 % longest + RANDOM % 32768))
    after=$((after % longest))
    sleep "$(printf '%d.%06d' $((after / 1000000)) $((after % 1000000)))"
    answered_by_then=$(answers)
    after=$((after / 1000))
    interrupt
    done_by_then=no
    ! grep -qE '^  (Exec|Atomic|Replace) .* 200$' <<<"$answered_by_then" || done_by_then=yes
    [ $done_by_then = yes ] || interrupted=$((interrupted + 1))
    if [ -n "$acknowledging" ] && [ $done_by_then = yes ]; then acknowledged=$acknowledging perhaps=(); fi
    look
    if [ $doing = policy ]; then
        [ "$now" = "$was" ] || [ "$now" = "$wanted" ] || fault "the policy went from $was to $now"
        [ $done_by_then = no ] || [ "$now" = "$wanted" ] || fault 'the server was told that the policy is in force'
        if [ "$now" = "$wanted" ]; then new=$((new + 1)); else old=$((old + 1)); fi
    fi
    [ $((cut % 10)) -ne 0 ] || echo "$cut rounds after $((SECONDS - began)) s"
done
echo "$((rounds * 3)) kills of the service and $power_cuts cuts of the power in $((SECONDS - began)) s, in $interrupted of $cuts rounds before the server had its answer: the disk opened each time with the passphrase and $opened_count times with a recovery key that was told of ($waiting_count times one that waits for the server), the policy was $old times the old one and $new times the new one; never anything else"
