#!/usr/bin/env bash
# Builds and runs the benchmarks of GPU kernels: bash bench/cuda/run.sh [name]
# Behind each runs the same in PyTorch and JAX, where they are installed. Without nvcc, a driver or
# a device it says so and ends well.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
nvcc=$(bash "$root/cmake/nvcc.sh") || { echo "skipped: no build, nvcc is not found"; exit 0; }
arch=sm_90
if command -v nvidia-smi >/dev/null; then arch=native; fi
mkdir -p "$root/build/bench/cuda"
for source in "$here"/${1:-*}.cu; do
  name=$(basename "$source" .cu)
  program=$root/build/bench/cuda/$name
  "$nvcc" -std=c++20 -O3 --expt-relaxed-constexpr "-arch=$arch" -I "$root/include" -I "$root" -I "$root/tests" \
    -o "$program" "$source"
  results=$("$program") || { echo "$results"; exit 1; }
  grep -v "^$name," <<<"$results" || true
  if [ -f "$here/$name.py" ] && command -v python3 >/dev/null; then
    grep "^$name," <<<"$results" | python3 "$here/$name.py" || true
  fi
done
