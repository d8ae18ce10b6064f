#!/usr/bin/env bash
# targets.sh TREE COMPILE_COMMANDS: a source that no target compiles rots unseen.
source "$(dirname "$0")/sources.sh"
commands=${2:-build/dev/compile_commands.json}

compiled=$'\n'$(sed -nE 's/^ *"file": *"(.*)",?$/\1/p' "$commands")$'\n'
while read -r file; do
    # Targets of another preset (the fuzz ones) are not in this build; their folder's list names them.
    [[ $compiled == *$'\n'"$tree/$file"$'\n'* ]] && continue
    grep -qwF "$(basename "$file")" "$(dirname "$file")/CMakeLists.txt" 2>/dev/null || finding "$file is in no target"
done < <(sources platform csp agent tests | grep '\.cpp$' || true)
finish 'every .cpp belongs to a CMake target'
