# Sourced by scenarios with recovery keys: who they are sealed for, and what opens the disk.

# The escrow certificate; its key stays out here, with whoever runs the server.
escrow_certificate() {
    mkdir -p "$work/bring"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Escrow' -keyout "$work/escrow.key" -out "$work/bring/escrow.pem" 2>/dev/null
}
# The device's own key gets a slot, too: the person's is not what Steward works with.
escrow_slots() {
    inside "mkdir -p /etc/steward && cp /srv/lab/escrow.pem /etc/steward/ && head -c 64 /dev/urandom >/etc/steward/unlock.key &&
        chmod 600 /etc/steward/unlock.key && printf 'the first passphrase' >/run/first &&
        cryptsetup luksAddKey --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /run/first --new-key-slot 1 /dev/vda /etc/steward/unlock.key &&
        printf '%s\n' 'unlock-key-file = /etc/steward/unlock.key' 'escrow-certificate = /etc/steward/escrow.pem' >/etc/steward/encryption.conf"
    own_slot >"$work/own"
}
# The person's slot: what the header says of it and the bytes that its key is kept in.
own_commands='cryptsetup luksDump /dev/vda | sed -n "/^  0: luks2/,/^  1: /p" | grep -v "^  1: " >/run/own; cat /run/own
    dd if=/dev/vda iflag=direct,skip_bytes,count_bytes skip=$(sed -n "s/.*Area offset:\([0-9]*\) .*/\1/p" /run/own) \
        count=$(sed -n "s/.*Area length:\([0-9]*\) .*/\1/p" /run/own) bs=4096 status=none | sha256sum'
own_slot() { inside "$own_commands"; }
own_slot_stays() { own_slot | diff "$work/own" -; }
slots() { inside 'cryptsetup luksDump /dev/vda | sed -n "s/^  \([0-9]*\): luks2/\1/p" | sort -n | xargs'; }
slots_are() { [ "$(slots)" = "$1" ]; }

keys() { # the recovery keys that the device tells of, as it was told last; in the order in which they were made
    inside "sed -n 's/^key \([0-9a-f]*\) \(ready\|received\) .*/\1/p' /var/lib/steward/recovery-keys"
}
fetch() { # fetch KEY: what a server gets of it
    local what=$bitlocker/Steward/RecoveryKeys/$1
    order "$(one Get "$what/Sealed")$(one Get "$what/Slot")"
    told "$what/Sealed" >"$work/$1.sealed"
    told "$what/Slot" >"$work/$1.slot"
}
opened() { # opened KEY: in the clear, as whoever has the escrow certificate's key reads it
    base64 -d "$work/$1.sealed" | openssl cms -decrypt -binary -inform DER -recip "$work/bring/escrow.pem" -inkey "$work/escrow.key"
}
opens() { # opens KEY: the disk, from the slot that was told with it and from no other
    local clear
    clear=$(opened "$1")
    [ -n "$clear" ] && inside "printf '%s' '$clear' | cryptsetup open --test-passphrase --key-slot '$(cat "$work/$1.slot")' --key-file - /dev/vda"
}
