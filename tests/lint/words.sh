#!/usr/bin/env bash
# Debts and machine paths. The patterns are written so that they do not find themselves.
source "$(dirname "$0")/sources.sh"

files() {
    sources platform csp agent tests
    find dev .ci cmake tests installer CMakeLists.txt CMakePresets.json -type f \
        \( -name dev -o -name run -o -name '*.sh' -o -name '*.cmake' -o -name '*.json' -o -name CMakeLists.txt \) 2>/dev/null |
        grep -v '^tests/facts/' || true
}
while IFS=: read -r file line text; do
    finding "$file:$line: $text"
done < <(files | sort -u | xargs grep -nHE '\b(TOD[O]|FIXM[E]|XX[X])\b|[Nn]ot implemente[d]|\b[Ss]tu[b]\b' 2>/dev/null || true)
while IFS=: read -r file line text; do
    finding "$file:$line: a path of somebody's machine: $text"
done < <({ files; find docs README.md CONTRIBUTING.md -type f -name '*.md' 2>/dev/null; } | sort -u |
    xargs grep -nHE '/wor[k]/|/hom[e]/[a-z]+/|/roo[t]/' 2>/dev/null || true)
finish 'finish it or leave it out; nothing in the tree depends on one machine'
