#!/usr/bin/env bash
# Networks as headers: check.sh source eigen work compiler [another compiler]
#  1. A program with typegrad writes them, and what the reference computes.
#  2. A program with nothing but them computes the same, to the bit, with each compiler.
#  3. LeNet's executable is small, and asks for no memory.
set -euo pipefail
source=$1 eigen=$2 work=$3 compiler=$4 another=${5:-}
here=$source/tests/consume/header
native=-march=native
case $(uname -m) in aarch64 | arm64) native=-mcpu=native ;; esac

"$compiler" -std=c++20 -O0 $native -ffp-contract=off -I "$source/include" -isystem "$eigen" "$here/write.cpp" \
  -o "$work/write" -lz -pthread
(cd "$work" && ./write)

# What the compilers may contract or vectorise shall make no difference.
flags=(-std=c++20 -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I "$work")
for command in "$compiler" ${another:+"$another"}; do
  for options in -O2 "-O3 $native"; do
    # shellcheck disable=SC2086
    "$command" "${flags[@]}" $options "$here/predict.cpp" -o "$work/predict"
    "$work/predict" || { echo "$command $options: not the reference's numbers"; exit 1; }
  done
done

most=400000
"$compiler" -std=c++20 -O2 -fno-exceptions -fno-rtti -I "$work" -c "$here/classify.cpp" -o "$work/classify.o"
"$compiler" -s "$work/classify.o" -o "$work/classify"
head -c 784 /dev/zero | "$work/classify" | grep -qx '[0-9]'
size=$(wc -c <"$work/classify")
echo "LeNet's stripped executable: $size bytes, at most $most"
[ "$size" -lt $most ]
if nm -u "$work/classify.o" | grep -E ' (_Zn|_Zd|malloc|calloc|realloc|free|__cxa_)'; then
  echo "LeNet's program uses the heap or exceptions"
  exit 1
fi
