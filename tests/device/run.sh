#!/usr/bin/env bash
# The tests that need a GPU: bash tests/device/run.sh [what…]
#   missing       asks what this machine lacks, and compares with what the system says of itself
#   build         compiles the tests: those of this folder, and the emulator's of every operation, for the GPU
#   tests         runs them
#   memcheck, racecheck, synccheck    runs those of this folder under compute-sanitizer
# Without a word: build, tests, memcheck, racecheck. Status 77: skipped, and the output says why. WORK names a folder for
# what is built, FLAGS more of the compilers' options, JOBS how many files are compiled at once (one may take 8 GB), ARCH
# the GPU to build for, such as sm_90: then build needs none.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${WORK:-$root/build/device}
read -ra flags <<<"${FLAGS:--isystem /usr/include/eigen3}"
include=(-I "$root/include" -I "$root" -I "$root/tests" "${flags[@]}")
cxx=${CXX:-g++}
skip() { echo "skipped: $1"; exit 77; }
nvcc=$(bash "$root/cmake/nvcc.sh") || skip "no build, nvcc is not found"
nvcc_flags=(-std=c++20 --expt-relaxed-constexpr -DTYPEGRAD_CUBLASLT -arch="${ARCH:-native}")
mkdir -p "$work"

# The emulator's tests that say a definition, and compare with the reference: in_its_place/ has a GPU for the emulator.
operations=(ops/windows ops/arrange ops/reductions ops/indexing ops/products ops/unary ops/binary
            cuda/networks cuda/loops_smoke cuda/tensor_programs cuda/subject_smoke)

# Status 77, and why, where there is nothing to run on.
need_gpu() {
  # (Without a GPU, nvcc says that it does not know which.)
  "$nvcc" "${nvcc_flags[@]}" "${include[@]}" -o "$work/missing" "$here/missing.cu" 2>"$work/missing.log" ||
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
# Prints commands, a line for each file.
compilations() {
  local source name host=("$cxx" -std=c++20 -O1 -march=native -Wall -Wextra)
  local device=("$nvcc" "${nvcc_flags[@]}" -x cu -lineinfo -Xcompiler -march=native)
  for name in gpu gpu_lenet; do
    echo "${device[@]} -O3 ${include[@]} -c $here/$name.cu -o $work/$name.o"
  done
  # Graphs hold as many nodes as nvcc gives them.
  for source in "$here/cpu.cpp" "$here/checks.cpp" "$root/tests/golden/golden_files.cpp" "$root/tests/run/main.cpp"; do
    echo "${host[@]} -DTYPEGRAD_MAX_NODES=4096 -DTYPEGRAD_GOLDEN_DIR='\"$root/tests/golden/data\"' ${include[@]}" \
      "-c $source -o $work/$(basename "$source" .cpp).o"
  done
  for name in "${operations[@]}"; do
    echo "${device[@]} -O1 -I $here/in_its_place ${include[@]} -c $root/tests/run/$name.cpp -o $work/${name//\//_}.o"
  done
}
build() {
  local catch=()
  if ! echo '#include <catch2/catch.hpp>' | "$cxx" "${flags[@]}" -E -x c++ - >/dev/null 2>&1; then catch=(-lCatch2); fi
  compilations | xargs -P "${JOBS:-2}" -d '\n' -n 1 bash -c
  "$nvcc" "${nvcc_flags[@]}" "$work"/{gpu,gpu_lenet,cpu,checks,golden_files,main}.o -o "$work/tests" -lz -lpthread -lcublasLt "${catch[@]}"
  local objects=("${operations[@]//\//_}")
  objects=("${objects[@]/%/.o}")
  "$nvcc" "${nvcc_flags[@]}" "${objects[@]/#/$work/}" "$work/main.o" -o "$work/operations" -lz -lpthread -lcublasLt "${catch[@]}"
}
sanitize() {
  local tool
  tool=$(command -v compute-sanitizer || ls "$(dirname "$nvcc")/compute-sanitizer" 2>/dev/null) ||
    skip "no compute-sanitizer found"
  "$tool" --tool "$1" --error-exitcode 1 "$work/tests"
}

skip_without_gpu() { need_gpu >"$work/missing.txt" || { cat "$work/missing.txt"; exit 77; }; }

[ $# -gt 0 ] || set -- build tests memcheck racecheck
for what in "$@"; do
  case $what in
    missing) check_missing ;;
    build) [ -n "${ARCH:-}" ] || skip_without_gpu; build ;;
    tests) skip_without_gpu; "$work/tests" && "$work/operations" ;;
    memcheck | racecheck | synccheck) skip_without_gpu; sanitize "$what" ;;
    *) sed -n '2,10s,^# ,,p' "${BASH_SOURCE[0]}"; exit 2 ;;
  esac
done
