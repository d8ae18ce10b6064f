#!/usr/bin/env bash
# build.sh STEWARD_EXE INSTALLER_DLL VERSION MSI: packs the program by wixl, puts right what wixl has no word for, and signs all
# of it where sign.sh is told by whom.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exe=$(realpath "$1") dll=$(realpath "$2") version=$3 msi=$(realpath -m "$4")
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-msi-XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$exe" "$work/steward.exe"
cp "$dll" "$work/installer.dll"
cp "$here/steward.wxs" "$work/"
bash "$here/sign.sh" "$work/steward.exe"
bash "$here/sign.sh" "$work/installer.dll"
cd "$work"
wixl -a x64 -D Version="$version" -o steward.msi steward.wxs
change() { msibuild steward.msi -q "$1"; }
# Those that a person may give who is asked for an administrator's password.
change "UPDATE Property SET Value='WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;SERVERURL;ENROLLUSER;ENROLLTOKEN;PROXY;CAFILE;PROVISIONFILE' WHERE Property='SecureCustomProperties'"
# The older one goes within the transaction, so that it returns if the newer one fails.
change "UPDATE InstallExecuteSequence SET Sequence=1501 WHERE Action='RemoveExistingProducts'"
# Another package of the same version takes its place, too: msidbUpgradeAttributesVersionMaxInclusive.
upgrade=$(msiinfo export steward.msi Property | tr -d '\r' | sed -n 's/^UpgradeCode\t//p')
change "DELETE FROM Upgrade WHERE ActionProperty='WIX_UPGRADE_DETECTED'"
change "INSERT INTO Upgrade (UpgradeCode, VersionMin, VersionMax, Attributes, ActionProperty) VALUES ('$upgrade', '0.0.0', '$version', 769, 'WIX_UPGRADE_DETECTED')"
# A file without a version never replaces one that has one.
change "UPDATE File SET Version='$version.0' WHERE File='Program'"
change "UPDATE File SET Language='1033' WHERE File='Program'"
# msidbCustomActionType: InScript + Rollback, and HideTarget.
for action in ForgetState:3393 RestoreService:3410 UndoService:3410 UndoEnrol:3410 Enrol:11265 TellEnrol:8243; do
    change "UPDATE CustomAction SET Type=${action#*:} WHERE Action='${action%:*}'"
done
bash "$here/sign.sh" steward.msi
mkdir -p "$(dirname "$msi")"
cp steward.msi "$msi"
msiinfo export "$msi" File | grep -q "steward.exe.*$version.0" || { echo "$msi does not hold the program"; exit 1; }
