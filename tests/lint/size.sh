#!/usr/bin/env bash
# A file that has grown past the limit hides a second noun.
source "$(dirname "$0")/sources.sh"
limit=450

# Files that may be longer, each with its reason: "path  # reason".
exceptions='
'

while read -r lines file; do
    grep -qF "$file " <<<"$exceptions" || finding "$file has $lines lines"
done < <(sources platform csp agent tests | xargs wc -l | awk -v limit=$limit '$2 != "total" && $1 > limit')
finish "no source file is longer than $limit lines"
