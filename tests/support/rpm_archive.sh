#!/usr/bin/env bash
# A small world of rpm packages for tests: DIRECTORY/old to be installed first, DIRECTORY/archive with what is newer, as
# a repository that says which update mends a security hole. Usage: rpm_archive.sh DIRECTORY
set -euo pipefail
directory=$1
make() { # make WHERE NAME VERSION
    mkdir -p "$directory/spec" "$directory/$1"
    printf 'Name: %s\nVersion: %s\nRelease: 1\nSummary: %s\nLicense: none\nBuildArch: noarch\n%%description\nFor tests.\n%%files\n' \
        "$2" "$3" "$2" >"$directory/spec/$2.spec"
    rpmbuild -bb --quiet --define "_topdir $directory/build" --define "_rpmdir $directory/$1" \
        --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' "$directory/spec/$2.spec"
}
make old alpha 1.0
make old beta 2.0
make old kernel 6.0
make old linux-firmware 1
make archive alpha 1.1
make archive beta 2.1
make archive beta 2.2
make archive linux-firmware 2
make archive never-installed 1
cat >"$directory/updateinfo.xml" <<'XML'
<?xml version="1.0"?>
<updates><update from="lab" status="final" type="security" version="1"><id>LAB-2026:1</id><title>alpha</title>
<issued date="2026-11-20 00:00:00"/><severity>Important</severity><summary>alpha</summary><description>alpha</description>
<pkglist><collection short="lab"><name>lab</name><package name="alpha" version="1.1" release="1" epoch="0" arch="noarch"
src="alpha-1.1-1.src.rpm"><filename>alpha-1.1-1.noarch.rpm</filename></package></collection></pkglist></update></updates>
XML
createrepo_c --quiet "$directory/archive"
modifyrepo_c "$directory/updateinfo.xml" "$directory/archive/repodata" >/dev/null
