#!/usr/bin/env bash
# Builds and runs project/ against typegrad: consume.sh installed|subdirectory source build work compiler
set -euo pipefail
way=$1 source=$2 build=$3 work=$4 compiler=$5
rm -rf "$work"
mkdir -p "$work"
case $way in
  installed)
    cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
    options=(-DCMAKE_PREFIX_PATH="$work/prefix") ;;
  subdirectory)
    options=(-DTYPEGRAD_SOURCE="$source") ;;
esac
cmake -S "$source/tests/consume/project" -B "$work/build" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=Debug "${options[@]}"
# A subproject brings the library alone: no tests, examples, benchmarks or install rules.
if [ "$way" = subdirectory ]; then
  for option in TESTS EXAMPLES BENCH INSTALL; do
    grep -qE "^TYPEGRAD_$option:BOOL=(OFF|FALSE|0)$" "$work/build/CMakeCache.txt" ||
      { echo "TYPEGRAD_$option is on in a subproject"; exit 1; }
  done
fi
cmake --build "$work/build"
"$work/build/consumer"
