#!/usr/bin/env bash
# Proves that the lints can fail: each is run on a small tree that is clean, then on one that breaks its rule.
set -euo pipefail
lints=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fresh() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree"/{platform/base,csp,agent/app,tests/base,docs}
    cd "$work/tree"
    printf '#pragma once\n' >platform/base/text.h
    printf '#pragma once\n\n#include <string>\n\n#include "platform/base/text.h"\n' >csp/value.h
    printf '#include <curl/curl.h>\n\n#include "csp/value.h"\n' >agent/app/main.cpp
    printf 'add_executable(main main.cpp)\n' >agent/app/CMakeLists.txt
    printf '#include "csp/value.h"\n\n// clang-format off\nTEST_F(Suite,\n       SES_01_Case) {}\n' >tests/base/value.cpp
    printf 'add_test(NAME functional.demo COMMAND true)\nsources(value.cpp)\n' >tests/base/CMakeLists.txt
    printf '| promise | proved by |\n|---|---|\n| It works | `Suite.SES_01_Case`, `base/value.cpp`, `functional.demo` |\n' >tests/behaviours.md
    printf 'SES-01\tthe case\n' >tests/conformance.tsv
    printf '[]\n' >commands.json
    cp "$lints/../../.clang-format" .
    mkdir -p tests/lint
    bash "$lints/conformance.sh" . --write >/dev/null
}

expect() {  # expect VERDICT LINT WHAT
    local verdict=passes
    bash "$lints/$2.sh" "$work/tree" commands.json >"$work/out" 2>&1 || verdict=fails
    if [ $verdict != "$1" ]; then
        echo "$2 should say '$1' and says '$verdict': $3"
        cat "$work/out"
        failures=$((failures + 1))
    fi
}

# breaks LINT WHAT FILE LINE: the lint fails once LINE is appended to FILE in an otherwise clean tree.
breaks() {
    fresh
    mkdir -p "$(dirname "$3")"
    printf '%b\n' "$4" >>"$3"
    expect fails "$1" "$2"
}

fresh
for lint in layering size targets words behaviours conformance; do expect passes $lint 'a clean tree'; done
breaks layering 'platform includes agent' platform/base/text.h '#include "agent/app/main.h"'
breaks layering 'csp includes agent' csp/value.h '#include "agent/app/main.cpp"'
breaks layering 'the base includes the rest of platform' platform/base/text.h '#include "platform/files.h"'
breaks layering 'an include that is not from the root' csp/value.h '#include "value.h"'
breaks layering 'a library in a header' agent/app/main.h '#include <curl/curl.h>'
breaks layering 'an unknown library' agent/app/main.cpp '#include <surprise/all.h>'
breaks layering 'conditional compilation' csp/value.h '#ifdef _WIN32\n#endif'
fresh
for name in a b c; do printf '#include <sqlite3.h>\n' >agent/app/$name.cpp; done
expect fails layering 'a library in three files'
breaks size '451 lines' csp/long.cpp "$(printf '\\n%.0s' $(seq 450))"
breaks targets 'a source in no target' csp/lost.cpp ''
breaks words 'a debt' csp/value.h '// TO''DO: later'
breaks words 'a machine path' docs/page.md 'see /ho''me/someone/x'
breaks behaviours 'a test that does not exist' tests/behaviours.md '| It flies | `Suite.Nothing` |'
breaks behaviours 'a promise without a test' tests/behaviours.md '| It flies | surely |'
breaks conformance 'an id without a test' tests/conformance.tsv 'SES-02\tanother case'
breaks conformance 'a stale page' docs/conformance.md 'edited'
if command -v clang-format >/dev/null; then
    fresh
    expect passes format 'a clean tree'
    breaks format 'unformatted code' csp/value.h 'int    x;'
fi
[ $failures -eq 0 ] || exit 1
