#!/usr/bin/env bash
# behaviours.sh TREE: every promise of tests/behaviours.md is a table row whose last cell names, in backticks, what
# proves it: `Suite.Test`, a file below tests/, or a ctest name (add_test).
source "$(dirname "$0")/sources.sh"
page=tests/behaviours.md

declare -A known  # so that a page of hundreds of proofs costs no process for each
while IFS= read -r name; do known[$name]=1; done < <(
    test_cases
    grep -rhoE --include=CMakeLists.txt 'add_test\(NAME [A-Za-z0-9_.-]+' tests | sed 's/.* //'
    for lint in tests/lint/*.sh; do basename "$lint" .sh | sed 's/^/lint./'; done
)

rows=0
number=0
while IFS= read -r row; do
    number=$((number + 1))
    [[ $row == '|'* ]] || continue
    [[ $row =~ ^\|[[:space:]:|-]*$ ]] && continue
    cell=${row%|*}
    cell=${cell##*|}
    [[ $cell =~ ^[[:space:]]*proved\ by[[:space:]]*$ ]] && continue
    rows=$((rows + 1))
    [[ $cell == *'`'*'`'* ]] || finding "$page:$number: names no test"
    while [[ $cell =~ \`([^\`]+)\` ]]; do
        name=${BASH_REMATCH[1]}
        cell=${cell#*\`"$name"\`}
        [ -f "tests/$name" ] || [ -n "${known[$name]:-}" ] || finding "$page:$number: there is no test $name"
    done
done <$page
[ "$rows" -gt 0 ] || finding "$page makes no promise"
finish 'a promise counts only with a test that exists'
