#!/usr/bin/env bash
# Sets up, builds and runs every test: bash tests/run.sh [--preset name] [arguments of ctest…]
# The presets are those of CMakePresets.json; `release` where none is named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=release
case ${1:-} in
  --preset) preset=${2:?"--preset needs a name"}; shift 2 ;;
  --preset=*) preset=${1#*=}; shift ;;
  -h | --help) sed -n '2,3s,^# ,,p' "${BASH_SOURCE[0]}"; exit 0 ;;
esac

. cmake/setup.sh tests
jobs=${TYPEGRAD_JOBS:-$(nproc 2>/dev/null || sysctl -n hw.ncpu)}
# Benchmarks are measured, not tested: bench/run.sh builds them. Files of tests are compiled four at a time, which is
# quicker where all are.
cmake --preset "$preset" -DTYPEGRAD_BENCH=OFF -DTYPEGRAD_TESTS_TOGETHER="${TYPEGRAD_TESTS_TOGETHER:-4}"
# One broken file hides no other: what does not build fails its own tests too.
keep_going=-k0
[ "${CMAKE_GENERATOR:-}" = Ninja ] || keep_going=-k
built=0
cmake --build --preset "$preset" -j "$jobs" -- "$keep_going" || built=$?
ctest --preset "$preset" -j "$jobs" "$@" || built=$?
exit "$built"
