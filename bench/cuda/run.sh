#!/usr/bin/env bash
# Measures on a GPU: bash bench/cuda/run.sh [name…], or --compile [name…]
# Prints a table for bench/results: typegrad's rows, and behind each program's the same works in PyTorch and JAX, where
# they are installed. The name `launches` counts what LeNet's training step launches, as a profiler sees it. Without
# nvcc, a driver or a GPU it says so and ends well. --compile builds the programs for sm_80, sm_90 and sm_100 alone.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
nvcc=$(bash "$root/cmake/nvcc.sh") || { echo "skipped: no build, nvcc is not found"; exit 0; }
arch=(-arch=native)
compile_only=
if [ "${1:-}" = --compile ]; then
  arch=(-gencode=arch=compute_80,code=sm_80 -gencode=arch=compute_90,code=sm_90 -gencode=arch=compute_100,code=sm_100)
  compile_only=1
  shift
fi
names=("$@")
if [ ${#names[@]} = 0 ]; then
  for file in "$here"/*.cu; do names+=("$(basename "$file" .cu)"); done
  names+=(launches)
fi
work=$root/build/bench/cuda
mkdir -p "$work"

build() {
  "$nvcc" -std=c++20 -O3 --expt-relaxed-constexpr -DTYPEGRAD_CUBLASLT "${arch[@]}" -Werror all-warnings -Xcompiler -Wall,-Wextra,-march=native \
    -I "$root/include" -I "$root" -I "$root/tests" -isystem "${EIGEN:-/usr/include/eigen3}" \
    -o "$work/$1" "$here/$1.cu" -lcublas -lcublasLt -lz
}
version_of() { python3 -c "import $1; print('$2', $1.__version__)" 2>/dev/null || echo "no $2"; }
header() {
  local device driver
  IFS=, read -r device driver < <(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader -i 0)
  cat <<TABLE
# $(date -u +%F), $device

| | |
|---|---|
| date | $(date -u +%F) |
| device | $device |
| driver, toolkit | driver$driver, $("$nvcc" --version | sed -n 's/.*release [^,]*, V/nvcc /p') |
| beside it | $(version_of torch PyTorch), $(version_of jax JAX) |
| command | \`bash bench/cuda/run.sh\`, at $(git -C "$root" describe --always --dirty 2>/dev/null || echo "an unknown commit") |

Times are of many calls that are asked for without waiting, data and parameters on the device; the ratio is the other's
time by typegrad's. Shares are of what the same run has measured: a copy on the device, and cuBLAS's products of 8192 x
8192. Bytes are those that each kernel reads and writes once, FLOPs those of products and convolutions.

| work | who | time | ratio | of a copy's bandwidth | of products' rate | launches |
|---|---|---|---|---|---|---|
TABLE
}
# One row: CUDA's calls that launch something in a training step.
count_launches() {
  local nsys epochs=3 calls
  nsys=$(command -v nsys) || { echo "launches: skipped, no nsys found" >&2; return 0; }
  build lenet
  "$nsys" profile --trace=cuda --force-overwrite=true -o "$work/launches" "$work/lenet" --epochs $epochs >/dev/null
  calls=$("$nsys" stats --report cuda_api_sum --format csv "$work/launches.nsys-rep" 2>/dev/null |
    awk -F, '/cudaGraphLaunch|LaunchKernel/ { sum += $3 } END { print sum }')
  awk -v calls="$calls" -v steps=$((100 * epochs)) 'BEGIN {
    printf "| LeNet training step, launches by the host | nsys | | | | | %.2f |\n", calls / steps }'
}

if [ -z "$compile_only" ]; then
  "$nvcc" -std=c++20 -w -I "$root/include" -o "$work/missing" "$root/tests/device/missing.cu"
  "$work/missing" >"$work/missing.txt" || { cat "$work/missing.txt"; exit 0; }
fi
begun=
for name in "${names[@]}"; do
  if [ "$name" = launches ]; then
    if [ -z "$compile_only" ]; then count_launches; fi
    continue
  fi
  [ -f "$here/$name.cu" ] || { echo "There is no benchmark '$name'" >&2; exit 2; }
  echo "building $name…" >&2
  build "$name"
  if [ -n "$compile_only" ]; then continue; fi
  status=0
  results=$("$work/$name") || status=$?
  if [ $status = 77 ]; then echo "$results"; exit 0; fi
  if [ $status != 0 ]; then echo "$results"; exit 1; fi
  [ -n "$begun" ] || { header; begun=1; }
  grep '^|' <<<"$results"
  if [ -f "$here/$name.py" ] && command -v python3 >/dev/null; then
    grep "^$name," <<<"$results" | python3 "$here/$name.py" || true
  fi
done
