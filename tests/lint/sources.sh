#!/usr/bin/env bash
# Read by every lint: where the tree is, what its sources are, and how a finding is reported.
# A lint is called as: NAME.sh [TREE]; it prints one line per finding and exits 1 if there was any.
set -euo pipefail
export LC_ALL=C
tree=$(cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}" && pwd)
cd "$tree"
findings=0

finding() {
    echo "$*"
    findings=$((findings + 1))
}

# finish RULE: the verdict. The rule is repeated so that whoever sees the finding need not look it up.
finish() {
    if [ "$findings" -gt 0 ]; then
        echo "$findings against the rule: $1"
        exit 1
    fi
    exit 0
}

# sources [FOLDER...]: our .h and .cpp files, one per line.
sources() {
    local folder
    for folder in "${@:-platform csp agent tests}"; do
        # shellcheck disable=SC2086
        find $folder -type f \( -name '*.h' -o -name '*.cpp' \) 2>/dev/null || true
    done | sort
}

# The GoogleTest cases of the tree as Suite.Test, one per line; macros may be broken over lines.
test_cases() {
    sources tests | xargs cat | tr '\n' ' ' | { grep -oE '\bTEST(_F|_P)?\( *[A-Za-z0-9_]+ *, *[A-Za-z0-9_]+ *\)' || true; } |
        sed -E 's/^TEST(_F|_P)?\( *([A-Za-z0-9_]+) *, *([A-Za-z0-9_]+) *\)$/\2.\3/' | sort -u
}
