#!/usr/bin/env bash
# pages.sh STEWARD TESTSERVER DIRECTORY: the manual pages and completions of a package, as the programs tell them.
set -euo pipefail
steward=$1 testserver=$2 to=$3
mkdir -p "$to"
"$steward" completion --manual >"$to/steward.1"
for shell in bash zsh fish; do "$steward" completion $shell >"$to/completion.$shell"; done
{
    printf '.TH STEWARD-TESTSERVER 1\n.SH NAME\nsteward\\-testserver \\- plays scripted device management sessions\n'
    printf '.SH DESCRIPTION\n.nf\n'
    "$testserver" --help | sed -e 's/…/.../g' -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"
    printf '.fi\n'
} >"$to/steward-testserver.1"
