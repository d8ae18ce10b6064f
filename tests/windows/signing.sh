#!/usr/bin/env bash
# signing.sh STEWARD_EXE INSTALLER_DLL: the MSI of a build that is told who signs, and what goes wrong then. By a certificate of
# this test's own; Wine has no part in it.
set -euo pipefail
exe=$1 dll=$2
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for program in osslsigncode wixl msibuild msiextract; do
    command -v "$program" >/dev/null || { echo "SKIPPED: there is no $program here"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-signing-test-XXXXXX")
trap 'rm -rf "$work"' EXIT
source "$sources/tests/support/checks.sh"

certificate() { # certificate NAME: NAME.pem and NAME.p12
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$work/$1.key" -out "$work/$1.pem" \
        -addext extendedKeyUsage=critical,codeSigning -addext keyUsage=critical,digitalSignature
    openssl pkcs12 -export -inkey "$work/$1.key" -in "$work/$1.pem" -passout "file:$work/password" -out "$work/$1.p12"
}
pack() { bash "$sources/installer/windows/build.sh" "$exe" "$dll" 0.1.0 "$work/$1" >"$work/said" 2>&1; }
said() { grep -q -- "$1" "$work/said"; }
vouched() { osslsigncode verify -CAfile "$work/signer.pem" -in "$1"; }

printf 'hush' >"$work/password"
certificate signer >/dev/null 2>&1
certificate other >/dev/null 2>&1

title 'without a word about it'
check 'an MSI is packed' pack plain.msi
check 'and is not signed' fails vouched "$work/plain.msi"
check 'which is said' said 'not signed: steward.msi'

title 'signed'
export STEWARD_SIGNING_PKCS12=$work/signer.p12 STEWARD_SIGNING_PASSWORD_FILE=$work/password STEWARD_SIGNING_AUTHORITY=$work/signer.pem
check 'an MSI is packed' pack signed.msi
check 'its signature holds' vouched "$work/signed.msi"
check 'it can be unpacked' msiextract -C "$work" "$work/signed.msi"
program=$(find "$work" -name steward.exe)
check 'its program is signed' vouched "$program"
check 'the program that was built is as it was' fails vouched "$exe"
msiinfo extract "$work/signed.msi" Binary.Installer >"$work/installer.dll"
check 'its DLL is signed' vouched "$work/installer.dll"
check 'nothing tells the password' fails grep -q hush "$work/said"
printf '\x00' | dd of="$program" bs=1 seek=4096 conv=notrunc 2>/dev/null
check 'a changed program is not what was signed' fails vouched "$program"

module=$(ls /usr/lib/softhsm/libsofthsm2.so 2>/dev/null || true)
if [ -n "$module" ]; then
    title 'signed by a key in a token'
    mkdir "$work/tokens"
    echo "directories.tokendir = $work/tokens" >"$work/softhsm.conf"
    printf '1234' >"$work/pin"
    openssl pkcs8 -topk8 -nocrypt -in "$work/signer.key" -out "$work/signer.p8"
    in_token() { # a library of tokens knows its configuration by the environment
        env -u STEWARD_SIGNING_PKCS12 SOFTHSM2_CONF="$work/softhsm.conf" STEWARD_SIGNING_MODULE="$module" \
            STEWARD_SIGNING_PKCS11="pkcs11:token=sign;object=key;type=private?pin-source=file:$work/pin" \
            STEWARD_SIGNING_CERTIFICATES="$work/signer.pem" "$@" >"$work/said" 2>&1 </dev/null
    }
    check 'a token is made' in_token softhsm2-util --init-token --free --label sign --pin 1234 --so-pin 1234
    check 'the key is in it' in_token softhsm2-util --import "$work/signer.p8" --token sign --label key --id 01 --pin 1234
    cp "$work/plain.msi" "$work/token.msi"
    check 'an MSI is signed' in_token bash "$sources/installer/windows/sign.sh" "$work/token.msi"
    check 'and its signature holds' vouched "$work/token.msi"
fi

title 'what goes wrong'
printf 'wrong' >"$work/password"
check 'with a wrong password there is no MSI' fails pack wrong.msi
check 'not even an unsigned one' test ! -e "$work/wrong.msi"
printf 'hush' >"$work/password"
export STEWARD_SIGNING_PKCS12=$work/other.p12
check 'nor with a certificate that nobody vouches for' fails pack unknown.msi
check 'none at all' test ! -e "$work/unknown.msi"

conclude
