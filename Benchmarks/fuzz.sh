#!/bin/sh
# Fuzzes each codec of the devices and prints one line for each; see README.md.
#
#   fuzz.sh [INPUTS] [CODEC …]     so many inputs each (10000000 where none are said)
#   fuzz.sh SECONDSs [CODEC …]     so many seconds each, as in 600s
set -eu
cd "$(dirname "$0")"
amount=${1:-10000000}
[ $# -eq 0 ] || shift
case $amount in
*[!0-9s]* | s*) echo "fuzz.sh: '$amount' is neither a number of inputs nor seconds as in 600s" >&2; exit 2 ;;
*s) limit=-max_total_time=${amount%s} ;;
*) limit="-runs=$amount -max_total_time=600" ;;
esac
swift build --package-path Fuzzing -c release --quiet
program=$(swift build --package-path Fuzzing -c release --show-bin-path)/Codecs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for codec in ${*:-$("$program")}; do
    mkdir -p "$work/$codec" "$work/found"
    # What libFuzzer says itself is shown only where it stopped: a crash, or an input of more than ten seconds.
    # shellcheck disable=SC2086
    if ! "$program" "$codec" .. "$work/$codec" $limit -seed=1 -max_len=300 -timeout=10 -print_final_stats=1 \
        "-artifact_prefix=$work/found/$codec-" >"$work/line" 2>"$work/log"; then
        failed=1
        echo "$codec: stopped after $(grep -c . "$work/log") lines of log:"
        tail -n 40 "$work/log"
        for input in "$work/found/$codec-"*; do
            [ -f "$input" ] && od -An -v -tx1 "$input"
        done
    fi
    cat "$work/line"
    grep -q "violated" "$work/line" && failed=1
done
exit $failed
