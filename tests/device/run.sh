#!/usr/bin/env bash
# The tests that need a GPU: bash tests/device/run.sh [what…]
#   missing    asks what this machine lacks, and compares with what the system says of itself
#   build      compiles the tests
#   tests      runs them
#   memcheck, racecheck, synccheck    runs them under compute-sanitizer
# Without a word: build, tests, memcheck, racecheck. Status 77: skipped, and the output says why. WORK names a folder for
# what is built, FLAGS more of the compilers' options.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${WORK:-$root/build/device}
read -ra flags <<<"${FLAGS:--isystem /usr/include/eigen3}"
include=(-I "$root/include" -I "$root" -I "$root/tests" "${flags[@]}")
cxx=${CXX:-g++}
skip() { echo "skipped: $1"; exit 77; }
nvcc=$(bash "$root/cmake/nvcc.sh") || skip "no build, nvcc is not found"
nvcc_flags=(-std=c++20 --expt-relaxed-constexpr)
mkdir -p "$work"

# Status 77, and why, where there is nothing to run on.
need_gpu() {
  # (Without a GPU, nvcc says that it does not know which.)
  "$nvcc" "${nvcc_flags[@]}" -arch=native "${include[@]}" -o "$work/missing" "$here/missing.cu" 2>"$work/missing.log" ||
    { cat "$work/missing.log"; exit 1; }
  "$work/missing"
}
# The system's own word for it: is the driver's library there, does its tool list a GPU?
check_missing() {
  local words status=0
  words=$(need_gpu) || status=$?
  echo "$words"
  if [ $status = 0 ]; then return; fi
  if nvidia-smi -L 2>/dev/null | grep -q "^GPU 0" && [ -z "${CUDA_VISIBLE_DEVICES+set}" ]; then
    grep -qE "older than|other GPUs" <<<"$words"
  elif ldconfig -p 2>/dev/null | grep -q 'libcuda\.so\.1 '; then
    grep -qE "no GPU|no NVIDIA driver|older than" <<<"$words"
  else
    grep -q "^skipped: no NVIDIA driver: " <<<"$words"
  fi
}
build() {
  local machine=(-std=c++20 -O1 -march=native -Wall -Wextra)
  "$nvcc" "${nvcc_flags[@]}" -O3 -lineinfo -arch=native -Xcompiler -march=native -DTYPEGRAD_CUBLASLT "${include[@]}" \
    -c "$here/gpu.cu" -o "$work/gpu.o"
  # Graphs hold as many nodes as nvcc gives them.
  for source in "$here/cpu.cpp" "$here/checks.cpp" "$root/tests/golden/golden_files.cpp" "$root/tests/run/main.cpp"; do
    "$cxx" "${machine[@]}" -DTYPEGRAD_MAX_NODES=4096 -DTYPEGRAD_GOLDEN_DIR="\"$root/tests/golden/data\"" "${include[@]}" \
      -c "$source" -o "$work/$(basename "$source" .cpp).o"
  done
  local catch=()
  if ! echo '#include <catch2/catch.hpp>' | "$cxx" "${flags[@]}" -E -x c++ - >/dev/null 2>&1; then catch=(-lCatch2); fi
  "$nvcc" -arch=native "$work"/{gpu,cpu,checks,golden_files,main}.o -o "$work/tests" -lcublasLt -lz -lpthread "${catch[@]}"
}
sanitize() {
  local tool
  tool=$(command -v compute-sanitizer || ls "$(dirname "$nvcc")/compute-sanitizer" 2>/dev/null) ||
    skip "no compute-sanitizer found"
  "$tool" --tool "$1" --error-exitcode 1 "$work/tests"
}

[ $# -gt 0 ] || set -- build tests memcheck racecheck
for what in "$@"; do
  if [ "$what" != missing ]; then need_gpu >"$work/missing.txt" || { cat "$work/missing.txt"; exit 77; }; fi
  case $what in
    missing) check_missing ;;
    build) build ;;
    tests) "$work/tests" ;;
    memcheck | racecheck | synccheck) sanitize "$what" ;;
    *) sed -n '2,8s,^# ,,p' "${BASH_SOURCE[0]}"; exit 2 ;;
  esac
done
