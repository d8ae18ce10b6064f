#!/usr/bin/env bash
source "$(dirname "$0")/sources.sh"
command -v clang-format >/dev/null || { echo 'clang-format is not installed'; exit 77; }
while read -r count file; do
    finding "$file: $count places"
done < <({ sources platform csp agent tests | xargs clang-format --dry-run -Werror 2>&1 || true; } |
    sed -nE 's/^([^:]+):[0-9]+:[0-9]+: (error|warning):.*/\1/p' | sort | uniq -c)
finish 'sources are formatted by .clang-format: run ./dev fmt'
