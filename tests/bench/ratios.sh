#!/bin/sh
# Compares what our code costs with what it must not exceed, in instructions (callgrind) and heap bytes (massif), which
# do not depend on how busy the machine is. Exit code 1 when a budget is exceeded.
#   tests/bench/ratios.sh PATH/TO/steward_ratios   (a release build)
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

instructions() { # MEASUREMENT ARGUMENT
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

heap_peak() { # MEASUREMENT ARGUMENT
    valgrind --tool=massif --peak-inaccuracy=0.0 --massif-out-file="$work/massif" "$program" "$@" 2>/dev/null
    awk -F= '$1 == "mem_heap_B" { heap = $2 } $1 == "mem_heap_extra_B" { if (heap + $2 > peak) peak = heap + $2 }
             END { print peak }' "$work/massif"
}

ratio() { # WHAT COST REFERENCE BUDGET
    awk -v what="$1" -v cost="$2" -v reference="$3" -v budget="$4" 'BEGIN {
        ratio = cost / reference
        verdict = ratio <= budget ? "PASS" : "FAIL"
        printf "%s  %-66s %12d / %12d = %5.2f  (at most %s)\n", verdict, what, cost, reference, ratio, budget
        exit verdict == "FAIL" }' || failed=1
}

"$program" generate-5000 "$work/5000.xml"
"$program" generate-1000 "$work/1000.xml"
"$program" generate-wbxml "$work/5000.wbxml"
bytes=$(wc -c <"$work/5000.xml")

base=$(instructions load "$work/5000.xml")
sax=$(($(instructions bare-sax "$work/5000.xml") - base))
parse=$(($(instructions parse "$work/5000.xml") - base))
ratio "parse 5,000 commands : bare SAX2 walk" "$parse" "$sax" 1.4

base_wbxml=$(instructions load "$work/5000.wbxml")
wbxml=$(($(instructions parse-wbxml "$work/5000.wbxml") - base_wbxml))
ratio "parse 5,000 commands in WBXML : bare SAX2 walk of the XML" "$wbxml" "$sax" 1.4

nothing=$(instructions write-statuses 0)
write=$(($(instructions write-statuses 5000) - nothing))
ratio "write 5,000 statuses : parse 5,000 commands" "$write" "$parse" 1

base_1000=$(instructions load "$work/1000.xml")
parse_1000=$(($(instructions parse "$work/1000.xml") - base_1000))
ratio "parse 5,000 commands : parse 1,000 commands (linear)" "$parse" "$parse_1000" 5.5

extra=$(($(heap_peak parse "$work/5000.xml") - $(heap_peak load "$work/5000.xml")))
ratio "heap while parsing 5,000 commands : message" "$extra" "$bytes" 2

# One message through everything. What a message of one command costs is the price of setting up, not of work.
"$program" generate-1 "$work/1.xml"
"$program" generate-gets "$work/gets.xml"
"$program" generate-mixed "$work/mixed.xml"
"$program" generate-10000 "$work/10000.xml"
# Fetching the file is in neither figure.
setup=$(($(instructions whole "$work/1.xml") - $(instructions load "$work/1.xml")))
for kind in 1000 gets mixed; do
    base=$(instructions load "$work/$kind.xml")
    walk=$(($(instructions bare-sax "$work/$kind.xml") - base))
    cost=$(($(instructions whole "$work/$kind.xml") - base - setup))
    ratio "1,000 commands ($kind) through everything : bare SAX2 walk" "$cost" "$walk" 2
    [ $kind != 1000 ] || thousand=$cost
done
ratio "10,000 commands through everything : 1,000 commands (linear)" \
    $(($(instructions whole "$work/10000.xml") - $(instructions load "$work/10000.xml") - setup)) "$thousand" 11
ratio "heap of 1,000 commands through everything : 6 MB" \
    $(($(heap_peak whole "$work/1000.xml") - $(heap_peak load "$work/1000.xml"))) 6000000 1

exit $failed
