#!/usr/bin/env bash
# Builds and runs project/ against typegrad: consume.sh way source build work compiler
# Ways: installed, subdirectory, fetched, pkg_config, one_header, conan; inference_header (header/check.sh); default_backend,
# the same program for a GPU by one option. Status 77: skipped, with the reason.
set -euo pipefail
way=$1 source=$2 build=$3 work=$4 compiler=$5
project=$source/tests/consume/project
skip() { echo "skipped: $1"; exit 77; }
rm -rf "$work"
mkdir -p "$work"

# Where CMake found Eigen, for those who do not ask CMake.
eigen=$(sed -n 's/^Eigen3_DIR:PATH=//p' "$build/CMakeCache.txt")
eigen=${eigen%/share/*}/include/eigen3

# Compiles the program without CMake.
compile() { "$compiler" -std=c++20 -O0 "$project/main.cpp" -o "$work/consumer" "$@"; }

case $way in
  installed)
    cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
    options=(-DCMAKE_PREFIX_PATH="$work/prefix") ;;
  subdirectory)
    options=(-DTYPEGRAD_SOURCE="$source") ;;
  fetched)
    options=(-DTYPEGRAD_FETCHED="$source") ;;
  default_backend)
    nvcc=$(bash "$source/cmake/nvcc.sh") || skip "no nvcc found"
    options=(-DTYPEGRAD_SOURCE="$source" -DTYPEGRAD_DEFAULT_BACKEND=cuda -DCMAKE_CUDA_COMPILER="$nvcc") ;;
  pkg_config)
    command -v pkg-config >/dev/null || skip "no pkg-config found"
    pkg-config --exists eigen3 zlib || skip "pkg-config does not know eigen3 and zlib"
    cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
    mv "$work/prefix" "$work/moved"  # what it says does not depend on where it is
    PKG_CONFIG_PATH=$work/moved/share/pkgconfig
    export PKG_CONFIG_PATH
    read -ra flags <<<"$(pkg-config --cflags --libs typegrad)"
    compile "${flags[@]}"
    exec "$work/consumer" ;;
  one_header)
    python3 -B "$source/cmake/amalgamate.py" "$work/include/typegrad/typegrad.hpp"
    if grep -n '#include "' "$work/include/typegrad/typegrad.hpp"; then
      echo "the one header includes another of its own"
      exit 1
    fi
    cp "$work/include/typegrad/typegrad.hpp" "$source/tests/consume/one_header.cpp" "$work"
    (cd "$work" && "$compiler" -std=c++20 -isystem "$eigen" one_header.cpp -o beside -lz -pthread && ./beside)
    compile -I "$work/include" -isystem "$eigen" -lz -pthread
    exec "$work/consumer" ;;
  inference_header)
    another=$(sed -n 's/^TYPEGRAD_CLANG:FILEPATH=//p' "$build/CMakeCache.txt")
    [ -x "$another" ] || another=
    exec bash "$source/tests/consume/header/check.sh" "$source" "$eigen" "$work" "$compiler" $another ;;
  conan)
    command -v conan >/dev/null || skip "no conan found"
    export CONAN_HOME=$work/home CXX=$compiler
    conan profile detect >"$work/conan.log" 2>&1
    # The libraries that it needs are the system's, of which Conan knows no more: nothing is fetched.
    cat >"$work/profile" <<'PROFILE'
include(default)
[settings]
compiler.cppstd=20
build_type=Debug
[platform_requires]
eigen/3.4.0
zlib/1.2.13
PROFILE
    conan create "$source/cmake/conan" -pr:a "$work/profile" >>"$work/conan.log" 2>&1 ||
      { cat "$work/conan.log"; exit 1; }
    conan install --requires="typegrad/[*]" -g CMakeDeps -pr:a "$work/profile" -of "$work/deps" >>"$work/conan.log" 2>&1 ||
      { cat "$work/conan.log"; exit 1; }
    options=(-DCMAKE_PREFIX_PATH="$work/deps" -DCMAKE_CXX_FLAGS="-isystem $eigen" -DCMAKE_CXX_STANDARD_LIBRARIES=-lz) ;;
  *)
    echo "consume.sh: '$way' is no way" >&2
    exit 2 ;;
esac

cmake -S "$project" -B "$work/build" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug "${options[@]}"
# A subproject brings the library alone: no tests, examples, benchmarks or install rules.
if [ "$way" = subdirectory ] || [ "$way" = fetched ]; then
  for option in TESTS EXAMPLES BENCH INSTALL; do
    grep -qE "^TYPEGRAD_$option:BOOL=(OFF|FALSE|0)$" "$work/build/CMakeCache.txt" ||
      { echo "TYPEGRAD_$option is on in a subproject"; exit 1; }
  done
fi
cmake --build "$work/build"
if [ "$way" = default_backend ]; then
  # Where there is no GPU to run on, it says so.
  if words=$("$work/build/consumer" 2>&1); then exit 0; fi
  grep -E "no NVIDIA driver|older than this program|no GPU:" <<<"$words" || { echo "it says: $words"; exit 1; }
  exit 0
fi
"$work/build/consumer"
