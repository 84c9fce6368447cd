#!/usr/bin/env bash
# Builds one example in Release and runs it: bash examples/run.sh [name [arguments…]]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# An example is a numbered file: 03_lenet.cpp is the example `lenet`. Its first line says what it shows.
list_examples() {
  echo "usage: bash examples/run.sh name [arguments…]"
  local file name
  for file in "$root"/examples/[0-9][0-9]_*.cpp; do
    name=$(basename "$file" .cpp)
    printf '  %-16s %s\n' "${name#??_}" "$(sed -n '1s,^// *,,p' "$file")"
  done
}

name=${1:-}
case $name in
  '' | -h | --help) list_examples; exit 0 ;;
esac
shift
name=${name#[0-9][0-9]_}
if ! compgen -G "$root/examples/[0-9][0-9]_$name.cpp" >/dev/null; then
  echo "There is no example '$name'." >&2
  list_examples >&2
  exit 2
fi

. "$root/cmake/setup.sh" examples
build=$root/build/examples
options=(-DCMAKE_BUILD_TYPE=Release -DTYPEGRAD_EXAMPLES=ON -DTYPEGRAD_TESTS=OFF -DTYPEGRAD_BENCH=OFF -DTYPEGRAD_INSTALL=OFF)
# A program with both halves takes nvcc a minute: it is built where it is asked for and nvcc is there.
if [[ " $* " =~ " --backend cuda " ]] && nvcc=$(bash "$root/cmake/nvcc.sh"); then
  build=$root/build/examples-cuda
  options+=(-DTYPEGRAD_CUDA=ON -DCMAKE_CUDA_COMPILER="$nvcc")
fi
mkdir -p "$build"
echo "Building $name with $CXX…" >&2
# Quiet unless it fails: what the user came for is the example's own output.
if ! { cmake -S "$root" -B "$build" "${options[@]}" && cmake --build "$build" --target "$name"; } \
       >"$build/build.log" 2>&1; then
  cat "$build/build.log" >&2
  exit 1
fi
exec "$build/examples/$name" "$@"
