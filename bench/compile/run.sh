#!/usr/bin/env bash
# Seconds and peak memory of the compiler against the depth of a network: bash bench/compile/run.sh [--help]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/cmake/setup.sh" bench
exec python3 -B "$root/bench/compile/measure.py" "$@"
