#!/usr/bin/env bash
# Builds and runs benchmarks: bash bench/run.sh [name [arguments of Google Benchmark…]]
# Without a name it runs every bench/run/*.cpp. One thread, unless the benchmark says otherwise.
# TYPEGRAD_MARCH=x86-64-v3 compiles for any machine with AVX2, not for this one.
# What lies beside one as .py, the same in PyTorch, runs behind it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
names=()
for file in "$root"/bench/run/*.cpp; do names+=("$(basename "$file" .cpp)"); done
if [ $# -gt 0 ]; then
  if [[ " ${names[*]} " != *" $1 "* ]]; then
    echo "There is no benchmark '$1'; there are: ${names[*]}" >&2
    exit 2
  fi
  names=("$1")
  shift
fi

. "$root/cmake/setup.sh" bench
march=${TYPEGRAD_MARCH:-native}
build=$root/build/bench
[ "$march" = native ] || build+=-$march
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DTYPEGRAD_BENCH=ON -DTYPEGRAD_TESTS=OFF \
  -DTYPEGRAD_EXAMPLES=OFF -DTYPEGRAD_INSTALL=OFF -DTYPEGRAD_MARCH="$march" >/dev/null
cmake --build "$build" --target "${names[@]/#/bench_}" >&2
for name in "${names[@]}"; do
  "$build/bench/bench_$name" "$@"
  other=$root/bench/run/$name.py
  [ -f "$other" ] || continue
  if command -v python3 >/dev/null; then python3 "$other" "$@"; else echo "PyTorch: skipped, no python3 found"; fi
done
