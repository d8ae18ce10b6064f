#!/usr/bin/env bash
# behaviours.sh TREE: every promise of tests/behaviours.md is a table row whose last cell names, in backticks, what
# proves it: `Suite.Test`, a file below tests/, or a ctest name (add_test).
source "$(dirname "$0")/sources.sh"
page=tests/behaviours.md
cases=$(test_cases)
scripts=$(grep -rhoE --include=CMakeLists.txt 'add_test\(NAME [A-Za-z0-9_.-]+' tests | sed 's/.* //')

rows=0
number=0
while IFS= read -r row; do
    number=$((number + 1))
    [[ $row == '|'* ]] || continue
    [[ $row =~ ^\|[[:space:]:|-]*$ ]] && continue
    cell=$(sed -E 's/\|[[:space:]]*$//; s/.*\|//' <<<"$row")
    [[ $cell =~ ^[[:space:]]*proved\ by[[:space:]]*$ ]] && continue
    rows=$((rows + 1))
    names=$(grep -oE '`[^`]+`' <<<"$cell" | tr -d '`' || true)
    [ -n "$names" ] || finding "$page:$number: names no test"
    while IFS= read -r name; do
        [ -n "$name" ] || continue
        [ -f "tests/$name" ] && continue
        [[ $name == lint.* && -f tests/lint/${name#lint.}.sh ]] && continue
        grep -qxF -- "$name" <<<"$cases" && continue
        grep -qxF -- "$name" <<<"$scripts" && continue
        finding "$page:$number: there is no test $name"
    done <<<"$names"
done <$page
[ "$rows" -gt 0 ] || finding "$page makes no promise"
finish 'a promise counts only with a test that exists'
