#!/usr/bin/env bash
# targets.sh TREE COMPILE_COMMANDS: a source that no target compiles rots unseen.
source "$(dirname "$0")/sources.sh"
commands=${2:-build/dev/compile_commands.json}

while read -r file; do
    case $file in *.h) continue ;; esac
    # Targets of another preset (the fuzz ones) are not in this build; their folder's list names them.
    list=$(dirname "$file")/CMakeLists.txt
    if ! grep -qF "/$file\"" "$commands" && ! grep -qwF "$(basename "$file")" "$list" 2>/dev/null; then
        finding "$file is in no target"
    fi
done < <(sources platform csp agent tests)
finish 'every .cpp belongs to a CMake target'
