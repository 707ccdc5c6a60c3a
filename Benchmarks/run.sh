#!/bin/sh
# Builds the benchmarks and prints their ratios; see README.md.
set -eu
cd "$(dirname "$0")"
python=${STEELYARD_PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || python=python3
swift build -c release --quiet
programs=$(swift build -c release --show-bin-path)
"$python" compare.py "$programs"
"$python" bus.py "$programs"
"$python" sessions.py "$programs"
exec "$python" uncertainty.py "$programs" "${STEELYARD_PROGRAM:-../.build/release/steelyard}"
