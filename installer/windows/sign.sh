#!/usr/bin/env bash
# sign.sh FILE: signs a program, a DLL or an MSI in its place (Authenticode) and verifies the signature, if whoever builds says
# by whom; else the file stays as it is. The environment says it:
#   STEWARD_SIGNING_PKCS12     a file with certificate and key; STEWARD_SIGNING_PASSWORD_FILE: where its password stands
#   STEWARD_SIGNING_PKCS11     or the URI of a key in a token; STEWARD_SIGNING_CERTIFICATES: PEM, its own first;
#                              STEWARD_SIGNING_MODULE: the token's library. The PIN's place belongs into the URI (pin-source)
#   STEWARD_SIGNING_TIMESTAMP  the address of a timestamp server (RFC 3161): without it signatures end with the certificate
#   STEWARD_SIGNING_AUTHORITY  PEM: who vouches for the certificate; missing: whom this machine trusts
set -euo pipefail
file=$1
if [ -n "${STEWARD_SIGNING_PKCS12:-}" ]; then
    by=(-pkcs12 "$STEWARD_SIGNING_PKCS12")
    [ -z "${STEWARD_SIGNING_PASSWORD_FILE:-}" ] || by+=(-readpass "$STEWARD_SIGNING_PASSWORD_FILE")
elif [ -n "${STEWARD_SIGNING_PKCS11:-}" ]; then
    engine=$(openssl version -e | sed -n 's/^ENGINESDIR: "\(.*\)"$/\1/p')/pkcs11.so
    by=(-pkcs11engine "$engine" -pkcs11module "${STEWARD_SIGNING_MODULE:?names the library of the token}"
        -key "$STEWARD_SIGNING_PKCS11" -certs "${STEWARD_SIGNING_CERTIFICATES:?names the certificate of the key}")
else
    echo "not signed: $(basename "$file")"
    exit 0
fi
[ -z "${STEWARD_SIGNING_TIMESTAMP:-}" ] || by+=(-ts "$STEWARD_SIGNING_TIMESTAMP")
authority=${STEWARD_SIGNING_AUTHORITY:-/etc/ssl/certs/ca-certificates.crt}

signed=$(mktemp -d "${TMPDIR:-/tmp}/steward-signing-XXXXXX")
trap 'rm -rf "$signed"' EXIT
osslsigncode sign "${by[@]}" -h sha256 -n Steward -in "$file" -out "$signed/file" </dev/null
osslsigncode verify -CAfile "$authority" -TSA-CAfile "$authority" -in "$signed/file" </dev/null
cat "$signed/file" >"$file"
echo "signed: $(basename "$file")"
