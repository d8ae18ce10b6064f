# In the machine: three access points in a name space of their own, on radios that the kernel plays, and behind them the way
# to the server. From then on the device has no other network. Usage: radio.sh PORT
set -euo pipefail
port=$1
modprobe mac80211_hwsim radios=4
udevadm settle
rfkill unblock all 2>/dev/null || true
mkdir -p /run/radio
cd /run/radio
ip netns add air
inside_air() { ip netns exec air "$@"; }
inside_air ip link set lo up
inside_air ip address add 10.70.0.1/32 dev lo
ip link set outside netns air
inside_air ip link set outside up
inside_air ip address add 10.0.2.15/24 dev outside
sed -i 's/^10.0.2.100 mdm/10.70.0.1 mdm/' /etc/hosts
setsid ip netns exec air socat "TCP-LISTEN:$port,bind=10.70.0.1,fork,reuseaddr" "TCP:10.0.2.100:$port" >/run/radio/way.log 2>&1 </dev/null &

on_the_air() { inside_air hostapd -B -P "/run/radio/$1.pid" -f "/run/radio/$1.log" "/run/radio/$1.conf" >/dev/null; }
# A device that switches Wi-Fi off switches off all radios of its kernel, these too, which stand for somebody else's.
stay_on_the_air() {
    local name number
    while sleep 1; do
        for name in Plain Third Company; do
            number=$(sed -n 's/^interface=wlan//p' "$name.conf")
            ! inside_air ip -br link show "wlan$number" | grep -q '[<,]UP[,>]' || continue
            inside_air bash -c 'for radio in /sys/class/rfkill/*/soft; do echo 0 >"$radio"; done' || true
            kill "$(cat "$name.pid")" || true
            sleep 0.5
            inside_air ip link set "wlan$number" up && on_the_air "$name" || true
        done
    done
}
point() { # point NUMBER NAME SETTINGS...: its radio is wlanNUMBER
    iw phy "$(cat "/sys/class/net/wlan$1/phy80211/name")" set netns name air
    {
        printf '%s\n' "interface=wlan$1" driver=nl80211 hw_mode=g "channel=$(($1 * 5 - 4))" "ssid=$2" wpa=2 rsn_pairwise=CCMP
        printf '%s\n' logger_stdout=-1 logger_stdout_level=2 "${@:3}"
    } >"$2.conf"
    inside_air ip link set "wlan$1" up
    inside_air ip address add "10.7$1.0.1/24" dev "wlan$1"
    on_the_air "$2"
    inside_air dnsmasq --conf-file=/dev/null --no-resolv --port=0 --interface="wlan$1" --bind-interfaces \
        --dhcp-range="10.7$1.0.50,10.7$1.0.60,1h" --pid-file="/run/radio/$2.dhcp" --dhcp-leasefile="/run/radio/$2.leases"
}
printf '"device-1" TLS\n' >eap_user
point 1 Plain wpa_key_mgmt=WPA-PSK wpa_passphrase=correct-horse
point 2 Third wpa_key_mgmt=SAE sae_password=battery-staple ieee80211w=2
point 3 Company wpa_key_mgmt=WPA-EAP ieee8021x=1 eap_server=1 eap_user_file=/run/radio/eap_user \
    ca_cert=/srv/lab/radius-ca.pem server_cert=/srv/lab/radius.pem private_key=/srv/lab/radius.key
stay_on_the_air >/run/radio/stay.log 2>&1 </dev/null &
disown
