#!/usr/bin/env bash
# clang.sh BUILD JOBS: compiles with clang what GCC compiles for Windows in BUILD, with the same warnings as errors, and
# without what GCC alone offers. Nothing is linked. ccache makes a repetition short.
set -euo pipefail
build=$1 jobs=$2
gcc=$(dirname "$(x86_64-w64-mingw32-g++-posix -print-libgcc-file-name)")
work=$build/clang
mkdir -p "$work"

# One line for each source; xargs takes quotes and backslashes as a shell would. clang can't read what GCC precompiled.
sed -nE '
    /"command": .*\.cpp",$/ {
        s/^ *"command": "(.*)",$/\1/
        s/\\(["\\])/\1/g
        s/^.*g\+\+-posix //
        s/ -include [^ ]*cmake_pch\.hxx//; s/ -Winvalid-pch//; s/ -Wno-maybe-uninitialized//; s/ -O[0-9s]//g; s/ -o [^ ]+ -c / /
        p
    }' "$build/compile_commands.json" |
    awk '!seen[$NF]++ { print $0, "-o", "'"$work"'/" NR ".o" }' >"$work/lines"
count=$(wc -l <"$work/lines")
[ "$count" -gt 0 ] || { echo "no sources in $build/compile_commands.json"; exit 1; }

# clang does not know where Debian keeps the C++ library of this GCC. With -Wgnu: what MSVC does not take either.
code=0
xargs -P "$jobs" -L 1 $(command -v ccache || true) clang++ --target=x86_64-w64-mingw32 -nostdinc++ \
    -cxx-isystem "$gcc/include/c++" -cxx-isystem "$gcc/include/c++/x86_64-w64-mingw32" -Wgnu -Wvla -c <"$work/lines" || code=$?
[ $code -eq 0 ] || { echo "clang refuses sources for Windows, see above"; exit 1; }
echo "$count sources for Windows: clang has no warning"
