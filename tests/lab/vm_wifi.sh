#!/usr/bin/env bash
# Wireless networks that a server sends, really joined: WPA2 with a key, WPA3 (SAE), and EAP-TLS with a certificate and an
# authority that came from the server as well. Then profiles that cut the device off from its only way to the server:
# each of them is taken back, and the server hears of it. The access points are hostapd on radios that the kernel plays.
# Usage: vm_wifi.sh READY_DIRECTORY IMAGE_DIRECTORY BUILD_DIRECTORY [WRONG_PROFILES]
set -euo pipefail
wrong=${4:-9}
source "$(dirname "${BASH_SOURCE[0]}")/vm_device.sh"
mkdir -p "$work/bring"
cp "$here/vm_radio.sh" "$work/bring/radio.sh"
signed() { # signed NAME SUBJECT: by the authority of the wireless network
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$work/bring/$1.key" -out "$work/$1.csr" 2>/dev/null
    openssl x509 -req -in "$work/$1.csr" -CA "$work/bring/radius-ca.pem" -CAkey "$work/authority.key" -CAcreateserial -days 2 \
        -extfile <(printf 'subjectAltName=DNS:%s\n' "$2") -out "$work/bring/$1.pem" 2>/dev/null
}
authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$2" -out "$3" 2>/dev/null; }
thumbprint() { openssl x509 -in "$1" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g'; }
authority 'Wireless Authority' "$work/authority.key" "$work/bring/radius-ca.pem"
authority 'Another Authority' "$work/other.key" "$work/other.pem"
signed radius radius.example.test
signed client device-1
openssl pkcs12 -export -inkey "$work/bring/client.key" -in "$work/bring/client.pem" -name device-1 -passout pass:secret -out "$work/client.pfx" 2>/dev/null
rm "$work/bring/client.key" "$work/bring/client.pem"
good_authority=$(thumbprint "$work/bring/radius-ca.pem")
other_authority=$(thumbprint "$work/other.pem")

# The networks as documents.
profile() { # profile NAME SECURITY [SSID [HIDDEN]]
    printf '<WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>%s</name><SSIDConfig><SSID><name>%s</name></SSID><nonBroadcast>%s</nonBroadcast></SSIDConfig><connectionType>ESS</connectionType><connectionMode>auto</connectionMode><MSM><security>%s</security></MSM></WLANProfile>' "$1" "${3:-$1}" "${4:-false}" "$2"
}
with_key() { # with_key AUTHENTICATION KEY
    printf '<authEncryption><authentication>%s</authentication><encryption>AES</encryption><useOneX>false</useOneX></authEncryption><sharedKey><keyType>passPhrase</keyType><protected>false</protected><keyMaterial>%s</keyMaterial></sharedKey>' "$1" "$2"
}
unprotected='<authEncryption><authentication>open</authentication><encryption>none</encryption><useOneX>false</useOneX></authEncryption>'
with_certificate() { # with_certificate SERVER AUTHORITY
    printf '<authEncryption><authentication>WPA2</authentication><encryption>AES</encryption><useOneX>true</useOneX></authEncryption><OneX xmlns="http://www.microsoft.com/networking/OneX/v1"><authMode>machine</authMode><EAPConfig><EapHostConfig><EapMethod><Type>13</Type></EapMethod><Config><Eap><Type>13</Type><EapType><ServerValidation><ServerNames>%s</ServerNames><TrustedRootCA>%s</TrustedRootCA></ServerValidation></EapType></Eap></Config></EapHostConfig></EAPConfig></OneX>' "$1" "$2"
}
good() { # good NETWORK: the settings with which it is joined
    case $1 in
        Plain) with_key WPA2PSK correct-horse ;;
        Third) with_key WPA3SAE battery-staple ;;
        Company) with_certificate radius.example.test "$good_authority" ;;
    esac
}
wlan=./Device/Vendor/MSFT/WiFi/Profile
send() { one "$1" "$wlan/$2/WlanXml" "$(escaped <<<"$3")"; } # send COMMAND NETWORK DOCUMENT
# joined NETWORK: that the device is in it now
joined() { inside "nmcli -g GENERAL.STATE,GENERAL.CONNECTION device show wlan0 | xargs" | grep -q "^100 (connected) $1\$"; }
over() { inside "wpa_cli -i wlan0 status" | grep -qx "$1"; } # over FACT: what wpa_supplicant says of the network it is in
known() { inside 'sha256sum /etc/NetworkManager/system-connections/*; nmcli -t -f NAME,UUID connection | sort; cat /etc/NetworkManager/steward/* | sha256sum'; }
home_of_somebody() { inside 'sha256sum /etc/NetworkManager/system-connections/Home*'; }
in_any_network() { inside 'nmcli -g GENERAL.STATE,GENERAL.CONNECTION device show wlan0 | xargs' | grep -qE '^100 \(connected\) (Plain|Third|Company)$'; }
back_again() { in_any_network && [ "$(known)" = "$before" ]; }
comes_back() { # within 90 s: asking it takes a second itself
    local until=$((SECONDS + 90))
    until back_again; do [ $SECONDS -lt $until ] || return 1; done
}
undone() { grep -c 'Alert .*WiFi = "The network was changed back' "$work/mdm.log" || true; }
whats_up() { inside 'nmcli device; nmcli connection; journalctl -u steward -n 15 --no-pager -o cat; journalctl -u NetworkManager -u wpa_supplicant -n 25 --no-pager -o cat'; }
sent=0 trials=0 heard_of=0 slowest=0
# asked: how often the server has sent what ends in $watched
asked() { grep -cE "^ +(Replace|Delete) #[0-9]+.* \./Device/Vendor/MSFT/$watched" "$work/mdm.log" || true; }
# on_trial COMMANDS: until the server gives up sending them, as it never hears what became of them.
on_trial() {
    local heard asked since
    heard=$(undone) asked=$(asked)
    printf '%s\n' "$1" >"$work/order.xml"
    order=$(mdm queue add "$device" "$work/order.xml" | sed -n 's/^order //p')
    for _ in 1 2 3 4; do
        since=$SECONDS
        inside 'steward sync' 400 >>"$work/said" 2>&1 || true
        comes_back || return 1
        took=$((SECONDS - since))
        [ $took -le $slowest ] || slowest=$took
        ! answers | head -n 1 | grep -qE ': (done|unanswered)' || break
    done
    inside 'steward sync' 120 >>"$work/said" 2>&1 || true
    asked=$(($(asked) - asked)) heard=$(($(undone) - heard))
    trials=$((trials + asked)) heard_of=$((heard_of + heard))
    [ "$asked" -eq "$heard" ] || { echo "$asked trials, and the server heard of $heard:"; cat "$work/said"; whats_up; }
}

title "a device whose only network is wireless"
device_begin
check "the device enrols" enrol
inside "nmcli -t connection add type wifi con-name Home ssid 'Home of somebody' wifi-sec.key-mgmt wpa-psk wifi-sec.psk 'nobody asks for it'" || exit 1
home=$(home_of_somebody)
order "$(send Add Plain "$(profile Plain "$(good Plain)")")"
check "the server sends it a network with WPA2" accepted
inside "bash /srv/lab/radio.sh $port" || exit 1
check "it joins with the key" wait_for 60 joined Plain
check "really so" over key_mgmt=WPA2-PSK
order "$(one Get ./DevInfo/DevId)"
check "a session goes over the air" accepted
check "and there is no other way" inside '! ip link show outside'

# move TO FROM: a new network comes and the old one goes, in one order that is answered over the new one.
move() { order "$(send Add "$1" "$(profile "$1" "$(good "$1")")")$(one Delete "$wlan/$2")" 300; }
title "WPA3, in place of it"
move Third Plain
check "the server has its answer" accepted
check "over a network that is joined by SAE" joined Third
check "really so" over key_mgmt=SAE

title "EAP-TLS, with what the server sends"
install=./Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/wireless
trusted() { one Add "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/$(thumbprint "$1")/EncodedCertificate" "$(openssl x509 -in "$1" -outform DER | base64 -w 0)" b64; }
order "$(trusted "$work/bring/radius-ca.pem")$(trusted "$work/other.pem")
<Atomic><CmdID>1</CmdID>$(one Add $install/KeyLocation 3 int)$(one Add $install/PFXCertPassword secret)$(one Add $install/PFXCertBlob "$(base64 -w 0 "$work/client.pfx")" b64)</Atomic>" 500 # the system's own tool reads each authority that there is
check "authorities and a certificate are installed" accepted
move Company Third
check "the server has its answer" accepted
check "over a network that the device signs in to" joined Company
check "by EAP" over key_mgmt=WPA2/IEEE\ 802.1X/EAP
check "with its certificate" over 'selectedMethod=13 (EAP-TLS)'
check "which hostapd has seen" inside 'grep -q "AP-STA-CONNECTED" /run/radio/Company.log'

title "Wi-Fi is switched off by policy"
before=$(known) watched=Policy/Config/Wifi/AllowWiFi
check "the device would never be heard of again: it comes back" on_trial "$(one Replace ./Device/Vendor/MSFT/$watched 0 int)"
check "with Wi-Fi on" inside 'nmcli radio wifi | grep -qx enabled'
check "and no rule in its way" inside '! ls /etc/polkit-1/rules.d/*steward*'
check "the server hears of each trial" test "$trials" -ge 1 -a "$heard_of" = "$trials"
echo "$trials trials, taken back after $slowest s at most"

# From here on the device knows all three. What cuts it off has to spoil each of them.
order "$(for network in Plain Third; do send Add $network "$(profile $network "$(good $network)")"; done)"
check "it gets the others back" accepted
# Sooner than by the times that a server gives usually: a failed message is tried again once.
account="./SyncML/DMAcc/$(inside 'steward tree list ./SyncML/DMAcc' | sed -n 's|.*DMAcc/\([^/ ]*\)/.*|\1|p' | head -n 1)/Ext/Microsoft"
order "$(one Replace "$account/ConnRetryFreq" 1 int)$(one Replace "$account/InitialBackOffTime" 1000 int)"
check "and is less patient" accepted
before=$(known)

spoilt() { # spoilt NETWORK WAY: a command that takes the device off this network
    case $2 in
        key) send Replace "$1" "$(profile "$1" "$(with_key "$([ "$1" = Third ] && echo WPA3SAE || echo WPA2PSK)" "not-the-key-$RANDOM")")" ;;
        open) send Replace "$1" "$(profile "$1" "$unprotected")" ;;
        name) send Replace "$1" "$(profile "$1" "$(good "$1")" "$1 elsewhere")" ;;
        hidden) send Replace "$1" "$(profile "$1" "$(good "$1")" "$1 unseen" true)" ;;
        kind) send Replace "$1" "$(profile "$1" "$(with_certificate radius.example.test "$other_authority")")" ;;
        authority) send Replace "$1" "$(profile "$1" "$(with_certificate radius.example.test "$other_authority")")" ;;
        server) send Replace "$1" "$(profile "$1" "$(with_certificate somebody.example.test "$good_authority")")" ;;
        gone) one Delete "$wlan/$1" ;;
    esac
}
ways() { case $1 in Company) echo authority server key open name hidden gone ;; *) echo key open name hidden kind gone ;; esac; }
some_way() { local all; read -r -a all <<<"$(ways "$1")"; echo "${all[RANDOM % ${#all[@]}]}"; }

title "$wrong wrong profiles"
trials=0 heard_of=0 slowest=0 began=$SECONDS lost=no watched=WiFi/Profile/Company
declare -A tried=()
RANDOM=7
while [ $sent -lt "$wrong" ]; do
    commands='' what=''
    for network in $(shuf -e Plain Third Company); do
        way=$(some_way $network)
        commands+=$(spoilt $network "$way")
        what+=" $network:$way"
    done
    [ $((RANDOM % 2)) -eq 0 ] || commands="<Atomic><CmdID>1</CmdID>$commands</Atomic>"
    : >"$work/said"
    on_trial "$commands" || { lost="after$what"; whats_up; diff <(echo "$before") <(known) || true; break; }
    sent=$((trials * 3))
    for way in $what; do tried[${way#*:}]=$((${tried[${way#*:}]:-0} + 1)); done
    echo "$sent wrong profiles after $((SECONDS - began)) s, the last of them$what"
done
rm -f "$work/said"
echo "$sent wrong profiles in $trials trials and $((SECONDS - began)) s, taken back after $slowest s at most ($(for way in "${!tried[@]}"; do echo "$way ${tried[$way]}"; done | sort | xargs)): the server heard of $heard_of trials"
check "every one of them is taken back" test "$lost" = no
check "and the server hears of each trial" test $heard_of = $trials
for network in Plain Third Company; do
    check "$network can still be joined" inside "nmcli -w 60 connection up $network"
done
check "the network of the person is as it was" test "$(home_of_somebody)" = "$home"
check "AppArmor had nothing to forbid" no_denials
conclude
